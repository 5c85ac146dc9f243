"""Which learner a world is compared with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Final

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.gym.learner.graphs import MAX_NODES, graph_learner
from causal_interface_gym.gym.learner.models import model_learner
from causal_interface_gym.gym.learner.prediction import Learner
from causal_interface_gym.questions.claims import FromSelected, InPopulation
from causal_interface_gym.scenarios.world import World

__all__ = ["NoLearner", "reference_learner"]

_MAX_CELLS: Final = 4096


@dataclass(frozen=True, slots=True)
class NoLearner:
    """No exact learner is declared for this world; the reason says why."""

    reason: str


def reference_learner(
    world: World, *, shows_graph: bool, models: Sequence[SCM] = ()
) -> Learner | NoLearner:
    """Choose the learner of a world: over listed models, all graphs, or the graph that was shown.

    A learner that was shown the graph has one hypothesis and learns the tables only.
    """
    states = {v.name: v.labels for v in world.variables}
    for reason in _obstacles(world, shows_graph=shows_graph, lists_models=bool(models)):
        return NoLearner(reason)
    if models:
        return model_learner(models)
    return graph_learner(states, graphs=[world.graph] if shows_graph else [])


def _obstacles(world: World, *, shows_graph: bool, lists_models: bool) -> Iterator[str]:
    n_cells = prod(len(v.labels) for v in world.variables)
    if any(isinstance(q.asked, FromSelected) for q in world.questions):
        yield "the rows that are observed are a selected sample"
    if any(isinstance(q.asked, InPopulation) for q in world.questions):
        yield "experiments enrol from one population only"
    if n_cells > _MAX_CELLS:
        yield f"a row has {n_cells} outcomes and {_MAX_CELLS} is the limit"
    if world.model.latent and not lists_models:
        yield "the world has hidden variables; list models"
    if len(world.variables) > MAX_NODES and not shows_graph and not lists_models:
        yield f"more than {MAX_NODES} variables have too many graphs; list models"
