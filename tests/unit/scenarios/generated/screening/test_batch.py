"""The batched answers are the engine's, candidate by candidate."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_interface_gym.causal.mechanism import Table
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.questions.adjusting import adjusted_probability
from causal_interface_gym.scenarios.generated.screening.batch import Adjusted, Batch
from causal_interface_gym.scenarios.generated.screening.draw import draw_tables
from causal_interface_gym.scenarios.generated.structure.blueprint import labels_of, stream
from causal_interface_gym.scenarios.generated.structure.difficulty import difficulty
from causal_interface_gym.scenarios.generated.structure.strata import STRATA, make_blueprint

ONE_WORLD = (
    "Y=yes",
    "Y=yes | X=no",
    "X=yes | Y=yes",
    "Y=yes | do(X=yes)",
    "X=yes | do(Y=yes)",
    "Y[X=yes]=yes",
)
OTHER_WORLD = (
    "Y[X=no]=yes | X=yes",
    "Y[X=no]=yes | X=yes, Y=yes",
    "Y[X=yes]=yes | X=no, Y=no",
    "Y[X=yes]=no | X=no, Y=no",
    "Y[X=yes]=yes | X=no, Z={z}",
)


def batch_of(stratum: str, level: int, seed: int) -> Batch:
    rng = stream(stratum, level, seed)
    wanted = difficulty(level)
    blueprint = make_blueprint(stratum, wanted, rng=rng)
    return Batch(blueprint, draw_tables(blueprint, wanted, n=3, rng=rng))


def model_of(batch: Batch, place: int) -> SCM:
    nodes = batch.blueprint.nodes
    return SCM(
        {n.name: labels_of(n) for n in nodes},
        {n.name: Table(n.parents, batch.tables[n.name][place], "comonotone") for n in nodes},
        [n.name for n in nodes if n.is_hidden],
    )


def check(batch: Batch, query: Query) -> None:
    found = batch.p(query)
    for place in range(3):
        if not np.isnan(found[place]):
            assert found[place] == pytest.approx(model_of(batch, place).p(query), abs=1e-12)


@settings(max_examples=25)
@given(st.sampled_from(sorted(STRATA)), st.integers(1, 4), st.integers(0, 1000))
def test_seeing_and_doing(stratum: str, level: int, seed: int) -> None:
    batch = batch_of(stratum, level, seed)
    for text in ONE_WORLD:
        check(batch, Query.parse(text))


@settings(max_examples=15)
@given(st.sampled_from(["confounder", "control"]), st.integers(1, 5), st.integers(0, 1000))
def test_other_worlds(stratum: str, level: int, seed: int) -> None:
    batch = batch_of(stratum, level, seed)
    z = labels_of(batch.blueprint.node("Z"))[-1]
    for text in OTHER_WORLD:
        check(batch, Query.parse(text.format(z=z)))


@settings(max_examples=15)
@given(st.sampled_from(["mediation", "mediator"]), st.integers(1, 5), st.integers(0, 1000))
def test_nested_worlds(stratum: str, level: int, seed: int) -> None:
    check(batch_of(stratum, level, seed), Query.parse("Y[X=yes, M[X=no]]=yes"))


@settings(max_examples=15)
@given(st.integers(1, 4), st.integers(0, 1000))
def test_adjusting_in_all_rows_and_in_the_selected(level: int, seed: int) -> None:
    batch = batch_of("selection", level, seed)
    x, y = Term("X", "yes"), Term("Y", "yes")
    others = tuple(v for v in batch.blueprint.others() if v != "S")
    for selected in ((), (("S", "yes"),)):
        found = batch.adjusted(Adjusted(x, y, (*others, "X"), selected))
        for place in range(3):
            exact = adjusted_probability(
                model_of(batch, place),
                treatment=x,
                outcome=y,
                adjust=others,
                selected=dict(selected),
            )
            assert found[place] == pytest.approx(exact, abs=1e-12)


def test_conditioning_on_the_impossible_gives_no_number() -> None:
    batch = batch_of("common-effect", 1, 0)
    never = np.zeros_like(batch.tables["Y"])
    never[..., 0] = 1.0
    dead = Batch(batch.blueprint, {**batch.tables, "Y": never})
    assert np.isnan(dead.p(Query.parse("X=yes | Y=yes"))).all()
