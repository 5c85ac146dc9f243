"""The tools of an agent: one function for each action that its interface allows.

The names of this world's variables, states and questions are written into the schemas, so what a
tool accepts is what the episode accepts.
"""

from copy import deepcopy
from typing import Any

from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.elicitation import AsksDistribution, AsksInterval, Elicitation
from causal_interface_gym.gym.interface import allowed_kinds
from causal_interface_gym.gym.presentation.schema import action_schema
from causal_interface_gym.gym.rows.draw import trials_of

__all__ = ["tool_schemas"]

# Any: JSON.
Json = dict[str, Any]


def tool_schemas(brief: Brief) -> list[Json]:
    """Write each allowed action as a function: name, description, parameters.

    The arguments of a call, with ``kind`` set to the function's name, are the action.
    """
    return [_tool(brief, kind) for kind in allowed_kinds(brief.interface)]


def _tool(brief: Brief, kind: str) -> Json:
    schema = deepcopy(action_schema(kind))
    properties: Json = schema["properties"]
    del properties["kind"]
    for name, part in properties.items():
        match name:
            case "where" | "set":
                fixed = dict(trials_of(brief.questions)) if name == "set" else {}
                part["properties"] = {
                    v.name: {"enum": list(v.labels)} for v in brief.variables if v.name not in fixed
                }
                part["additionalProperties"] = False
            case "directed" | "bidirected":
                part["items"]["items"] = {"enum": [v.name for v in brief.variables]}
            case "beliefs" | "answers":
                part["items"] = {"oneOf": _statements(brief)}
            case "unanswerable":
                part["items"] = {"enum": [e.id for e in brief.elicitations]}
            case _:
                pass
    return {
        "name": kind,
        "description": schema["description"],
        "parameters": {
            "type": "object",
            "properties": properties,
            "required": [name for name in schema["required"] if name != "kind"],
            "additionalProperties": False,
        },
    }


def _statements(brief: Brief) -> list[Json]:
    single = [e.id for e in brief.elicitations if _form(e) == "p"]
    special = [e for e in brief.elicitations if _form(e) != "p"]
    probability = {"type": "number", "minimum": 0, "maximum": 1}
    return [
        _statement({"enum": single}, {"p": probability}),
        *(_statement({"const": e.id}, {_form(e): _answer(e, probability)}) for e in special),
    ]


def _form(asked: Elicitation) -> str:
    match asked:
        case AsksDistribution():
            return "distribution"
        case AsksInterval():
            return "interval"
        case _:
            return "p"


def _answer(asked: Elicitation, probability: Json) -> Json:
    if isinstance(asked, AsksDistribution):
        return {
            "type": "object",
            "description": "A probability for each alternative; they sum to 1.",
            "properties": dict.fromkeys(asked.alternatives, probability),
            "required": list(asked.alternatives),
            "additionalProperties": False,
        }
    return {"type": "array", "items": probability, "minItems": 2, "maxItems": 2}


def _statement(query: Json, value: Json) -> Json:
    return {
        "type": "object",
        "properties": {"query": query, **value},
        "required": ["query", *value],
        "additionalProperties": False,
    }
