"""What a report says, in its order: failures first, then scores, then what explains them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from causal_interface_gym.errors import RunError
from causal_interface_gym.questions.families import FAMILIES, HEADLINE
from causal_interface_gym.runs.grading import AgentGrade, Grades
from causal_interface_gym.runs.report.explaining import (
    coherence_section,
    cost_section,
    fingerprint_section,
    sequence_section,
    worst_section,
)
from causal_interface_gym.runs.report.layout import by_agent, cells, texts
from causal_interface_gym.runs.report.models.section import (
    apart_section,
    calls_section,
    controls_section,
    formats_section,
    replies_table,
)
from causal_interface_gym.runs.report.table import Cell, Column, Row, Section, Table
from causal_interface_gym.runs.report.wording import (
    NONE,
    NOTES,
    count,
    difference_cell,
    interval_text,
    label,
    number,
    p_text,
    reason_text,
    score_cell,
    shown,
    value_text,
)
from causal_interface_gym.scenarios.generated.worlds import has_prefix
from causal_interface_gym.scoring.causal_score import Scored, Scores, UnscoredFamily
from causal_interface_gym.scoring.comparison import ALPHA, POWER, Difference

__all__ = ["BREAKDOWNS", "parse_by", "sections"]

BREAKDOWNS: Final = ("agent", "family", "stratum", "names")
"""What a report can be broken down by."""


def parse_by(text: str) -> tuple[str, ...]:
    """Read a comma-separated list of breakdowns.

    >>> parse_by("agent, family")
    ('agent', 'family')

    Raises:
        RunError: A name is none of ``BREAKDOWNS``.
    """
    wanted = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    for name in wanted:
        if name not in BREAKDOWNS:
            message = f"a report is broken down by {', '.join(BREAKDOWNS)}; got {name!r}"
            raise RunError(message)
    return wanted


def sections(grades: Grades, *, by: Sequence[str] = BREAKDOWNS) -> Iterator[Section]:
    """Yield the parts of the report."""
    yield _failures(grades)
    yield from calls_section(grades)
    if "agent" in by:
        yield from _leaderboards(grades)
    if "family" in by:
        yield _families(grades)
    if "stratum" in by:
        yield _parts(grades, "By structure", "structure", _STRATA)
    if "names" in by:
        yield _names(grades)
    yield _comparison(grades)
    yield Section("Belief against truth", _BELIEFS, figure="beliefs")
    yield Section("Reliability", _RELIABILITY, figure="reliability")
    yield fingerprint_section(grades)
    yield from controls_section(grades)
    yield from formats_section(grades)
    yield from apart_section(grades)
    yield coherence_section(grades)
    yield sequence_section(grades)
    yield cost_section(grades)
    yield worst_section(grades)


_BELIEFS: Final = (
    "Each point is an answer: its truth across, the stated belief upwards. On the line the belief "
    "is right. Blue: seeing. Orange: doing and imagining. Of more than 600 different answers of an "
    "agent 600 are drawn, chosen by a fixed rule."
)
_RELIABILITY: Final = (
    "Beliefs in ten bins: the mean belief across, the mean truth upwards, the size of a dot by its "
    "number of answers. A diagnostic, not a score: always answering P(y) would lie on the line."
)
_WITH_TOOLS: Final = (
    "These agents may ask the exact engine, so their scores say how well they use it, and are no "
    "measure of what they reason by themselves. In tables and figures they bear a dagger."
)
_FAMILIES: Final = (
    "* enters the headline. Where questions of a family were left unanswered, the share that was "
    "answered stands beside its score."
)
_STRATA: Final = (
    "Mean over the headline families that ask of a structure. A curated scenario has the structure "
    "it is an example of, a generated world the one it was drawn for."
)
_NAMES: Final = (
    "Mean over the headline families. The same worlds under names that make sense, under the same "
    "names turned round, and under made-up names."
)


_NAMES_EFFECT: Final = (
    "The effect of names is paired: the same questions about the same worlds, so it is what prior "
    "knowledge adds or costs. Its interval is CR2 with t, by world."
)


def _failures(grades: Grades) -> Section:
    rows = [
        Row(cells(agent.agent, kind.kind, f"{kind.n:,}", str(kind.example), shown(kind.message)))
        for agent in grades.agents
        for kind in agent.conduct.failures
    ]
    columns = (
        *texts("agent", "kind"),
        Column("episodes"),
        *texts("first seen in", "message"),
    )
    gaps = [
        f"{label(agent)} left {1 - agent.scores.coverage:.1%} of the questions unanswered; each "
        "costs what the reference or 0.5 would lose, whichever is more."
        for agent in grades.agents
        if agent.conduct.n_episodes and agent.scores.coverage < 1
    ]
    refused = [
        f"{count(agent.conduct.n_refused, 'action')} of {label(agent)} were refused."
        for agent in grades.agents
        if agent.conduct.n_refused
    ]
    replies = tuple(replies_table(grades))
    clean = "No episode failed, no action was refused and every question was answered."
    lead = clean if not (rows or gaps or refused or replies) else "What went wrong while playing."
    tables = (Table(columns, tuple(rows)),) if rows else ()
    return Section("Failures", lead, (*tables, *replies), bullets=(*gaps, *refused))


def _leaderboards(grades: Grades) -> Iterator[Section]:
    """Yield the leaderboard, and apart from it that of agents who may use the engine."""
    alone = [agent for agent in grades.agents if not agent.is_tool_assisted]
    helped = [agent for agent in grades.agents if agent.is_tool_assisted]
    notes = (NOTES[1], NOTES[3])
    figure = "leaderboard"
    if alone:
        yield Section("Leaderboard", NOTES[0], (_ranking(alone),), notes, figure=figure)
    if helped:
        ranked = (_ranking(helped),)
        yield Section("Leaderboard with tools", _WITH_TOOLS, ranked, figure="" if alone else figure)


def _ranking(agents: Sequence[AgentGrade]) -> Table:
    columns = (
        *texts("agent"),
        *map(Column, ("score", "95 % interval", "worlds", "episodes", "answered")),
    )
    rows = tuple(
        Row(
            cells(
                agent.agent + ("°" if agent.is_reference else ""),
                value_text(agent.scores.headline),
                interval_text(agent.scores.headline),
                f"{agent.n_worlds:,}",
                f"{agent.n_episodes:,}",
                f"{agent.scores.coverage:.0%}",
            ),
            agent.is_reference,
        )
        for agent in agents
    )
    return Table(columns, rows)


def _families(grades: Grades) -> Section:
    names = [n for n in FAMILIES if any(n in a.scores.families for a in grades.agents)]
    table = by_agent(
        grades,
        "family",
        {
            name + ("*" if name in HEADLINE else ""): [
                _family_cell(agent.scores, name) for agent in grades.agents
            ]
            for name in names
        },
    )
    missing = {
        _reason(name, found, agent): None
        for agent in grades.agents
        for name, found in agent.scores.families.items()
        if isinstance(found, UnscoredFamily)
    }
    curated = () if all(map(has_prefix, grades.spec.scenarios)) else (NOTES[2],)
    return Section("By family", _FAMILIES, (table,), (*missing, *curated))


def _family_cell(scores: Scores, family: str) -> Cell:
    """Show a family's score; how much of it was answered stands with its interval."""
    cell = _cell(scores.families.get(family))
    share = scores.family_coverage.get(family, 1.0)
    if share == 1.0:
        return cell
    return Cell(cell.text, f"{cell.detail}; {share:.0%} answered".removeprefix("; "))


def _reason(family: str, found: UnscoredFamily, agent: AgentGrade) -> str:
    """Say why a family has no score, or once why an agent has none at all."""
    if found.reason == "elicitation_failed":
        return f"{label(agent)}: {reason_text(found.reason)}; see the format controls"
    return f"{family}: {reason_text(found.reason)}"


def _parts(grades: Grades, title: str, head: str, lead: str) -> Section:
    names = sorted({name for agent in grades.agents for name in agent.strata})
    rows = {
        name: [
            _cell(agent.strata[name].headline if name in agent.strata else None)
            for agent in grades.agents
        ]
        for name in names
    }
    note = f"{NONE} means that no headline family asks of this structure."
    has_gap = any(cell.text == NONE for cells in rows.values() for cell in cells)
    return Section(title, lead, (by_agent(grades, head, rows),), (note,) if has_gap else ())


def _names(grades: Grades) -> Section:
    names = sorted({name for agent in grades.agents for name in agent.names})
    scores = {
        name: [
            _cell(agent.names[name].headline if name in agent.names else None)
            for agent in grades.agents
        ]
        for name in names
    }
    pairs = sorted({pair for agent in grades.agents for pair in agent.names_effect})
    effects = {
        pair: [
            difference_cell(agent.names_effect[pair]) if pair in agent.names_effect else Cell("")
            for agent in grades.agents
        ]
        for pair in pairs
    }
    tables = [by_agent(grades, "names", scores)]
    notes: tuple[str, ...] = ()
    if effects:
        tables.append(by_agent(grades, "effect of names", effects))
        notes = (_NAMES_EFFECT,)
    return Section("By names", _NAMES, tuple(tables), notes)


def _comparison(grades: Grades) -> Section:
    columns = (
        *texts("agent"),
        *map(Column, ("difference", "p", "detectable")),
        *texts("families that differ (Holm)"),
    )
    rows = [
        Row(
            (
                Cell(label(agent)),
                difference_cell(found.headline),
                *_tested(found.headline),
                Cell(_differing(found.adjusted, found.families)),
            ),
            agent.is_reference,
        )
        for agent in grades.agents
        for found in agent.versus
    ]
    reasons = {
        f"{label(agent)}: {reason_text(found.headline.reason)}": None
        for agent in grades.agents
        for found in agent.versus
        if not isinstance(found.headline, Difference)
    }
    lead = (
        f"Causal Score less that of {grades.baseline}, on the same questions of "
        f"{count(grades.n_common, 'world')} that every agent finished (a world shown by a seed). "
        f"Paired by distinct world, CR2 with t."
    )
    note = (
        f"Detectable is the true difference that these worlds would find with a power of "
        f"{POWER:.0%} at a level of {ALPHA:g}; a difference that is not found is no evidence "
        "against a smaller one. p-values of families are adjusted by Holm's method."
    )
    return Section("Compared with a baseline", lead, (Table(columns, tuple(rows)),),
                   (*reasons, note))  # fmt: skip


def _tested(found: object) -> tuple[Cell, Cell]:
    if isinstance(found, Difference):
        return Cell(p_text(found.p_value)), Cell(number(found.detectable))
    return Cell(NONE), Cell(NONE)


def _differing(adjusted: Mapping[str, float], families: Mapping[str, object]) -> str:
    found = []
    for name, p in adjusted.items():
        difference = families[name]
        if p < ALPHA and isinstance(difference, Difference):
            found.append(f"{name} {difference.value:+.2f}")
    return ", ".join(found) or "none"


def _cell(score: Scored | None) -> Cell:
    return Cell("") if score is None else score_cell(score)
