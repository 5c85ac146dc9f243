"""Conflicting worlds: what they say, and that the check refuses what is none."""

from dataclasses import replace

import pytest

from causal_interface_gym.causal import ADMG, NotIdentified, identify
from causal_interface_gym.causal.identification import ConflictingWorlds, check_conflict
from causal_interface_gym.causal.identification.worlds.conflict import Need

FORK = ADMG([("X", "Y"), ("X", "Z")], [("Y", "A"), ("A", "Z")])


def conflict(graph: ADMG, query: str) -> ConflictingWorlds:
    verdict = identify(graph, query, experiments="all")
    assert isinstance(verdict, NotIdentified)
    found = verdict.obstruction
    assert isinstance(found, ConflictingWorlds)
    return found


def test_a_conflict_names_both_copies_and_what_they_need() -> None:
    found = conflict(FORK, "P(Y[X=0]=1, A=0, Z[X=1]=1)")
    assert str(found) == (
        "Y[X=0]=1 needs X=0 and Z[X=1]=1 needs X=1, joined by hidden causes; "
        "no experiment shows both"
    )
    assert check_conflict(FORK, found)


def test_one_variable_in_two_worlds_needs_no_hidden_cause() -> None:
    chain = ADMG([("X", "M"), ("M", "Y")])
    found = conflict(chain, "P(Y[X=0]=1, Y[X=1]=1)")
    assert str(found) == "M[X=0]=any needs X=0 and M[X=1]=any' needs X=1; no experiment shows both"
    assert check_conflict(chain, found)


def test_what_is_left_open_is_a_value_of_its_own() -> None:
    found = conflict(ADMG([("X", "Y")]), "P(Y[X], Y[X=1]=1)")
    assert str(found).startswith("Y[X=?]=? needs X=? and Y[X=1]=1 needs X=1")


@pytest.mark.parametrize("forge", ["parents", "agreement", "stranger", "apart"])
def test_the_check_refuses_a_forged_conflict(forge: str) -> None:
    found = conflict(FORK, "P(Y[X=0]=1, A=0, Z[X=1]=1)")
    same = replace(found.second, parents=(("X", "0"),))
    apart = tuple(need for need in found.district if need.variable != "A")
    forged = {
        "parents": replace(found, district=(*found.district, Need("A", (("X", "0"),), "0"))),
        "agreement": replace(found, second=same, district=(found.first, same)),
        "stranger": replace(found, district=(found.first,)),
        "apart": replace(found, district=apart),
    }
    assert not check_conflict(FORK, forged[forge])


def test_obstructions_have_names() -> None:
    assert conflict(FORK, "P(Y[X=0]=1, A=0, Z[X=1]=1)").name == "conflicting worlds"
    hedged = identify(ADMG([("X", "Y")], [("X", "Y")]), "P(Y | do(X))")
    assert isinstance(hedged, NotIdentified)
    assert hedged.obstruction.name == "hedge"
