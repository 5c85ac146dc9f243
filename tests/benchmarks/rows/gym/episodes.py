"""Row: episodes of two steps through our runner, against the loops of Gymnasium's kind."""

from collections.abc import Mapping, Sequence

from tests.benchmarks.inputs.tasks import CountQuestion, Task
from tests.benchmarks.process import OURS, Engine, Group, Readings
from tests.benchmarks.rows.row import Checked, Plan, Row

SCENARIO = "kidney-stones-v1"
SAMPLED = "CausalPlayground, truth from 100 samples"
ENGINES = (
    Engine(OURS, "ours.episodes"),
    Engine(SAMPLED, "toy_loops.causal_playground_peer", "causal-playground"),
    Engine("Gymnasium, truth by pgmpy", "toy_loops.gymnasium_pgmpy_peer", "gymnasium"),
    Engine("Gymnasium, truth by a two-term sum", "toy_loops.gymnasium_peer", "gymnasium"),
)
N_EPISODES = 200
EXACT, ROUGH = 1e-9, 0.03
"""The mean of 200 frequencies over 100 samples has a standard error of 0.003."""


def groups(plan: Plan) -> Sequence[Group]:
    """Ask for 200 episodes at a time (once to warm up), from seeds of their own."""
    n_questions = 2 if plan.quick else 5
    questions = tuple(CountQuestion(SCENARIO, N_EPISODES, i) for i in range(n_questions))
    return [Group(f"{N_EPISODES} episodes", Task("episodes", questions), ENGINES)]


def check(group: Group, readings: Mapping[str, Readings]) -> Checked:
    """Write the rate; all episodes must be there, and all truths must agree."""
    ours = _answers(readings[OURS])
    remarks, problems = {}, []
    for name, own in readings.items():
        replies = [reply for replies in own.rounds for reply in replies.values()]
        if replies:
            rate = N_EPISODES * len(replies) / sum(reply.seconds for reply in replies)
            remarks[name] = f"{rate:.0f} episodes/s"
        tolerance = ROUGH if name == SAMPLED else EXACT
        if ours and not all(_is_near(ours[0], found, tolerance) for found in _answers(own)):
            problems.append(f"{group.label}: {name} differs from ours in number or truth")
    return Checked(remarks, tuple(problems))


def _answers(readings: Readings) -> list[list[float]]:
    replies = [reply for replies in readings.rounds for reply in replies.values()]
    return [[float(p) for p in r.answer] for r in replies if isinstance(r.answer, list)]


def _is_near(ours: list[float], theirs: list[float], tolerance: float) -> bool:
    return len(ours) == len(theirs) and all(
        abs(a - b) <= tolerance for a, b in zip(ours, theirs, strict=True)
    )


ROW = Row(
    name="episodes",
    title="Reference episodes of two steps",
    about=(
        "The kidney stones of Charig and others. Ours: 25 worlds met by the eight reference agents "
        "that believe and submit; eight truths a world and as many exact answers an episode, which "
        "the agents compute once for worlds that differ in names only; each action checked and its "
        "log chained, all of it stored in a new SQLite file, durably. The "
        "others keep nothing and check nothing; each of their two steps sets the treatment, draws "
        "a patient and asks for one truth. CausalPlayground has no exact query: 100 samples under "
        "the intervention stand for it. Gymnasium has no models at all, so its loop is ours: once "
        "with pgmpy's do() and elimination, once with the two products that this one question "
        "needs, which is the floor of any loop, not a way to answer questions."
    ),
    groups=groups,
    check=check,
)
