"""Models and graphs as JSON of our own, with a format name and a version that are checked.

A model keeps everything: states, latents, all kinds of mechanism and their couplings. Numbers are
written with all their digits. Unknown keys, versions and kinds are refused, never skipped, because
a skipped coupling would be a wrong number later.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from causal_interface_gym.causal.formats.limits import MODEL_BYTES, read_bytes
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.mechanism import Deterministic, Mechanism, NoisyOr, Table
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import FormatError, ModelError

__all__ = [
    "GRAPH_FORMAT",
    "MODEL_FORMAT",
    "VERSION",
    "graph_from_json",
    "graph_to_json",
    "model_from_json",
    "model_to_json",
    "read_model",
    "write_model",
]

MODEL_FORMAT = "causal-interface-gym/model"
GRAPH_FORMAT = "causal-interface-gym/graph"
VERSION = 1
MAX_BYTES = MODEL_BYTES

Json = Any  # JSON as it is read or written


def model_to_json(model: SCM) -> str:
    """Write a model as text.

    >>> model = SCM.from_tables(states={"X": ("0", "1")}, tables={"X": [0.5, 0.5]})
    >>> model_from_json(model_to_json(model)).states
    {'X': ('0', '1')}
    """
    variables = [_variable_json(model, name) for name in model.states]
    return _dump({"format": MODEL_FORMAT, "version": VERSION, "variables": variables})


def model_from_json(text: str) -> SCM:
    """Read a model from text.

    Text that is not JSON, of another format or version, or with other keys is a ``FormatError``.
    """
    data = _load(text, MODEL_FORMAT, {"variables"})
    states: dict[str, tuple[str, ...]] = {}
    mechanisms: dict[str, Mechanism] = {}
    latent = []
    for place, item in enumerate(_list(data["variables"], "variables")):
        what = f"variables[{place}]"
        _check_keys(item, {"name", "states", "parents", "mechanism"}, what, optional={"latent"})
        name = _text(item["name"], f"{what}.name")
        if name in states:
            _fail(f"the variable {name!r:.60} is given twice")
        states[name] = _texts(item["states"], f"{what}.states")
        parents = _texts(item["parents"], f"{what}.parents")
        mechanisms[name] = _mechanism(item["mechanism"], parents, len(states[name]), what)
        if item.get("latent", False) not in (True, False):
            _fail(f"{what}.latent is true or false, got {item['latent']!r:.60}")
        latent += [name] if item.get("latent") else []
    return SCM(states, mechanisms, latent)


def graph_to_json(graph: ADMG) -> str:
    """Write a graph as text, nodes in their order of display."""
    edges = {"directed": graph.directed, "bidirected": graph.bidirected}
    return _dump({"format": GRAPH_FORMAT, "version": VERSION, "nodes": graph.nodes, **edges})


def graph_from_json(text: str) -> ADMG:
    """Read a graph from text.

    >>> graph_from_json(graph_to_json(ADMG([("X", "Y")], [("X", "Y")])))
    ADMG(X -> Y; X <-> Y)
    """
    data = _load(text, GRAPH_FORMAT, {"nodes", "directed", "bidirected"})
    nodes = _texts(data["nodes"], "nodes")
    edges = {
        kind: [_pair(edge, f"{kind}[{i}]") for i, edge in enumerate(_list(data[kind], kind))]
        for kind in ("directed", "bidirected")
    }
    for kind, pairs in edges.items():
        for name in {name for pair in pairs for name in pair} - set(nodes):
            _fail(f"{kind} names {name!r:.60}, which is none of the nodes")
    return ADMG(edges["directed"], edges["bidirected"], nodes)


def write_model(model: SCM, path: str | Path) -> None:
    """Write a model to a file."""
    Path(path).write_text(model_to_json(model), encoding="utf-8")


def read_model(path: str | Path) -> SCM:
    """Read a model from a file.

    Raises:
        FormatError: The file is larger than 64 MiB, not UTF-8, or not such a model.
    """
    data = read_bytes(path, MAX_BYTES)
    try:
        return model_from_json(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 text: {error}"
        raise FormatError(message, file=str(path)) from error
    except FormatError as error:
        raise error.within(str(path)) from None


def _variable_json(model: SCM, name: str) -> Json:
    mechanism = model.mechanisms[name]
    latent = {"latent": True} if name in model.latent else {}
    parents = list(mechanism.parents)
    data = {"name": name, "states": list(model.states[name]), **latent, "parents": parents}
    return {**data, "mechanism": _mechanism_json(name, mechanism)}


def _mechanism_json(name: str, mechanism: Mechanism) -> Json:
    match mechanism:
        case Table(cpt=cpt, coupling=coupling):
            return {"kind": "table", "coupling": coupling, "probabilities": cpt.tolist()}
        case Deterministic(states=states):
            return {"kind": "deterministic", "states": states.tolist()}
        case NoisyOr(strengths=strengths, leak=leak):
            return {"kind": "noisy-or", "strengths": list(strengths), "leak": leak}
        case _:
            message = f"the mechanism of {name!r} has no JSON form: {mechanism!r}"
            raise ModelError(message)


def _mechanism(data: Json, parents: tuple[str, ...], n_states: int, what: str) -> Mechanism:
    keys = {
        "table": {"kind", "coupling", "probabilities"},
        "deterministic": {"kind", "states"},
        "noisy-or": {"kind", "strengths", "leak"},
    }
    kind = data.get("kind") if isinstance(data, dict) else None
    if not isinstance(kind, str) or kind not in keys:
        _fail(f"{what}.mechanism has a kind, one of {', '.join(keys)}; got {data!r:.60}")
    _check_keys(data, keys[kind], f"{what}.mechanism")
    try:
        return _BUILDERS[kind](data, parents, n_states)
    except (ModelError, ValueError, TypeError, OverflowError) as error:
        message = f"{what}.mechanism: {error}"
        raise FormatError(message) from error


def _build_table(data: Json, parents: tuple[str, ...], n_states: int) -> Mechanism:
    del n_states
    return Table(parents, np.array(_numbers(data["probabilities"]), float), data["coupling"])


def _build_deterministic(data: Json, parents: tuple[str, ...], n_states: int) -> Mechanism:
    states = np.array(_numbers(data["states"], whole=True), dtype=np.int64)
    return Deterministic(parents, states, n_states)


def _build_noisy_or(data: Json, parents: tuple[str, ...], n_states: int) -> Mechanism:
    del n_states
    strengths = tuple(float(p) for p in _list(_numbers(data["strengths"]), "strengths"))
    return NoisyOr(parents, strengths, float(_numbers(data["leak"])))


_BUILDERS: Mapping[str, Callable[[Json, tuple[str, ...], int], Mechanism]] = {
    "table": _build_table,
    "deterministic": _build_deterministic,
    "noisy-or": _build_noisy_or,
}


def _numbers(data: Json, *, whole: bool = False) -> Json:
    """Check that nested lists hold numbers only: arrays would take true or "0.5" for one."""
    todo = [data]
    while todo:
        item = todo.pop()
        if isinstance(item, list):
            todo += item
        elif isinstance(item, bool) or not isinstance(item, int if whole else (int, float)):
            _fail(f"{item!r:.60} is no {'whole ' if whole else ''}number")
    return data


def _dump(data: Json) -> str:
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _load(text: str, wanted: str, keys: set[str]) -> dict[str, Json]:
    """Parse, refusing what JSON does not have or would let pass silently.

    Raises:
        FormatError: The text is not JSON, or of another format or version.
    """
    try:
        data = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except json.JSONDecodeError as error:
        message = f"this is not JSON: {error.msg} (column {error.colno})"
        raise FormatError(message, line=error.lineno) from error
    except (RecursionError, ValueError) as error:  # too deep, or a number of too many digits
        message = f"this JSON cannot be read: {error}"
        raise FormatError(message) from error
    if not isinstance(data, dict) or data.get("format") != wanted:
        got = data.get("format") if isinstance(data, dict) else data
        _fail(f"expected an object with format {wanted!r}; got {got!r:.60}")
    if type(data.get("version")) is not int or data["version"] != VERSION:
        _fail(f"version {data.get('version')!r:.20} is unknown; this program reads {VERSION}")
    _check_keys(data, {"format", "version", *keys}, "the object")
    return data


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        _fail(f"the key {twice!r:.60} is given twice in one object")
    return found


def _constant(text: str) -> NoReturn:
    _fail(f"{text} is no probability")


def _check_keys(
    data: Json, wanted: set[str], what: str, *, optional: frozenset[str] | set[str] = frozenset()
) -> None:
    keys = set(data) if isinstance(data, dict) else set()
    if not isinstance(data, dict) or wanted - keys or keys - wanted - optional:
        got = sorted(keys) if isinstance(data, dict) else data
        _fail(f"{what} has the keys {', '.join(sorted(wanted))}; got {got!r:.100}")


def _list(data: Json, what: str) -> list[Json]:
    if not isinstance(data, list):
        _fail(f"{what} is a list, got {data!r:.60}")
    return data


def _text(data: Json, what: str) -> str:
    if not isinstance(data, str) or not data:
        _fail(f"{what} is a non-empty string, got {data!r:.60}")
    return data


def _texts(data: Json, what: str) -> tuple[str, ...]:
    return tuple(_text(item, f"{what}[{i}]") for i, item in enumerate(_list(data, what)))


def _pair(data: Json, what: str) -> tuple[str, str]:
    names = _texts(data, what)
    if len(names) != 2:  # noqa: PLR2004 - a pair
        _fail(f"{what} is a pair of nodes, got {data!r:.60}")
    return names[0], names[1]


def _fail(message: str) -> NoReturn:
    raise FormatError(message)
