"""Row: the exact P(v | e) of every variable at once, asked a third time."""

from collections.abc import Mapping, Sequence

from tests.benchmarks.inputs.networks import draw_effects, read_network
from tests.benchmarks.inputs.tasks import Task
from tests.benchmarks.process import Engine, Group, Readings
from tests.benchmarks.rows.effect import compare_numbers
from tests.benchmarks.rows.row import OUR_MODEL, Checked, Plan, Row

NETWORKS = ("asia", "child", "alarm", "andes")
WARM = Engine("pyAgrum, compiled once", "pyagrum_peer", "pyAgrum")


def groups(plan: Plan) -> Sequence[Group]:
    """Draw twenty observations a network (and one to warm up)."""
    made = []
    for name in NETWORKS[: 3 if plan.quick else None]:
        if name in plan.networks:
            path = plan.networks[name]
            network = read_network(path)
            questions = draw_effects(network, name=name, n=6 if plan.quick else 21)
            label = f"{name.upper()} ({len(network.states)} nodes)"
            task = Task("posteriors", questions, str(path), n_before=2)
            made.append(Group(label, task, (OUR_MODEL, WARM)))
    return made


def check(group: Group, readings: Mapping[str, Readings]) -> Checked:
    """Compare every number with ours."""
    return compare_numbers(group, readings)


ROW = Row(
    name="posteriors",
    title="P(v | e) of every v, exact, asked a third time",
    about=(
        "One variable is seen, all others are wanted. pyAgrum keeps its junction tree and gets new "
        "evidence; ours keeps its plan and goes up and down it."
    ),
    groups=groups,
    check=check,
)
