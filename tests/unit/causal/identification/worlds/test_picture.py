"""Copies of variables behind events, and the components they form."""

import pytest

from causal_interface_gym.causal import ADMG, Query
from causal_interface_gym.causal.identification.worlds.picture import Copies, Picture, draw
from causal_interface_gym.causal.identification.worlds.reading import Borrowed, read_worlds
from causal_interface_gym.errors import QueryError, UnknownVariableError

CHAIN = ADMG([("X", "M"), ("M", "Y")])


def picture(graph: ADMG, query: str, *, only_given: bool = False) -> Picture:
    worlds = read_worlds(graph, Query.parse(query))
    return draw(graph.bits, worlds, Copies(), only_given=only_given)


def test_two_worlds_share_a_copy_where_the_parents_agree() -> None:
    drawn = picture(CHAIN, "P(Y[M=1]=1, Y[M=1, X=0]=1)")
    assert len(drawn.values) == 1


def test_an_event_sets_the_value_that_its_children_see() -> None:
    drawn = picture(CHAIN, "P(Y[M=1]=1, M=1, Y=1)")
    assert len({number for (_, v), number in drawn.here.items() if v == 2}) == 1


def test_two_values_of_one_copy_are_a_contradiction() -> None:
    drawn = picture(CHAIN, "P(Y[M=1]=1, M=1, Y=0)")
    assert drawn.contradiction is not None
    assert drawn.contradiction.labels == ("1", "0")


def test_a_borrowed_value_is_that_of_the_other_world() -> None:
    worlds = read_worlds(CHAIN, Query.parse("P(Y[M[X=0]]=1)"))
    assert {1: Borrowed(0)} in worlds.settings
    drawn = draw(CHAIN.bits, worlds, Copies(), only_given=False)
    assert len(drawn.values) == 2


def test_an_event_on_a_borrowed_value_happens_in_the_other_world() -> None:
    one = picture(CHAIN, "P(M[M[X=0]]=1)")
    other = picture(CHAIN, "P(M[X=0]=1)")
    assert one.copies.made == other.copies.made


def test_a_value_borrowed_from_a_world_that_sets_it_is_that_value() -> None:
    worlds = read_worlds(CHAIN, Query.parse("P(Y[M[M=1]]=1)"))
    assert worlds.settings[-1] == {1: ("1",)}


def test_given_copies_cut_components_apart() -> None:
    graph = ADMG([("A", "B"), ("B", "C")])
    drawn = picture(graph, "P(C=1 | B=0)")
    assert [len(part.copies) for part in drawn.components()] == [2, 1]
    assert len(picture(graph, "P(C=1 | B=0)", only_given=True).components()) == 1


def test_a_hidden_cause_or_a_second_copy_joins_components() -> None:
    joined = ADMG([("X", "Y")], [("X", "Y")])
    assert len(picture(joined, "P(Y[X=0]=1 | X=1)").components()) == 1
    twice = ADMG([("X", "Y")])
    assert len(picture(twice, "P(Y[X=0]=1, Y[X=1]=1)").components()) == 1
    assert len(picture(twice, "P(Y[X=0]=1, X=1)").components()) == 2


def test_random_actions_and_unknown_variables_are_refused() -> None:
    with pytest.raises(QueryError, match="average"):
        picture(CHAIN, "P(Y[X ~ {0: 0.5, 1: 0.5}]=1)")
    with pytest.raises(UnknownVariableError, match="Q"):
        picture(CHAIN, "P(Y[Q=0]=1)")
