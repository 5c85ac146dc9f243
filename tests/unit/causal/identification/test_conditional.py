"""Separation in cut graphs, as IDC needs it, and the exchanges it licenses."""

from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification import Identified, identify
from causal_interface_gym.causal.identification.conditional import connected
from causal_interface_gym.causal.separation import connected as reached

NAMES = "ABCDEF"
PAIRS = [(a, b) for i, a in enumerate(NAMES) for b in NAMES[i + 1 :]]
GRAPHS = st.builds(
    lambda arrows, arcs: ADMG(arrows, arcs, list(NAMES)),
    st.lists(st.sampled_from(PAIRS), unique=True),
    st.lists(st.sampled_from(PAIRS), unique=True, max_size=5),
)


@given(GRAPHS, st.permutations(range(6)), st.integers(0, 3), st.integers(0, 63), st.integers(0, 63))
def test_the_cut_graph_is_searched_without_being_built(
    graph: ADMG, order: list[int], n_given: int, no_in: int, no_out: int
) -> None:
    start, end = 1 << order[0], 1 << order[1]
    seen = sum(1 << v for v in order[2 : 2 + n_given])
    found = connected(graph.bits, start, end, given=seen, no_in=no_in, no_out=no_out)
    cut = graph.bits.cut(into=no_in, out_of=no_out)
    assert found == bool(reached(cut, start, seen) & end)


def test_exchanging_one_given_can_free_another() -> None:
    graph = ADMG([("X", "A"), ("A", "B"), ("B", "Y")], [("X", "Y")])
    answer = identify(graph, "P(Y | do(X), A, B)")
    assert isinstance(answer, Identified)
    assert [s.rule for s in answer.derivation][:2] == ["seeing becomes doing"] * 2
