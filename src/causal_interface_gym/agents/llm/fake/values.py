"""A random value under a JSON schema, also where a library wrote parts of it in words."""

import json
import re
import string
from collections.abc import Mapping
from random import Random
from typing import Any, Final

from causal_interface_gym.agents.llm.fake.patterns import text_matching

__all__ = ["value_under"]

_DEEPEST: Final = 12
_LETTERS: Final = string.ascii_lowercase
_NUMBERS: Final = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "minItems", "maxItems"),
)
_AFTER: Final = rf"(?=$|, (?:pattern|{'|'.join(_NUMBERS)}): )"
_TOLD: Final = re.compile(
    rf"(?:^|, )(?:(pattern): (.+?)|({'|'.join(_NUMBERS)}): (-?[0-9]+(?:\.[0-9]+)?)){_AFTER}"
)
_Schema = Mapping[str, Any]  # Any: JSON


def value_under(schema: _Schema, rng: Random) -> Any:  # noqa: ANN401 - JSON
    """Draw a value that the schema allows.

    Objects get each of their properties in order, numbers lie within their bounds (0 to 100 where
    there are none), texts match their pattern.

    Raises:
        ValueError: A pattern is beyond the subset that the fake can write.
    """
    return _Drawer(schema, rng).draw(schema, 0)


class _Drawer:
    """Draws values; holds the whole schema for its references."""

    def __init__(self, root: _Schema, rng: Random) -> None:
        self._root = root
        self._rng = rng

    def draw(self, schema: _Schema, depth: int) -> Any:  # noqa: ANN401 - JSON
        """Draw one value."""
        schema = self._resolved(schema)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._rng.choice(list(schema["enum"]))
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return self._one_of(schema[word], depth)
        return self._of_kind(_kind(schema), schema, depth)

    def _one_of(self, options: list[_Schema], depth: int) -> Any:  # noqa: ANN401 - JSON
        """Choose an option; deep down the null, so that a recursion ends."""
        empty = [option for option in options if _kind(option) == "null"]
        chosen = empty[0] if empty and depth > _DEEPEST else self._rng.choice(options)
        return self.draw(chosen, depth + 1)

    def _of_kind(self, kind: str, schema: _Schema, depth: int) -> Any:  # noqa: ANN401 - JSON
        match kind:
            case "object":
                properties = schema.get("properties") or {}
                wanted = schema.get("required") or () if depth > _DEEPEST else properties
                return {name: self.draw(properties[name], depth + 1) for name in wanted}
            case "array":
                return self._array(schema, depth)
            case "integer" | "number":
                return self._number(kind, schema)
            case "boolean":
                return self._rng.random() < 0.5  # noqa: PLR2004 - a fair coin
            case "null":
                return None
            case _:
                return self._text(schema)

    def _array(self, schema: _Schema, depth: int) -> list[Any]:
        least = int(schema.get("minItems") or 0)
        most = int(schema.get("maxItems", max(least, 0 if depth > _DEEPEST else 3)))
        items = schema.get("items") or {"type": "string"}
        return [self.draw(items, depth + 1) for _ in range(self._rng.randint(least, most))]

    def _number(self, kind: str, schema: _Schema) -> float:
        step = schema.get("multipleOf") or (1 if kind == "integer" else 0.001)
        low, high = schema.get("minimum"), schema.get("maximum")
        if "exclusiveMinimum" in schema:
            low = schema["exclusiveMinimum"] + step
        if "exclusiveMaximum" in schema:
            high = schema["exclusiveMaximum"] - step
        low = (min(0, high) if high is not None else 0) if low is None else low
        high = max(low, 100) if high is None else high
        steps = self._rng.randint(0, int((high - low) / step + 1e-9))
        value = low + steps * step
        return int(value) if kind == "integer" else min(round(value, 9), high)

    def _text(self, schema: _Schema) -> str:
        if "pattern" in schema:
            return text_matching(schema["pattern"], self._rng)
        least = int(schema.get("minLength") or 0)
        most = int(schema.get("maxLength", max(least, 12)))
        length = self._rng.randint(max(least, min(most, 3)), min(most, max(least, 12)))
        return "".join(self._rng.choice(_LETTERS) for _ in range(length))

    def _resolved(self, schema: _Schema) -> _Schema:
        """Follow references and fold in what all must hold."""
        while "$ref" in schema:
            found: Any = self._root
            for part in str(schema["$ref"]).removeprefix("#").strip("/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")] if part else found
            schema = {**found, **{k: v for k, v in schema.items() if k != "$ref"}}
        for other in schema.get("allOf") or ():
            schema = {**self._resolved(other), **{k: v for k, v in schema.items() if k != "allOf"}}
        return {**_told(schema), **schema}


def _told(schema: _Schema) -> dict[str, Any]:  # Any: JSON
    """Read what stands in braces at the end of a description, as a model would.

    Anthropic's library moves there what its service does not take: ``{minimum: 0, maximum: 100}``.
    """
    _, _, said = str(schema.get("description", "")).rpartition("\n\n")
    if not (said.startswith("{") and said.endswith("}")):
        return {}
    found: dict[str, Any] = {}
    for told in _TOLD.finditer(said[1:-1]):
        _, pattern, name, number = told.groups()
        found |= {name: json.loads(number)} if name else {"pattern": pattern}
    return found


def _kind(schema: _Schema) -> str:
    """Give a schema's type in lower case (Google writes capitals); of several the first."""
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((name for name in kind if name != "null"), "null")
    if kind is None:
        kind = "object" if "properties" in schema else "array" if "items" in schema else "string"
    return str(kind).lower()
