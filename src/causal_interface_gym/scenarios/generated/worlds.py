"""Generated worlds by id, for runs: the same world for the same id, in every process.

``generated/confounder/level-2/17`` is world 17 of a structure, with the question of its headline
family; each is drawn by itself, so any number is reached at once. ``form/intervention/level-2/17``
is world 17 of a family's public form. Both carry nonsense names; an ending ``/commonsense`` or
``/anti-commonsense`` gives the other two of the triplet. Numbers begin at 0. The seed of a world
varies names and order only, as it does for curated scenarios, so the cluster is the SCM.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Final, cast, get_args

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import ScenarioError
from causal_interface_gym.questions.claims import FromSelected, InPopulation
from causal_interface_gym.questions.question import Item
from causal_interface_gym.scenarios.generated.derive import Generated, derive
from causal_interface_gym.scenarios.generated.forms import stream_worlds
from causal_interface_gym.scenarios.generated.screening.candidates import (
    PER_BLUEPRINT,
    Source,
    candidates,
)
from causal_interface_gym.scenarios.generated.structure.blueprint import stream
from causal_interface_gym.scenarios.generated.structure.difficulty import difficulty
from causal_interface_gym.scenarios.generated.structure.strata import FORMS, STRATA
from causal_interface_gym.scenarios.generated.triplets import Condition, dress
from causal_interface_gym.scenarios.names import rename_asked, rename_model
from causal_interface_gym.scenarios.world import Question, Variable, World

__all__ = ["WorldId", "as_world", "generated_world", "has_prefix", "world_of"]

_ID: Final = re.compile(
    r"(generated|form)/([a-z-]+)/level-([0-9]+)/([0-9]+)(?:/(commonsense|anti-commonsense))?"
)
_MOST: Final = 1_000_000
_MOST_OF_A_FORM: Final = 10_000
_SHELVES: Final = 16

_STORY: Final = "The population is invented, and every number in it was drawn by lot."
_COUPLED: Final = (
    "Every unit has one fixed disposition towards {outcome}: whoever has it in a setting where it "
    "is less likely would also have it in every setting where it is more likely."
)
_ENROLLED: Final = (
    "There are two populations. Units of both can be observed; an experiment enrols only units "
    "with {source}, and the question is about units with {target}."
)
_SELECTED: Final = (
    "Only units with {selected} can be observed; an experiment enrols from the whole population."
)


@dataclass(frozen=True, slots=True)
class WorldId:
    """The parts of an id.

    Raises:
        ScenarioError: There is no such structure, family or level, or the number is too large.
    """

    kind: str
    name: str
    level: int
    number: int
    names: Condition = "nonsense"

    def __post_init__(self) -> None:
        """Check the parts."""
        difficulty(self.level)
        known = tuple(STRATA) if self.kind == "generated" else tuple(FORMS)
        if self.name not in known:
            message = f"unknown world {self!s}; the second part is one of {', '.join(known)}"
            raise ScenarioError(message)
        most = _MOST if self.kind == "generated" else _MOST_OF_A_FORM
        if self.number >= most:
            message = f"{self!s}: numbers run from 0 to {most - 1}"
            raise ScenarioError(message)

    def __str__(self) -> str:
        """Write the id."""
        ending = "" if self.names == "nonsense" else f"/{self.names}"
        return f"{self.kind}/{self.name}/level-{self.level}/{self.number}{ending}"

    @classmethod
    def parse(cls, text: str) -> "WorldId":
        """Read an id.

        >>> WorldId.parse("generated/confounder/level-2/17").number
        17

        Raises:
            ScenarioError: The text is no id of a generated world.
        """
        match = _ID.fullmatch(text)
        if not match:
            message = (
                f"a generated world is named like generated/confounder/level-2/17 or "
                f"form/intervention/level-2/17/commonsense; got {text!r}"
            )
            raise ScenarioError(message)
        kind, name, level, number, names = match.groups()
        condition = cast("Condition", names) if names in get_args(Condition) else "nonsense"
        return cls(kind, name, int(level), int(number), condition)


def has_prefix(text: str) -> bool:
    """Say whether a text is meant as the id of a generated world."""
    return text.startswith(("generated/", "form/"))


def world_of(text: str, *, seed: int = 0) -> World:
    """Make the world of an id.

    >>> world = world_of("generated/confounder/level-2/17")
    >>> [question.family for question in world.questions]
    ['intervention', 'intervention']

    Raises:
        ScenarioError: There is no such world, or the seed is negative.
    """
    if seed < 0:
        message = f"a seed is a whole number >= 0; got {seed}"
        raise ScenarioError(message)
    wanted = WorldId.parse(text)
    return as_world(generated_world(wanted), text, names=wanted.names, seed=seed)


def generated_world(wanted: WorldId) -> Generated:
    """Draw and derive the world behind an id."""
    if wanted.kind == "form":
        return _shelf(wanted.name, wanted.level)[wanted.number]
    block, place = divmod(wanted.number, PER_BLUEPRINT)
    source = Source(_main_family(wanted.name), wanted.name, wanted.level, f"block-{block}")
    for candidate in islice(candidates(source), place, None):
        world = derive(candidate, level=wanted.level)
        if isinstance(world, Generated):
            return world
    message = f"{wanted} cannot be drawn: this structure has no admissible world at its level"
    raise ScenarioError(message)


def as_world(
    generated: Generated, scenario: str, *, names: Condition = "nonsense", seed: int = 0
) -> World:
    """Dress a world in names and shuffle what is shown; truths and lures stay what they are."""
    dressed = dress(generated, names, seed=seed)
    naming = dressed.naming
    model = rename_model(generated.model, naming)
    rng = stream("order", generated.digest, seed)
    observed = [naming.name(v) for v in generated.blueprint.observed]
    variables = [Variable(v, "", tuple((label, "") for label in model.states[v])) for v in observed]
    items = [replace(i, asked=rename_asked(i.asked, naming)) for i in generated.items]
    items = [items[i] for i in rng.permutation(len(items))]
    return World(
        scenario,
        seed,
        generated.cluster,
        dressed.title,
        _story(generated, items, model, outcome=naming.name("Y")),
        model,
        tuple(variables[i] for i in rng.permutation(len(variables))),
        tuple(Question(f"q{n}", item.family, item.asked) for n, item in enumerate(items, 1)),
        tuple(items),
    )


def _story(generated: Generated, items: list[Item], model: SCM, *, outcome: str) -> str:
    parts = [_STORY]
    if any(question.name == "counterfactual" for question in generated.questions):
        parts.append(_COUPLED.format(outcome=f"{outcome}={model.states[outcome][-1]}"))
    asked = items[0].asked
    if isinstance(asked, InPopulation):
        ends = {"source": asked.source, "target": asked.target}
        parts.append(
            _ENROLLED.format_map(
                {name: f"{asked.population}={label}" for name, label in ends.items()}
            )
        )
    if isinstance(asked, FromSelected):
        shown = ", ".join(f"{name}={label}" for name, label in asked.selected)
        parts.append(_SELECTED.format(selected=shown))
    return " ".join(parts)


def _main_family(stratum: str) -> str:
    """Give the headline family that asks of a structure, else the first family that does."""
    order = ("intervention", "front-door", "selection", "simpson", "mediation", *FORMS)
    return next(family for family in order if stratum in FORMS[family])


class _Shelf:
    """The worlds of a public form as far as they were asked for."""

    def __init__(self, worlds: Iterator[Generated]) -> None:
        self._worlds = worlds
        self._made: list[Generated] = []

    def __getitem__(self, number: int) -> Generated:
        missing = number + 1 - len(self._made)
        self._made += islice(self._worlds, max(missing, 0))
        return self._made[number]


@lru_cache(maxsize=_SHELVES)
def _shelf(family: str, level: int) -> _Shelf:
    return _Shelf(stream_worlds(family, level=level))
