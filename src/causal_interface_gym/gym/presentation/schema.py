"""The JSON Schema (draft 2020-12) of every action.

``parse_action`` is the judge: the schema says the same in a form that tools and other languages
read. What a schema cannot say (parts that sum to 1, a question answered once) stands in the
descriptions and is refused with a reason.
"""

from typing import Any, Final

from causal_interface_gym.errors import ActionError
from causal_interface_gym.gym.action import KINDS, MAX_ROWS
from causal_interface_gym.gym.bounded import MAX_TEXT

__all__ = ["DIALECT", "action_schema", "action_schemas"]

# Any: JSON.
Json = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
"""The dialect of the schemas."""

_NAME: Final[Json] = {"type": "string", "maxLength": MAX_TEXT}
_PROBABILITY: Final[Json] = {"type": "number", "minimum": 0, "maximum": 1}
_ROWS: Final[Json] = {
    "type": "integer",
    "minimum": 1,
    "maximum": MAX_ROWS,
    "description": "How many rows to draw; each costs budget.",
}
_SETTINGS: Final[Json] = {"type": "object", "additionalProperties": _NAME}
_EDGES: Final[Json] = {
    "type": "array",
    "items": {"type": "array", "items": _NAME, "minItems": 2, "maxItems": 2},
}


def action_schemas() -> dict[str, Json]:
    """Give the schema of every action, by kind."""
    return {kind: action_schema(kind) for kind in KINDS}


def action_schema(kind: str) -> Json:
    """Give the schema of one kind of action.

    >>> action_schema("observe")["required"]
    ['kind', 'n']

    Raises:
        ActionError: There is no such kind.
    """
    if kind not in KINDS:
        message = f"the kinds of action are {', '.join(KINDS)}; got {kind!r:.100}"
        raise ActionError(message)
    properties, required, description = _PARTS[kind]
    return {
        "$schema": DIALECT,
        "title": kind,
        "description": description,
        "type": "object",
        "properties": {"kind": {"const": kind}, **properties},
        "required": ["kind", *required],
        "additionalProperties": False,
    }


def _statement(value: Json) -> Json:
    return {
        "type": "object",
        "properties": {"query": _NAME, **value},
        "required": ["query", *value],
        "additionalProperties": False,
    }


_STATEMENTS: Final[Json] = {
    "type": "array",
    "description": "One entry a question; each question at most once.",
    "items": {
        "oneOf": [
            _statement({"p": _PROBABILITY}),
            _statement(
                {
                    "distribution": {
                        "type": "object",
                        "description": "A probability for each alternative; they sum to 1.",
                        "additionalProperties": _PROBABILITY,
                        "minProperties": 1,
                    }
                }
            ),
            _statement(
                {
                    "interval": {
                        "type": "array",
                        "description": "The lower end, then the upper.",
                        "items": _PROBABILITY,
                        "minItems": 2,
                        "maxItems": 2,
                    }
                }
            ),
        ]
    },
}

_PARTS: Final[dict[str, tuple[Json, tuple[str, ...], str]]] = {
    "observe": (
        {
            "n": _ROWS,
            "where": {**_SETTINGS, "description": "Count only rows with these states."},
        },
        ("n",),
        "Draw rows as the world is. All n rows are paid; those that fit where are counted.",
    ),
    "intervene": (
        {
            "set": {
                **_SETTINGS,
                "minProperties": 1,
                "description": "The state that each variable is set to by force.",
            },
            "n": _ROWS,
        },
        ("set", "n"),
        "Set variables by force, then draw rows.",
    ),
    "believe": (
        {"beliefs": _STATEMENTS},
        ("beliefs",),
        "State what you believe now. A later statement about a question replaces an earlier one.",
    ),
    "hypothesise": (
        {
            "directed": {**_EDGES, "description": "Pairs of cause and effect."},
            "bidirected": {**_EDGES, "description": "Pairs that share a hidden cause."},
        },
        (),
        "State a causal graph.",
    ),
    "submit": (
        {
            "answers": _STATEMENTS,
            "unanswerable": {
                "type": "array",
                "items": _NAME,
                "description": "Questions that nothing you were given or could draw answers.",
            },
        },
        (),
        "Close the episode. A question without an answer here keeps your last belief.",
    ),
}
