"""Language models in a run: one client a model, told how to ask, its failures noted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from causal_interface_gym.agents.llm.call import Answer, Ask, Client, Message, Sampling, Usage
from causal_interface_gym.errors import (
    BudgetError,
    OverloadedError,
    ProviderError,
    RefusedError,
)
from causal_interface_gym.runs.asking import Asking
from causal_interface_gym.runs.metering import Meter, Metered
from causal_interface_gym.runs.players import ModelPlayers, Told
from causal_interface_gym.runs.runner import Limits, run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import MemoryStore

ASKING = Asking(temperature=0.25, max_tokens=2_000, has_controls=False)
ASK = Ask("trial", "0/believe/0", (Message("user", "?"),), sampling=Sampling(max_tokens=100))
ANSWER = Answer("{}", "stop", "model-1", Usage(10, 5), cost_usd=0.01)


@dataclass
class Scripted:
    """Gives the same answer, or raises the same error, and remembers what it was asked."""

    reply: Answer | ProviderError
    asked: list[Ask] = field(default_factory=list)

    async def ask(self, ask: Ask) -> Answer:
        """Answer."""
        self.asked.append(ask)
        if isinstance(self.reply, ProviderError):
            raise self.reply
        return self.reply


@dataclass
class Door:
    """Opens scripted clients, and counts how often and whether they were closed."""

    client: Client
    opened: list[str] = field(default_factory=list)
    n_closed: int = 0
    n_flushed: int = 0

    @asynccontextmanager
    async def __call__(self, provider: str, model: str, /) -> AsyncIterator[Client]:
        """Open one."""
        self.opened.append(f"{provider}:{model}")
        try:
            yield self.client
        finally:
            self.n_closed += 1

    async def flush(self) -> None:
        """Count."""
        self.n_flushed += 1


def spec_of(*agents: str, asking: Asking = ASKING, seeds: int = 2) -> RunSpec:
    return RunSpec(agents, ("homework-v1",), tuple(range(seeds)), asking=asking)


def players(spec: RunSpec, door: Door, *uncontrolled: str) -> ModelPlayers:
    assert spec.asking is not None
    return ModelPlayers(spec, spec.asking, door, door.flush, uncontrolled)


def told(model: str, client: Client) -> Told:
    return Told(client, ASKING, model)


def test_a_hosted_model_is_told_temperature_and_room() -> None:
    client = Scripted(ANSWER)
    asyncio.run(told("openai:m", client).ask(ASK))
    assert client.asked[0].sampling == Sampling(temperature=0.25, max_tokens=2_000)
    assert client.asked[0].deadline_s == ASK.deadline_s


def test_a_local_model_has_the_room_of_its_form_and_much_patience() -> None:
    client = Scripted(ANSWER)
    asyncio.run(told("local:m.gguf", client).ask(ASK))
    assert client.asked[0].sampling == Sampling(temperature=0.25, max_tokens=100)
    assert client.asked[0].deadline_s > 10 * ASK.deadline_s


@pytest.mark.parametrize("reply", [ANSWER, RefusedError("no")])
def test_what_was_paid_for_is_safe_before_anybody_acts_on_it(reply: Answer | ProviderError) -> None:
    door = Door(Scripted(reply))
    client = Told(door.client, ASKING, "openai:m", door.flush)

    async def ask() -> None:
        try:
            await client.ask(ASK)
        except RefusedError:
            assert door.n_flushed == 1

    asyncio.run(ask())
    assert door.n_flushed == 1


def test_one_client_serves_all_strategies_of_a_model_and_is_closed() -> None:
    door = Door(Scripted(ANSWER))
    spec = spec_of("openai:m", "openai:m+cot", "google:n", "reference:uniform")
    run(MemoryStore(spec), players=players(spec, door))
    assert door.opened == ["openai:m", "google:n"]
    assert door.n_closed == 2


def test_a_finished_model_is_not_opened_again() -> None:
    door = Door(Scripted(ANSWER))
    spec = spec_of("openai:m", "reference:uniform")
    store = MemoryStore(spec)
    run(store, players=players(spec, door))
    assert run(store, players=players(spec, door)).n_played == 0
    assert door.opened == ["openai:m"]


def test_a_question_without_a_valid_reply_is_a_failure_of_its_episode() -> None:
    door = Door(Scripted(ANSWER))
    spec = spec_of("openai:m", seeds=1)
    store = MemoryStore(spec)
    run(store, players=players(spec, door))
    (record,) = store.records()
    assert {failure.kind for failure in record.failures} == {"InvalidOutputError"}
    assert "unanswered" in record.failures[0].message
    assert record.log[-1].action["kind"] == "submit"


def test_a_refusal_is_a_failure_under_its_own_name() -> None:
    door = Door(Scripted(RefusedError("no", provider="openai")))
    spec = spec_of("openai:m", seeds=1)
    store = MemoryStore(spec)
    run(store, players=players(spec, door))
    (record,) = store.records()
    assert {failure.kind for failure in record.failures} == {"RefusedError"}


def test_controls_are_put_once_a_model_beside_the_trials() -> None:
    client = Scripted(ANSWER)
    spec = spec_of("openai:m", "openai:m+cot", asking=Asking(), seeds=1)
    run(MemoryStore(spec), players=players(spec, Door(client), "openai:m"))
    controls = [ask for ask in client.asked if "/controls/" in ask.trial]
    # Seven items in each of eight formats, each with its repair turn.
    assert len(controls) == 2 * 56
    assert len({(ask.trial, ask.label) for ask in controls}) == len(controls)


def test_controls_that_meet_an_outage_leave_the_run_to_be_resumed() -> None:
    spec = spec_of("openai:m", asking=Asking(), seeds=1)
    door = Door(Scripted(OverloadedError("busy", provider="openai")))
    outcome = run(MemoryStore(spec), players=players(spec, door, "openai:m"))
    (unplayed,) = outcome.unplayed
    assert (unplayed.provider, unplayed.n, unplayed.kind) == ("openai", 1, "OverloadedError")


def test_who_has_begun_a_trial_ends_it_when_another_stops_the_run() -> None:
    class Limited(Scripted):
        async def ask(self, ask: Ask) -> Answer:
            await asyncio.sleep(0)
            if "/1/" in f"{ask.trial}/" and "graph/1" in ask.trial:
                raise BudgetError("used up")
            return await super().ask(ask)

    spec = spec_of("openai:m", seeds=40)
    store = MemoryStore(spec)
    door = Door(Limited(ANSWER))
    with pytest.raises(BudgetError):
        run(store, players=players(spec, door), limits=Limits(concurrency=4))
    assert 3 <= store.finished().sum() < 40
    assert not store.finished()[1]
    assert door.n_closed == 1


def test_a_meter_counts_calls_cost_and_failures_but_no_stored_reply() -> None:
    meter = Meter()
    stored = Answer("{}", "stop", "model-1", Usage(), cost_usd=0.0, is_stored=True)
    unpriced = Answer("{}", "stop", "model-1", Usage())
    replies: tuple[Answer | ProviderError, ...] = (ANSWER, stored, unpriced, RefusedError("no"))

    async def ask() -> None:
        for reply in replies:
            try:
                await Metered(Scripted(reply), meter).ask(ASK)
            except RefusedError:
                continue

    asyncio.run(ask())
    assert str(meter) == "2 calls, 1 stored, $0.0100 and unknown, 1 failed"
