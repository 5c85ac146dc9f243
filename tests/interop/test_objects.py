"""Objects of the real libraries: the numbers of both sides agree, and the way back changes nothing.

Run by ``make interop`` in an environment of its own, for these libraries are heavy.
"""

import importlib
from itertools import product
from typing import Any

import numpy as np
import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.causal import ADMG, SCM, adjustment_sets
from causal_interface_gym.causal.formats.objects.dowhy import (
    econml_arrays,
    graph_from_dowhy,
    graph_to_dowhy,
    model_to_dowhy,
)
from causal_interface_gym.causal.formats.objects.pgmpy import model_from_pgmpy, model_to_pgmpy
from causal_interface_gym.causal.formats.objects.pyagrum import (
    model_from_pyagrum,
    model_to_pyagrum,
)
from causal_interface_gym.causal.sample import sample
from causal_interface_gym.errors import DataError, FormatError, UnknownVariableError
from tests.oracle.models import random_model

# Their imports warn of their own futures.
pytestmark = [
    pytest.mark.interop, pytest.mark.timeout(300), pytest.mark.filterwarnings("ignore")
]  # fmt: skip


def models() -> list[SCM]:
    rng = np.random.default_rng(20261127)
    curated = [scenarios.get(name).model for name in ("kidney-stones-v1", "asia-v1")]
    return [*curated, *(random_model(rng) for _ in range(40))]


def assert_same(found: SCM, model: SCM) -> None:
    assert {v: tuple(s) for v, s in found.states.items()} == dict(model.states)
    for name, mechanism in model.mechanisms.items():
        other = found.mechanisms[name]
        assert set(other.parents) == set(mechanism.parents)
        order = [*other.parents, name]
        axes = [order.index(v) for v in (*mechanism.parents, name)]
        np.testing.assert_allclose(other.cpt.transpose(axes), mechanism.cpt, rtol=0, atol=1e-12)


def effects(model: SCM) -> list[tuple[str, str, str]]:
    """Pick questions P(y | do(x)) of a model, x above y."""
    found = []
    for x, y in product(model.states, repeat=2):
        if x != y and x in model.dag.ancestors(y):
            found.append((x, model.states[x][-1], y))
    return found[:4]


@pytest.mark.parametrize("place", range(42))
def test_pgmpy_gets_and_gives_the_same_numbers(place: int) -> None:
    inference = importlib.import_module("pgmpy.inference")
    model = models()[place]
    network = model_to_pgmpy(model)
    assert network.check_model()
    back = model_from_pgmpy(network)
    assert_same(back, model)
    assert set(back.latent) == set(model.latent)
    for x, label, y in effects(model):
        engine = inference.VariableElimination(network.do([x]))
        factor = engine.query([y], evidence={x: label}, show_progress=False)
        theirs = dict(zip(factor.state_names[y], factor.values, strict=True))
        ours = model.distribution(outcome=y, do={x: label})
        assert ours == pytest.approx({k: theirs[k] for k in ours}, abs=1e-9)


@pytest.mark.parametrize("place", range(42))
def test_pyagrum_gets_and_gives_the_same_numbers(place: int) -> None:
    gum = importlib.import_module("pyagrum")
    model = models()[place]
    network = model_to_pyagrum(model)
    assert_same(model_from_pyagrum(network), model)
    for x, label, y in effects(model):
        cut = gum.BayesNet(network)
        for parent in network.parents(x):
            cut.eraseArc(parent, cut.idFromName(x))
        cut.cpt(x).fillWith(1.0).normalizeAsCPT()
        engine = gum.LazyPropagation(cut)
        engine.setEvidence({x: model.states[x].index(label)})
        engine.addTarget(y)
        engine.makeInference()
        theirs = dict(zip(model.states[y], engine.posterior(y).tolist(), strict=True))
        assert model.distribution(outcome=y, do={x: label}) == pytest.approx(theirs, abs=1e-9)


def test_a_network_of_pgmpy_without_a_table_is_refused() -> None:
    found = importlib.import_module("pgmpy.models").DiscreteBayesianNetwork([("X", "Y")])
    with pytest.raises(FormatError, match="has no table"):
        model_from_pgmpy(found)


def pair(order: list[Any], names: tuple[Any, Any] = ("X", "Y")) -> Any:  # noqa: ANN401 - no types
    """Make a network of pgmpy whose second table lists the states of its parent in an order."""
    table = importlib.import_module("pgmpy.factors.discrete").TabularCPD
    x, y = names
    made = importlib.import_module("pgmpy.models").DiscreteBayesianNetwork([(x, y)])
    made.add_cpds(
        table(x, 2, [[0.2], [0.8]], state_names={x: ["a", "b"]}),
        table(y, 2, [[0.1, 0.6], [0.9, 0.4]], evidence=[x], evidence_card=[2],
              state_names={y: ["c", "d"], x: order}),
    )  # fmt: skip
    return made


def test_states_in_two_orders_are_refused_by_name() -> None:
    assert model_from_pgmpy(pair(["a", "b"])).p("Y=c | do(X=b)") == pytest.approx(0.6)
    with pytest.raises(FormatError, match="lists the states of 'X'"):
        model_from_pgmpy(pair(["b", "a"]))


def test_names_that_read_alike_are_refused() -> None:
    with pytest.raises(FormatError, match="same name"):
        model_from_pgmpy(pair(["a", "b"], names=(1, "1")))


def test_dowhy_estimates_along_our_graph_what_the_model_says() -> None:
    model = scenarios.get("kidney-stones-v1").model
    rows = sample(model, 40_000, rng=np.random.default_rng(3))
    frame = importlib.import_module("pandas").DataFrame(rows)
    made = model_to_dowhy(model.graph, frame, treatment="treatment", outcome="recovery")
    asked = made.identify_effect(proceed_when_unidentifiable=True)
    assert set(asked.get_backdoor_variables()) == {"stone"}
    assert graph_from_dowhy(made) == model.graph
    found = made.estimate_effect(asked, method_name="backdoor.linear_regression")
    (treated, control) = model.states["treatment"]
    truth = model.p(f"recovery=yes | do(treatment={control})") - model.p(
        f"recovery=yes | do(treatment={treated})"
    )
    assert abs(found.value) == pytest.approx(abs(truth), abs=0.03)


def test_dowhy_sees_our_hidden_causes() -> None:
    bow = ADMG([("X", "Y"), ("U0", "Y")], [("X", "Y")])
    drawn = graph_to_dowhy(bow)
    assert [v for v, facts in drawn.nodes(data=True) if facts["observed"] == "no"] == ["U0_"]
    assert graph_from_dowhy(drawn) == bow
    pandas = importlib.import_module("pandas")
    drawn = np.random.default_rng(0).normal(size=(50, 3))
    frame = pandas.DataFrame(drawn, columns=["X", "Y", "U0"])
    made = model_to_dowhy(bow, frame, treatment="X", outcome="Y")
    asked = made.identify_effect(proceed_when_unidentifiable=True)
    assert not asked.estimands["backdoor"]


def test_econml_finds_a_planted_effect_with_our_adjustment_set() -> None:
    rng = np.random.default_rng(5)
    z = rng.normal(size=(4_000, 2))
    t = z @ [1.0, -0.5] + rng.normal(size=4_000)
    y = 1.5 * t + z @ [2.0, 1.0] + rng.normal(size=4_000)
    frame = importlib.import_module("pandas").DataFrame(
        {"Z": z[:, 0], "W": z[:, 1], "T": t, "Y": y}
    )
    graph = ADMG([("Z", "T"), ("W", "T"), ("Z", "Y"), ("W", "Y"), ("T", "Y")])
    (found,) = adjustment_sets(graph, treatment="T", outcome="Y")
    arrays = econml_arrays(frame, treatment="T", outcome="Y", adjust_for=found)
    estimator = importlib.import_module("econml.dml").LinearDML(random_state=0)
    estimator.fit(**arrays)
    assert float(np.squeeze(estimator.const_marginal_ate())) == pytest.approx(1.5, abs=0.05)


def test_parts_of_the_hand_over_are_checked_and_apart() -> None:
    columns = {name: np.arange(3.0) for name in "TYZW"}
    frame = importlib.import_module("pandas").DataFrame(columns)
    both = econml_arrays(frame, treatment="T", outcome="Y", adjust_for="ZW", vary_with="W")
    assert [None if a is None else a.shape for a in both.values()] == [(3,), (3,), (3, 1), (3, 1)]
    assert econml_arrays(frame, treatment="T", outcome="Y")["W"] is None
    with pytest.raises(UnknownVariableError, match="'Q'"):
        econml_arrays(frame, treatment="T", outcome="Y", adjust_for="Q")
    with pytest.raises(DataError, match="cannot be adjusted for"):
        econml_arrays(frame, treatment="T", outcome="Y", adjust_for="TZ")
    with pytest.raises(UnknownVariableError, match="'Q'"):
        model_to_dowhy(ADMG([("T", "Y")]), frame, treatment=["T", "Q"], outcome="Y")
