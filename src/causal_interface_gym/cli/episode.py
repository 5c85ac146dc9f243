"""``cig episode``: one transcript, with truth, lures and losses beside each belief."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from causal_interface_gym.cli.database import DatabaseOption, place
from causal_interface_gym.cli.output import JsonOption, emit_json, say
from causal_interface_gym.questions.question import BaseRate
from causal_interface_gym.runs.grading import find_record
from causal_interface_gym.runs.records import Record, Trial
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
    with place(run, database).open() as store:
        record = find_record(store, Trial(agent, scenario, store.spec.interface, seed))
        world = store.world(record.address).load()
    marks = mark_episode(record.log, world)
    if as_json:
        emit_json({**record.to_json(), "marks": [_mark_json(mark) for mark in marks]})
        return
    _show(record, world, marks)


def _show(record: Record, world: World, marks: tuple[Mark, ...]) -> None:
    say(f"{record.trial}\n{world.title}\n{world.story}\n")
    for number, event in enumerate(record.log, 1):
        action = {key: value for key, value in event.action.items() if key != "kind"}
        say(f"{number}. {event.action['kind']} {json.dumps(action, ensure_ascii=False)}")
        say(f"   -> {json.dumps(event.observation, ensure_ascii=False)}")
    for failure in record.failures:
        say(f"failed: {failure.kind}: {failure.message}")
    say()
    for mark, question in zip(marks, world.questions, strict=True):
        belief = f"{mark.answer.p:.4f}" if isinstance(mark.answer, Answered) else "no answer"
        say(f"{mark.question} {mark.family}: {question.asked}")
        say(f"   belief {belief}   truth {mark.truth:.4f}   {_loss_text(mark)}")
        if mark.lures:
            lures = ", ".join(f"{lure.fallacy} {lure.value:.4f}" for lure in mark.lures)
            say(f"   lures: {lures}")


def _loss_text(mark: Mark) -> str:
    reference = (
        "reference: the form's base rate"
        if isinstance(mark.reference, BaseRate)
        else f"reference {mark.reference:.4f} loss {(mark.reference - mark.truth) ** 2:.6f}"
    )
    if isinstance(mark.answer, Answered):
        return f"loss {(mark.answer.p - mark.truth) ** 2:.6f}   {reference}"
    return reference


def _mark_json(mark: Mark) -> dict[str, Any]:  # Any: JSON
    reference = {} if isinstance(mark.reference, BaseRate) else {"reference": mark.reference}
    answer = {"belief": mark.answer.p} if isinstance(mark.answer, Answered) else {"missing": True}
    return {
        "question": mark.question,
        "family": mark.family,
        "name": mark.name,
        "truth": mark.truth,
        **reference,
        **answer,
        "lures": {lure.fallacy: lure.value for lure in mark.lures},
    }
