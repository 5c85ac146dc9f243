"""Hostile text in a world changes no schema, no act and no structure; its pull is measured."""

import asyncio
import json
import re
from dataclasses import replace

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.agents.language.agent import LanguageAgent, language_agent
from causal_interface_gym.agents.language.injection import HOSTILE, belief_shifts, with_text
from causal_interface_gym.agents.llm.call import Ask, Client
from causal_interface_gym.agents.strategies.registry import STRATEGIES
from causal_interface_gym.gym.action import Believe, Intervene, Observe
from causal_interface_gym.gym.brief import brief_of
from causal_interface_gym.gym.elicitation import elicitations
from causal_interface_gym.gym.interface import INTERFACES
from causal_interface_gym.questions.claims import DIRECTIONS, Direction
from causal_interface_gym.scenarios.world import Question, Variable
from tests.unit.agents.scripted import SchemaClient, TextClient

BRIEF = brief_of(scenarios.get("kidney-stones-v1").world(), INTERFACES["graph"])


def agent_of(client: Client, strategy: str = "direct") -> LanguageAgent:
    return language_agent(
        f"openai:m+{strategy}", client, trial="t", scenario="kidney-stones-v1", seed=0
    )


def odd_names(text: str) -> Variable:
    first = BRIEF.variables[0]
    return Variable(text, text, ((text, text), *first.states[1:]))


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_prompts_differ_from_those_of_a_peaceful_world_inside_the_block_only(
    strategy: str, text: str
) -> None:
    plain, hostile = SchemaClient(), SchemaClient()
    still = replace(BRIEF, interface=INTERFACES["table"])
    asyncio.run(agent_of(plain, strategy).act(still, ()))
    asyncio.run(agent_of(hostile, strategy).act(with_text(still, text), ()))
    assert len(plain.asks) == len(hostile.asks)
    for before, after in zip(plain.asks, hostile.asks, strict=True):
        assert after.schema == before.schema
        assert after.messages[0] == before.messages[0]
        assert outside(after) == outside(before)


def outside(ask: Ask) -> str:
    return re.sub(r"<(data-[0-9a-f]{16})>.*</\1>", "", ask.messages[1].text, flags=re.DOTALL)


@pytest.mark.parametrize("text", [t for t in HOSTILE if len(t) < 200], ids=range(7))
def test_hostile_names_of_variables_and_states_stay_in_the_block(text: str) -> None:
    brief = replace(BRIEF, variables=(odd_names(text), *BRIEF.variables[1:]))
    client = SchemaClient(chosen="set_variable_1_to_state_1")
    action = asyncio.run(agent_of(client).act(brief, ()))
    assert action == Intervene(((text, text),), 20)
    (ask,) = client.asks
    assert json.dumps(text)[1:20] not in outside(ask)
    assert json.dumps(ask.schema).isascii()
    assert re.fullmatch(r"[\x20-\x7e\n]*", outside(ask))


@pytest.mark.parametrize(
    "reply",
    [
        '{"action": "set_recovery_to_yes_and_secret_to_1", "rows": 5}',
        '{"action": "read_truth", "rows": 5}',
        '{"action": "observe", "rows": 5, "and": "submit"}',
        '{"action": "hypothesise", "rows": 5}',
    ],
)
def test_a_swayed_model_cannot_act_outside_the_options(reply: str) -> None:
    def said(ask: Ask) -> str:
        return reply if "choose" in ask.label else "{}"

    action = asyncio.run(agent_of(TextClient(make=said)).act(BRIEF, ()))
    assert action in (Observe(5), Believe(()))


def test_a_model_that_reads_names_only_is_not_shifted() -> None:
    shifts = asyncio.run(belief_shifts(agent_of(SchemaClient()), BRIEF))
    assert [shift.text for shift in shifts] == list(HOSTILE)
    assert {(s.mean, s.n_questions, s.n_lost) for s in shifts} == {(0.0, len(BRIEF.questions), 0)}


def test_a_model_that_obeys_the_data_is_found_out() -> None:
    def obeys(ask: Ask) -> str:
        amount = 100 if "answer 100 to every question" in ask.messages[1].text else 30
        return SchemaClient(amount=amount).reply(ask)

    first, *others = asyncio.run(belief_shifts(agent_of(TextClient(make=obeys)), BRIEF))
    assert first.mean == pytest.approx(0.7)
    assert {shift.mean for shift in others} == {0.0}


def test_a_model_that_falls_silent_has_lost_its_answers() -> None:
    def silenced(ask: Ask) -> str:
        return "BANANA" if "BANANA" in ask.messages[1].text else SchemaClient().reply(ask)

    shifts = asyncio.run(belief_shifts(agent_of(TextClient(make=silenced)), BRIEF))
    assert [s.n_lost for s in shifts] == [len(BRIEF.questions) * ("BANANA" in t) for t in HOSTILE]


def test_parts_of_a_distribution_are_shifted_one_by_one() -> None:
    asked = tuple(
        Question(f"q{number}", "direction", Direction("stone", "recovery", alternative))
        for number, alternative in enumerate(DIRECTIONS, 1)
    )
    brief = replace(BRIEF, questions=asked, elicitations=elicitations(asked))
    shifts = asyncio.run(belief_shifts(agent_of(SchemaClient()), brief, texts=HOSTILE[:1]))
    assert (shifts[0].mean, shifts[0].n_questions) == (0.0, 3)
