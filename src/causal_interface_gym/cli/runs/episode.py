"""``cig episode``: one transcript, with truth, lures and losses beside each belief."""

import json
from pathlib import Path
from textwrap import indent
from typing import Annotated, Any

import typer

from causal_interface_gym.agents.elicitation.format import format_of
from causal_interface_gym.agents.llm.identity import is_model_agent
from causal_interface_gym.agents.llm.records import CallRecord
from causal_interface_gym.agents.registry import check_agent
from causal_interface_gym.cli.database import DatabaseOption, Place, place
from causal_interface_gym.cli.output import JsonOption, emit_json, safe, say
from causal_interface_gym.questions.question import BaseRate
from causal_interface_gym.runs.grading import find_record
from causal_interface_gym.runs.records import Record, Trial
from causal_interface_gym.runs.report.numbers import mark_json
from causal_interface_gym.runs.report.wording import shown
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.scoring.marking import Answered, Mark, mark_episode

__all__ = ["episode_command"]

Run = Annotated[Path, typer.Argument(help="The folder of the run.")]
Agent = Annotated[str, typer.Option("--agent", help="The agent's id.")]
ScenarioId = Annotated[str, typer.Option("--scenario", help="The scenario's id.")]
Seed = Annotated[int, typer.Option(help="The seed.")]


def episode_command(
    run: Run,
    agent: Agent,
    scenario: ScenarioId,
    seed: Seed = 0,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what one agent did in one world, and how far each belief is from the truth."""
    where = place(run, database)
    with where.open() as store:
        trial = Trial(_named(agent, store.spec), scenario, store.spec.interface, seed)
        record = find_record(store, trial)
        world = store.world(record.address).load()
    marks = mark_episode(record.log, world)
    calls = _calls(where, trial) if is_model_agent(trial.agent) else []
    if as_json:
        heard: dict[str, Any] = {}  # Any: JSON
        if calls:
            heard["calls"] = [call.to_json() for call in calls]
            heard["format"] = str(format_of(scenario, seed))
        emit_json({**record.to_json(), "marks": [mark_json(mark) for mark in marks], **heard})
        return
    _show(record, world, marks, calls)


def _named(agent: str, spec: RunSpec) -> str:
    """Give an agent's full name, also for an alias that the run has resolved."""
    aliases = dict(spec.asking.resolved) if spec.asking is not None else {}
    return check_agent(aliases.get(agent, agent))


def _calls(where: Place, trial: Trial) -> list[CallRecord]:
    """Give the calls of a trial in the order in which they were made."""
    with where.calls() as calls:
        return sorted(calls.records(str(trial)), key=lambda call: (call.started, call.ask.label))


def _show(record: Record, world: World, marks: tuple[Mark, ...], calls: list[CallRecord]) -> None:
    say(safe(f"{record.trial}\n{world.title}\n{world.story}\n"))
    say()
    if calls:
        say(f"asked in the format {format_of(record.trial.scenario, record.trial.seed)}\n")
    for call in calls:
        _show_call(call)
    for number, event in enumerate(record.log, 1):
        action = {key: value for key, value in event.action.items() if key != "kind"}
        say(safe(f"{number}. {event.action['kind']} {json.dumps(action, ensure_ascii=False)}"))
        say(safe(f"   -> {json.dumps(event.observation, ensure_ascii=False)}"))
    for failure in record.failures:
        say(safe(f"failed: {failure.kind}: {failure.message}"))
    say()
    for mark, question in zip(marks, world.questions, strict=True):
        belief = f"{mark.answer.p:.4f}" if isinstance(mark.answer, Answered) else "no answer"
        say(f"{mark.question} {mark.family}: {question.asked}")
        say(f"   belief {belief}   truth {mark.truth:.4f}   {_loss_text(mark)}")
        if mark.lures:
            lures = ", ".join(f"{lure.fallacy} {lure.value:.4f}" for lure in mark.lures)
            say(f"   lures: {lures}")


def _show_call(call: CallRecord) -> None:
    """Show what a model was told, what it said, and what that cost."""
    say(f"call {call.ask.label} to {call.provider}:{shown(call.model)}")
    for message in call.ask.messages:
        say(f"  {message.role}:\n{indent(safe(message.text), '    ')}")
    answer = call.answer
    if answer is None:
        say(f"  no reply that can be used: {call.error}: {safe(call.message)}\n")
        return
    say(f"  reply:\n{indent(safe(answer.text), '    ')}")
    cost = "cost unknown" if answer.cost_usd is None else f"{answer.cost_usd:.6f} USD"
    used = f"{answer.usage.input_tokens:,} tokens in, {answer.usage.output_tokens:,} out"
    configured = f" ({shown(answer.fingerprint)})" if answer.fingerprint else ""
    who = f"answered by {shown(answer.model)}{configured}"
    stored = ", from the cache" if answer.is_stored else f", {call.latency_s:.2f} s"
    say(f"  {answer.finish}, {who}, {used}, {cost}{stored}\n")


def _loss_text(mark: Mark) -> str:
    reference = (
        "reference: the form's base rate"
        if isinstance(mark.reference, BaseRate)
        else f"reference {mark.reference:.4f} loss {(mark.reference - mark.truth) ** 2:.6f}"
    )
    if isinstance(mark.answer, Answered):
        return f"loss {(mark.answer.p - mark.truth) ** 2:.6f}   {reference}"
    return reference
