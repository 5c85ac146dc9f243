"""Transport: what counts as a source, and what the estimand needs."""

import numpy as np
import pytest

from causal_interface_gym.causal import ADMG, Identified, NotIdentified, Source, transport
from causal_interface_gym.errors import QueryError
from tests.oracle.models import admg_model

GRAPH = ADMG([("Z", "X"), ("Z", "Y"), ("X", "Y")], [("X", "Y")])
TRIAL = Source(frozenset({"X"}), "LA", frozenset({"Z"}))


def test_observation_of_the_population_counts_only_where_it_is_listed() -> None:
    assert isinstance(transport(GRAPH, "P(Y | do(X))", [Source(), TRIAL]), Identified)
    alone = transport(GRAPH, "P(Y | do(X))", [TRIAL])
    assert isinstance(alone, NotIdentified)
    assert alone.obstruction.name == "s-thicket"
    assert alone.input == "P_LA(v | do(X))"


def test_the_estimand_asks_for_every_population_by_name() -> None:
    verdict = transport(GRAPH, "P(Y=1 | do(X=1))", [Source(), TRIAL])
    assert isinstance(verdict, Identified)
    model = admg_model(np.random.default_rng(0), GRAPH)
    same = verdict.estimand.evaluate({"": model, "LA": model})
    assert same == pytest.approx(model.p("P(Y=1 | do(X=1))"))
    with pytest.raises(QueryError, match="needs data from 'LA'; data are given for ''"):
        verdict.estimand.evaluate(model)


def test_sources_must_exist_and_agree_on_what_differs() -> None:
    with pytest.raises(QueryError, match="no source"):
        transport(GRAPH, "P(Y | do(X))", [])
    with pytest.raises(QueryError, match=r"differs in \['Z'\].*\['Y'\]"):
        transport(GRAPH, "P(Y | do(X))", [TRIAL, Source(domain="LA", differs=frozenset({"Y"}))])


def test_a_counterfactual_is_transported_too() -> None:
    verdict = transport(GRAPH, "P(Y[X=0]=1, Z=1)", [Source(), TRIAL])
    assert str(verdict) == "P(Y[X=0]=1, Z=1) = P_LA(Y=1 | do(X=0), Z=1) P(Z=1)"


def test_the_pair_of_a_refusal_has_models_of_both_populations() -> None:
    other = Source(frozenset({"X"}), "LA", frozenset({"Y"}))
    verdict = transport(GRAPH, "P(Y | do(X))", [Source(), other])
    assert isinstance(verdict, NotIdentified)
    assert set(verdict.witness.elsewhere) == {"LA"}
    assert verdict.witness.is_checked
