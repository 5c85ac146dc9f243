"""What a report says of language models only: their calls, their cost, and the formats."""

from collections.abc import Iterator
from typing import Final

from causal_interface_gym.agents.elicitation.controls import Controls
from causal_interface_gym.runs.controls import model_of
from causal_interface_gym.runs.grades.models.apart import ApartGrade
from causal_interface_gym.runs.grades.models.calls import CallGrade
from causal_interface_gym.runs.grades.models.formats import FormatGrade
from causal_interface_gym.runs.grading import AgentGrade, Grades
from causal_interface_gym.runs.report.layout import cells, texts
from causal_interface_gym.runs.report.table import Cell, Column, Row, Section, Table
from causal_interface_gym.runs.report.wording import (
    NONE,
    count,
    label,
    number,
    p_text,
    range_text,
    reason_text,
    shown,
)
from causal_interface_gym.scoring.statistics import Interval, NoInterval
from causal_interface_gym.scoring.unscored import Unscored

__all__ = [
    "apart_section",
    "calls_section",
    "controls_section",
    "cost_text",
    "formats_section",
    "replies_table",
]

_CALLS: Final = (
    "What the language models were asked and what it cost. A price that is not known is unknown, "
    "never 0; a call answered from the cache that runs share cost nothing. Tokens and dollars are "
    "those of the provider's bill for calls that gave an answer."
)
_FORMATS: Final = (
    "The same questions, asked in equivalent formats that are dealt out over the worlds: other "
    "words for doing and seeing, another order, another type, another unit. A score that hangs on "
    "them measures the asking. Spread is the headline in the best format less that in the worst; "
    "by chance is what 95 % of random deals of the same trials stay below, and p how many reach "
    "the spread found."
)
_APART: Final = (
    "In a sample of trials each question was put once more in a call of its own, with the same "
    "data. The mean difference, in probability, is what the company and the order of the other "
    "questions make of a belief, and chance where the model draws its replies."
)
_CONTROLS: Final = (
    "Questions whose answer is told. Who cannot copy a number through a format cannot state a "
    "belief through it; who gives the numbers for seeing and doing exchanged does not read names, "
    "and by place counts those that follow the order of telling. Nothing here enters a score, but "
    "a model for which no format works gets none."
)
_SHORT: Final = {
    "set_see": "set, see",
    "force_observe": "force, observe",
    "out_of_1000": "out of 1000",
}


def replies_table(grades: Grades) -> Iterator[Table]:
    """Yield the table of replies that could not be used, if there are some."""
    rows = [
        Row(
            cells(
                agent,
                failure.kind,
                f"{failure.n:,} of {found.calls.n_calls:,}",
                shown(f"{failure.trial}, call {failure.label}"),
                shown(failure.message),
            )
        )
        for agent, found in grades.models.agents.items()
        for failure in found.calls.failures
    ]
    if rows:
        columns = (
            *texts("agent", "reply"),
            Column("calls"),
            *texts("first seen in", "message"),
        )
        yield Table(columns, tuple(rows))


def calls_section(grades: Grades) -> Iterator[Section]:
    """Yield calls, tokens and cost by agent; nothing for a run without language models."""
    told = [(label(agent), grades.models.agents[agent.agent].calls) for agent in _models(grades)]
    if not told:
        return
    controls = grades.models.control_calls.items()
    told += [(f"format controls of {model}", found) for model, found in controls]
    heads = ("calls", "cached", "tokens in", "tokens out", "US dollars", "s a call")
    columns = (*texts("agent"), *map(Column, heads))
    rows = [Row((Cell(name), *_calls(found))) for name, found in told]
    if len(rows) > 1:
        rows.append(Row((Cell("all"), *_calls(grades.models.total))))
    notes = tuple(_dropped(name, found) for name, found in told if found.dropped)
    yield Section("Calls and cost", _CALLS, (Table(columns, tuple(rows)),), notes,
                  bullets=tuple(_answered_by(grades)))  # fmt: skip


def controls_section(grades: Grades) -> Iterator[Section]:
    """Yield how the models fared at the format controls; nothing without language models."""
    told = {model_of(agent): found for agent, found in grades.models.agents.items()}
    if not told:
        return
    judged = {m: f.controls for m, f in told.items() if isinstance(f.controls, Controls)}
    reasons = tuple(
        f"{model}: {found.controls.reason}."
        for model, found in told.items()
        if isinstance(found.controls, Unscored)
    )
    failed = tuple(
        f"{model}: elicitation failed. It could copy no number in any format, so its beliefs are "
        "no measure of it and it gets no score."
        for model, found in judged.items()
        if found.is_failed
    )
    heads = ("copied", "formats that work", "seen and done told apart", "exchanged", "by place")
    columns = (*texts("model"), *map(Column, heads))
    rows = tuple(Row(cells(model, *_controls(found))) for model, found in judged.items())
    tables = (Table(columns, rows),) if rows else ()
    yield Section("Format controls", _CONTROLS, tables, reasons, bullets=failed)


def formats_section(grades: Grades) -> Iterator[Section]:
    """Yield how far the scores hang on format; nothing for a run without language models."""
    told = [(agent, grades.models.agents[agent.agent].formats) for agent in _models(grades)]
    if not told:
        return
    scored = [(agent, found) for agent, found in told if isinstance(found, FormatGrade)]
    reasons = tuple(
        f"{label(agent)}: {found.reason}." for agent, found in told if isinstance(found, Unscored)
    )
    tables = (_spreads(scored), *_effects(scored)) if scored else ()
    yield Section("Sensitivity to format", _FORMATS, tables, reasons)


def apart_section(grades: Grades) -> Iterator[Section]:
    """Yield how far beliefs hang on what they are asked with; nothing where none was put apart."""
    told = [(agent, grades.models.agents[agent.agent].apart) for agent in _models(grades)]
    rows = tuple(
        Row(
            (
                *cells(label(agent), f"{found.n_questions:,}", f"{found.n_worlds:,}"),
                Cell(number(found.gap), _range(found.interval)),
                Cell(number(found.shift)),
            )
        )
        for agent, found in told
        if isinstance(found, ApartGrade)
    )
    if rows:
        heads = ("questions", "worlds", "mean difference", "apart less together")
        table = Table((*texts("agent"), *map(Column, heads)), rows)
        yield Section("Asked apart", _APART, (table,))


def cost_text(found: CallGrade) -> str:
    """Say what the calls cost in US dollars.

    Where some prices are not known the sum is a lower bound; where none is, there is no number.
    """
    if not found.n_calls:
        return NONE
    n_priced = found.n_calls - found.n_cached - found.n_unpriced
    if found.n_unpriced and not n_priced:
        return "unknown"
    text = f"{found.cost_usd:.4f}"
    return f"{text} and unknown" if found.n_unpriced else text


def _models(grades: Grades) -> Iterator[AgentGrade]:
    return (agent for agent in grades.agents if agent.agent in grades.models.agents)


def _calls(found: CallGrade) -> tuple[Cell, ...]:
    unpriced = f"{count(found.n_unpriced, 'call')} without a price" if found.n_unpriced else ""
    latency = found.latency
    return (
        Cell(f"{found.n_calls:,}"),
        Cell(f"{found.n_cached:,}"),
        Cell(f"{found.usage.input_tokens:,}"),
        Cell(f"{found.usage.output_tokens:,}"),
        Cell(cost_text(found), unpriced),
        Cell(NONE)
        if latency is None
        else Cell(f"{latency.median_s:.2f}", f"95 %: {latency.high_s:.2f}"),
    )


def _dropped(name: str, found: CallGrade) -> str:
    settings = ", ".join(f"{setting} ({n:,})" for setting, n in found.dropped)
    return f"{name}: settings that the model does not take were left out: {settings}."


def _controls(found: Controls) -> tuple[str, ...]:
    formats = found.formats
    n_copied, n_copy = sum(f.n_copied for f in formats), sum(f.n_copy_items for f in formats)
    n_told, n_label = sum(f.n_told_apart for f in formats), sum(f.n_label_items for f in formats)
    return (
        f"{n_copied} of {n_copy}",
        f"{sum(f.works for f in formats)} of {len(formats)}",
        f"{n_told} of {n_label}",
        f"{found.n_exchanged}",
        f"{found.n_in_order}",
    )


def _answered_by(grades: Grades) -> Iterator[str]:
    """Say which model answered; more than one is a mixture, which is no model's score."""
    alone = []
    for agent, found in grades.models.agents.items():
        models = found.calls.models
        if len(models) > 1:
            named = ", ".join(f"{name} ({count(n, 'call')})" for name, n in models)
            yield shown(f"{agent} is a mixture, its score is no model's: answered by {named}.")
        elif models:
            alone.append(f"{agent} by {models[0][0]}")
    if alone:
        yield shown(f"Who answered, by the provider's own word: {', '.join(alone)}.")


def _spreads(scored: list[tuple[AgentGrade, FormatGrade]]) -> Table:
    heads = ("formats", "worst", "best", "spread", "by chance", "p")
    rows = tuple(
        Row(
            (
                *cells(
                    label(agent),
                    f"{len(found.scores)}",
                    number(min(found.scores.values())),
                    number(max(found.scores.values())),
                ),
                Cell(number(found.spread), _range(found.interval)),
                *cells(number(found.by_chance), p_text(found.p_value)),
            )
        )
        for agent, found in scored
    )
    return Table((*texts("agent"), *map(Column, heads)), rows)


def _effects(scored: list[tuple[AgentGrade, FormatGrade]]) -> Iterator[Table]:
    names = dict.fromkeys(name for _, found in scored for name in found.factors)
    if not names:
        return
    rows = []
    for name in names:
        settings = next(found.factors[name] for _, found in scored if name in found.factors)
        head = f"{name}: {_setting(settings.first)} less {_setting(settings.second)}"
        rows.append(Row((Cell(head), *(_effect(found, name) for _, found in scored))))
    columns = (*texts("factor"), *(Column(label(agent)) for agent, _ in scored))
    yield Table(columns, tuple(rows))


def _effect(found: FormatGrade, name: str) -> Cell:
    effect = found.factors.get(name)
    if effect is None:
        return Cell(NONE)
    return Cell(number(effect.value), _range(effect.interval))


def _setting(name: str) -> str:
    return _SHORT.get(name, name)


def _range(interval: Interval | NoInterval) -> str:
    if isinstance(interval, NoInterval):
        return reason_text(interval.reason)
    return range_text(interval.low, interval.high)
