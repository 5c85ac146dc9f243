"""Row: one minimal adjustment set, checked by an oracle of its own."""

from collections.abc import Mapping, Sequence

from tests.benchmarks.inputs.graphs import draw_graphs, is_minimal, is_valid
from tests.benchmarks.inputs.tasks import GraphQuestion, Task
from tests.benchmarks.process import OURS, Engine, Group, Readings
from tests.benchmarks.rows.row import OUR_ADJUSTMENT, Checked, Plan, Row

SIZES = (50, 100, 200, 500, 1000)
ENGINES = (
    OUR_ADJUSTMENT,
    Engine("networkx", "networkx_peer", "networkx"),
    Engine("causal-hub", "causal_hub_peer", "causal-hub"),
    Engine("antecedent", "antecedent_peer", "antecedent"),
    Engine("pgmpy", "pgmpy_peer", "pgmpy"),
)


def groups(plan: Plan) -> Sequence[Group]:
    """Draw six confounded directed graphs a size (and one to warm up) with 2 n arrows."""
    made = []
    for n in SIZES[: 2 if plan.quick else None]:
        graphs = draw_graphs(n_nodes=n, n_graphs=7, directed=2.0, bidirected=0.0, confounded=True)
        made.append(Group(f"n = {n}", Task("adjustment", graphs), ENGINES))
    return made


def check(group: Group, readings: Mapping[str, Readings]) -> Checked:
    """Count valid, minimal and steady answers; of ours, all must be all three."""
    remarks: dict[str, str] = {}
    problems = []
    for name, own in readings.items():
        if any(own.rounds):
            n_valid, n_minimal, n_steady, n_asked = _tally(group, own)
            n_seeds = len(own.rounds)
            remarks[name] = (
                f"{n_valid}/{n_asked} valid, {n_minimal}/{n_asked} minimal, "
                f"{n_steady}/{n_asked} alike under {n_seeds} hash seeds"
            )
            if name == OURS and not n_valid == n_minimal == n_steady == n_asked:
                problems.append(f"{group.label}: ours is not right everywhere: {remarks[name]}")
    return Checked(remarks, tuple(problems))


def _tally(group: Group, own: Readings) -> tuple[int, int, int, int]:
    """Count the questions answered rightly under every seed: valid, minimal, steady, asked."""
    valid = minimal = steady = 0
    asked = range(group.task.n_warm, len(group.task.questions))
    for index in asked:
        question = group.task.questions[index]
        answers = [replies[index].answer for replies in own.rounds if index in replies]
        if not isinstance(question, GraphQuestion) or not answers:
            continue
        sets = [{str(v) for v in a} if isinstance(a, list) else None for a in answers]
        ok = all(s is not None and is_valid(question, s) for s in sets)
        valid += ok
        minimal += ok and all(s is not None and is_minimal(question, s) for s in sets)
        steady += all(s == sets[0] for s in sets)
    return valid, minimal, steady, len(asked)


ROW = Row(
    name="adjustment",
    title="One minimal adjustment set",
    about=(
        "Confounded random directed graphs with 2 n arrows; the empty set is never valid. "
        "networkx: find_minimal_d_separator on the proper back-door graph, which the clock sees "
        "built. Each round has another PYTHONHASHSEED. An answer counts as valid or minimal only "
        "if it is so under every seed, by an oracle that shares no code with the engine."
    ),
    groups=groups,
    check=check,
)
