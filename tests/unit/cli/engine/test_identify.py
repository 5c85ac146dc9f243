"""``cig identify`` and ``cig transport``: several worlds, experiments, other populations."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from causal_interface_gym.causal.identification.pairs import pair
from causal_interface_gym.cli.app import app


def cig(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def read(*arguments: str, exit_code: int = 0) -> Any:  # noqa: ANN401 - JSON
    result = cig(*arguments, "--json")
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


def refused(*arguments: str) -> str:
    result = cig(*arguments)
    assert result.exit_code == 2, result.output
    return result.stderr


def test_a_counterfactual_is_identified_from_what_is_known() -> None:
    graph = "dag { X -> M; M -> Y; X <-> Y }"
    data = read("identify", graph, "P(Y[X=0]=1 | X=1)")
    assert data["input"] == "P(v)"
    assert data["estimand"] == "sum_{M} P(M | X=0) P(Y=1 | X=1, M)"
    every = read("identify", graph, "P(Y[X=0]=1 | X=1)", "--all-experiments")
    assert every["input"] == "all experiments"


def test_a_counterfactual_that_is_not_identified_names_the_conflict() -> None:
    bow = ("dag { X -> Y; X <-> Y }", "P(Y[X=0]=1 | X=1)", "--all-experiments")
    data = read("identify", *bow, exit_code=1)
    assert data["obstruction"]["kind"] == "conflicting worlds"
    assert data["witness"]["checked"] is True
    assert "Two models agree on all experiments" in cig("identify", *bow).stdout


def test_experiments_are_named_one_by_one() -> None:
    graph = "dag { Z -> X; X -> Y; X <-> Z; Z <-> Y }"
    known = ("--experiment", "", "--experiment", "Z")
    data = read("identify", graph, "P(Y | do(X))", *known)
    assert data["estimand"] == "P(Y | do(Z), X)"
    assert "not both" in refused(
        "identify", graph, "P(Y)", "--experiment", "Z", "--all-experiments"
    )


def test_an_effect_is_transported_from_another_population() -> None:
    asked = ("transport", "dag { Z -> X; Z -> Y; X -> Y; X <-> Y }", "P(Y | do(X))")
    trial = ("--source", "target", "--source", "LA do(X) differs(Z)")
    assert read(*asked, *trial)["estimand"] == "sum_{Z} P_LA(Y | do(X), Z) P(Z)"
    data = read(*asked, *trial[2:], exit_code=1)
    assert data["obstruction"]["kind"] == "s-thicket"
    assert "expected do(...)" in refused(*asked, "--source", "LA sees(X)")


def test_a_missing_pair_is_said_and_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pair, "_SIZES", ())
    bow = ("dag { X -> Y; X <-> Y }", "P(Y[X=0]=1 | X=1)")
    assert read("identify", *bow, exit_code=1)["witness"] is None
    assert "no pair of models was found" in cig("identify", *bow).stdout
