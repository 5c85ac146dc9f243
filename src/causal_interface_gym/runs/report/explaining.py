"""What explains a score: fallacies, coherence, updates, cost, the worst answers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from causal_interface_gym.runs.grading import AgentGrade, Grades
from causal_interface_gym.runs.report.layout import by_agent, cells, texts
from causal_interface_gym.runs.report.table import Cell, Column, Row, Section, Table
from causal_interface_gym.runs.report.wording import (
    NONE,
    count,
    estimate_cell,
    label,
    number,
    range_text,
)
from causal_interface_gym.scoring.fallacies import Fingerprint
from causal_interface_gym.scoring.unscored import Unscored

__all__ = [
    "coherence_section",
    "cost_section",
    "fingerprint_section",
    "sequence_section",
    "worst_section",
]

_FINGERPRINT: Final = (
    "How far the answers lean towards the number that each fallacy would give: 0 no pull, 1 the "
    "fallacy itself is answered. One least-squares fit over all answers, with the pulls to 0.5 "
    "(half) and to P(y) (marginal) beside them; intervals are CR2 with t, by world. A negative "
    "weight lies beyond the truth."
)
_COHERENCE: Final = (
    "Whether an agent's own statements can all be true of one world of its own graph, whatever the "
    "truth is. The number is the least total change of its stated probabilities that makes them "
    "so, per episode: 0 is coherent, and it is a lower bound except where it says exact."
)
_SEQUENCE: Final = (
    "Changes of belief, in log-odds, on those of exact Bayes after the same rows: slope 1 and "
    "intercept 0 is Bayes, a slope below 1 moves too little. Regret is the information that the "
    "best affordable action would have told beyond the chosen one, in nats a row; efficiency the "
    "share that was chosen."
)


def fingerprint_section(grades: Grades) -> Section:
    """Give the weights of all fallacies, and in words why some have none."""
    found = [_weights(agent) for agent in grades.agents]
    names = tuple(dict.fromkeys(name for weights in found for name in weights))
    rows = {name: [weights.get(name, Cell("")) for weights in found] for name in names}
    # A fallacy without any number stands in the notes only, with its reason.
    rows = {name: cells_ for name, cells_ in rows.items() if any(c.detail for c in cells_)}
    return Section(
        "Fallacy fingerprint",
        _FINGERPRINT,
        (by_agent(grades, "fallacy", rows),) if rows else (),
        _reasons(grades),
        figure="fingerprint",
    )


def coherence_section(grades: Grades) -> Section:
    """Give the coherence number and what fails worst."""
    columns = (
        *texts("agent"),
        *map(Column, ("change needed", "measured", "exact", "checks", "failed checks")),
    )
    rows = []
    for agent in grades.agents:
        found = agent.coherence
        share = f"{found.n_violations / found.n_checks:.0%}" if found.n_checks else NONE
        rows.append(
            Row(
                (
                    Cell(label(agent)),
                    estimate_cell(found.amount),
                    *cells(
                        f"{found.n_measured} of {found.n_audited}",
                        f"{found.n_exact}",
                        f"{found.n_checks:,}",
                        share,
                    ),
                ),
                agent.is_reference,
            )
        )
    worst = [
        f"{label(agent)}, {entry.trial.scenario}, seed {entry.trial.seed}: {entry.finding.text} "
        f"({entry.finding.check}, off by {number(entry.finding.amount)})"
        for agent in grades.agents
        for entry in agent.coherence.worst
    ]
    reasons = _grouped(
        (label(a), a.coherence.unmeasured, a.coherence.amount) for a in grades.agents
    )
    sample = _sample_text(len(grades.audited.worlds), grades.audited.n_worlds, "audited")
    return Section("Coherence", _COHERENCE, (Table(columns, tuple(rows)),), (sample, *reasons),
                   bullets=tuple(worst))  # fmt: skip


def sequence_section(grades: Grades) -> Section:
    """Give update and design metrics, where they are defined."""
    sample = _sample_text(len(grades.compared.worlds), grades.compared.n_worlds, "compared")
    reasons = _grouped((label(a), a.sequences.left_out, a.sequences.slope) for a in grades.agents)
    told = [
        agent for agent in grades.agents if agent.sequences.n_changes or agent.sequences.n_choices
    ]
    if not told:
        lead = "No agent stated a belief, drew rows and stated it again, so there is nothing here."
        return Section("Updates and choice of experiments", lead, (), (sample, *reasons))
    columns = (
        *texts("agent"),
        *map(Column, ("slope", "intercept", "changes", "regret", "efficiency", "actions")),
    )
    rows = tuple(
        Row(
            (
                Cell(label(agent)),
                estimate_cell(agent.sequences.slope),
                estimate_cell(agent.sequences.intercept),
                Cell(f"{agent.sequences.n_changes:,}"),
                estimate_cell(agent.sequences.regret),
                Cell(_share(agent.sequences.efficiency)),
                Cell(f"{agent.sequences.n_choices:,}"),
            ),
            agent.is_reference,
        )
        for agent in told
    )
    return Section("Updates and choice of experiments", _SEQUENCE, (Table(columns, rows),),
                   (sample, *reasons))  # fmt: skip


def cost_section(grades: Grades) -> Section:
    """Give what the episodes cost."""
    heads = ("actions", "refused", "rows drawn", "budget spent")
    rows = []
    for agent in grades.agents:
        done = agent.conduct
        n = max(1, done.n_episodes)
        sums = (done.n_actions, done.n_refused, done.n_rows, done.budget_spent)
        averages = (Cell(f"{total / n:,.1f}", f"{total:,} in all") for total in sums)
        rows.append(Row((Cell(label(agent)), *averages), agent.is_reference))
    columns = (*texts("agent"), *map(Column, heads))
    return Section("Cost", "Per episode, and in all.", (Table(columns, tuple(rows)),))


def worst_section(grades: Grades) -> Section:
    """Show the answers to headline questions that lie farthest from the truth."""
    rows = tuple(
        Row(
            cells(label(agent), w.scenario, w.name, f"{w.truth:.3f}", f"{w.belief:.3f}"),
            agent.is_reference,
        )
        for agent in grades.agents
        for w in agent.worst
    )
    columns = (*texts("agent", "world", "question"), Column("truth"), Column("belief"))
    title = "Where the answers went most wrong"
    if not rows:
        return Section(title, "No headline answer was off by more than 0.005.")
    lead = "Headline questions in the scenario's own words, the worst first, three an agent."
    return Section(title, lead, (Table(columns, rows),))


def _weights(agent: AgentGrade) -> dict[str, Cell]:
    match agent.fingerprint:
        case Unscored():
            return {}
        case Fingerprint() as found:
            cells_ = {
                w.fallacy: Cell(number(w.value), range_text(w.low, w.high)) for w in found.weights
            }
            return {**{w.fallacy: Cell(NONE) for w in found.unscored}, **cells_}


def _reasons(grades: Grades) -> tuple[str, ...]:
    """Say in words why weights are missing; a reason that all agents share is said once."""
    said: dict[tuple[str, str], list[str]] = {}
    for agent in grades.agents:
        match agent.fingerprint:
            case Unscored(reason):
                said.setdefault(("any fallacy", reason), []).append(label(agent))
            case Fingerprint(_, unscored):
                for entry in unscored:
                    key = (entry.fallacy, entry.unscored.reason)
                    said.setdefault(key, []).append(label(agent))
    n = len(grades.agents)
    return tuple(
        f"No number for {name}: {reason}" + ("." if len(who) == n else f" ({', '.join(who)}).")
        for (name, reason), who in said.items()
    )


def _grouped(
    found: Iterable[tuple[str, Mapping[str, int], object]],
) -> tuple[str, ...]:
    """Say in words what was left out, once a reason, and why an estimate is missing."""
    counts: Counter[str] = Counter()
    estimates: dict[str, list[str]] = {}
    for who, left_out, estimate in found:
        counts.update(left_out)
        if isinstance(estimate, Unscored):
            estimates.setdefault(estimate.reason, []).append(who)
    return (
        *(f"{count(n, 'episode')} without a number: {reason}." for reason, n in counts.items()),
        *(f"{', '.join(who)}: {reason}." for reason, who in estimates.items()),
    )


def _share(value: float | Unscored) -> str:
    return NONE if isinstance(value, Unscored) else f"{value:.0%}"


def _sample_text(n: int, n_worlds: int, verb: str) -> str:
    if n == n_worlds:
        return f"All {count(n, 'world')} of the run were {verb} (a world shown by a seed)."
    return (
        f"{n:,} of the {count(n_worlds, 'world')} of the run were {verb} (a world shown by a "
        "seed): the same for all agents, by a fixed rule that spreads them over the scenarios."
    )
