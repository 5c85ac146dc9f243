"""Row: a million rows of CHILD, where the engine has a sampler."""

from collections.abc import Mapping, Sequence

from tests.benchmarks.inputs.tasks import Answer, NetworkQuestion, Task
from tests.benchmarks.process import OURS, Engine, Group, Readings
from tests.benchmarks.rows.row import OUR_SAMPLING, Checked, Plan, Row

PYAGRUM = Engine("pyAgrum", "pyagrum_peer", "pyAgrum")
N_ROWS = "1000000"
TOLERANCE = 0.005
"""Ten standard errors of a frequency over a million rows."""


def groups(plan: Plan) -> Sequence[Group]:
    """Draw one table to warm up and two that count; the answer is one column's frequencies."""
    if "child" not in plan.networks:
        return []
    question = NetworkQuestion("Disease", "Disease", N_ROWS)
    task = Task("sampling", (question,) * (2 if plan.quick else 3), str(plan.networks["child"]))
    return [Group("CHILD, 1e6 rows", task, (OUR_SAMPLING, PYAGRUM))]


def check(group: Group, readings: Mapping[str, Readings]) -> Checked:
    """Compare the frequencies of one column; they must agree to sampling error."""
    seen = {
        name: reply.answer
        for name, own in readings.items()
        for replies in own.rounds
        for reply in replies.values()
    }
    ours = seen.get(OURS)
    problems = [
        f"{group.label}: {name} and ours differ beyond sampling error"
        for name, theirs in seen.items()
        if not _alike(ours, theirs)
    ]
    return Checked(problems=tuple(problems))


def _alike(ours: Answer, theirs: Answer) -> bool:
    if not isinstance(ours, list) or not isinstance(theirs, list):
        return False
    pairs = zip(map(float, ours), map(float, theirs), strict=True)
    return max(abs(a - b) for a, b in pairs) <= TOLERANCE


ROW = Row(
    name="sampling",
    title="A million rows of CHILD",
    about="Twenty columns; the clock sees the drawing only. Peak memory is the whole process's.",
    groups=groups,
    check=check,
)
