"""The smallest graph in which a question is still unanswered: a model of it is one of the whole."""

from collections.abc import Callable

from causal_interface_gym.causal.graph import ADMG

__all__ = ["smallest_graph"]


def smallest_graph(graph: ADMG, is_open: Callable[[ADMG], bool]) -> ADMG:
    """Take edges away, one after the other, as long as the question stays open."""
    for edge in graph.bidirected:
        arcs = [other for other in graph.bidirected if other != edge]
        smaller = ADMG(graph.directed, arcs, graph.order)
        graph = smaller if is_open(smaller) else graph
    for edge in graph.directed:
        arrows = [other for other in graph.directed if other != edge]
        smaller = ADMG(arrows, graph.bidirected, graph.order)
        graph = smaller if is_open(smaller) else graph
    return graph
