"""The report as Markdown, for a pull request or a notebook."""

from collections.abc import Iterator

from causal_interface_gym.questions.families import FAMILIES, HEADLINE
from causal_interface_gym.runs.grading import Grades
from causal_interface_gym.runs.report.wording import NOTES, interval_text, shape_text, value_text
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scoring.causal_score import VERSION

__all__ = ["report_markdown"]


def report_markdown(grades: Grades) -> str:
    """Write the leaderboard, the families and the sources."""
    return "\n".join(_lines(grades)) + "\n"


def _lines(grades: Grades) -> Iterator[str]:
    yield from ("# Causal Score", "", f"{shape_text(grades)}; score version {VERSION}.", "")
    yield from ("| agent | score | 95 % interval | answered | failed |", "|---|--:|--:|--:|--:|")
    for agent in grades.agents:
        scores = agent.scores
        yield (
            f"| {agent.agent} | {value_text(scores.headline)} | {interval_text(scores.headline)} "
            f"| {scores.coverage:.0%} | {agent.n_failed} |"
        )
    yield from ("", "## By family", "")
    names = [name for name in FAMILIES if any(name in a.scores.families for a in grades.agents)]
    yield "| agent | " + " | ".join(n + ("*" if n in HEADLINE else "") for n in names) + " |"
    yield "|---|" + "--:|" * len(names)
    for agent in grades.agents:
        found = agent.scores.families
        cells = [value_text(found[name]) if name in found else "" for name in names]
        yield f"| {agent.agent} | " + " | ".join(cells) + " |"
    yield ""
    for note in NOTES:
        yield from (note, "")
    yield from ("## Worlds", "")
    for scenario in map(registry.get, grades.spec.scenarios):
        sources = " ".join(citation.text for citation in scenario.citations)
        yield f"- **{scenario.id}**: {scenario.title}. {sources}"
