"""Graphs as integers."""

from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.causal.bits import BitGraph, each_bit

# 0 -> 1 -> 2 -> 3 and 1 <-> 3
CHAIN = BitGraph((0, 0b1, 0b10, 0b100), (0b10, 0b100, 0b1000, 0), (0, 0b1000, 0, 0b10))


@given(st.sets(st.integers(0, 200)))
def test_the_bits_of_a_set_come_back_in_order(members: set[int]) -> None:
    assert list(each_bit(sum(1 << m for m in members))) == sorted(members)


def test_all_holds_every_node() -> None:
    assert CHAIN.all == 0b1111


def test_ancestors_and_descendants_include_their_argument() -> None:
    assert CHAIN.ancestors(0b100) == 0b111
    assert CHAIN.descendants(0b10) == 0b1110


def test_paths_can_be_kept_within_a_set() -> None:
    assert CHAIN.ancestors(0b1000, within=0b1011) == 0b1000
    assert CHAIN.descendants(0b1, within=0b1011) == 0b11
    assert CHAIN.district(0b10, within=0b111) == 0b10


def test_districts_split_a_set_by_bidirected_edges() -> None:
    assert CHAIN.district(0b10) == 0b1010
    assert CHAIN.districts(0b1111) == [0b1, 0b1010, 0b100]


def test_parents_and_children_of_several_nodes_are_united() -> None:
    assert CHAIN.parents_of(0b1010) == 0b101
    assert CHAIN.children_of(0b101) == 0b1010


def test_cutting_into_removes_arrows_and_arcs_and_cutting_out_of_removes_arrows_only() -> None:
    into = CHAIN.cut(into=0b10)
    assert (into.parents, into.children) == ((0, 0, 0b10, 0b100), (0, 0b100, 0b1000, 0))
    assert not any(into.spouses)
    out = CHAIN.cut(out_of=0b10)
    assert (out.parents, out.children) == ((0, 0b1, 0, 0b100), (0b10, 0, 0b1000, 0))
    assert out.spouses == CHAIN.spouses
