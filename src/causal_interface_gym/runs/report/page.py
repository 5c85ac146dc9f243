"""The report as one HTML file: figures and style inside, light and dark, no outside request."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from causal_interface_gym.questions.families import FAMILIES, HEADLINE
from causal_interface_gym.runs.grading import AgentGrade, Grades
from causal_interface_gym.runs.report.figures import (
    beliefs_figure,
    leaderboard_figure,
    lures_figure,
)
from causal_interface_gym.runs.report.wording import (
    NOTES,
    interval_text,
    shape_text,
    short_value_text,
    value_text,
)
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.scenario import Scenario
from causal_interface_gym.scoring.causal_score import VERSION
from causal_interface_gym.scoring.lures import MIN_GAP
from causal_interface_gym.scoring.marking import Answered, Mark

__all__ = ["report_html"]

_N_WORST = 3
"""Answers of each agent that are listed as its worst."""
_SHOWN_AS_WRONG = 0.005
_BELIEFS = (
    "Each point is one question: its exact answer across, the stated belief upwards. On the line "
    "the belief is right. Blue: seeing. Orange: doing and imagining."
)
_LURES = (
    "Share of answers (in %) that lie nearer to the number a named fallacy would give than to the "
    f"truth, where the two differ by at least {MIN_GAP}. A description, not a score: lures of one "
    "question may coincide."
)


def report_html(grades: Grades) -> str:
    """Write the page."""
    style = files("causal_interface_gym.runs.report").joinpath("page.css").read_text("utf-8")
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Causal Score</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>",
            *_body(grades),
            "</main>\n</body>\n</html>\n",
        )
    )


def _body(grades: Grades) -> Iterator[str]:
    yield "<h1>How causal are the answers?</h1>"
    yield f'<p class="soft">{escape(shape_text(grades))}; score version {VERSION}.</p>'
    yield f"<p>{escape(NOTES[0])}</p>"
    yield "<h2>Leaderboard</h2>"
    yield _figure(leaderboard_figure(grades), NOTES[1])
    yield _leaderboard(grades)
    yield "<h2>By family</h2>"
    yield _families(grades)
    yield f'<p class="soft">{escape(NOTES[2])}</p>'
    yield "<h2>Belief against truth</h2>"
    yield _figure(beliefs_figure(grades), _BELIEFS)
    yield "<h2>Which fallacy the answers resemble</h2>"
    yield _figure(lures_figure(grades), _LURES)
    yield "<h2>Where the answers went most wrong</h2>"
    yield _worst(grades)
    yield "<h2>Worlds and their sources</h2>"
    yield from (_source(registry.get(name)) for name in grades.spec.scenarios)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a table; numbers stand on the right."""

    head: str
    is_number: bool = True

    @property
    def mark(self) -> str:
        return ' class="n"' if self.is_number else ""


def _table(
    columns: Sequence[_Column], rows: Iterable[Sequence[str]], *, is_wide: bool = False
) -> str:
    style = ' class="wide"' if is_wide else ""
    head = "".join(f"<th{column.mark}>{escape(column.head)}</th>" for column in columns)
    body = "\n".join(
        "<tr>"
        + "".join(
            f"<td{column.mark}>{escape(cell)}</td>"
            for column, cell in zip(columns, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll"><table{style}>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table></div>"
    )


def _figure(svg: str, caption: str) -> str:
    return f"<figure>\n{svg}\n<figcaption>{escape(caption)}</figcaption>\n</figure>"


def _leaderboard(grades: Grades) -> str:
    columns = [
        _Column("agent", is_number=False),
        *map(_Column, ("score", "95 % interval", "worlds", "episodes", "answered", "failed")),
    ]
    return _table(
        columns,
        (
            (
                agent.agent,
                value_text(agent.scores.headline),
                interval_text(agent.scores.headline),
                str(len({mark.cluster for mark in agent.marks})),
                f"{agent.n_episodes:,}",
                f"{agent.scores.coverage:.0%}",
                str(agent.n_failed),
            )
            for agent in grades.agents
        ),
    )


def _families(grades: Grades) -> str:
    names = [name for name in FAMILIES if any(name in a.scores.families for a in grades.agents)]
    starred = [_Column(name + ("*" if name in HEADLINE else "")) for name in names]
    return _table(
        [_Column("agent", is_number=False), *starred],
        (
            (
                agent.agent.removeprefix("reference:"),
                *(
                    short_value_text(agent.scores.families[name])
                    if name in agent.scores.families
                    else ""
                    for name in names
                ),
            )
            for agent in grades.agents
        ),
        is_wide=True,
    )


def _worst(grades: Grades) -> str:
    texts = ("agent", "world", "question")
    columns = [*(_Column(t, is_number=False) for t in texts), *map(_Column, ("truth", "belief"))]
    return _table(columns, (row for agent in grades.agents for row in _worst_rows(agent)))


def _worst_rows(agent: AgentGrade) -> Iterator[Sequence[str]]:
    errors: dict[tuple[str, str], tuple[float, Mark, float]] = {}
    for mark in agent.marks:
        if isinstance(mark.answer, Answered) and mark.family in HEADLINE:
            error, key = abs(mark.answer.p - mark.truth), (mark.scenario, mark.name)
            if error > errors.get(key, (_SHOWN_AS_WRONG,))[0]:
                errors[key] = (error, mark, mark.answer.p)
    ranked = sorted(errors.items(), key=lambda entry: (-entry[1][0], entry[0]))
    for (scenario, name), (_, mark, belief) in ranked[:_N_WORST]:
        yield (agent.agent, scenario, name, f"{mark.truth:.3f}", f"{belief:.3f}")


def _source(scenario: Scenario) -> str:
    identity = f'<span class="soft">{escape(scenario.id)}</span>'
    parts = [
        f"<details><summary>{escape(scenario.title)} {identity}</summary>",
        f"<p>{escape(scenario.story)}</p>",
    ]
    if scenario.published:
        parts.append(f"<p><b>Published:</b> {escape(scenario.published)}</p>")
    if scenario.illustrative:
        parts.append(f"<p><b>Illustrative:</b> {escape(scenario.illustrative)}</p>")
    parts += [f'<p class="soft">{escape(c.text)}</p>' for c in scenario.citations]
    return "\n".join([*parts, "</details>"])
