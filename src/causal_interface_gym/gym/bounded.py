"""JSON of bounded size: what is too large, too deep or not JSON is refused before it is read.

A participant may send anything. The walk below keeps its own stack, so depth costs no recursion,
and stops at the first excess, so an endless object costs no more than the limit.
"""

import json
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Final, NoReturn

from causal_interface_gym.errors import ActionError

__all__ = ["MAX_DEPTH", "MAX_PARTS", "MAX_TEXT", "check_bounded", "read_json"]

MAX_DEPTH: Final = 6
"""How deep lists and objects may stand in each other."""
MAX_PARTS: Final = 5_000
"""How many values an action may hold in all."""
MAX_TEXT: Final = 200
"""How many characters a name may have."""
MAX_BYTES: Final = 1 << 20
"""How many characters the text of an action may have."""
_MAX_NUMBER: Final = 10**12


def read_json(text: str) -> object:
    """Read JSON text within the limits.

    >>> read_json('{"kind": "submit"}')
    {'kind': 'submit'}

    Raises:
        ActionError: The text is no JSON, gives a key twice, or is too long or too deep.
    """
    if len(text) > MAX_BYTES:
        _refuse(f"the text of an action has at most {MAX_BYTES} characters; got {len(text)}")
    try:
        data: object = json.loads(
            text, object_pairs_hook=_each_key_once, parse_constant=_refuse_nan
        )
    except RecursionError:
        _refuse(f"lists and objects may stand {MAX_DEPTH} deep in each other")
    except ValueError as error:
        _refuse(f"this is not JSON: {str(error)[:MAX_TEXT]}")
    return data


def check_bounded(data: object) -> None:
    """Check that data are JSON values within the limits.

    Raises:
        ActionError: They are too many, too deep, too long, or no JSON.
    """
    waiting: list[tuple[object, int]] = [(data, 0)]
    n_parts = 0
    while waiting:
        part, depth = waiting.pop()
        n_parts += 1
        if depth > MAX_DEPTH:
            _refuse(f"lists and objects may stand {MAX_DEPTH} deep in each other")
        inner = _inside(part)
        if n_parts + len(waiting) + len(inner) > MAX_PARTS:
            _refuse(f"an action holds at most {MAX_PARTS} values")
        waiting += [(value, depth + 1) for value in inner]


def _inside(part: object) -> list[object]:
    """Check one value, and give what stands in it."""
    kind = type(part)
    if kind is str or kind is float:
        _check_single(part)
        return []
    if isinstance(part, Mapping) and len(part) <= MAX_PARTS:
        _check_keys(part)
        return list(part.values())
    if isinstance(part, (list, tuple)) and len(part) <= MAX_PARTS:
        return list(part)
    if isinstance(part, (Mapping, list, tuple)):
        _refuse(f"an action holds at most {MAX_PARTS} values")
    _check_single(part)
    return []


def _check_single(part: object) -> None:
    if isinstance(part, str):
        _check_text(part)
    elif isinstance(part, (int, float)):
        if not (isfinite(part) if isinstance(part, float) else abs(part) <= _MAX_NUMBER):
            _refuse(f"a probability is from 0 to 1, a number of rows below {_MAX_NUMBER}")
    elif part is not None:
        _refuse(f"a value is an object, a list, a string or a number; got a {type(part).__name__}")


def _check_keys(keys: Iterable[object]) -> None:
    for key in keys:
        if not isinstance(key, str):
            _refuse(f"the keys of an object are strings; got a {type(key).__name__}")
        _check_text(key)


def _check_text(text: str) -> None:
    if len(text) > MAX_TEXT:
        _refuse(f"a name has at most {MAX_TEXT} characters; got {len(text)}")
    if not text.isprintable():
        _refuse(f"a name consists of printable characters; got {text!r}")


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    data = dict(pairs)
    if len(data) < len(pairs):
        _refuse("an object gives a key twice")
    return data


def _refuse_nan(constant: str) -> NoReturn:
    _refuse(f"{constant} is no number of JSON; a probability lies from 0 to 1")


def _refuse(message: str) -> NoReturn:
    raise ActionError(message)
