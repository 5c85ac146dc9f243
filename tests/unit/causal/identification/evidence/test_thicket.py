"""Thickets: what they say, and that the check refuses what is not one."""

from dataclasses import replace

import pytest

from causal_interface_gym.causal import ADMG, NotIdentified, identify
from causal_interface_gym.causal.identification.evidence.source import Source
from causal_interface_gym.causal.identification.evidence.thicket import (
    Blocked,
    Thicket,
    check_thicket,
)

GRAPH = ADMG([("X", "Y"), ("Z", "X")], [("X", "Y"), ("X", "Z"), ("Y", "Z")])
OBSERVED, SET_Z = Source(), Source(frozenset({"Z"}))


def thicket() -> Thicket:
    verdict = identify(GRAPH, "P(Y | do(X))", experiments=[(), ("Z",), ("Y",)])
    assert isinstance(verdict, NotIdentified)
    found = verdict.obstruction
    assert isinstance(found, Thicket)
    return found


def test_a_thicket_names_for_every_source_what_keeps_it_from_telling() -> None:
    assert str(thicket()) == (
        "no source determines Q[Y]: in P(v) hidden causes join X, Y, Z, all leading to it; "
        "in P(v | do(Z)) hidden causes join X, Y, all leading to it; P(v | do(Y)) sets Y"
    )
    assert thicket().name == "thicket"


def test_the_check_accepts_it_for_its_sources_only() -> None:
    sources = [b.source for b in thicket().blocked]
    assert check_thicket(GRAPH, thicket(), sources)
    assert not check_thicket(GRAPH, thicket(), [*sources, Source(frozenset({"X"}))])


@pytest.mark.parametrize(
    "forged",
    [
        Blocked(SET_Z, forest=frozenset({"Y"})),
        Blocked(SET_Z, forest=frozenset({"X", "Y", "Z"})),
        Blocked(SET_Z, set_members=frozenset({"Z"})),
        Blocked(SET_Z, set_members=frozenset({"Y"})),
        Blocked(Source(domain="a"), differing=frozenset({"Y"})),
    ],
    ids=["no forest", "set by the source", "no member", "not set", "does not differ"],
)
def test_the_check_refuses_a_reason_that_does_not_hold(forged: Blocked) -> None:
    assert not check_thicket(GRAPH, Thicket(frozenset({"Y"}), (forged,)), [forged.source])


def test_the_check_refuses_what_is_not_joined_or_does_not_lead_there() -> None:
    graph = ADMG([("A", "Y")], [("A", "B"), ("B", "Y")], nodes=["C"])
    apart = Thicket(frozenset({"Y", "C"}), ())
    assert not check_thicket(graph, apart, [])
    aside = Blocked(OBSERVED, forest=frozenset({"A", "B", "Y"}))
    assert not check_thicket(graph, Thicket(frozenset({"Y"}), (aside,)), [OBSERVED])
    split = replace(aside, forest=frozenset({"A", "Y"}))
    assert not check_thicket(graph, Thicket(frozenset({"Y"}), (split,)), [OBSERVED])


def test_other_populations_make_it_selective_and_observation_alone_a_hedge() -> None:
    other = Source(domain="a", differs=frozenset({"Y"}))
    forest = frozenset({"X", "Y"})
    hedge = Thicket(frozenset({"Y"}), (Blocked(OBSERVED, forest=forest),))
    selective = Thicket(
        frozenset({"Y"}), (*hedge.blocked, Blocked(other, differing=frozenset({"Y"})))
    )
    assert (hedge.name, selective.name) == ("hedge", "s-hedge")
    assert "in P_a(v) the mechanism of Y may differ" in str(selective)
    assert check_thicket(GRAPH, selective, [OBSERVED, other])
