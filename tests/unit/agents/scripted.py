"""Models behind the seam that answer by a rule instead of by a network."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from causal_interface_gym.agents.llm.call import Answer, Ask, Finish, Usage

# Any: JSON.
Json = dict[str, Any]


@dataclass
class SchemaClient:
    """A model that fills each schema it is given: the lowest number, the first word.

    ``amount`` is what it believes, in percent of the field's whole; ``chosen`` the act it chooses
    while that is offered.
    """

    amount: int = 30
    chosen: str = "answer_now"
    rows: int = 20
    asks: list[Ask] = field(default_factory=list)

    async def ask(self, ask: Ask) -> Answer:
        self.asks.append(ask)
        assert ask.schema is not None
        properties = ask.schema["properties"]
        values = {name: self.value(name, part) for name, part in properties.items()}
        shared = distributions(values)
        return said(json.dumps(values | shared))

    def value(self, name: str, part: Json) -> object:
        match part:
            case {"enum": [first, *_] as options}:
                return self.chosen if self.chosen in options else first
            case {"type": "integer", "minimum": 1}:
                return self.rows
            case {"type": "integer", "maximum": whole}:
                return self.amount * int(whole) // 100
            case {"type": "string", "pattern": pattern}:
                return str(self.amount * (1_000 if "1000" in pattern else 100) // 100)
            case _:
                return "words"


def distributions(values: Json) -> Json:
    """Give the parts of a distribution all the mass on the first one."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in values:
        if "_causes_" in name or "shared_cause" in name:
            unit = "1000" if "out_of_1000" in name else "100"
            groups.setdefault((unit,), []).append(name)
    made: Json = {}
    for (unit,), names in groups.items():
        for place, name in enumerate(names):
            number = int(unit) if place % 3 == 0 else 0
            made[name] = str(number) if isinstance(values[name], str) else number
    return made


@dataclass
class TextClient:
    """A model whose replies are given, or made from the question; the last one repeats."""

    replies: list[str] = field(default_factory=list)
    make: Callable[[Ask], str] | None = None
    finish: Finish = "stop"
    asks: list[Ask] = field(default_factory=list)

    async def ask(self, ask: Ask) -> Answer:
        self.asks.append(ask)
        if self.make is not None:
            return said(self.make(ask), self.finish)
        return said(self.replies[min(len(self.asks), len(self.replies)) - 1], self.finish)


@dataclass
class RaisingClient:
    """A model whose calls end in an error."""

    error: Exception
    asks: list[Ask] = field(default_factory=list)

    async def ask(self, ask: Ask) -> Answer:
        self.asks.append(ask)
        raise self.error


def said(text: str, finish: Finish = "stop") -> Answer:
    return Answer(text, finish, model="scripted", usage=Usage(10, 5))
