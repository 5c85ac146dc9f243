"""Linear-Gaussian models against matrix algebra, published rules and their own samples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from causal_interface_gym.causal.continuous import (
    Gaussian,
    Linear,
    LinearGaussian,
    Potential,
    Shift,
)
from causal_interface_gym.errors import (
    CycleError,
    ImpossibleEventError,
    ModelError,
    QueryError,
    UnknownVariableError,
)

Floats = NDArray[np.float64]
NAMES = ("A", "B", "C", "D")


def chain() -> LinearGaussian:
    """X -> M -> Y with a hidden cause of X and Y."""
    return LinearGaussian(
        {
            "X": Linear(variance=1.0),
            "M": Linear({"X": 2.0}, intercept=1.0, variance=0.5),
            "Y": Linear({"M": 3.0}, variance=2.0),
        },
        covariances={("X", "Y"): 0.8},
    )


@st.composite
def random_models(draw: st.DrawFn) -> LinearGaussian:
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    equations = {}
    for i, v in enumerate(NAMES):
        parents = {p: float(rng.normal()) for p in NAMES[:i] if rng.random() < 0.6}
        equations[v] = Linear(parents, float(rng.normal()), float(rng.uniform(0.1, 2)))
    covariance = 0.9 * np.sqrt(equations["A"].variance * equations["D"].variance)
    return LinearGaussian(
        equations, covariances={("A", "D"): float(rng.uniform(-1, 1)) * covariance}
    )


def matrices(model: LinearGaussian, cut: tuple[str, ...] = ()) -> tuple[Floats, Floats, Floats]:
    """The coefficients B, intercepts and noise covariance, with the rows of ``cut`` emptied."""
    b, c = np.zeros((4, 4)), np.zeros(4)
    for i, v in enumerate(NAMES):
        c[i] = model.equations[v].intercept
        for p, w in model.equations[v].coefficients.items():
            b[i, NAMES.index(p)] = w
    order = [model.dag.index[v] for v in NAMES]
    noise = np.array(model.noise)[np.ix_(order, order)]
    for v in cut:
        i = NAMES.index(v)
        b[i] = c[i] = noise[i] = noise[:, i] = 0.0
    return b, c, noise


@settings(max_examples=40, deadline=None)
@given(model=random_models())
def test_seeing_is_the_covariance_of_the_solved_equations(model: LinearGaussian) -> None:
    b, c, noise = matrices(model)
    solved = np.linalg.inv(np.eye(4) - b)
    found = model.distribution(NAMES)
    assert found.mean == pytest.approx(solved @ c)
    assert found.covariance == pytest.approx(solved @ noise @ solved.T)
    covariance = solved @ noise @ solved.T
    part = model.distribution(["A"], given={"D": 1.5})
    weight = covariance[0, 3] / covariance[3, 3]
    assert part.mean_of("A") == pytest.approx((solved @ c)[0] + weight * (1.5 - (solved @ c)[3]))
    assert part.variance_of("A") == pytest.approx(covariance[0, 0] - weight * covariance[0, 3])


@settings(max_examples=40, deadline=None)
@given(model=random_models())
def test_doing_empties_the_equation_of_what_is_set(model: LinearGaussian) -> None:
    b, c, noise = matrices(model, ("B",))
    c[1] = 2.5
    solved = np.linalg.inv(np.eye(4) - b)
    found = model.distribution(NAMES, do={"B": 2.5})
    assert found.mean == pytest.approx(solved @ c)
    assert found.covariance == pytest.approx(solved @ noise @ solved.T, abs=1e-12)
    effect = model.total_effect("B", "D")
    assert effect == pytest.approx(solved[3, 1])


@settings(max_examples=40, deadline=None)
@given(model=random_models())
def test_imagining_keeps_the_noise_of_the_unit(model: LinearGaussian) -> None:
    rng = np.random.default_rng(0)
    noise = dict(zip(NAMES, rng.normal(size=4), strict=True))

    def unit(do: dict[str, float]) -> dict[str, float]:
        values: dict[str, float] = {}
        for v in NAMES:
            e = model.equations[v]
            own = e.intercept + sum(w * values[p] for p, w in e.coefficients.items()) + noise[v]
            values[v] = do.get(v, own)
        return values

    # Seeing everything leaves one unit: what it would have done is then known.
    found = model.counterfactual(NAMES, do={"B": -1.0}, given=unit({}))
    would = unit({"B": -1.0})
    assert found.mean == pytest.approx([would[v] for v in NAMES], abs=1e-7)
    assert found.covariance == pytest.approx(np.zeros((4, 4)), abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(model=random_models(), x=st.floats(-2, 2), y=st.floats(-2, 2))
def test_the_counterfactual_expectation_has_its_closed_form(
    model: LinearGaussian, x: float, y: float
) -> None:
    # E[Y_x | e] = E[Y | e] + T (x - E[X | e]) with T the total effect [pearl2009, theorem 7.2.2].
    imagined = model.counterfactual(["D"], do={"A": x}, given={"C": y}).mean_of("D")
    seen = model.distribution(["A", "D"], given={"C": y})
    wanted = seen.mean_of("D") + model.total_effect("A", "D") * (x - seen.mean_of("A"))
    assert imagined == pytest.approx(wanted)


def test_samples_have_the_moments_of_the_distribution() -> None:
    model = chain()
    rows = model.sample(200_000, rng=np.random.default_rng(1), do={"M": Shift(1.0)})
    found = model.distribution(["X", "M", "Y"], do={"M": Shift(1.0)})
    columns = np.array([rows[v] for v in ("X", "M", "Y")])
    errors = np.sqrt(np.diag(found.covariance) / 200_000)
    assert (np.abs(columns.mean(axis=1) - found.mean) < 5 * errors).all()
    assert np.cov(columns) == pytest.approx(found.covariance, rel=0.03, abs=0.05)


def test_front_door_in_numbers() -> None:
    model = chain()
    assert model.total_effect("X", "Y") == pytest.approx(6.0)
    seen = model.distribution(["X", "Y"])
    assert seen.covariance_of("X", "Y") / seen.variance_of("X") == pytest.approx(6.8)


def test_soft_conditional_and_stochastic_interventions() -> None:
    model = chain()
    shifted = model.distribution(["M", "Y"], do={"M": Shift(2.0)})
    assert shifted.mean == pytest.approx([3.0, 9.0])
    assert shifted.variance_of("M") == pytest.approx(4.5)
    policy = model.distribution(["Y"], do={"M": Linear({"X": -1.0}, variance=0.1)})
    # Y = 3 (-X + e) + noise, and the noise of Y goes with X.
    assert policy.variance_of("Y") == pytest.approx(9 * 1.1 + 2 - 2 * 3 * 0.8)
    drawn = model.distribution(["Y"], do={"M": Linear(intercept=1.0, variance=4.0)})
    assert (drawn.mean_of("Y"), drawn.variance_of("Y")) == pytest.approx((3.0, 38.0))
    after = model.distribution(["X"], do={"M": 0.0}, given={"Y": 1.0})
    assert after.mean_of("X") == pytest.approx(0.4)


def test_worlds_borrow_from_each_other() -> None:
    model = LinearGaussian(
        {
            "X": Linear(variance=1.0),
            "M": Linear({"X": 2.0}, variance=1.0),
            "Y": Linear({"M": 3.0, "X": 5.0}, variance=1.0),
        }
    )
    kept = Potential("M", {"X": 0.0})
    terms = [Potential("Y", {"X": 1.0, "M": kept}), Potential("Y", {"X": 0.0})]
    found = model.joint(terms)
    assert found.mean[0] - found.mean[1] == pytest.approx(5.0)  # the natural direct effect
    assert found.covariance_of(0, 1) == pytest.approx(10.0)
    assert str(terms[0]) == "Y[X=1.0, M=M[X=0.0]]"


def test_draws_are_separate_in_separate_worlds_and_one_in_one_world() -> None:
    model = chain()
    one, other = ({"M": Linear(variance=1.0)} for _ in range(2))
    terms = [Potential("M", one), Potential("M", one), Potential("M", other)]
    assert model.joint(terms).covariance == pytest.approx(
        np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]])
    )


def test_a_changed_model_keeps_the_other_noises() -> None:
    model = chain().change({"M": Linear({"X": -1.0}, variance=1.0)})
    assert model.total_effect("X", "Y") == pytest.approx(-3.0)
    assert model.dag.bidirected == (("X", "Y"),)
    assert chain().change({"X": Linear(variance=1.0)}).dag.bidirected == ()


def test_latent_variables_are_projected_out() -> None:
    model = LinearGaussian(
        {"U": Linear(variance=1.0), "X": Linear({"U": 1.0}), "Y": Linear({"U": 1.0})}, latent=["U"]
    )
    assert model.graph.bidirected == (("X", "Y"),)
    assert set(model.sample(3, rng=np.random.default_rng(0))) == {"X", "Y"}
    assert "U -> X" in repr(model)
    assert chain().graph is chain().graph or chain().graph == chain().dag


def test_what_cannot_happen_is_refused() -> None:
    model = LinearGaussian({"X": Linear(intercept=1.0), "Y": Linear({"X": 1.0}, variance=1.0)})
    assert model.distribution(["Y"], given={"X": 1.0}).mean_of("Y") == 1.0
    with pytest.raises(ImpossibleEventError, match="=2"):
        model.distribution(["Y"], given={"X": 2.0})


def test_a_normal_distribution_answers_for_intervals() -> None:
    found = Gaussian(("x", "c"), np.array([1.0, 3.0]), np.array([[4.0, 0.0], [0.0, 0.0]]))
    assert found.p("x", below=1.0) == pytest.approx(0.5)
    assert found.p("x", above=-1.0, below=3.0) == pytest.approx(0.6826894921370859)
    assert found.p("x", above=41.0) == pytest.approx(2.7536241186062337e-89)
    assert (found.p("c", above=2.0), found.p("c", above=3.0)) == (1.0, 0.0)
    assert found.marginal(["c"]).names == ("c",)
    with pytest.raises(QueryError, match="lower to a higher"):
        found.p("x", above=1.0, below=1.0)
    with pytest.raises(UnknownVariableError):
        found.mean_of("z")


def test_malformed_models_are_refused() -> None:
    with pytest.raises(UnknownVariableError):
        LinearGaussian({"Y": Linear({"X": 1.0})})
    with pytest.raises(CycleError):
        LinearGaussian({"X": Linear({"Y": 1.0}), "Y": Linear({"X": 1.0})})
    with pytest.raises(ModelError, match="negative eigenvalue"):
        LinearGaussian(
            {"X": Linear(variance=1.0), "Y": Linear(variance=1.0)}, covariances={("X", "Y"): 2.0}
        )
    with pytest.raises(ModelError, match="finite"):
        Linear(variance=-1.0)
    with pytest.raises(ModelError, match="finite"):
        Linear({"X": float("nan")})


def test_malformed_interventions_are_refused() -> None:
    model = chain()
    with pytest.raises(CycleError):
        model.distribution(["X"], do={"X": Linear({"Y": 1.0})})
    with pytest.raises(QueryError, match="own value"):
        model.distribution(["Y"], do={"M": Potential("X")})
    with pytest.raises(QueryError, match="set to a number"):
        model.distribution(["Y"], do={"M": "1"})  # type: ignore[dict-item]  # what is refused
    with pytest.raises(UnknownVariableError):
        model.distribution(["Y"], do={"Q": 1.0})
