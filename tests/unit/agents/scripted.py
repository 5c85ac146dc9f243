"""Models behind the seam that answer by a rule instead of by a network."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import log
from typing import Any

from causal_interface_gym.agents.llm.call import Answer, Ask, Finish, LogProbability, Usage

# Any: JSON.
Json = dict[str, Any]


@dataclass
class SchemaClient:
    """A model that fills each schema it is given: one amount, one act, valid words.

    ``amount`` is what it believes, in percent of the field's whole; ``chosen`` the act it chooses
    while that is offered. Of a distribution the first alternative gets everything. Asked for a
    word it says ``word``, with the probability ``p_word`` and the rest on the other one.
    """

    amount: int = 30
    chosen: str = "answer_now"
    rows: int = 20
    p_word: float = 0.8
    asks: list[Ask] = field(default_factory=list)

    async def ask(self, ask: Ask) -> Answer:
        """Answer by the rule."""
        self.asks.append(ask)
        return worded(ask, self.p_word) if ask.schema is None else said(self.reply(ask))

    def reply(self, ask: Ask) -> str:
        """Fill the form."""
        assert ask.schema is not None
        properties = ask.schema["properties"]
        values = {name: self.value(ask, name, part) for name, part in properties.items()}
        return json.dumps(values | one_for_all(values))

    def value(self, ask: Ask, name: str, part: Json) -> object:
        """Fill one field."""
        match part:
            case {"pattern": str()} if "arrows" in name or "graph" in name:
                return "none"
            case {"enum": [first, *_] as options}:
                return self.chosen if self.chosen in options else first
            case {"type": "integer", "minimum": 1}:
                return self.rows
            case {"type": "integer", "maximum": whole}:
                return self.amount * int(whole) // 100
            case {"type": "string", "pattern": pattern}:
                return str(self.amount * (1_000 if "1000" in pattern else 100) // 100)
            case _:
                return f"P({first_variable(ask)})"


def one_for_all(values: Json) -> Json:
    """Give the first part of each distribution everything."""
    parts = [name for name in values if "_causes_" in name or "shared_cause" in name]
    made: Json = {}
    for place, name in enumerate(parts):
        number = (1_000 if "out_of_1000" in name else 100) if place % 3 == 0 else 0
        made[name] = str(number) if isinstance(values[name], str) else number
    return made


def first_variable(ask: Ask) -> str:
    """Give the first variable that the block of data names."""
    found = re.search(r'"variables": \{\n "([^"]+)"', ask.messages[1].text)
    return found[1] if found else "x"


def worded(ask: Ask, p: float) -> Answer:
    """Say the first option, and how likely each of two words was."""
    found = re.search(r"Answer with (\w+) or (\w+)", ask.messages[-1].text)
    words = found.groups() if found else ("Yes", "No")
    likely = tuple(zip(words, (log(p), log(1 - p)), strict=True))
    token = LogProbability(words[0], likely[0][1], likely)
    answer = said(words[0])
    return replace(answer, log_probabilities=(token,))


@dataclass
class TextClient:
    """A model whose replies are given, or made from the question; the last one repeats."""

    replies: list[str] = field(default_factory=list)
    make: Callable[[Ask], str] | None = None
    finish: Finish = "stop"
    asks: list[Ask] = field(default_factory=list)

    async def ask(self, ask: Ask) -> Answer:
        """Answer by the rule."""
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
        """Answer by the rule."""
        self.asks.append(ask)
        raise self.error


def said(text: str, finish: Finish = "stop") -> Answer:
    return Answer(text, finish, model="scripted", usage=Usage(10, 5))
