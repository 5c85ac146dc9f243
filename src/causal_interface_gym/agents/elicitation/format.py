"""A format: how a belief is asked for. Formats are equivalent, so a score that hangs on them shows.

The same small model scored 0 of 5 or 5 of 5 by the names of the fields alone. So four things that
mean nothing vary within a run, each between two settings: the words of a field's name, the order of
fields and rows, the type in the schema, and the unit. The eight formats are a half fraction of the
sixteen combinations, 2^(4-1) with unit = wording x order x type: every setting stands in four
formats, every pair of settings in two, so each can be compared with its other on equal terms.

``format_of`` deals them out: within a scenario seed after seed in turn, so that of n seeds each
format has n/8, rounded up or down; where a scenario begins follows from its name. The format does
not hang on the agent or the interface, so differences between those are differences at one format.
"""

import hashlib
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal

__all__ = ["FACTORS", "FORMATS", "Format", "format_of"]

Wording = Literal["set_see", "force_observe"]
Order = Literal["asked", "reversed"]
Kind = Literal["integer", "digits"]
Unit = Literal["percent", "out_of_1000"]


@dataclass(frozen=True, slots=True)
class Format:
    """How beliefs are asked for.

    ``wording`` is the words for doing and seeing in a field's name; ``order`` that of the fields
    and of the rows shown; ``kind`` is a bounded whole number or a string of digits; ``unit`` is
    what 1 is called, 100 or 1000.
    """

    wording: Wording = "set_see"
    order: Order = "asked"
    kind: Kind = "integer"
    unit: Unit = "percent"

    @property
    def whole(self) -> int:
        """The number that means certainty."""
        return 100 if self.unit == "percent" else 1_000

    @property
    def is_reversed(self) -> bool:
        """Whether fields and rows stand in the opposite order."""
        return self.order == "reversed"

    def __str__(self) -> str:
        """Name the format by its settings."""
        return "/".join((self.wording, self.order, self.kind, self.unit))


FACTORS: Final[dict[str, tuple[str, str]]] = {
    "wording": ("set_see", "force_observe"),
    "order": ("asked", "reversed"),
    "kind": ("integer", "digits"),
    "unit": ("percent", "out_of_1000"),
}
"""What varies, and its two settings."""


def _formats() -> tuple[Format, ...]:
    wordings: tuple[Wording, ...] = ("set_see", "force_observe")
    orders: tuple[Order, ...] = ("asked", "reversed")
    kinds: tuple[Kind, ...] = ("integer", "digits")
    units: tuple[Unit, ...] = ("percent", "out_of_1000")
    return tuple(
        Format(wordings[a], orders[b], kinds[c], units[(a + b + c) % 2])
        for c, b, a in product(range(2), repeat=3)
    )


FORMATS: Final = _formats()
"""The eight formats; one after the other, at least two settings change or a new block begins."""


def format_of(scenario: str, seed: int) -> Format:
    """Give the format of all trials of a world.

    >>> len({format_of("sprinkler-v1", seed) for seed in range(8)})
    8
    """
    first = int.from_bytes(hashlib.sha256(scenario.encode()).digest()[:8], "big")
    return FORMATS[(first + seed) % len(FORMATS)]
