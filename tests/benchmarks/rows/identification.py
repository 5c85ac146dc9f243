"""Row: ID on random mixed graphs, ours with every derivation step written out."""

from collections.abc import Mapping, Sequence

from tests.benchmarks.inputs.graphs import draw_graphs
from tests.benchmarks.inputs.tasks import Task
from tests.benchmarks.process import OURS, Engine, Group, Readings
from tests.benchmarks.rows.row import OUR_IDENTIFICATION, Checked, Plan, Row

SIZES = (10, 20, 50, 100, 200)
LARGEST_FOR_CAUSAL_IMPACT = 20
ENGINES = (
    OUR_IDENTIFICATION,
    Engine("y0", "y0_peer", "y0"),
    Engine("causaleffect", "causaleffect_peer", "causaleffect"),
    Engine("antecedent (verdict only)", "antecedent_peer", "antecedent"),
)
CAUSAL_IMPACT = Engine("pyAgrum causalImpact", "pyagrum_peer", "pyAgrum")


def groups(plan: Plan) -> Sequence[Group]:
    """Draw ten graphs a size (and one to warm up): 1.5 n arrows, 0.3 n arcs."""
    made = []
    for n in SIZES[: 3 if plan.quick else None]:
        n_graphs = 4 if plan.quick else 11
        graphs = draw_graphs(n_nodes=n, n_graphs=n_graphs, directed=1.5, bidirected=0.3)
        small = n <= LARGEST_FOR_CAUSAL_IMPACT
        engines = (*ENGINES, CAUSAL_IMPACT) if small else ENGINES
        made.append(Group(f"n = {n}", Task("identification", graphs), engines))
    return made


def check(group: Group, readings: Mapping[str, Readings]) -> Checked:
    """Compare verdicts: identified or not."""
    ours = _verdicts(readings[OURS])
    remarks: dict[str, str] = {OURS: f"{sum(map(bool, ours.values()))} of {len(ours)} identified"}
    problems = []
    for name, theirs in readings.items():
        other = [i for i, v in _verdicts(theirs).items() if i in ours and v != ours[i]]
        if other:
            remarks[name] = f"{len(other)} verdicts differ from ours"
            problems += [f"{group.label}: {name} disagrees on {group.task.questions[other[0]]}"]
        elif name != OURS and any(theirs.rounds):
            remarks[name] = "same verdicts"
    return Checked(remarks, tuple(problems))


def _verdicts(readings: Readings) -> dict[int, bool]:
    return {i: bool(r.answer) for replies in readings.rounds for i, r in replies.items()}


ROW = Row(
    name="identification",
    title="ID: verdict, estimand and derivation",
    about=(
        "Random mixed graphs with 1.5 n arrows and 0.3 n arcs; graph objects are built before the "
        "clock starts. Ours: estimand and derivation, every step written as text. y0 and "
        "causaleffect: the estimand. antecedent: the verdict. causalImpact: estimand and number."
    ),
    groups=groups,
    check=check,
)
