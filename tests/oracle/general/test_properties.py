"""What must hold between verdicts, on random graphs and models."""

import numpy as np
import pytest

from causal_interface_gym.causal import ADMG, Identified, Query, Source, identify, transport
from causal_interface_gym.errors import ImpossibleEventError, QueryError
from tests.oracle.general.laboratory import coupled
from tests.oracle.general.worlds import random_question
from tests.oracle.models import admg_model, random_admg

SEEDS = range(120)


def effect(rng: np.random.Generator, graph: ADMG) -> Query:
    names = [str(v) for v in rng.permutation(graph.nodes)]
    return Query.of(outcome=names[:1], do=names[1:2], given=names[2 : 2 + int(rng.integers(0, 2))])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_general_algorithm_agrees_with_id_and_idc_on_effects(seed: int) -> None:
    """Two algorithms, one verdict; where both have a formula, one number."""
    rng = np.random.default_rng(seed)
    graph = random_admg(rng, int(rng.choice([4, 5, 6])))
    query = effect(rng, graph)
    plain, general = identify(graph, query), identify(graph, query, experiments=[()])
    assert isinstance(plain, Identified) == isinstance(general, Identified)
    if isinstance(plain, Identified) and isinstance(general, Identified):
        model = admg_model(rng, graph)
        values = {v: model.states[v][0] for v in query.variables}
        one, other = (v.estimand.evaluate(model, values) for v in (plain, general))
        assert one == pytest.approx(other, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_more_data_never_take_an_answer_away(seed: int) -> None:
    rng = np.random.default_rng(1000 + seed)
    graph = random_admg(rng, 4)
    model = coupled(rng, admg_model(rng, graph))
    query = random_question(rng, model)
    first = tuple(v for v in graph.nodes if rng.random() < 0.5)
    try:
        verdicts = [
            isinstance(identify(graph, query, experiments=known), Identified)
            for known in ([()], [(), first], "all")
        ]
    except ImpossibleEventError:
        return
    assert verdicts == sorted(verdicts)


@pytest.mark.parametrize("seed", range(40))
def test_a_population_that_does_not_differ_is_as_good_as_the_own_one(seed: int) -> None:
    rng = np.random.default_rng(2000 + seed)
    graph = random_admg(rng, 5)
    query = effect(rng, graph)
    own = identify(graph, query, experiments=[()])
    elsewhere = transport(graph, query, [Source(domain="a")])
    assert isinstance(own, Identified) == isinstance(elsewhere, Identified)


def test_an_experiment_on_the_treatment_answers_its_effect() -> None:
    bow = ADMG([("X", "Y")], [("X", "Y")])
    assert str(identify(bow, "P(Y | do(X))", experiments=["X"])) == "P(Y | do(X)) = P(Y | do(X))"
    with pytest.raises(QueryError):
        identify(bow, "P(Y | do(X))", experiments=[])
