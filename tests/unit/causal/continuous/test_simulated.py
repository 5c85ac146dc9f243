"""Sampled answers lie within their error of exact ones, and never claim more."""

import numpy as np
import pytest

from causal_interface_gym.causal import SCM
from causal_interface_gym.causal.continuous import (
    Additive,
    Choice,
    Draws,
    Estimate,
    Free,
    Linear,
    LinearGaussian,
    Modified,
    Normal,
    SimulatedSCM,
    Uniform,
)
from causal_interface_gym.errors import (
    CycleError,
    ImpossibleEventError,
    InferenceError,
    ModelError,
    QueryError,
    UnknownVariableError,
)

N = 40_000


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def linear() -> tuple[LinearGaussian, SimulatedSCM]:
    """One model twice: exact and sampled."""
    exact = LinearGaussian(
        {
            "X": Linear(variance=1.0),
            "M": Linear({"X": 2.0}, 1.0, 0.25),
            "Y": Linear({"M": 1.0, "X": -1.0}, variance=1.0),
        }
    )
    sampled = SimulatedSCM(
        {
            "X": Additive((), lambda: 0.0),
            "M": Additive(("X",), lambda x: 1 + 2 * x, Normal(0.5)),
            "Y": Additive(("M", "X"), lambda m, x: m - x),
        }
    )
    return exact, sampled


@pytest.mark.parametrize("seed", range(3))
def test_seeing_and_doing_agree_with_the_exact_linear_model(seed: int) -> None:
    exact, sampled = linear()
    seen = sampled.mean("X", given={"Y": 2.0}, n=N, rng=rng(seed))
    assert seen.within(exact.distribution(["X"], given={"Y": 2.0}).mean_of("X"))
    done = sampled.mean("Y", do={"M": 3.0}, n=N, rng=rng(seed))
    assert done.within(exact.distribution(["Y"], do={"M": 3.0}).mean_of("Y"))
    assert 0 < done.standard_error < 0.05
    assert done.n == N


@pytest.mark.parametrize("seed", range(3))
def test_imagining_agrees_with_the_exact_linear_model(seed: int) -> None:
    exact, sampled = linear()
    given = {"Y": 2.0}
    found = sampled.mean("Y", do={"X": -1.0}, given=given, n=N, rng=rng(seed))
    assert found.within(exact.counterfactual(["Y"], do={"X": -1.0}, given=given).mean_of("Y"))


def test_errors_are_honest_over_many_runs() -> None:
    exact, sampled = linear()
    truth = exact.distribution(["X"], given={"Y": 1.0}).mean_of("X")
    runs = [sampled.mean("X", given={"Y": 1.0}, n=2000, rng=rng(i)) for i in range(200)]
    covered = np.mean([run.within(truth, errors=1.96) for run in runs])
    assert 0.90 <= covered <= 0.99
    spread = float(np.std([run.value for run in runs]))
    assert spread == pytest.approx(np.mean([run.standard_error for run in runs]), rel=0.15)


def discrete() -> tuple[SCM, SimulatedSCM]:
    exact = SCM.from_tables(
        states={"X": ("0", "1"), "Y": ("0", "1", "2")},
        parents={"Y": ("X",)},
        tables={"X": [0.4, 0.6], "Y": [[0.5, 0.3, 0.2], [0.1, 0.3, 0.6]]},
        coupling="comonotone",
    )
    table = np.array(exact.cpt("Y"))
    sampled = SimulatedSCM(
        {
            "X": Choice((), lambda: [0.4, 0.6]),
            "Y": Choice(("X",), lambda x: table[x.astype(int)].T),
        }
    )
    return exact, sampled


def test_choices_agree_with_the_exact_discrete_model() -> None:
    exact, sampled = discrete()
    seen = sampled.mean("X", given={"Y": 2}, n=N, rng=rng())
    assert seen.within(exact.p("X=1 | Y=2"))
    imagined = sampled.mean(
        lambda d: d.of("Y", do={"X": 0}) == 0, given={"X": 1, "Y": 1}, n=N, rng=rng()
    )
    assert imagined.within(exact.p("Y[X=0]=0 | X=1, Y=1"))


def test_an_event_of_any_world_is_a_condition() -> None:
    exact, sampled = discrete()
    found = sampled.mean(
        lambda d: d.of("Y", do={"X": 1}) == 2,
        where=lambda d: d.of("Y", do={"X": 0}) == 0,
        n=N,
        rng=rng(),
    )
    assert found.within(exact.p("Y[X=1]=2 | Y[X=0]=0"))


def test_worlds_share_their_noise_so_that_contrasts_are_precise() -> None:
    _, sampled = linear()
    effect = sampled.mean(
        lambda d: d.of("Y", do={"X": 1.0}) - d.of("Y", do={"X": 0.0}), n=100, rng=rng()
    )
    assert effect.value == pytest.approx(1.0)
    assert effect.standard_error < 1e-12


def test_interventions_may_be_soft_conditional_and_borrowed() -> None:
    exact, sampled = linear()

    def mean(do: object) -> Estimate:
        return sampled.mean("Y", do={"M": do}, n=N, rng=rng())  # type: ignore[dict-item]  # a setting

    assert mean(Modified(lambda m: m + 2.0)).within(exact.distribution(["Y"]).mean_of("Y") + 2.0)
    assert mean(Additive(("X",), lambda x: 3 - x)).within(3.0)
    assert mean(Free((), lambda e: 1 + 0 * e)).within(1.0)

    def direct(d: Draws) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        kept = d.of("M", do={"X": 0.0})
        return d.of("Y", do={"X": 1.0, "M": kept}) - d.of("Y", do={"X": 0.0})

    assert sampled.mean(direct, n=100, rng=rng()).value == pytest.approx(-1.0)


def test_the_same_world_is_computed_once() -> None:
    _, sampled = linear()
    draws = sampled.draws(10, rng=rng())
    redrawn = {"M": Additive((), lambda: 0.0)}
    assert draws.of("M", do=redrawn) is draws.of("M", do=redrawn)
    assert draws.of("X") is draws.of("X")


def test_uniform_noise_limits_what_can_be_seen() -> None:
    model = SimulatedSCM({"X": Additive((), lambda: 0.0, Uniform(0.0, 2.0))})
    assert model.mean("X", n=N, rng=rng()).within(1.0)
    assert model.mean("X", given={"X": 1.5}, n=N, rng=rng()).value == 1.5
    with pytest.raises(ImpossibleEventError, match="X=3"):
        model.mean("X", given={"X": 3.0}, n=N, rng=rng())


def test_too_few_draws_give_no_number() -> None:
    _, sampled = linear()
    with pytest.raises(InferenceError, match="too few of 2000 draws"):
        sampled.mean("Y", where=lambda d: d.of("X") > 2.5, n=2000, rng=rng())
    with pytest.raises(ImpossibleEventError, match="where"):
        sampled.mean("Y", where=lambda d: d.of("X") > 50, n=2000, rng=rng())


def test_what_cannot_be_turned_round_says_so() -> None:
    model = SimulatedSCM({"X": Free((), lambda e: e**2)})
    with pytest.raises(QueryError, match="where="):
        model.mean("X", given={"X": 1.0}, rng=rng())
    with pytest.raises(QueryError, match="states 0 to 1"):
        SimulatedSCM({"X": Choice((), lambda: [0.5, 0.5])}).mean("X", given={"X": 2}, rng=rng())


def test_values_that_are_not_finite_numbers_are_refused() -> None:
    with pytest.raises(ModelError, match="not all finite"):
        SimulatedSCM({"X": Free((), lambda e: np.where(e > 0, np.inf, e))}).mean("X", rng=rng())
    with pytest.raises(ModelError, match="sum to 1"):
        SimulatedSCM({"X": Choice((), lambda: [0.5, 0.6])}).mean("X", rng=rng())
    with pytest.raises(InferenceError, match="finite"):
        linear()[1].mean(lambda d: np.full(d.n, np.nan), n=100, rng=rng())


def test_malformed_models_and_questions_are_refused() -> None:
    with pytest.raises(UnknownVariableError):
        SimulatedSCM({"Y": Additive(("X",), lambda x: x)})
    with pytest.raises(CycleError):
        SimulatedSCM({"X": Additive(("Y",), abs), "Y": Additive(("X",), abs)})
    _, sampled = linear()
    with pytest.raises(QueryError, match="whole number"):
        sampled.mean("Y", n=0, rng=rng())
    with pytest.raises(QueryError, match="is set to"):
        sampled.mean("Y", do={"X": "1"}, n=10, rng=rng())  # type: ignore[dict-item]  # what is refused
    with pytest.raises(UnknownVariableError):
        sampled.mean("Q", n=10, rng=rng())


def test_latent_variables_are_projected_out() -> None:
    model = SimulatedSCM(
        {"U": Free((), lambda e: e), "X": Additive(("U",), abs), "Y": Additive(("U",), abs)},
        latent=["U"],
    )
    assert model.graph.bidirected == (("X", "Y"),)
    assert linear()[1].graph.directed == (("X", "M"), ("X", "Y"), ("M", "Y"))


def test_an_estimate_shows_its_error() -> None:
    assert str(Estimate(1.25, 0.01, 1000)) == "1.25 ± 0.01 (1000 draws)"
