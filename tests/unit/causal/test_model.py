"""Structural causal models: how they are built, and the spellings of one question."""

import copy
import os
import pickle
import subprocess
import sys
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.mechanism import Deterministic, NoisyOr, Table
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import ImpossibleEventError, WidthError
from tests.strategies.noise import brute_force, models, queries

BINARY = ("0", "1")


def bow() -> SCM:
    """Give a confounded treatment, its confounder hidden."""
    return SCM.from_tables(
        parents={"X": ("U",), "Y": ("X", "U")},
        states=dict.fromkeys("UXY", BINARY),
        tables={
            "U": [0.5, 0.5],
            "X": [[0.9, 0.1], [0.2, 0.8]],
            "Y": [[[0.9, 0.1], [0.2, 0.8]], [[0.7, 0.3], [0.4, 0.6]]],
        },
        latent={"U"},
        coupling={"Y": "comonotone"},
    )


def chain(n: int) -> SCM:
    """Give a long line of binary variables."""
    names = [f"V{i}" for i in range(n)]
    return SCM.from_tables(
        states=dict.fromkeys(names, BINARY),
        parents={v: (u,) for u, v in pairwise(names)},
        tables={"V0": [0.5, 0.5], **{v: [[0.9, 0.1], [0.2, 0.8]] for v in names[1:]}},
        coupling="comonotone",
    )


def test_a_model_shows_its_parts() -> None:
    model = bow()
    assert model.nodes == ("U", "X", "Y")
    assert model.observed == ("X", "Y")
    assert model.latent == {"U"}
    assert model.dag == ADMG([("U", "X"), ("X", "Y"), ("U", "Y")])
    assert model.graph == ADMG([("X", "Y")], [("X", "Y")])
    assert model.states["Y"] == BINARY
    assert model.cpt("X").tolist() == [[0.9, 0.1], [0.2, 0.8]]
    assert model.state("X", "1") == 1
    assert repr(model) == "SCM(ADMG(U -> X; U -> Y; X -> Y), latent=['U'])"
    seen = SCM(model.states, model.mechanisms)
    assert seen.graph is seen.dag
    assert "latent" not in repr(seen)


@pytest.mark.parametrize("latent", ["U", ["U"], {"U"}, iter(["U"])])
def test_latents_are_named_in_any_iterable(latent: list[str]) -> None:
    assert SCM(bow().states, bow().mechanisms, latent).latent == {"U"}


def test_the_keyword_form_is_the_same_question() -> None:
    model = bow()
    one: Any = model.distribution("Y", do={"X": "1"}, given={"U": "0"})
    assert one == {"0": pytest.approx(0.7), "1": pytest.approx(model.p("Y=1 | do(X=1), U=0"))}
    assert model.p(Query.of({"Y": 1}, do={"X": 1})) == model.p("P(Y=1 | do(X=1))")
    joint: Any = model.distribution(["Y", "X"])
    assert joint["1", "0"] == pytest.approx(model.p("X=0, Y=1"))
    table = model.table(["Y", "X"])
    assert table.flags.c_contiguous
    assert table[1, 0] == pytest.approx(model.p("X=0, Y=1"))


def test_a_question_about_a_latent_has_an_answer() -> None:
    assert bow().p("U=1 | X=1") == pytest.approx(0.4 / 0.45)
    assert bow().p("Y=1 | do(U=1, X=0)") == pytest.approx(0.8)


def test_a_soft_intervention_changes_a_mechanism_and_nothing_else() -> None:
    changed = bow().change({"X": Table((), np.array([0.0, 1.0]))})
    assert changed.p("Y=1") == pytest.approx(bow().p("Y=1 | do(X=1)"), abs=1e-12)
    assert changed.latent == {"U"}
    assert bow().p("X=1") == pytest.approx(0.45)


def test_a_stochastic_intervention_mixes_the_actions() -> None:
    mixed = 0.25 * bow().p("Y=1 | do(X=0)") + 0.75 * bow().p("Y=1 | do(X=1)")
    assert bow().p("Y=1 | do(X ~ {0: 0.25, 1: 0.75})") == pytest.approx(mixed, abs=1e-12)
    by_keyword: Any = bow().distribution("Y", do={"X": {"0": 0.25, "1": 0.75}})
    assert by_keyword["1"] == pytest.approx(mixed, abs=1e-12)


def test_functions_tables_and_noisy_or_live_in_one_model() -> None:
    model = SCM(
        dict.fromkeys("ABCD", BINARY),
        {
            "A": Table((), np.array([0.5, 0.5])),
            "B": Table((), np.array([0.5, 0.5])),
            "C": Deterministic(("A", "B"), np.array([[0, 1], [1, 0]]), 2),
            "D": NoisyOr(("C",), (0.5,)),
        },
    )
    assert model.p("D=1") == pytest.approx(0.25)
    assert model.p("C=1 | A=1, B=1") == 0.0


@given(st.data())
def test_a_copied_or_pickled_model_gives_the_same_numbers(data: st.DataObject) -> None:
    model = data.draw(models())
    query = data.draw(queries(model, depth=2))
    for again in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):  # noqa: S301 - our own bytes
        if brute_force(model, query) is None:
            with pytest.raises(ImpossibleEventError):
                again.p(query)
        else:
            assert again.p(query) == model.p(query)


@given(models(n_nodes=4))
def test_asking_part_by_part_gives_the_joint(model: SCM) -> None:
    with pytest.MonkeyPatch.context() as patch:
        table = model.table(model.nodes)
        patch.setattr("causal_interface_gym.causal.model._FEW_CELLS", 2)
        for place, p in np.ndenumerate(table):
            event = ", ".join(f"{v}={i}" for v, i in zip(model.nodes, place, strict=True))
            assert model.p(event) == pytest.approx(p, abs=1e-12)


def test_a_full_assignment_of_many_variables_has_a_number() -> None:
    event = ", ".join(f"V{i}=0" for i in range(60))
    assert chain(60).p(event) == pytest.approx(0.5 * 0.9**59)
    impossible = f"{event}, V0=1"
    assert chain(60).p(impossible) == 0.0
    with pytest.raises(WidthError, match="limit"):
        chain(60).table([f"V{i}" for i in range(60)])


def test_a_thousand_variables_in_a_line_are_no_trouble() -> None:
    model = chain(1000)
    assert model.p("V999=1 | do(V0=0)") == pytest.approx(1 / 3)
    assert model.p("V1[V0=1]=1 | V0=0, V1=0") == pytest.approx(0.7 / 0.9)
    assert 0 < model.p("V999[V0=1]=1 | V0=0, V999=0") < 1e-150


def test_one_variable_with_twenty_parents_is_no_trouble() -> None:
    parents = tuple(f"X{i}" for i in range(20))
    model = SCM(
        dict.fromkeys([*parents, "Y"], BINARY),
        {**{v: Table((), np.array([0.5, 0.5])) for v in parents},
         "Y": NoisyOr(parents, (0.5,) * 20)},
    )  # fmt: skip
    assert model.p("Y=0") == pytest.approx(0.75**20)


def test_sixty_effects_of_one_cause_fit_as_evidence_and_as_outcome() -> None:
    effects = [f"Y{i}" for i in range(60)]
    model = SCM.from_tables(
        states=dict.fromkeys(["X", *effects], BINARY),
        parents=dict.fromkeys(effects, ("X",)),
        tables={"X": [0.5, 0.5], **{v: [[0.9, 0.1], [0.8, 0.2]] for v in effects}},
        coupling="comonotone",
    )
    event = ", ".join(f"{v}=1" for v in effects)
    assert model.p(event) == pytest.approx((0.1**60 + 0.2**60) / 2, abs=0, rel=1e-9)
    assert model.p(f"X=0 | {event}") == pytest.approx(1 / (1 + 2.0**60), abs=0, rel=1e-9)


def test_variables_of_one_state_take_no_room() -> None:
    single = [f"S{i}" for i in range(55)]
    model = SCM.from_tables(
        states={**dict.fromkeys(single, ("only",)), "Y": BINARY},
        parents={"Y": single},
        tables={**{v: [1.0] for v in single}, "Y": np.full((1,) * 55 + (2,), 0.5)},
        coupling="independent",
    )
    assert model.p("Y=1") == 0.5
    assert model.p("Y[S0=only]=1 | Y=1") == 1.0
    assert model.p(", ".join(f"{v}=only" for v in single)) == 1.0


def test_names_and_labels_may_be_anything() -> None:
    model = SCM.from_tables(
        states={"do": ("P(", "="), "a b": ("x/y", "é\"'")},
        parents={"do": ("a b",)},
        tables={"a b": [0.5, 0.5], "do": [[0.1, 0.9], [0.4, 0.6]]},
    )
    assert model.p('do="=" | "a b"="é\\"\'"') == pytest.approx(0.6)
    assert model.distribution("do", given={"a b": "x/y"}) == {"P(": 0.1, "=": 0.9}


SCRIPT = """
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.model import SCM
from tests.unit.causal.test_model import bow
model = SCM(bow().states, bow().mechanisms, latent={"U"})
print(model, sorted(model.latent), ADMG({("A", "C"), ("B", "C")}, nodes={"Z", "Y"}))
for query in ("Y=1 | do(X=1)", "X=1, U=0 | Y=1", "Y[X=0]=1 | X=1, Y=1", "Y[X=1]=1, Y[X=0]=0"):
    print(query, model.p(query).hex())
try:
    model.p("Q=1")
except Exception as error:
    print(error)
"""


def test_nothing_depends_on_the_hash_seed() -> None:
    printed = set()
    for seed in ("0", "1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        )
        printed.add(done.stdout)
    assert len(printed) == 1
