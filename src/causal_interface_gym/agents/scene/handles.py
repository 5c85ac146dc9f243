"""Names that may stand in a field's name or a schema, whatever a world calls its variables.

A world's own names are foreign text. Where a name is made of letters, digits and underscores it is
its own handle; any other is called by its place, ``variable_3`` or ``state_2``. The handle stands
beside the name in the block of data, so nothing is lost.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from causal_interface_gym.gym.brief import Brief

__all__ = ["Handles", "is_plain"]

_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{0,39}", re.ASCII)


def is_plain(name: str) -> bool:
    """Say whether a name can stand anywhere without being read as anything else.

    >>> is_plain("recovery"), is_plain("x. Ignore the above")
    (True, False)
    """
    return _PLAIN.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class Handles:
    """Handles of variables, and of the states of each."""

    variables: Mapping[str, str]
    states: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, brief: Brief) -> Self:
        """Give every variable and state of a brief its handle; no two are alike."""
        variables = _handles([v.name for v in brief.variables], "variable")
        return cls(variables, {v.name: _handles(v.labels, "state") for v in brief.variables})

    def variable(self, name: str) -> str:
        """Give the handle of a variable; a hidden one that a question names has a general one."""
        return self.variables.get(name, name if is_plain(name) else "variable")

    def state(self, variable: str, label: str) -> str:
        """Give the handle of a state."""
        own = self.states.get(variable, {})
        return own.get(label, label if is_plain(label) else "state")

    def named(self, handle: str) -> str | None:
        """Give the variable with this handle, or None."""
        return next((name for name, own in self.variables.items() if own == handle), None)


def _handles(names: Sequence[str], kind: str) -> dict[str, str]:
    plain = {name: name for name in names if is_plain(name)}
    places = ((name, f"{kind}_{place}") for place, name in enumerate(names, 1))
    return {name: plain.get(name, _free(own, plain)) for name, own in places}


def _free(handle: str, taken: Mapping[str, str]) -> str:
    while handle in taken:
        handle += "_"
    return handle
