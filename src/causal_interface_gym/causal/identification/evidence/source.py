"""Sources of data: a population that is observed, or in which some variables are set.

P(v) is the source that sets nothing in the population asked about. ``differs`` are the variables
that a selection node points to: their mechanism, or their own noise, may be another one in this
population than in the one asked about [bareinboim2013].
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Final, Literal, Self

from causal_interface_gym.causal.expression import Probability
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.formula import Leaf
from causal_interface_gym.causal.syntax import Tokens, quoted
from causal_interface_gym.errors import QueryError

__all__ = [
    "ALL",
    "OBSERVATION",
    "TARGET",
    "Experiments",
    "Source",
    "Sources",
    "every_subset",
    "read_sources",
]

ALL: Final = "all"
TARGET: Final = "target"
Experiments = Iterable[Iterable[str]] | Literal["all"]


@dataclass(frozen=True, slots=True)
class Source:
    """The distribution of all variables when those in ``do`` are set, to every value, somewhere.

    Raises:
        QueryError: Something differs, and no other population is named.

    >>> print(Source(frozenset({"Z"}), domain="a"))
    P_a(v | do(Z))
    """

    do: frozenset[str] = frozenset()
    domain: str = ""
    differs: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a difference between the population asked about and itself."""
        if self.differs and not self.domain:
            message = (
                f"the population asked about cannot differ from itself in "
                f"{', '.join(sorted(self.differs))}; name the other population"
            )
            raise QueryError(message)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read ``LA do(X) differs(Z, W)``; ``target`` is the population asked about.

        >>> print(Source.from_text("LA do(X)"), Source.from_text("target"))
        P_LA(v | do(X)) P(v)

        Raises:
            QuerySyntaxError: The text is something else.
        """
        tokens = Tokens(text)
        domain = tokens.word("the name of a population")
        parts: dict[str, frozenset[str]] = {"do": frozenset(), "differs": frozenset()}
        while tokens.peek().text:
            part = tokens.peek()
            if part.text not in parts:
                raise tokens.error("expected do(...) or differs(...)")
            tokens.take()
            tokens.need("(")
            names = [tokens.word("a variable")]
            while tokens.takes(","):
                names.append(tokens.word("a variable"))
            tokens.need(")")
            parts[part.text] |= frozenset(names)
        return cls(parts["do"], "" if domain == TARGET else domain, parts["differs"])

    def __str__(self) -> str:
        """Write the distribution."""
        action = f" | do({', '.join(map(quoted, sorted(self.do)))})" if self.do else ""
        return f"P{f'_{quoted(self.domain)}' if self.domain else ''}(v{action})"


OBSERVATION: Final = Source()


def every_subset(names: Collection[str]) -> tuple[Source, ...]:
    """Give the experiments on every subset of ``names``, none of them first, as zID takes them.

    >>> [str(source) for source in every_subset(["Z"])]
    ['P(v)', 'P(v | do(Z))']

    Source: [bareinboim2012].
    """
    ordered = sorted(set(names))
    sizes = (combinations(ordered, n) for n in range(len(ordered) + 1))
    return tuple(Source(frozenset(some)) for some in chain.from_iterable(sizes))


class Sources:
    """Some sources over one graph, numbered; or all experiments, which are numbered when used."""

    def __init__(self, graph: ADMG, sources: Sequence[Source] | Literal["all"]) -> None:
        """Look the variables up.

        Raises:
            UnknownVariableError: A source speaks of a variable that the graph lacks.
        """
        self.graph = graph
        self.is_all: bool = sources == ALL
        self.listed: list[Source] = [] if isinstance(sources, str) else list(sources)
        self._masks: list[tuple[int, int]] = [
            (graph.mask(s.do), graph.mask(s.differs)) for s in self.listed
        ]

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        """Give the number, what is set and what differs, of each source."""
        return ((k, do, differs) for k, (do, differs) in enumerate(self._masks))

    def experiment(self, do: int) -> int:
        """Give the number of an experiment in the population asked about."""
        source = Source(frozenset(self.graph.names(do)))
        if source not in self.listed:
            self.listed.append(source)
            self._masks.append((do, 0))
        return self.listed.index(source)

    def set_by(self, number: int) -> int:
        """Give what a source sets."""
        return self._masks[number][0]

    def spell(self, leaf: Leaf) -> Probability:
        """Write a leaf whose bits are variables of the graph."""
        do = self.set_by(leaf.source)
        names = self.graph.names
        domain = self.listed[leaf.source].domain
        return Probability(names(leaf.outs), names(leaf.given & ~do), names(do), domain)

    def __str__(self) -> str:
        """Name the input."""
        return "all experiments" if self.is_all else ", ".join(map(str, self.listed))


def read_sources(experiments: Experiments | None) -> tuple[Source, ...] | Literal["all"]:
    """Give the sources that a list of experiments means; nothing means observation.

    Raises:
        QueryError: This is no list of lists of names, or it is empty.
    """
    if experiments is None:
        return (OBSERVATION,)
    if isinstance(experiments, str):
        if experiments == ALL:
            return ALL
        message = f"experiments is 'all' or a list of sets of variables; got {experiments!r}"
        raise QueryError(message)
    listed = [(names,) if isinstance(names, str) else tuple(names) for names in experiments]
    if not listed:
        message = "experiments is empty: give [()] for observation alone, [('Z',)] to set Z"
        raise QueryError(message)
    return tuple(dict.fromkeys(Source(frozenset(names)) for names in listed))
