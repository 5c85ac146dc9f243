"""Read a reply: exactly as asked, or else JSON inside other text, or else plain words.

Models that no schema binds talk around their answer. Three readings are tried in turn: the whole
reply as JSON; one fenced block, or the first balanced object; and lines of words that name a
question (``q1: 30 %``). Each must be unambiguous. Two numbers for one question, two objects that
differ, an object that breaks off, a number without a unit: then nothing was said, for the reader of
a belief must not guess.
"""

import re
from collections.abc import Iterator
from typing import Final

from causal_interface_gym.agents.elicitation.fields import Amount
from causal_interface_gym.agents.elicitation.form import Filled, Form
from causal_interface_gym.agents.elicitation.reading.words import Point, stated_numbers
from causal_interface_gym.gym.bounded import MAX_BYTES

__all__ = ["read_reply"]

_FENCE: Final = re.compile(r"```[A-Za-z]*[ \t]*\n(.*?)```", re.DOTALL)
_MOST_TEXT: Final = 20_000
"""Beyond so many characters a reply is searched no further for an answer."""
_LABEL: Final = re.compile(r"q[0-9]+", re.ASCII)


def read_reply(form: Form, text: str) -> Filled:
    """Read a reply; the method says which of the readings it was that gave values."""
    exact = form.read(text)
    if exact.method or len(text) > MAX_BYTES:
        return exact
    searched = text[:_MOST_TEXT]
    for found in _objects(searched):
        inside = form.read(found)
        if inside.values:
            return Filled(inside.values, inside.faults, "object")
    said = {} if "{" in searched else _said(form, searched)
    if not said:
        return exact
    missing = tuple(f"{name} is missing" for name in form.names if name not in said)
    return Filled(said, missing, "text")


def _objects(text: str) -> Iterator[str]:
    """Give the one fenced block, or the first balanced object where there is no other."""
    fenced = list(dict.fromkeys(block.strip() for block in _FENCE.findall(text)))
    if len(fenced) == 1:
        yield fenced[0]
    if not fenced:
        balanced = list(dict.fromkeys(_balanced(text)))
        if len(balanced) == 1:
            yield balanced[0]


def _balanced(text: str) -> Iterator[str]:
    """Give the objects at the top of a text, by their braces outside of strings."""
    depth, start, is_string, is_escaped = 0, 0, False, False
    for place, char in enumerate(text):
        if is_string:
            is_string = is_escaped or char != '"'
            is_escaped = char == "\\" and not is_escaped
        elif char == '"' and depth:
            is_string = True
        elif char == "{":
            start = start if depth else place
            depth += 1
        elif char == "}" and depth:
            depth -= 1
            if not depth:
                yield text[start : place + 1]


def _said(form: Form, text: str) -> dict[str, float]:
    """Read words for the fields that are probabilities, by their names or their questions."""
    amounts = [field for field in form.fields if isinstance(field, Amount)]
    labels = {field.name: field.name for field in amounts}
    wholes = {field.name: field.whole for field in amounts}
    for field in amounts:
        question = field.name.partition("_")[0]
        if _LABEL.fullmatch(question):
            labels[question] = field.name
    found: dict[str, set[float | None]] = {}
    for label, value in stated_numbers(text, tuple(labels), wholes):
        number = value.p if isinstance(value, Point) else None
        found.setdefault(labels[label], set()).add(number)
    return {
        name: number
        for name, numbers in found.items()
        if len(numbers) == 1 and (number := next(iter(numbers))) is not None
    }
