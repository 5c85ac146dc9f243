"""Row: the exact P(y | do(x)) on published networks, each question asked once."""

from collections.abc import Mapping, Sequence

from tests.benchmarks.inputs.networks import draw_effects, read_network
from tests.benchmarks.inputs.tasks import Task
from tests.benchmarks.process import OURS, Engine, Group, Readings
from tests.benchmarks.rows.row import OUR_MODEL, Checked, Plan, Row

NETWORKS = ("asia", "child", "alarm", "win95pts", "andes", "munin")
TOLERANCE = 1e-6
"""Two peers compute in single precision."""
ENGINES = (
    OUR_MODEL,
    Engine("pyAgrum surgery", "pyagrum_peer", "pyAgrum"),
    Engine("pgmpy do()+VE", "pgmpy_peer", "pgmpy"),
    Engine("bayesian-cpp, pruned by us", "bayesian_cpp_peer", "bayesian-cpp"),
)


def groups(plan: Plan) -> Sequence[Group]:
    """Draw twenty questions a network (and one to warm up); x is an ancestor of y."""
    return _groups(plan, ENGINES, n_before=0)


def groups_again(plan: Plan) -> Sequence[Group]:
    """Ask the same questions a third time; pgmpy keeps nothing from one to the next."""
    return _groups(plan, tuple(e for e in ENGINES if e.package != "pgmpy"), n_before=2)


def _groups(plan: Plan, engines: tuple[Engine, ...], *, n_before: int) -> list[Group]:
    made = []
    for name in NETWORKS[: 3 if plan.quick else None]:
        if name in plan.networks:
            path = plan.networks[name]
            network = read_network(path)
            questions = draw_effects(network, name=name, n=6 if plan.quick else 21)
            label = f"{name.upper()} ({len(network.states)} nodes)"
            task = Task("effect", questions, str(path), n_before=n_before)
            made.append(Group(label, task, engines))
    return made


def check(group: Group, readings: Mapping[str, Readings]) -> Checked:
    """Compare every number of every peer with ours."""
    return compare_numbers(group, readings)


def compare_numbers(group: Group, readings: Mapping[str, Readings]) -> Checked:
    """Remark the largest difference of each peer; one above the tolerance is a problem."""
    ours = _answers(readings[OURS])
    remarks: dict[str, str] = {}
    problems = []
    for name, theirs in readings.items():
        shared = _answers(theirs).items() & () if name == OURS else _answers(theirs).items()
        gaps = [(_gap(ours[i], answer), i) for i, answer in shared if i in ours]
        if gaps:
            worst, index = max(gaps)
            remarks[name] = f"differs from ours by at most {worst:.0e}"
            if not worst <= TOLERANCE:
                question = group.task.questions[index]
                problems.append(
                    f"{group.label}: {name} and ours differ by {worst:.3g} on {question}"
                )
    return Checked(remarks, tuple(problems))


def _answers(readings: Readings) -> dict[int, list[float]]:
    found: dict[int, list[float]] = {}
    for replies in readings.rounds:
        for index, reply in replies.items():
            if isinstance(reply.answer, list):
                found[index] = [float(p) for p in reply.answer]
    return found


def _gap(ours: list[float], theirs: list[float]) -> float:
    if len(ours) != len(theirs):
        return float("inf")
    gaps = [abs(a - b) for a, b in zip(ours, theirs, strict=True)]
    return float("inf") if any(gap != gap for gap in gaps) else max(gaps)  # noqa: PLR0124 - NaN


ROW = Row(
    name="effect",
    title="P(y | do(x)), exact, cold",
    about=(
        "Twenty questions a network, x an ancestor of y; every question is asked once, on a model "
        "already loaded. pyAgrum: copy, cut, LazyPropagation with one target. pgmpy: do() then "
        "VariableElimination. bayesian-cpp: tables built beforehand, pruning done for it."
    ),
    groups=groups,
    check=check,
)

ROW_AGAIN = Row(
    name="effect_again",
    title="P(y | do(x)), exact, asked a third time",
    about=(
        "The same questions after two calls out of the clock's sight: what an engine keeps from "
        "one call to the next counts."
    ),
    groups=groups_again,
    check=check,
)
