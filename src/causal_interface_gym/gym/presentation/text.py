"""The brief as text, for an agent that reads."""

from collections.abc import Iterator

from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.elicitation import AsksDistribution, AsksInterval
from causal_interface_gym.gym.interface import allowed_kinds

__all__ = ["brief_text"]


def brief_text(brief: Brief) -> str:
    """Write a brief as plain text with a section for each thing that the interface shows."""
    return "\n\n".join(
        [
            f"{brief.title}\n{brief.story}",
            _section("Variables", _variables(brief)),
            *_shown(brief),
            _section("Questions", _questions(brief)),
            _section("What you can do", _actions(brief)),
            _section("Rules", brief.rules),
        ]
    )


def _section(title: str, lines: Iterator[str] | tuple[str, ...]) -> str:
    return "\n".join([f"{title}:", *(f"- {line}" for line in lines)])


def _variables(brief: Brief) -> Iterator[str]:
    for variable in brief.variables:
        states = ", ".join(
            f"{label} ({meaning})" if meaning else label for label, meaning in variable.states
        )
        meaning = f", {variable.meaning}" if variable.meaning else ""
        yield f"{variable.name}{meaning}: {states}"


def _shown(brief: Brief) -> Iterator[str]:
    for graph in brief.graphs:
        arrows = [f"{first} -> {second}" for first, second in graph.directed]
        hidden = [f"{a} <-> {b} (a hidden common cause)" for a, b in graph.bidirected]
        yield _section("Causal graph", (*arrows, *hidden))
    for table in brief.tables:
        n_rows = sum(count for _, count in table.rows)
        lines = (f"{', '.join(labels)}: {count}" for labels, count in table.rows)
        yield _section(f"Data, {n_rows} rows ({', '.join(table.variables)}: count)", lines)
    if brief.correlations:
        lines = (f"{c.first}, {c.second}: {c.measure} {c.value:+.3f}" for c in brief.correlations)
        yield _section(f"Associations in {brief.correlations[0].n_rows} rows", lines)


def _questions(brief: Brief) -> Iterator[str]:
    for question in brief.questions:
        yield f"{question.id}: {question.asked}"
    for asked in brief.elicitations:
        match asked:
            case AsksDistribution():
                parts = ", ".join(f"{name} ({question})" for name, question in asked.parts)
                yield f"{asked.id}: a distribution over {parts}"
            case AsksInterval():
                yield f"{asked.id}: an interval from {asked.low} to {asked.high}"
            case _:
                continue


def _actions(brief: Brief) -> Iterator[str]:
    interface = brief.interface
    about = {
        "observe": f"observe n rows; a row costs {interface.row_cost}",
        "intervene": f"set variables and draw n rows; a row costs {interface.experiment_row_cost}",
        "believe": "state probabilities for questions",
        "hypothesise": "state a causal graph",
        "submit": "give final answers and close the episode",
    }
    for kind in allowed_kinds(interface):
        yield f"{kind}: {about[kind]}"
    yield f"budget {interface.budget}; at most {interface.max_actions} actions"
    if not interface.shows_history:
        yield "you see the answer to your last action only"
