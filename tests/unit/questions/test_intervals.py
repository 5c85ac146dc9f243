"""What a query can be: ends by linear programming, by response functions, and as published."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_interface_gym import scenarios
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import InferenceError, QueryError
from causal_interface_gym.questions.claims import InPopulation, IntervalEnd
from causal_interface_gym.questions.intervals import end_of, interval_items, sharp_interval
from causal_interface_gym.questions.question import End
from causal_interface_gym.questions.response_types import MAX_UNITS, interval_by_types

TWO = ("0", "1")
EFFECT = Query.parse("Y=1 | do(X=1)")


def instrument(rng: np.random.Generator, n_states: int = 2, *, with_cause: bool = False) -> SCM:
    """Draw a model in which Z acts on X alone, X on Y, a hidden U on both, perhaps W on Y."""

    def rows(*shape: int) -> np.ndarray:
        return rng.dirichlet(np.ones(2), size=shape)

    causes = {"W": [0.3, 0.7]} if with_cause else {}
    return SCM.from_tables(
        states={**dict.fromkeys("UXY", TWO), "Z": tuple(map(str, range(n_states))),
                **dict.fromkeys(causes, TWO)},
        parents={"X": ("Z", "U"), "Y": ("X", "U", *causes)},
        tables={
            "U": rows().tolist(),
            "Z": np.full(n_states, 1 / n_states),
            "X": rows(n_states, 2),
            "Y": rows(2, 2, *[2 for _ in causes]),
            **causes,
        },
        latent=["U"],
    )  # fmt: skip


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.integers(2, 3), st.booleans())
def test_two_programmes_that_share_no_code_give_the_same_ends(
    seed: int, n_states: int, with_cause: bool
) -> None:
    model = instrument(np.random.default_rng(seed), n_states, with_cause=with_cause)
    for text in ("Y=1 | do(X=1)", "Y=0 | do(X=0)", "Y[X=0]=0 | X=1, Y=1"):
        query = Query.parse(text)
        found = sharp_interval(model, query)
        assert interval_by_types(model, query) == pytest.approx(
            (found.lower, found.upper), abs=1e-9
        )
        truth = model.p(query) if not query.is_counterfactual else None
        assert truth is None or found.lower - 1e-9 <= truth <= found.upper + 1e-9


def test_the_ends_of_the_cholestyramine_trial_are_the_published_ones() -> None:
    model = scenarios.get("cholestyramine-v1").model
    no, yes = (
        sharp_interval(model, Query.parse(f"response=yes | do(taken={x})")) for x in ("no", "yes")
    )
    # The average effect is between 0.392 and 0.780: here the ends are attained together.
    assert yes.lower - no.upper == pytest.approx(0.392, abs=1e-9)
    assert yes.upper - no.lower == pytest.approx(0.780, abs=1e-9)


def test_experiments_narrow_what_a_counterfactual_can_be() -> None:
    model = SCM.from_tables(
        states=dict.fromkeys("UXY", TWO),
        parents={"X": ("U",), "Y": ("X", "U")},
        tables={
            "U": [0.5, 0.5],
            "X": [[0.8, 0.2], [0.3, 0.7]],
            "Y": [[[0.9, 0.1], [0.5, 0.5]], [[0.6, 0.4], [0.2, 0.8]]],
        },
        latent=["U"],
    )
    query = Query.parse("Y[X=0]=0 | X=1, Y=1")
    seen, tried = (sharp_interval(model, query, known) for known in ((), ("X",)))
    assert (seen.lower, seen.upper) == (0, 1)
    assert 0 < tried.lower < tried.upper
    for known, found in (((), seen), (("X",), tried)):
        by_types = interval_by_types(model, query, known)
        assert by_types == pytest.approx((found.lower, found.upper), abs=1e-9)


def test_what_the_query_does_not_depend_on_changes_nothing() -> None:
    model = instrument(np.random.default_rng(3), with_cause=True)
    further = SCM(
        {**model.states, "V": TWO},
        {**model.mechanisms, "V": model.mechanisms["W"]},
        model.latent,
    )
    assert interval_by_types(further, EFFECT) == pytest.approx(
        interval_by_types(model, EFFECT), abs=1e-12
    )


def test_a_setting_that_never_occurs_leaves_a_response_free() -> None:
    model = SCM.from_tables(
        states=dict.fromkeys("AMUXY", TWO),
        parents={"M": ("A",), "X": ("M", "U"), "Y": ("X", "U")},
        tables={
            "A": [1, 0],
            "M": [[0.5, 0.5], [0.2, 0.8]],
            "U": [0.5, 0.5],
            "X": [[[0.9, 0.1], [0.6, 0.4]], [[0.4, 0.6], [0.1, 0.9]]],
            "Y": [[[0.9, 0.1], [0.5, 0.5]], [[0.6, 0.4], [0.2, 0.8]]],
        },
        latent=["U"],
    )
    found = sharp_interval(model, EFFECT)
    assert interval_by_types(model, EFFECT) == pytest.approx((found.lower, found.upper), abs=1e-9)


def test_a_nested_world_is_evaluated_inside_out() -> None:
    model = instrument(np.random.default_rng(5))
    nested = Query.parse("Y[X[Z=0]]=1 | do(Z=1)")
    ends = interval_by_types(model, nested)
    assert ends == pytest.approx([model.p("Y=1 | do(Z=0)")] * 2, abs=1e-9)


@pytest.mark.parametrize(
    ("parents", "hidden", "query", "message"),
    [
        ({"X": ("U",), "Z": ("U", "W"), "Y": ("W", "X", "Z")}, "UW", "Y=1 | do(X=1)", "share"),
        ({"M": ("X",), "Y": ("M",)}, "", "Y[X=0]=0 | X=1, Y=1", "compares worlds"),
    ],
)
def test_what_the_second_algorithm_does_not_cover_is_refused(
    parents: dict[str, tuple[str, ...]], hidden: str, query: str, message: str
) -> None:
    names = sorted({*parents, *(p for own in parents.values() for p in own)})
    rng = np.random.default_rng(0)
    model = SCM.from_tables(
        states=dict.fromkeys(names, TWO),
        parents=parents,
        tables={v: rng.dirichlet(np.ones(2), size=[2] * len(parents.get(v, ()))) for v in names},
        latent=list(hidden),
    )
    with pytest.raises(QueryError, match=message):
        interval_by_types(model, Query.parse(query))


def test_too_many_response_functions_are_refused_before_they_are_listed() -> None:
    model = instrument(np.random.default_rng(0), n_states=10)
    with pytest.raises(QueryError, match=f"{MAX_UNITS} is the limit"):
        interval_by_types(model, EFFECT)


def test_an_impossible_condition_has_no_interval() -> None:
    model = instrument(np.random.default_rng(0))
    with pytest.raises(InferenceError, match="no solution"):
        interval_by_types(model, Query.parse("Y[X=1]=1 | X=1, X=0"))


def test_an_interval_that_is_not_sharp_makes_no_question() -> None:
    rng = np.random.default_rng(1)
    model = SCM.from_tables(
        states=dict.fromkeys("UWXYZ", TWO),
        parents={"X": ("U",), "Z": ("U", "W", "X"), "Y": ("W", "Z", "X")},
        tables={
            "U": [0.4, 0.6],
            "W": [0.7, 0.3],
            "X": rng.dirichlet(np.ones(2), size=2),
            "Z": rng.dirichlet(np.ones(2), size=(2, 2, 2)),
            "Y": rng.dirichlet(np.ones(2), size=(2, 2, 2)),
        },
        latent=["U", "W"],
    )
    with pytest.raises(QueryError, match="no interval that is known to be sharp"):
        sharp_interval(model, EFFECT)


def test_the_two_items_of_an_interval_share_reference_and_lures() -> None:
    model = instrument(np.random.default_rng(2))
    low, high = interval_items(
        model, "instrument", query=EFFECT, reference=Query.parse("Y=1 | X=1"), lures={"half": 0.5}
    )
    assert (low.elicited, high.elicited) == (End(0), End(1))
    assert low.truth <= high.truth
    assert low.reference == high.reference == model.p("Y=1 | X=1")
    assert low.lure == high.lure == {"half": 0.5}
    assert isinstance(high.asked, IntervalEnd)
    assert end_of(model, high.asked) == high.truth
    assert str(high.asked).startswith("the most that P(Y=1 | do(X=1)) can be, by the graph")
    tried = IntervalEnd(EFFECT, "lower", ("X",))
    assert str(tried).endswith("of what is observed and under do(X)")


def test_malformed_questions_are_refused() -> None:
    with pytest.raises(QueryError, match="ends lower and upper"):
        IntervalEnd(EFFECT, "middle")  # type: ignore[arg-type]  # a wrong end on purpose
    with pytest.raises(QueryError, match="two states of Z"):
        InPopulation(EFFECT, "Z", "0", "0")
    with pytest.raises(QueryError, match="names the population"):
        InPopulation(EFFECT, "X", "0", "1")
