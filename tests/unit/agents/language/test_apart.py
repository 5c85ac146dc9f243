"""In a sample of trials each question is put once more by itself, and the episode is the same."""

import asyncio
import json
import re

import numpy as np
import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.agents.agent import play
from causal_interface_gym.agents.elicitation.beliefs import asked_of
from causal_interface_gym.agents.language.agent import language_agent
from causal_interface_gym.agents.language.apart import ONE_IN, is_sampled, question_of
from causal_interface_gym.agents.llm.call import Answer, Ask
from causal_interface_gym.gym.brief import brief_of
from causal_interface_gym.gym.elicitation import AsksProbability
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import INTERFACES
from tests.unit.agents.scripted import SchemaClient

SCENARIO = "sprinkler-v1"


class Keeping:
    """A client that keeps what it was asked."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.inner = SchemaClient(chosen="observe")
        self.asks: list[Ask] = []

    async def ask(self, ask: Ask) -> Answer:
        """Ask, and keep it."""
        self.asks.append(ask)
        return await self.inner.ask(ask)


def played(*, strategy: str = "direct", is_asked_apart: bool) -> tuple[Episode, list[Ask]]:
    client = Keeping()
    agent = language_agent(
        f"openai:m+{strategy}", client, trial="t", scenario=SCENARIO, seed=0, max_draws=2,
        is_asked_apart=is_asked_apart,
    )  # fmt: skip
    episode = Episode.new(scenarios.get(SCENARIO).world(), INTERFACES["graph"], seed=0)
    asyncio.run(play(agent, episode))
    return episode, client.asks


def test_every_single_question_is_asked_once_with_the_data_of_the_last_beliefs() -> None:
    episode, asks = played(is_asked_apart=True)
    without, fewer = played(is_asked_apart=False)
    assert episode.log == without.log
    apart = [ask for ask in asks if question_of(ask.label) is not None]
    assert [ask.label for ask in asks if ask not in apart] == [ask.label for ask in fewer]
    brief = brief_of(scenarios.get(SCENARIO).world(), INTERFACES["graph"])
    single = [e.id for e in asked_of(brief) if isinstance(e, AsksProbability)]
    assert [question_of(ask.label) for ask in apart] == single
    last = [ask for ask in fewer if "/believe/" in ask.label][-1]
    for ask in apart:
        assert ask.schema is not None
        assert len(ask.schema["properties"]) == 1
        assert data_of(ask) == data_of(last) != {}


def data_of(ask: Ask) -> dict[str, object]:
    """Give what a question shows, without the questions."""
    block = re.search(r"<(data-\w+)>\n(.*)\n</\1>", ask.messages[-1].text, re.DOTALL)
    assert block is not None
    found: dict[str, object] = json.loads(block[2])
    return {name: part for name, part in found.items() if name != "questions"}


def test_other_strategies_are_not_asked_apart() -> None:
    _, asks = played(strategy="cot", is_asked_apart=True)
    assert [ask for ask in asks if question_of(ask.label) is not None] == []


def test_the_sample_is_one_trial_in_eight() -> None:
    found = np.mean([is_sampled(name, seed) for name in scenarios.ids() for seed in range(200)])
    assert found == pytest.approx(1 / ONE_IN, abs=0.02)


@pytest.mark.parametrize(
    ("label", "question"),
    [
        ("7/believe/apart/q3", "q3"),
        ("7/believe/apart/q3/repair", "q3"),
        ("7/believe/0", None),
        ("7/believe/0/repair", None),
        ("7/submit", None),
    ],
)
def test_a_call_apart_is_known_by_its_label(label: str, question: str | None) -> None:
    assert question_of(label) == question
