"""A world: an SCM with names, a story and a seed, and the questions asked in it.

Truths and lures are computed once from the scenario's own model. A renamed world carries the same
numbers, and validation derives them again from the renamed model.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import ScenarioError
from causal_interface_gym.questions.question import Asked, Family, Item
from causal_interface_gym.scenarios.names import Naming, nonsense, rename_asked, rename_model

__all__ = ["Question", "Variable", "World", "make_world", "model_digest"]

_MOST_KEPT: Final = 64
"""For how many worlds, and models, what is costly to find is kept."""
_RENAMED_TITLE = "An unfamiliar system"
_RENAMED_STORY = (
    "The names below were made up and mean nothing. The system behind them is a real or published "
    "case; what you know about the world does not tell you which."
)


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable in words: its name, what it is, and (label, meaning) of each state."""

    name: str
    meaning: str
    states: tuple[tuple[str, str], ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, in the order of the model."""
        return tuple(label for label, _ in self.states)


@dataclass(frozen=True, slots=True)
class Question:
    """The public side of an item: one probability that is elicited."""

    id: str
    family: str
    asked: Asked


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """A world; ``items`` (truth, lures) belong to the scoring side, in the order of questions.

    ``cluster`` names the distinct SCM behind the world: the unit of every statistic, however many
    seeds show it. ``variables`` are the observed ones, in the order shown.
    """

    scenario: str
    seed: int
    cluster: str
    title: str
    story: str
    model: SCM
    variables: tuple[Variable, ...]
    questions: tuple[Question, ...]
    items: tuple[Item, ...]

    @property
    def graph(self) -> ADMG:
        """The causal graph over the observed variables."""
        return self.model.graph

    @property
    def digest(self) -> str:
        """A hash of what the participant meets: model, names, order and questions."""
        return _digest(self)

    def item(self, question: str) -> Item:
        """Give the item behind a question's id.

        Raises:
            ScenarioError: There is no such question.
        """
        for asked, item in zip(self.questions, self.items, strict=True):
            if asked.id == question:
                return item
        known = ", ".join(q.id for q in self.questions)
        message = f"no question {question!r} in {self.scenario}; the questions are {known}"
        raise ScenarioError(message)


def make_world(
    scenario: str,
    seed: int,
    *,
    model: SCM,
    variables: Sequence[Variable],
    families: tuple[Family, ...],
    told: tuple[str, str],
) -> World:
    """Make the world of a seed; seed 0 keeps names and order, ``told`` is (title, story)."""
    observed = tuple(v for v in variables if v.name not in model.latent)
    items = _items(model, families)
    cluster = _cluster(model)
    title, story = told
    if seed:
        rng = np.random.default_rng([_number(scenario), seed])
        naming = nonsense(model.states, rng=rng)
        model = rename_model(model, naming)
        observed = tuple(_renamed(observed[i], naming) for i in rng.permutation(len(observed)))
        items = tuple(items[i] for i in rng.permutation(len(items)))
        items = tuple(replace(item, asked=rename_asked(item.asked, naming)) for item in items)
        title, story = _RENAMED_TITLE, _RENAMED_STORY
    questions = tuple(
        Question(f"q{number}", item.family, item.asked) for number, item in enumerate(items, 1)
    )
    return World(scenario, seed, cluster, title, story, model, observed, questions, items)


def model_digest(model: SCM) -> str:
    """Hash what a model is: names, states, parents, tables, couplings, latents."""
    return _sha256(
        {
            "latent": sorted(model.latent),
            "variables": {
                name: {
                    "states": list(model.states[name]),
                    "parents": list(mechanism.parents),
                    "table": model.cpt(name).tolist(),
                    "mechanism": type(mechanism).__name__,
                    "coupling": getattr(mechanism, "coupling", None),
                }
                for name, mechanism in model.mechanisms.items()
            },
        }
    )


@lru_cache(maxsize=_MOST_KEPT)
def _digest(world: World) -> str:
    shown = {
        "model": model_digest(world.model),
        "variables": [v.name for v in world.variables],
        "questions": [[q.id, q.family, str(q.asked)] for q in world.questions],
    }
    return _sha256(shown)


@lru_cache(maxsize=_MOST_KEPT)
def _cluster(model: SCM) -> str:
    return model_digest(model)


@lru_cache(maxsize=_MOST_KEPT)
def _items(model: SCM, families: tuple[Family, ...]) -> tuple[Item, ...]:
    return tuple(item for family in families for item in family.items(model))


def _renamed(variable: Variable, naming: Naming) -> Variable:
    return Variable(
        naming.name(variable.name),
        "",
        tuple((naming.label(variable.name, label), "") for label in variable.labels),
    )


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def _sha256(content: Mapping[str, object]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
