"""Our own JSON: everything survives the round trip; what is not exactly the format is refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.causal import ADMG, SCM
from causal_interface_gym.causal.formats.model_json import (
    graph_from_json,
    graph_to_json,
    model_from_json,
    model_to_json,
    read_model,
    write_model,
)
from causal_interface_gym.causal.mechanism import Deterministic, NoisyOr, Table
from causal_interface_gym.errors import CausalGymError, FormatError, ModelError
from tests.oracle.models import random_admg, random_model


def same(one: SCM, other: SCM) -> bool:
    """Compare all declared parts; numbers may lose their last bit."""
    return (
        list(one.states.items()) == list(other.states.items())
        and one.latent == other.latent
        and all(
            type(m) is type(other.mechanisms[v])
            and m.parents == other.mechanisms[v].parents
            and getattr(m, "coupling", None) == getattr(other.mechanisms[v], "coupling", None)
            and getattr(m, "strengths", None) == getattr(other.mechanisms[v], "strengths", None)
            and np.allclose(m.cpt, other.mechanisms[v].cpt, rtol=0, atol=1e-15)
            for v, m in one.mechanisms.items()
        )
    )


@given(st.integers(0, 2**32))
def test_reading_undoes_writing_a_model(seed: int) -> None:
    model = random_model(np.random.default_rng(seed))
    assert same(model_from_json(model_to_json(model)), model)


@given(st.integers(0, 2**32), st.integers(1, 6))
def test_reading_undoes_writing_a_graph(seed: int, n: int) -> None:
    graph = random_admg(np.random.default_rng(seed), n)
    read = graph_from_json(graph_to_json(graph))
    assert read == graph
    assert read.nodes == graph.nodes


def test_a_model_goes_through_a_file(tmp_path: Path) -> None:
    model = SCM({"é/\n": ("a b", '"')}, {"é/\n": Table((), np.array([0.1, 0.9]))})
    write_model(model, tmp_path / "model.json")
    assert same(read_model(tmp_path / "model.json"), model)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FormatError, match="UTF-8"):
        read_model(path)


def test_a_file_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("causal_interface_gym.causal.formats.model_json.MAX_BYTES", 10)
    path = tmp_path / "model.json"
    path.write_bytes(b" " * 11)
    with pytest.raises(FormatError, match="more than 10 bytes"):
        read_model(path)


def test_a_mechanism_of_another_kind_has_no_json_form() -> None:
    class Foreign:
        parents = ()
        cpt = np.array([1.0])

        def joint(self, variable: str, settings: object) -> None:
            """Never asked."""

    foreign: Any = Foreign()  # Any: on purpose none of ours
    with pytest.raises(ModelError, match="no JSON form"):
        model_to_json(SCM({"X": ("0",)}, {"X": foreign}))


def variable(**changes: object) -> dict[str, object]:
    """Describe a coin, with changes."""
    mechanism = {"kind": "table", "coupling": None, "probabilities": [0.5, 0.5]}
    return {"name": "X", "states": ["0", "1"], "parents": [], "mechanism": mechanism, **changes}


def table(**changes: object) -> dict[str, object]:
    """Describe a coin whose table is changed."""
    return variable(
        mechanism={"kind": "table", "coupling": None, "probabilities": [0.5, 0.5], **changes}
    )


def document(*variables: object, **changes: object) -> str:
    """Write a model of some variables, with changes."""
    head = {"format": "causal-interface-gym/model", "version": 1, "variables": list(variables)}
    return json.dumps({**head, **changes})


def test_the_document_of_these_tests_is_read() -> None:
    assert model_from_json(document(variable(latent=False))).states == {"X": ("0", "1")}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON"),
        ("[]", "expected an object with format"),
        ("[" * 100_000, "cannot be read"),
        ('{"format": 1, "format": 2}', "'format' is given twice"),
        (document(variable(), format="other/thing"), "got 'other/thing'"),
        (document(variable(), version=2), "version 2 is unknown"),
        (document(variable(), version=True), "version True is unknown"),
        (document(variable(), more=1), "has the keys"),
        (document(variables=3), "variables is a list"),
        (document(3), r"variables\[0\] has the keys"),
        (document(variable(extra=1)), r"variables\[0\] has the keys"),
        (document(variable(), variable()), "given twice"),
        (document(variable(name="")), "non-empty string"),
        (document(variable(states="01")), "is a list"),
        (document(variable(states=["0", 1])), r"states\[1\] is a non-empty string"),
        (document(variable(latent=1.5)), "latent is true or false"),
        (document(variable(mechanism=3)), "has a kind"),
        (document(variable(mechanism={"kind": "magic"})), "has a kind"),
        (document(table(extra=1)), "mechanism has the keys"),
        (document(table(coupling="both")), "coupling is None"),
        (document(table(coupling=["x"])), "mechanism"),
        (document(table(probabilities=[0.5, 0.4])), "off by -0.1"),
        (document(table(probabilities=[0.5, "0.5"])), "'0.5' is no number"),
        (document(table(probabilities=[False, True])), "is no number"),
        (document(table(probabilities=[[0.5], 0.5])), "mechanism"),
        (document(table(probabilities=[float("nan"), 1])), "NaN is no probability"),
        (document(table(probabilities=[10**400, 1])), "mechanism"),
        (document(variable(mechanism={"kind": "deterministic", "states": 0.5})), "whole number"),
        (document(variable(mechanism={"kind": "deterministic", "states": 2})), "run from 0 to 1"),
        (
            document(variable(mechanism={"kind": "noisy-or", "strengths": [2], "leak": 0})),
            "as many",
        ),
        (document(variable(mechanism={"kind": "noisy-or", "strengths": 2, "leak": 0})), "a list"),
        ("1" * 5000, "cannot be read"),
    ],
)
def test_another_document_is_refused(text: str, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        model_from_json(text)


@pytest.mark.parametrize("changes", [{"parents": ["Z"]}, {"states": ["0", "0"]}])
def test_a_model_that_does_not_fit_together_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(CausalGymError):
        model_from_json(document(variable(**changes)))


def test_functions_and_noisy_or_are_kept() -> None:
    model = SCM(
        {"X": ("0", "1"), "Y": ("0", "1"), "Z": ("0", "1")},
        {
            "X": Table((), np.array([0.5, 0.5])),
            "Y": Deterministic(("X",), np.array([1, 0]), 2),
            "Z": NoisyOr(("X", "Y"), (0.25, 0.5), 0.125),
        },
        ["X"],
    )
    assert same(model_from_json(model_to_json(model)), model)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"directed": [["X"]]}, "is a pair"),
        ({"directed": [["X", "Z"]]}, "names 'Z', which is none of the nodes"),
        ({"directed": 3}, "directed is a list"),
        ({"format": "causal-interface-gym/model"}, "expected an object with format"),
    ],
)
def test_another_graph_is_refused(changes: dict[str, object], says: str) -> None:
    head = {"format": "causal-interface-gym/graph", "version": 1, "nodes": ["X", "Y"]}
    text = json.dumps({**head, "directed": [], "bidirected": [], **changes})
    with pytest.raises(FormatError, match=says):
        graph_from_json(text)


def test_a_graph_with_hidden_causes_is_kept() -> None:
    graph = ADMG([("X", "Y")], [("X", "Y")], ["Y", "X", "Z"])
    assert graph_from_json(graph_to_json(graph)).nodes == ("Y", "X", "Z")
