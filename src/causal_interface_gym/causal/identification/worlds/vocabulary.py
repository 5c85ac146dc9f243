"""Names in formulas over several worlds: an index is its variable, a value is a symbol of its own.

A formula may need a variable at two values at once, as X in P(Y | X=0, Z) P(Z | X=1). So each pair
of variable and value gets a bit beyond those of the variables, and a name that prints as "X=0"; the
variable's own bit is left to what is summed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from causal_interface_gym.causal.bits import each_bit
from causal_interface_gym.causal.expression import Probability, Symbol
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.evidence.source import Sources
from causal_interface_gym.causal.identification.formula import Leaf

__all__ = ["Vocabulary"]


@dataclass(slots=True)
class Vocabulary:
    """The bits of a graph and of the values that its variables take in one answer."""

    graph: ADMG
    sources: Sources
    _constants: list[tuple[int, str | None]] = field(default_factory=list)

    def constant(self, variable: int, label: str | None) -> int:
        """Give the bit of a variable at a value."""
        if (variable, label) not in self._constants:
            self._constants.append((variable, label))
        return len(self.graph.order) + self._constants.index((variable, label))

    def some_constant(self, variable: int) -> int | None:
        """Give the bit of a variable at the first value that was asked for."""
        known = (i for i, (v, _) in enumerate(self._constants) if v == variable)
        place = next(known, None)
        return None if place is None else len(self.graph.order) + place

    def variable(self, bit: int) -> int:
        """Give the variable behind a bit."""
        n = len(self.graph.order)
        return bit if bit < n else self._constants[bit - n][0]

    def names(self, mask: int) -> tuple[str, ...]:
        """Name the bits in a mask, in the order of their variables."""
        return tuple(self._name(bit) for bit in sorted(each_bit(mask), key=self.variable))

    def symbols(self) -> Iterator[tuple[str, Symbol]]:
        """Say what each symbol stands for."""
        n = len(self.graph.order)
        for place, (variable, label) in enumerate(self._constants):
            yield self._name(n + place), Symbol(self.graph.order[variable], label)

    def spell(self, leaf: Leaf) -> Probability:
        """Write a leaf; what its source sets stands behind ``do``."""
        do = self.sources.set_by(leaf.source)
        given = set(each_bit(leaf.given))
        acted = {self.variable(bit): bit for bit in given if do >> self.variable(bit) & 1}
        seen = sum(1 << bit for bit in given - set(acted.values()))
        setting = 0
        for v in each_bit(do):
            other = self.some_constant(v)
            setting |= 1 << acted.get(v, v if other is None else other)
        source = self.sources.listed[leaf.source]
        return Probability(
            self.names(leaf.outs), self.names(seen), self.names(setting), source.domain
        )

    def _name(self, bit: int) -> str:
        n = len(self.graph.order)
        if bit < n:
            return self.graph.order[bit]
        name = f"{self.graph.order[self._constants[bit - n][0]]}#{bit - n}"
        while name in self.graph.index:
            name += "#"
        return name
