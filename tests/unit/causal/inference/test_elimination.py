"""Seeing and doing: published networks by name, and brute force over random models."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.causal.inference import elimination
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import ImpossibleEventError
from tests.strategies.noise import brute_force, models, queries

NO_YES = ("no", "yes")


def sprinkler() -> SCM:
    """Give the network of Murphy 1998; state 1 is "yes"."""
    return SCM.from_tables(
        states=dict.fromkeys(("C", "S", "R", "W"), NO_YES),
        parents={"S": ("C",), "R": ("C",), "W": ("S", "R")},
        tables={
            "C": [0.5, 0.5],
            "S": [[0.5, 0.5], [0.9, 0.1]],
            "R": [[0.8, 0.2], [0.2, 0.8]],
            "W": [[[1.0, 0.0], [0.1, 0.9]], [[0.1, 0.9], [0.01, 0.99]]],
        },
    )


def asia() -> SCM:
    """Give the chest clinic of Lauritzen and Spiegelhalter 1988."""
    return SCM.from_tables(
        states=dict.fromkeys(("A", "T", "S", "L", "B", "E", "X", "D"), NO_YES),
        parents={
            "T": ("A",), "L": ("S",), "B": ("S",), "E": ("T", "L"), "X": ("E",), "D": ("E", "B"),
        },
        tables={
            "A": [0.99, 0.01],
            "S": [0.5, 0.5],
            "T": [[0.99, 0.01], [0.95, 0.05]],
            "L": [[0.99, 0.01], [0.9, 0.1]],
            "B": [[0.7, 0.3], [0.4, 0.6]],
            "E": [[[1, 0], [0, 1]], [[0, 1], [0, 1]]],
            "X": [[0.95, 0.05], [0.02, 0.98]],
            "D": [[[0.9, 0.1], [0.2, 0.8]], [[0.3, 0.7], [0.1, 0.9]]],
        },
    )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "published"),
    [
        ("W=yes", 0.6471),
        ("S=yes | W=yes", 0.4298),
        ("R=yes | W=yes", 0.7079),
        ("S=yes | W=yes, R=yes", 0.1945),
    ],
)
def test_the_sprinkler_has_its_published_posteriors(query: str, published: float) -> None:
    assert sprinkler().p(query) == pytest.approx(published, abs=5e-5)


def test_wet_grass_does_not_explain_a_sprinkler_that_was_switched_on() -> None:
    assert sprinkler().p("W=yes | do(S=yes, R=no)") == pytest.approx(0.9, abs=1e-12)
    assert sprinkler().p("R=yes | do(S=yes)") == pytest.approx(0.5, abs=1e-12)
    assert sprinkler().p("R=yes | S=yes") == pytest.approx(0.3, abs=1e-12)


@pytest.mark.parametrize(
    ("node", "published"),
    [("T", 0.0104), ("L", 0.055), ("B", 0.45), ("E", 0.0648), ("X", 0.1103), ("D", 0.4360)],
)
def test_asia_has_its_published_marginals(node: str, published: float) -> None:
    assert asia().p(f"{node}=yes") == pytest.approx(published, abs=5e-5)


def test_an_action_on_a_stratum_that_never_happens_has_a_number() -> None:
    # Z is never 1 where X is 1, so nothing can be seen there; doing is defined all the same.
    model = SCM.from_tables(
        states=dict.fromkeys("ZXY", ("0", "1")),
        parents={"X": ("Z",), "Y": ("Z", "X")},
        tables={
            "Z": [0.5, 0.5],
            "X": [[0.5, 0.5], [1.0, 0.0]],
            "Y": [[[0.9, 0.1], [0.8, 0.2]], [[0.7, 0.3], [0.4, 0.6]]],
        },
    )
    assert model.p("Y=1 | do(X=1)") == pytest.approx(0.4, abs=1e-12)
    with pytest.raises(ImpossibleEventError, match="X=1, Z=1"):
        model.p("Y=1 | X=1, Z=1")


@given(st.data())
def test_seeing_and_doing_equal_the_sum_over_the_noise(data: st.DataObject) -> None:
    model = data.draw(models())
    query = data.draw(queries(model))
    truth = brute_force(model, query)
    if truth is None:
        with pytest.raises(ImpossibleEventError):
            model.p(query)
    else:
        assert model.p(query) == pytest.approx(truth, abs=1e-9)


@given(models(), st.data())
def test_distributions_sum_to_one_and_repeat_exactly(model: SCM, data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(model.nodes), min_size=1, unique=True))
    do = {v: data.draw(st.sampled_from(model.states[v]))
          for v in data.draw(st.lists(st.sampled_from(model.nodes), unique=True))}  # fmt: skip
    table = model.table(names, do=do)
    assert table.shape == tuple(len(model.states[v]) for v in names)
    assert table.sum() == pytest.approx(1.0, abs=1e-12)
    assert (model.table(names, do=do) == table).all()


@given(models(), st.data())
def test_doing_to_a_root_is_seeing_it(model: SCM, data: st.DataObject) -> None:
    root = data.draw(st.sampled_from([v for v in model.nodes if not model.mechanisms[v].parents]))
    label = data.draw(st.sampled_from(model.states[root]))
    outcome = data.draw(st.sampled_from(model.nodes))
    if model.p(f"{root}={label}") > 0:
        seen = model.table([outcome], given={root: label})
        np.testing.assert_allclose(model.table([outcome], do={root: label}), seen, atol=1e-12)


def test_evidence_on_what_is_set_or_drawn_is_checked_after_the_action() -> None:
    model = sprinkler()
    assert model.p("W=yes | do(S=yes), S=yes") == model.p("W=yes | do(S=yes)")
    with pytest.raises(ImpossibleEventError, match=r"do\(S=yes\), S=no"):
        model.p("W=yes | do(S=yes), S=no")
    drawn = model.p("W=yes | do(S ~ {no: 0.25, yes: 0.75}), S=yes")
    assert drawn == pytest.approx(model.p("W=yes | do(S=yes)"), abs=1e-12)
    assert model.p("S=yes | do(S ~ {no: 0.25, yes: 0.75})") == pytest.approx(0.75)


def test_outcomes_that_are_known_or_set_are_certain() -> None:
    model = sprinkler()
    assert model.p("S=yes | do(S=yes)") == 1.0
    assert model.p("S=no | S=yes") == 0.0
    assert model.p("S=yes, S=yes, W=yes | S=yes") == model.p("W=yes | S=yes")


def test_evidence_of_tiny_probability_keeps_its_digits() -> None:
    n = 6
    names = [f"E{i}" for i in range(n)]
    model = SCM.from_tables(
        states=dict.fromkeys(["U", *names], ("0", "1")),
        parents=dict.fromkeys(names, ("U",)),
        tables={"U": [0.5, 0.5], **{key: [[1.0, 1e-200], [1.0, 2e-200]] for key in names}},
    )
    evidence = ", ".join(f"{name}=1" for name in names)
    assert model.p(f"U=1 | {evidence}") == pytest.approx(64 / 65, abs=1e-9)


def test_forgotten_plans_are_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    model = sprinkler()
    before = [model.p("W=yes"), model.p("S=yes | W=yes")]
    monkeypatch.setattr(elimination, "_MOST_PLANS", 1)
    assert [model.p("W=yes"), model.p("S=yes | W=yes"), model.p("R=yes")][:2] == before
    assert len(model.plans) == 1
