"""Transport: effects in one population from data of others.

The populations share a graph. In each of the others some variables may have another mechanism, or
another noise of their own; they are those that a selection node points to [bareinboim2013]. Q[D]
is the same in both populations for a district D without such a variable, so every district may be
taken from any source, observed or experimental, of any population that does not differ in it. That
is complete [lee2020]: if some district has no source, an s-thicket says why.
"""

from collections.abc import Iterable

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.evidence.source import Source
from causal_interface_gym.causal.identification.verdict import (
    Identified,
    NotIdentified,
    identify_from,
)
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import QueryError

__all__ = ["same_differences", "transport"]


def transport(
    graph: ADMG, query: str | Query, sources: Iterable[Source]
) -> Identified | NotIdentified:
    """Decide whether ``query`` in the population asked about follows from ``sources``.

    A source without a domain is that population's own; its observation counts only if it is listed.
    The estimand is evaluated on a mapping from domains to data, "" for the population asked about.

    >>> graph = ADMG([("Z", "X"), ("Z", "Y"), ("X", "Y")], [("X", "Y")])
    >>> trial = Source(frozenset({"X"}), "LA", frozenset({"Z"}))
    >>> print(transport(graph, "P(Y | do(X))", [Source(), trial]))
    P(Y | do(X)) = sum_{Z} P_LA(Y | do(X), Z) P(Z)

    Raises:
        QuerySyntaxError: The text is not in the notation.
        UnknownVariableError: A variable is not in the graph.
        QueryError: No source is given, or two sources of one population differ from the one asked
            about in different variables.

    Source: [bareinboim2013], [lee2020], [correa2021].
    """
    asked = Query.parse(query) if isinstance(query, str) else query
    return identify_from(graph, asked, same_differences(sources))


def same_differences(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Check that each population differs in one way.

    Raises:
        QueryError: It does not, or there is no source.
    """
    listed = tuple(dict.fromkeys(sources))
    if not listed:
        message = "no source is given; Source() is observation of the population asked about"
        raise QueryError(message)
    known: dict[str, frozenset[str]] = {}
    for source in listed:
        first = known.setdefault(source.domain, source.differs)
        if first != source.differs:
            message = (
                f"population {source.domain!r} differs in {sorted(first)} in one source and in "
                f"{sorted(source.differs)} in another; name all variables in both"
            )
            raise QueryError(message)
    return listed
