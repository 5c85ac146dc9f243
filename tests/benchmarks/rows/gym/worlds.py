"""Row: worlds drawn, admitted and checked twice, against items of task generators."""

from collections.abc import Mapping, Sequence

from tests.benchmarks.inputs.tasks import CountQuestion, Task
from tests.benchmarks.process import OURS, Engine, Group, Readings
from tests.benchmarks.rows.row import Checked, Plan, Row

FAMILIES = ("intervention", "simpson", "mediation", "counterfactual")
N_WORLDS = 20
ENGINES = (
    Engine(OURS, "ours.worlds"),
    Engine("reasoning-gym zebra_puzzles", "reasoning_gym_peer", "reasoning_gym"),
    Engine("reasoning-gym knights_knaves", "knights_peer", "reasoning_gym"),
    Engine("reasoning-gym acre", "acre_peer", "reasoning_gym"),
)


def groups(plan: Plan) -> Sequence[Group]:
    """Ask for forms of 20 worlds (one to warm up), each from a seed of its own."""
    n_questions = 3 if plan.quick else 6
    return [
        Group(
            f"{N_WORLDS} of {family}",
            Task("worlds", tuple(CountQuestion(family, N_WORLDS, i) for i in range(n_questions))),
            ENGINES,
        )
        for family in FAMILIES[: 1 if plan.quick else None]
    ]


def check(group: Group, readings: Mapping[str, Readings]) -> Checked:
    """Write the rate; all of our worlds must be distinct."""
    remarks, problems = {}, []
    for name, own in readings.items():
        replies = [reply for replies in own.rounds for reply in replies.values()]
        distinct = [reply.answer for reply in replies if isinstance(reply.answer, float)]
        if distinct:
            rate = N_WORLDS * len(replies) / sum(reply.seconds for reply in replies)
            remarks[name] = f"{rate:.0f}/s; {min(distinct):.0f} of {N_WORLDS} distinct"
            if name == OURS and min(distinct) < N_WORLDS:
                problems.append(f"{group.label}: ours repeats a world")
    return Checked(remarks, tuple(problems))


ROW = Row(
    name="worlds",
    title="Worlds: drawn, admitted, checked by a second algorithm",
    about=(
        "A form of 20 worlds of level 2, rejected candidates and the form's ledger included: every "
        "truth, reference and lure is computed by the screen and by the engine, every truth again "
        "by brute force. reasoning-gym: 20 items at the default size of zebra_puzzles, the "
        "largest we found that proves each answer unique (a SAT solver, clue by clue); of "
        "knights_knaves, which searches all assignments for a second solution; and of acre, its "
        "one causal task, which fills fixed patterns of blickets and checks nothing. None of them "
        "holds a probability, and none computes an answer twice. "
        "CLadder's generator is on no package registry (tried as cladder and causalbenchmark), "
        "so it could not be run here."
    ),
    groups=groups,
    check=check,
)
