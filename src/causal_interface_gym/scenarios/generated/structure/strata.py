"""The structures from which worlds are drawn, and the variables that a level adds to them.

A structure is a few arrows between named parts: X treatment, Y outcome, Z and W their observed
causes, U, A and B hidden ones, E another cause of the outcome, I what acts on the treatment alone,
M what lies between, C and S what follows from both, P the population where a unit lives. Structures
of a headline family always carry a confounder, so that the seer is wrong somewhere [pearl2009].
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

import numpy as np

from causal_interface_gym.errors import ScenarioError
from causal_interface_gym.scenarios.generated.structure.blueprint import Blueprint, Node, Role
from causal_interface_gym.scenarios.generated.structure.difficulty import Difficulty

__all__ = ["FORMS", "STRATA", "make_blueprint"]

_ROLES: Final[Mapping[str, Role]] = MappingProxyType(
    {"X": "treatment", "Y": "outcome", "M": "mediator", "C": "consequence", "S": "consequence",
     "I": "encouragement", "P": "population"}
)  # fmt: skip
_FEW_PARENTS: Final = 3
_WEAK: Final = 0.35
_FAINT: Final = 0.12
_STRONG: Final = 2.5


@dataclass(frozen=True, slots=True)
class _Template:
    """Arrows such as "Z>X X>Y"; ``faint`` arrows of a control hardly act, ``strong`` ones decide.

    Where it ``is_plain``, no further cause of the outcome is added, hidden or not: an interval is
    then sharp by a programme over the treatment and the outcome alone.
    """

    arrows: str
    hidden: str = ""
    roles: Mapping[str, Role] = field(default_factory=dict)
    faint: str = ""
    strong: str = ""
    is_plain: bool = False

    def strength(self, arrow: str) -> float:
        """Say how strongly an arrow acts."""
        return {**dict.fromkeys(self.faint.split(), _FAINT),
                **dict.fromkeys(self.strong.split(), _STRONG)}.get(arrow, 1.0)  # fmt: skip


STRATA: Final[Mapping[str, _Template]] = MappingProxyType(
    {
        "confounder": _Template("Z>X Z>Y X>Y"),
        "mediator": _Template("Z>X Z>Y X>M M>Y X>Y"),
        "collider": _Template("Z>X Z>Y X>Y X>C Y>C"),
        "m-bias": _Template("A>X A>C B>C B>Y Z>X Z>Y X>Y", hidden="AB"),
        "front-door": _Template("U>X U>Y X>M M>Y", hidden="U"),
        "instrument": _Template("I>X U>X U>Y X>Y", hidden="U"),
        "encouragement": _Template("I>X U>X U>Y X>Y", hidden="U", is_plain=True),
        "reversed": _Template("Y>X Z>X Z>Y", roles={"X": "outcome", "Y": "treatment"}),
        "no-effect": _Template("Z>X Z>Y", roles={"X": "consequence"}),
        "simpson": _Template("Z>X Z>Y X>Y"),
        "simpson-mediator": _Template("W>X W>Y X>Z Z>Y X>Y", roles={"Z": "mediator"}),
        "selection": _Template("Z>X Z>Y X>Y X>S Y>S"),
        "mediation": _Template("U>X U>Y X>M M>Y X>Y X>C Y>C", hidden="U"),
        "not-identifiable": _Template("U>X U>Y X>Y", hidden="U"),
        "transport": _Template("P>Z Z>X Z>Y X>Y U>X U>Y", hidden="U"),
        "transport-mediator": _Template("P>M X>M M>Y X>Y U>X U>Y", hidden="U"),
        "unconfounded": _Template("I>X W>Y X>Y"),
        "common-effect": _Template("X>Y E>Y"),
        "control": _Template("Z>X Z>Y X>Y", faint="Z>Y"),
        "front-door-control": _Template("U>X U>Y X>M M>Y", hidden="U", faint="U>Y"),
        "selection-control": _Template("Z>X Z>Y X>Y X>S Y>S", faint="Z>Y Y>S"),
        "mediation-control": _Template("U>X U>Y X>M M>Y X>Y X>C Y>C", "U", faint="U>Y X>M"),
        "transport-control": _Template("P>Z Z>Y X>Y U>X U>Y", hidden="U", faint="U>Y"),
        "encouragement-control": _Template(
            "I>X U>X U>Y X>Y", hidden="U", faint="U>X", strong="I>X", is_plain=True
        ),
    }
)
"""Every structure by its name."""

FORMS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "association": ("confounder", "mediator", "collider"),
        "diagnosis": ("confounder", "mediator", "reversed"),
        "explaining-away": ("common-effect",),
        "intervention": (
            "control", "confounder", "mediator", "collider", "control", "instrument", "m-bias",
            "not-identifiable", "control", "no-effect", "control", "reversed",
        ),
        "front-door": ("front-door-control", "front-door", "front-door"),
        "selection": ("selection-control", "selection", "selection"),
        "simpson": ("control", "simpson", "simpson-mediator", "simpson"),
        "transport": ("transport-control", "transport", "transport-mediator"),
        "instrument": ("encouragement-control", "encouragement", "encouragement"),
        "adjustment": ("confounder", "mediator", "collider", "m-bias", "instrument", "front-door"),
        "confounding": ("confounder", "unconfounded", "not-identifiable", "unconfounded"),
        "direction": ("confounder", "reversed", "no-effect"),
        "answerable": ("confounder", "not-identifiable", "m-bias", "instrument"),
        "mediation": ("mediation-control", "mediation", "mediation"),
        "counterfactual": ("control", "confounder", "confounder"),
    }
)  # fmt: skip
"""The structures of each family's forms, in the order in which slots are filled."""


def make_blueprint(stratum: str, wanted: Difficulty, *, rng: np.random.Generator) -> Blueprint:
    """Build a structure and add variables until the level's number of nodes is reached.

    Raises:
        ScenarioError: There is no such structure.
    """
    if stratum not in STRATA:
        message = f"unknown structure {stratum!r}; known: {', '.join(STRATA)}"
        raise ScenarioError(message)
    template = STRATA[stratum]
    draft = _draft(template, wanted)
    for number in range(0 if template.is_plain else wanted.n_hidden):
        if len(draft) + 2 <= wanted.n_nodes:
            _add_hidden(draft, number)
    for number in range(wanted.n_nodes - len(draft)):
        _add(draft, number, wanted, rng=rng, is_plain=template.is_plain)
    outcome = draft["Y"]
    is_function = wanted.is_deterministic and bool(outcome.parents) and bool(rng.integers(2))
    draft["Y"] = replace(outcome, is_deterministic=is_function)
    return Blueprint(stratum, tuple(_sorted(draft)), is_control=bool(template.faint))


def _draft(template: _Template, wanted: Difficulty) -> dict[str, Node]:
    arrows = [(a[0], a[2]) for a in template.arrows.split()]
    names = dict.fromkeys(name for arrow in arrows for name in arrow)
    return {
        name: Node(
            name,
            tuple(a for a, b in arrows if b == name),
            tuple(template.strength(f"{a}>{b}") for a, b in arrows if b == name),
            template.roles.get(name, _ROLES.get(name, "cause")),
            n_states=wanted.n_states if name in {"Z", "W"} else 2,
            is_hidden=name in template.hidden,
        )
        for name in names
    }


def _add_hidden(draft: dict[str, Node], number: int) -> None:
    """Hide a cause of the outcome and of a new variable that the treatment acts on too."""
    hidden, leaf = f"H{number + 1}", f"D{number + 1}"
    draft[hidden] = Node(hidden, (), (), "cause", is_hidden=True)
    draft[leaf] = Node(leaf, ("X", hidden), (1.0, 1.0), "consequence")
    draft["Y"] = _with_parent(draft["Y"], hidden)


def _add(
    draft: dict[str, Node],
    number: int,
    wanted: Difficulty,
    *,
    rng: np.random.Generator,
    is_plain: bool,
) -> None:
    """Add a further cause of outcome, treatment or both, or a consequence."""
    name = f"V{number + 1}"
    kinds = ["consequence"]
    if len(draft["Y"].parents) < _FEW_PARENTS and not is_plain:
        kinds += ["risk"]
    if len(draft["X"].parents) < _FEW_PARENTS:
        kinds += ["encouragement"]
    match kinds[int(rng.integers(len(kinds)))]:
        case "risk":
            draft[name] = Node(name, (), (), "cause", n_states=wanted.n_states)
            draft["Y"] = _with_parent(draft["Y"], name)
        case "encouragement":
            draft[name] = Node(name, (), (), "encouragement", n_states=wanted.n_states)
            draft["X"] = _with_parent(draft["X"], name)
        case _:
            cause = "XY"[int(rng.integers(2))]
            draft[name] = Node(name, (cause,), (1.0,), "consequence")


def _with_parent(node: Node, parent: str) -> Node:
    return replace(node, parents=(*node.parents, parent), strengths=(*node.strengths, _WEAK))


def _sorted(draft: Mapping[str, Node]) -> Iterator[Node]:
    """Yield parents before children."""
    placed: set[str] = set()
    while len(placed) < len(draft):
        for name, node in draft.items():
            if name not in placed and placed.issuperset(node.parents):
                placed.add(name)
                yield node
