"""Commitments: a form's hash is published first, so that nobody can change it afterwards.

A form has two canonical texts. The public one holds what a participant meets and no truth; the full
one adds tables, truths, references and lures. Both are hashed. Of a private form only the
commitment is published; its seed is drawn on the server with at least 128 random bits, which makes
the hash impossible to guess. Numbers are rounded to 12 decimals, so that the last bits of a sum,
which differ between machines, do not matter. Every text holds the canary.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Final

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import ScenarioError
from causal_interface_gym.questions.question import BaseRate, Item
from causal_interface_gym.scenarios.generated.forms import Form
from causal_interface_gym.scenarios.generated.screening.candidates import GENERATOR
from causal_interface_gym.scenarios.generated.worlds import as_world
from causal_interface_gym.scenarios.world import World

__all__ = ["CANARY", "PRIVATE_SEED", "Commitment", "commit", "full_text", "public_text"]

CANARY: Final = (
    "Benchmark data of causal-interface-gym: keep out of training corpora. "
    "canary 5d0f6c9e-7a41-4b5e-9c38-2f6be1a7d043"
)
"""A text that betrays a model which was trained on published forms."""

PRIVATE_SEED: Final = 2**127
"""The least seed of a private form."""

_DECIMALS: Final = 12

Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Commitment:
    """What is published of a form before anyone is scored on it; hashes are SHA-256, in hex."""

    family: str
    level: int
    n_worlds: int
    generator: str
    public_sha256: str
    full_sha256: str
    canary: str = CANARY

    def to_json(self) -> Json:
        """Write as a plain dictionary; the seed is not part of it."""
        return asdict(self)

    def verify(self, form: Form) -> None:
        """Check that a form is the one committed to.

        Raises:
            ScenarioError: It is another; the message says where they differ.
        """
        there, here = self.to_json(), commit(form).to_json()
        differing = [name for name in there if there[name] != here[name]]
        if differing:
            message = f"the form is not the one committed to; it differs in {', '.join(differing)}"
            raise ScenarioError(message)


def commit(form: Form) -> Commitment:
    """Hash a form."""
    return Commitment(
        form.family,
        form.level,
        len(form.worlds),
        GENERATOR,
        _sha256(public_text(form)),
        _sha256(full_text(form)),
    )


def public_text(form: Form) -> str:
    """Write what participants meet: names, graphs, questions; no table, truth or lure."""
    return _text(form, [_shown(world) for world in _worlds(form)])


def full_text(form: Form) -> str:
    """Write everything, the key included."""
    return _text(form, [{**_shown(world), **_key(world)} for world in _worlds(form)])


def _worlds(form: Form) -> list[World]:
    return [
        as_world(world, f"form/{form.family}/level-{form.level}/{number}")
        for number, world in enumerate(form.worlds)
    ]


def _text(form: Form, worlds: list[Json]) -> str:
    content = {
        "canary": CANARY,
        "generator": GENERATOR,
        "family": form.family,
        "level": form.level,
        "worlds": worlds,
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _shown(world: World) -> Json:
    graph = world.graph
    return {
        "id": world.scenario,
        "title": world.title,
        "story": world.story,
        "variables": [{"name": v.name, "states": list(v.labels)} for v in world.variables],
        "directed": sorted(map(list, graph.directed)),
        "bidirected": sorted(sorted(edge) for edge in graph.bidirected),
        "questions": [
            {"id": q.id, "family": q.family, "asked": str(q.asked)} for q in world.questions
        ],
    }


def _key(world: World) -> Json:
    return {"cluster": world.cluster, "model": _model(world.model), "items": _items(world.items)}


def _model(model: SCM) -> Json:
    return {
        v: {
            "parents": list(mechanism.parents),
            "states": list(model.states[v]),
            "is_latent": v in model.latent,
            "coupling": getattr(mechanism, "coupling", None),
            "table": model.cpt(v).round(_DECIMALS).tolist(),
        }
        for v, mechanism in model.mechanisms.items()
    }


def _items(items: tuple[Item, ...]) -> list[Json]:
    return [
        {
            "truth": _number(item.truth),
            "reference": (
                "base rate" if isinstance(item.reference, BaseRate) else _number(item.reference)
            ),
            "lures": {lure.fallacy: _number(lure.value) for lure in item.lures},
        }
        for item in items
    ]


def _number(value: float) -> float:
    return round(value, _DECIMALS)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
