"""Plug-in estimates with bootstrap intervals."""

from typing import Any

import numpy as np
import pytest

from causal_interface_gym.causal import (
    ADMG,
    SCM,
    Identified,
    NotIdentified,
    Query,
    Source,
    identify,
    transport,
)
from causal_interface_gym.causal.estimation import Counts, PlugIn, estimate, plug_in, resamples
from causal_interface_gym.causal.sample import sample
from causal_interface_gym.errors import DataError, PositivityViolation, QueryError, WidthError
from tests.oracle.models import admg_model, random_admg

# Charig, Webb, Payne and Wickham (1986), as Julious and Mullee (1994) tabulate it:
# (size, treatment, recovered): how many.
STONES = {
    ("small", "open", "yes"): 81,
    ("small", "open", "no"): 6,
    ("small", "pcnl", "yes"): 234,
    ("small", "pcnl", "no"): 36,
    ("large", "open", "yes"): 192,
    ("large", "open", "no"): 71,
    ("large", "pcnl", "yes"): 55,
    ("large", "pcnl", "no"): 25,
}
STONE_GRAPH = ADMG([("Size", "Treatment"), ("Size", "Recovered"), ("Treatment", "Recovered")])
FRONT_DOOR = ADMG([("Smoking", "Tar"), ("Tar", "Cancer")], [("Smoking", "Cancer")])


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def found(graph: ADMG, query: str) -> Identified:
    answer = identify(graph, query)
    assert isinstance(answer, Identified)
    return answer


def stones() -> Counts:
    return Counts.from_mapping(["Size", "Treatment", "Recovered"], STONES)


def test_kidney_stones_charig_1986() -> None:
    """Open surgery cures more of either size, and fewer on the face of it (Simpson)."""
    by_hand = 357 / 700 * 81 / 87 + 343 / 700 * 192 / 263
    answer = found(STONE_GRAPH, "P(Recovered=yes | do(Treatment=open))")
    result = estimate(answer, stones(), rng=rng())
    assert result.value == pytest.approx(by_hand)
    assert result.value == pytest.approx(0.8325, abs=5e-5)
    assert result.interval is not None
    assert result.interval[0] < by_hand < result.interval[1]
    effect = estimate(answer, stones(), against={"Treatment": "pcnl"}, rng=rng())
    assert effect.value == pytest.approx(0.8325 - 0.7789, abs=1e-4)
    assert str(effect).startswith(
        "P(Recovered=yes | do(Treatment=open)) - P(Recovered=yes | do(Treatment=pcnl)) = 0.0536712"
    )
    assert "700 units, 1000 resamples" in str(effect)
    seen = found(STONE_GRAPH, "P(Recovered=yes | Treatment=open)")
    naive = estimate(seen, stones(), against={"Treatment": "pcnl"}, rng=rng())
    assert naive.value == pytest.approx(273 / 350 - 289 / 350)
    assert naive.value < 0 < effect.value


def test_smoking_and_tar_pearl_2009_table_3_1() -> None:
    """Front door: P(cancer | do(smoking)) = 0.4525 and 0.4975, though seeing says the reverse."""
    shares = {
        "0": {"0": (47.5, 0.10), "1": (2.5, 0.05)},
        "1": {"0": (2.5, 0.90), "1": (47.5, 0.85)},
    }
    rows = {
        (smoking, tar, cancer): 8 * share * (p if cancer == "1" else 1 - p)
        for smoking, by_tar in shares.items()
        for tar, (share, p) in by_tar.items()
        for cancer in "01"
    }
    counts = Counts.from_mapping(["Smoking", "Tar", "Cancer"], rows)
    for value, truth in (("1", 0.4525), ("0", 0.4975)):
        answer = found(FRONT_DOOR, f"P(Cancer=1 | do(Smoking={value}))")
        assert estimate(answer, counts, rng=rng(), n_resamples=0).value == pytest.approx(truth)
    effect = estimate(
        found(FRONT_DOOR, "P(Cancer=1 | do(Smoking=1))"),
        counts,
        against={"Smoking": "0"},
        rng=rng(),
        n_resamples=0,
    )
    assert effect.value == pytest.approx(-0.045)


def identified(seed: int, n: int) -> tuple[SCM, Identified] | None:
    """Draw a model and a fully valued effect that its graph identifies."""
    draw = rng(seed)
    graph = random_admg(draw, n)
    model = admg_model(draw, graph)
    x, y = (str(v) for v in draw.permutation(graph.nodes)[:2])
    query = Query.of(outcome={y: model.states[y][0]}, do={x: model.states[x][-1]})
    answer = identify(graph, query)
    return (model, answer) if isinstance(answer, Identified) else None


@pytest.mark.parametrize("seed", range(60))
def test_on_the_exact_joint_it_is_the_exact_effect(seed: int) -> None:
    drawn = identified(seed, 5)
    if drawn is None:
        return
    model, answer = drawn
    names = model.observed
    counts = Counts.from_table({v: model.states[v] for v in names}, model.table(names))
    result = estimate(answer, counts, rng=rng(), n_resamples=0)
    assert result.value == pytest.approx(model.p(answer.query), abs=1e-12)
    assert result.interval is None
    assert "no interval" in str(result)


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_resamples_in_one_pass_are_resamples_one_by_one(seed: int) -> None:
    """The resample as a variable gives what a loop over resampled counts gives."""
    drawn = next(d for s in range(seed * 50, seed * 50 + 50) if (d := identified(s, 4)))
    model, answer = drawn
    columns = sample(model, 400, rng=rng(seed))
    counts = Counts.from_frame(columns, states={v: model.states[v] for v in columns})
    joint = resamples.Resamples.of(counts, 30, rng(7))
    values = [
        answer.estimand.where_defined(
            Counts(counts.states, counts.cells[weights > 0], weights[weights > 0])
        )
        for weights in joint.weights
    ]
    kept = [float(v.values) for v in values if not v.undefined]
    result = estimate(answer, counts, rng=rng(7), n_resamples=30, confidence=0.5)
    assert result.interval == pytest.approx(tuple(np.quantile(kept, [0.25, 0.75])))
    assert result.n_undefined == 30 - len(kept)


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    """400 samples of 500 units from a front-door model; 95 % intervals, by simulation."""
    model = SCM.from_tables(
        parents={"X": ("U",), "M": ("X",), "Y": ("M", "U")},
        states=dict.fromkeys("UXMY", ("0", "1")),
        tables={
            "U": [0.5, 0.5],
            "X": [[0.7, 0.3], [0.3, 0.7]],
            "M": [[0.7, 0.3], [0.2, 0.8]],
            "Y": [[[0.8, 0.2], [0.5, 0.5]], [[0.4, 0.6], [0.2, 0.8]]],
        },
        latent={"U"},
    )
    answer = found(model.graph, "P(Y=1 | do(X=1))")
    truth = model.p("Y=1 | do(X=1)")
    covered, values, error = 0, [], 0.0
    for seed in range(400):
        draw = rng(seed)
        columns = sample(model, 500, rng=draw)
        result = estimate(answer, columns, rng=draw, n_resamples=200)
        assert result.interval is not None
        covered += result.interval[0] <= truth <= result.interval[1]
        values.append(result.value)
        error = result.standard_error or 0.0
    assert 0.92 <= covered / 400 <= 0.975
    assert error == pytest.approx(np.std(values), rel=0.25)


def test_it_converges() -> None:
    drawn = next(d for s in range(100) if (d := identified(s, 5)))
    model, answer = drawn
    truth = model.p(answer.query)
    columns = sample(model, 400_000, rng=rng(3))
    states = {v: model.states[v] for v in columns}
    result = estimate(answer, Counts.from_frame(columns, states=states), rng=rng(4))
    assert result.standard_error is not None
    assert abs(result.value - truth) <= 5 * result.standard_error + 1e-12
    assert result.standard_error < 0.01


def test_an_empty_stratum_is_named() -> None:
    rows = {k: n for k, n in STONES.items() if k[:2] != ("large", "pcnl")}
    counts = Counts.from_mapping(["Size", "Treatment", "Recovered"], rows)
    answer = found(STONE_GRAPH, "P(Recovered=yes | do(Treatment=pcnl))")
    with pytest.raises(PositivityViolation) as error:
        estimate(answer, counts, rng=rng())
    assert error.value.stratum in {"Treatment=pcnl, Size=large", "Size=large, Treatment=pcnl"}
    assert "probability 0 in these data" in str(error.value)


def test_a_stratum_that_resamples_lose_is_counted() -> None:
    rows = {**STONES, ("large", "pcnl", "yes"): 3, ("large", "pcnl", "no"): 0}
    counts = Counts.from_mapping(["Size", "Treatment", "Recovered"], rows)
    answer = found(STONE_GRAPH, "P(Recovered=yes | do(Treatment=pcnl))")
    result = estimate(answer, counts, rng=rng())
    assert 20 <= result.n_undefined <= 100  # exp(-3) of 1000
    assert f"{result.n_undefined} resamples lost a stratum" in str(result)
    rows["large", "pcnl", "yes"] = 1
    with_one = Counts.from_mapping(["Size", "Treatment", "Recovered"], rows)
    assert estimate(answer, with_one, rng=rng()).n_undefined > 300
    few = Counts.from_mapping(
        ["Size", "Treatment", "Recovered"],
        {("s", "a", "y"): 1, ("s", "b", "y"): 5, ("l", "a", "y"): 1, ("l", "b", "n"): 5},
    )
    with pytest.raises(DataError, match="of 1000 resamples a stratum is empty"):
        estimate(found(STONE_GRAPH, "P(Recovered=y | do(Treatment=a))"), few, rng=rng())


def test_counterfactuals_are_estimated_too() -> None:
    """P(y[x'] | x), the effect on the treated, from the same counts (Pearl 2009, section 8.2.5)."""
    answer = found(STONE_GRAPH, "P(Recovered[Treatment=open]=yes | Treatment=pcnl)")
    result = estimate(answer, stones(), rng=rng())
    by_hand = 270 / 350 * 81 / 87 + 80 / 350 * 192 / 263
    assert result.value == pytest.approx(by_hand)
    assert result.interval is not None
    with pytest.raises(QueryError, match="several worlds"):
        estimate(answer, stones(), against={"Treatment": "pcnl"}, rng=rng())


def test_experiments_and_other_populations_bring_their_own_units() -> None:
    graph = ADMG([("Z", "X"), ("Z", "Y"), ("X", "Y")], [("X", "Y")])
    model = admg_model(rng(5), graph)
    sources = [Source(), Source(frozenset({"X"}), "LA", frozenset({"Z"}))]
    x, y = model.states["X"][0], model.states["Y"][0]
    answer = transport(graph, Query.of(outcome={"Y": y}, do={"X": x}), sources)
    assert isinstance(answer, Identified)
    here = Counts.from_frame(sample(model, 4000, rng=rng(1)))
    arms = [sample(model, 20_000, rng=rng(2), do={"X": label}) for label in model.states["X"]]
    trial = Counts.from_frame({v: np.concatenate([a[v] for a in arms]) for v in arms[0]})
    data = {"": here, "LA": here.with_trial(["X"], trial)}
    result = estimate(answer, data, rng=rng(3), n_resamples=300)
    assert result.standard_error is not None
    assert result.value == pytest.approx(model.p(answer.query), abs=5 * result.standard_error)
    assert result.n_units == 4000 + 4000 + 20_000 * len(arms)
    with pytest.raises(DataError, match="'LA' is not"):
        estimate(answer, {"": here, "LA": 3}, rng=rng())


def test_many_cells_are_taken_some_resamples_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = found(STONE_GRAPH, "P(Recovered=yes | do(Treatment=open))")
    whole = estimate(answer, stones(), rng=rng(), n_resamples=64)
    monkeypatch.setattr(plug_in, "_SCRATCH", 8 * 16)
    parts = estimate(answer, stones(), rng=rng(), n_resamples=64)
    assert parts.interval == pytest.approx(whole.interval)
    monkeypatch.setattr(resamples, "MAX_CELLS", 8 * 2)
    narrow = estimate(answer, stones(), rng=rng(), n_resamples=64)
    assert narrow.interval is not None
    assert narrow.interval[0] < narrow.value < narrow.interval[1]
    monkeypatch.setattr(resamples, "MAX_CELLS", 7)
    with pytest.raises(WidthError):
        estimate(answer, stones(), rng=rng(), n_resamples=64)


@pytest.mark.parametrize(
    ("query", "options", "kind", "message"),
    [
        ("P(Recovered=yes | do(Treatment))", {}, QueryError, "leaves a value open"),
        ("P(Recovered=yes)", {"confidence": 1.0}, QueryError, "between 0 and 1"),
        ("P(Recovered=yes)", {"n_resamples": -1}, QueryError, "0 or more"),
        ("P(Recovered=yes)", {"against": {"Size": "small"}}, QueryError, "does not stand in"),
    ],
)
def test_what_cannot_be_estimated_is_refused(
    query: str, options: dict[str, Any], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message):
        estimate(found(STONE_GRAPH, query), stones(), rng=rng(), **options)


def test_probabilities_are_no_sample() -> None:
    table = stones().table(["Size", "Treatment", "Recovered"])
    counts = Counts.from_table(stones().states, table)
    answer = found(STONE_GRAPH, "P(Recovered=yes)")
    with pytest.raises(DataError, match="no sample to resample"):
        estimate(answer, counts, rng=rng())
    one = estimate(answer, Counts.from_mapping(["Recovered"], {"yes": 9}), rng=rng(), n_resamples=1)
    assert (one.interval, one.standard_error) == ((1.0, 1.0), 0.0)
    assert isinstance(one, PlugIn)


def test_what_is_not_identified_has_nothing_to_estimate() -> None:
    assert isinstance(identify(ADMG([("X", "Y")], [("X", "Y")]), "P(Y | do(X))"), NotIdentified)
