"""A small fixed slice of the oracle; ``make oracle`` runs the whole."""

import json

import pytest

from tests.oracle.run import check_one, main
from tests.oracle.tally import Tally

KINDS = (
    "see", "do", "do several", "do with evidence", "stochastic do", "soft", "counterfactual",
    "counterfactual worlds", "nested", "effect ate", "effect cde", "effect nde", "effect nie",
    "effect ett", "effect pn", "effect ps", "effect pns", "id", "idc", "id witness",
    "idc witness", "adjustment", "adjustment refused",
    "front door", "separation", "open path", "implied independence", "id*", "id*c", "gid*",
    "gid*c", "id*c refusal: worlds", "gid*c refusal: thicket", "transport",
    "transport refusal: thicket", "transport refusal: pair", "plan", "plan refusal: thicket",
    "independence", "verma",
)  # fmt: skip


@pytest.mark.oracle
@pytest.mark.timeout(120)
def test_no_number_differs_from_enumeration() -> None:
    total = Tally()
    for number in range(150):
        total.add(check_one(20, number))
    assert total.failures == []
    assert {kind for kind in KINDS if not total.passed[kind]} == set()


@pytest.mark.oracle
def test_a_wrong_number_fails_the_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("causal_interface_gym.causal.SCM.p", lambda *_: 2.0)
    assert main(["--n", "2", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["n_failed"] > 0
    assert report["failures"][0]["model"].startswith('{"format"')


@pytest.mark.oracle
def test_the_last_line_is_the_count(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--n", "2", "--first", "7"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith(" passed, 0 failed")
