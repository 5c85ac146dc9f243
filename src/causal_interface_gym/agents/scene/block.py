"""The block of data: everything an interface shows, as JSON between two tags nobody can guess.

Stories, names and rows are foreign text. They stand as JSON strings in plain ASCII, so a control
character or a quotation mark is an escape, and the tag is drawn from the trial's seed, so no text
can close the block. What to do with the block stands outside it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from causal_interface_gym.agents.scene.handles import Handles
from causal_interface_gym.agents.scene.progress import DRAWS
from causal_interface_gym.agents.scene.same import MOST_KEPT, Same
from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.log import Event

__all__ = ["data_block", "tag_of"]

# Any: JSON.
Json = dict[str, Any]

_ANSWER_FORM: Final = "Answer each question with a probability"
"""How the one rule begins that the format of the reply replaces."""


def tag_of(seed: int, *parts: object) -> str:
    """Give the tag of a block: the same for the same seed and parts, and not to be guessed."""
    text = " ".join(map(str, (seed, *parts)))
    return f"data-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def data_block(
    brief: Brief,
    log: Sequence[Event],
    *,
    tag: str,
    is_reversed: bool = False,
    more: Json | None = None,
) -> str:
    """Write brief and log between tags; ``is_reversed`` turns the order of rows and questions.

    ``more`` adds parts, or says one anew: the questions, by the fields that ask them.
    """
    new = {**_history(log, is_reversed=is_reversed), **(more or {})}
    shown = {**_lines(Same(brief), is_reversed=is_reversed), **{k: _line(k, new[k]) for k in new}}
    return "\n".join([f"<{tag}>", "{" + ",\n".join(shown.values()) + "}", f"</{tag}>"])


@lru_cache(maxsize=MOST_KEPT)
def _lines(same: Same[Brief], *, is_reversed: bool) -> dict[str, str]:
    shown = _brief(same.value, is_reversed=is_reversed)
    return {key: _line(key, value) for key, value in shown.items()}


def _line(key: str, value: object) -> str:
    return f"{json.dumps(key)}: {_text(value)}"


def _text(value: object) -> str:
    """Write JSON with one entry a line where entries are many."""
    if isinstance(value, dict):
        inner = ",\n".join(f" {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items())
        return f"{{\n{inner}}}" if inner else "{}"
    if isinstance(value, list):
        inner = ",\n".join(f" {json.dumps(entry)}" for entry in value)
        return f"[\n{inner}]" if inner else "[]"
    return json.dumps(value)


def _brief(brief: Brief, *, is_reversed: bool) -> Json:
    shown: Json = {"title": brief.title, "story": brief.story, "variables": _variables(brief)}
    for graph in brief.graphs:
        shown["causal graph"] = {
            "arrows": [f"{first} -> {second}" for first, second in graph.directed],
            "pairs with a hidden common cause": [list(pair) for pair in graph.bidirected],
        }
    for table in brief.tables:
        shown["data table"] = _counts(table.variables, table.rows, is_reversed=is_reversed)
    if brief.correlations:
        shown["associations in observed rows"] = [
            {"pair": [c.first, c.second], c.measure: c.value, "rows": c.n_rows}
            for c in brief.correlations
        ]
    asked = [(q.id, str(q.asked)) for q in brief.questions]
    shown["questions"] = dict(reversed(asked) if is_reversed else asked)
    shown["rules"] = [rule for rule in brief.rules if not rule.startswith(_ANSWER_FORM)]
    return shown


def _variables(brief: Brief) -> Json:
    handles = Handles.of(brief)
    return {v.name: dict(_variable(v.name, v.meaning, v.states, handles)) for v in brief.variables}


def _variable(
    name: str, meaning: str, states: Sequence[tuple[str, str]], handles: Handles
) -> Iterator[tuple[str, object]]:
    if handles.variable(name) != name:
        yield "called", handles.variable(name)
    if meaning:
        yield "meaning", meaning
    is_explained = any(text for _, text in states)
    yield "states", dict(states) if is_explained else [label for label, _ in states]
    odd = {label: handles.state(name, label) for label, _ in states}
    if any(label != own for label, own in odd.items()):
        yield "states are called", odd


def _counts(variables: Sequence[str], rows: Sequence[Any], *, is_reversed: bool) -> Json:
    ordered = list(reversed(rows)) if is_reversed else list(rows)
    return {
        "rows in all": sum(count for _, count in ordered),
        "columns": [*variables, "count"],
        "counts": [[*labels, count] for labels, count in ordered],
    }


def _history(log: Sequence[Event], *, is_reversed: bool) -> Json:
    if not log:
        return {}
    return {"what happened so far": [_event(event, is_reversed=is_reversed) for event in log]}


def _event(event: Event, *, is_reversed: bool) -> Json:
    action, answer = event.action, event.observation
    kind = str(action.get("kind", ""))
    shown: Json = {"step": event.number, "you did": kind}
    if kind in DRAWS:
        shown |= {key: action[key] for key in ("set", "where") if action.get(key)}
    elif kind == "believe":
        shown |= {"you believed": {b["query"]: b["p"] for b in action.get("beliefs", ())}}
    elif kind == "hypothesise":
        shown |= {"your graph": [*_edges(action, "directed"), *_edges(action, "bidirected")]}
    return shown | _answer(answer, is_reversed=is_reversed)


def _edges(action: Mapping[str, Any], kind: str) -> list[str]:  # Any: JSON
    arrow = " -> " if kind == "directed" else " <-> "
    return [arrow.join(edge) for edge in action.get(kind, ())]


def _answer(answer: Mapping[str, Any], *, is_reversed: bool) -> Json:
    match answer:
        case {"kind": "counts", "variables": variables, "rows": rows, "budget_left": left}:
            return {**_counts(variables, rows, is_reversed=is_reversed), "budget left": left}
        case {"kind": "refused", "reason": reason}:
            return {"refused": reason}
        case {"kind": "progress", "unanswered": unanswered, "budget_left": left}:
            return {"not answered yet": unanswered, "budget left": left}
        case _:
            return {}
