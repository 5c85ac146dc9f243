"""Row: the exact counterfactual P(y had x been x' | e) under a comonotone coupling."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks.inputs.networks import draw_counterfactuals, read_network
from tests.benchmarks.inputs.tasks import Task
from tests.benchmarks.process import Engine, Group, Readings
from tests.benchmarks.rows.effect import compare_numbers
from tests.benchmarks.rows.row import OUR_MODEL, Checked, Plan, Row

NETWORKS = ("asia", "child", "insurance", "alarm", "hepar2", "andes")
TWIN = Engine("pyAgrum on a twin network we build", "pyagrum_peer", "pyAgrum")
SCENE = Path(__file__).parents[1] / "inputs" / "scene.bif"


def groups(plan: Plan) -> Sequence[Group]:
    """Draw twenty questions a network (and one to warm up); e sees x, y and one more."""
    named = {"a 5-node scene": SCENE}
    named |= {name: plan.networks[name] for name in NETWORKS if name in plan.networks}
    made = []
    for name, path in list(named.items())[: 3 if plan.quick else None]:
        network = read_network(path)
        questions = draw_counterfactuals(network, name=name, n=6 if plan.quick else 21)
        label = name if path == SCENE else f"{name.upper()} ({len(network.states)} nodes)"
        task = Task("counterfactual", questions, str(path))
        made.append(Group(label, task, (OUR_MODEL, TWIN)))
    return made


def check(group: Group, readings: Mapping[str, Readings]) -> Checked:
    """Compare with the twin network, whose tables share no code with the engine."""
    return compare_numbers(group, readings)


ROW = Row(
    name="counterfactual",
    title="P(y[x'] | e), exact",
    about=(
        "Evidence: x, y and one more node as one simulated unit shows them; comonotone coupling. "
        "No peer has this query right as it is, so pyAgrum is handed the twin network with the "
        "noise already summed out; the clock sees its propagation only, ours does all the work."
    ),
    groups=groups,
    check=check,
)
