"""Whatever a model returns, an episode ends in order; what was not said is not answered."""

import asyncio
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_interface_gym import scenarios
from causal_interface_gym.agents.agent import play
from causal_interface_gym.agents.elicitation.notes import Note
from causal_interface_gym.agents.language.agent import language_agent
from causal_interface_gym.agents.llm.call import Answer, Ask, Client, LogProbability
from causal_interface_gym.agents.strategies.registry import STRATEGIES
from causal_interface_gym.errors import (
    BadRequestError,
    ContextOverflowError,
    InvalidOutputError,
    RefusedError,
    ReplyError,
    TruncatedError,
)
from causal_interface_gym.gym.action import Believe, Submit
from causal_interface_gym.gym.brief import brief_of, brief_to_json
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import INTERFACES, interface
from causal_interface_gym.gym.log import log_to_json
from causal_interface_gym.scoring.marking import Missing, score
from tests.contract.test_agents import secrets
from tests.unit.agents.scripted import RaisingClient, SchemaClient, TextClient, said

WORLD = scenarios.get("sprinkler-v1").world()
QUESTIONS = {q.id for q in WORLD.questions}
NASTY = (
    "",
    " ",
    "null",
    "[]",
    "{}",
    '{"action": ["observe"], "rows": {}}',
    '{"action": "observe", "rows": 1e999}',
    '{"action": "observe", "rows": NaN}',
    "[" * 5_000,
    '{"a":' * 5_000,
    "\x00\x1b[31m\u202e\ud800",
    "As a language model I cannot answer.",
    "<html><body>502 Bad Gateway</body></html>",
    "9" * 5_000,
    '{"q1_percent_if_we_see_sprinkler_is_off_wet_is_yes": ' + "9" * 5_000 + "}",
    "x" * (2 << 20),
)


def played(
    client: Client, strategy: str = "direct", name: str = "graph", seed: int = 0
) -> tuple[Episode, list[Note]]:
    notes: list[Note] = []
    episode = Episode.new(WORLD, INTERFACES[name], seed=seed)
    agent = language_agent(
        f"openai:m+{strategy}=2",
        client,
        trial=f"m/{strategy}/{name}/{seed}",
        scenario=WORLD.scenario,
        seed=seed,
        note=notes.append,
    )
    asyncio.run(play(agent, episode))
    return episode, notes


def check_ended_in_order(episode: Episode) -> None:
    observed = [event.observation["kind"] for event in episode.log]
    assert observed[-1] == "closed"
    assert "refused" not in observed


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_garbage_is_no_answer_and_no_crash(strategy: str, text: str) -> None:
    episode, notes = played(TextClient([text]), strategy)
    check_ended_in_order(episode)
    marks = score(episode.log, WORLD).marks
    assert {type(mark.answer) for mark in marks} == {Missing}
    assert set(episode.unanswered) == QUESTIONS
    assert {note.method for note in notes if "believe" in note.label} <= {""}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize(
    "error",
    [InvalidOutputError, TruncatedError, RefusedError, BadRequestError, ContextOverflowError],
)
def test_a_reply_that_cannot_be_used_is_noted(strategy: str, error: type[ReplyError]) -> None:
    episode, notes = played(RaisingClient(error("so it is")), strategy)
    check_ended_in_order(episode)
    assert set(episode.unanswered) == QUESTIONS
    assert {note.failure for note in notes} - {error.__name__} <= {""}
    assert error.__name__ in {note.failure for note in notes}


def test_an_answer_to_some_questions_counts_for_those() -> None:
    def reply(ask: Ask) -> str:
        assert ask.schema is not None
        names = [name for name in ask.schema["properties"] if name.startswith("q1_")]
        properties = ask.schema["properties"]
        return json.dumps({n: "5" if properties[n]["type"] == "string" else 5 for n in names})

    episode, notes = played(TextClient(make=reply), name="table")
    check_ended_in_order(episode)
    assert set(episode.unanswered) == QUESTIONS - {"q1"}
    assert notes[0].answered == ("q1",)
    assert set(notes[0].missing) == QUESTIONS - {"q1"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=25)
@given(data=st.data(), strategy=st.sampled_from(list(STRATEGIES)))
def test_no_reply_breaks_an_episode(data: st.DataObject, strategy: str) -> None:
    """Replies are texts, JSON, and forms whose fields hold anything."""

    def reply(ask: Ask) -> str:
        names = list(ask.schema["properties"]) if ask.schema else []
        kind = data.draw(st.sampled_from(["text", "json", "form"]))
        if kind == "text":
            return data.draw(st.text(max_size=60))
        if kind == "json":
            return json.dumps(data.draw(JSON))
        return json.dumps({name: data.draw(JSON) for name in names[:4]})

    episode, _ = played(TextClient(make=reply), strategy, name="graph")
    check_ended_in_order(episode)
    score(episode.log, WORLD)


@settings(max_examples=30)
@given(
    tokens=st.lists(
        st.tuples(
            st.text(max_size=4),
            st.floats(),
            st.lists(st.tuples(st.text(max_size=4), st.floats()), max_size=3),
        ),
        max_size=3,
    )
)
def test_no_tokens_break_an_episode(
    tokens: list[tuple[str, float, list[tuple[str, float]]]],
) -> None:
    class Tokens:
        async def ask(self, ask: Ask) -> Answer:
            del ask
            reported = tuple(LogProbability(t, p, tuple(other)) for t, p, other in tokens)
            answer = said("Yes")
            return Answer(answer.text, "stop", "m", answer.usage, log_probabilities=reported)

    episode, _ = played(Tokens(), "choice", name="table")
    check_ended_in_order(episode)


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("name", ["full", "forgetful"])
def test_the_same_answers_give_the_same_log(strategy: str, name: str) -> None:
    logs, calls = [], []
    for _ in range(2):
        client = SchemaClient(chosen="observe")
        episode, _ = played(client, strategy, name)
        logs.append(json.dumps(log_to_json(episode.log)))
        calls.append([(ask.label, ask.messages, ask.sampling, ask.sample) for ask in client.asks])
    assert logs[0] == logs[1]
    assert calls[0] == calls[1]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_labels_are_unique_within_a_trial(strategy: str) -> None:
    client = SchemaClient(chosen="set_rain_to_yes")
    played(client, strategy)
    labels = [ask.label for ask in client.asks]
    assert len(set(labels)) == len(labels)
    assert {ask.trial for ask in client.asks} == {f"m/{strategy}/graph/0"}


def test_an_agent_keeps_nothing_between_actions() -> None:
    """An agent made anew for every action plays the same episode."""
    whole, _ = played(SchemaClient(chosen="observe"), name="forgetful")
    episode = Episode.new(WORLD, INTERFACES["forgetful"], seed=0)
    while not episode.is_closed:
        agent = language_agent(
            "openai:m+direct=2",
            SchemaClient(chosen="observe"),
            trial="m/direct/forgetful/0",
            scenario=WORLD.scenario,
            seed=0,
        )
        episode.act(asyncio.run(agent.act(episode.brief, episode.shown)))
    assert episode.log == whole.log


@pytest.mark.parametrize("scenario", scenarios.ids())
@pytest.mark.parametrize("strategy", ["causal_cot", "hypothesis_elimination", "choice"])
def test_no_prompt_tells_a_truth_or_a_lure(scenario: str, strategy: str) -> None:
    world = scenarios.get(scenario).world(seed=1)
    client = SchemaClient(chosen="observe")
    episode = Episode.new(world, INTERFACES["full"], seed=1)
    agent = language_agent(
        f"openai:m+{strategy}", client, trial="t", scenario=scenario, seed=1, max_draws=1
    )
    asyncio.run(play(agent, episode))
    text = "".join(m.text + json.dumps(ask.schema) for ask in client.asks for m in ask.messages)
    told = json.dumps(brief_to_json(brief_of(world, INTERFACES["full"])))
    found = [n for n in secrets(world) if repr(n) in text or f"{n:.6g}" in text]
    assert [n for n in found if f"{n:.6g}" not in told] == []


def test_a_single_action_says_everything() -> None:
    shown = INTERFACES["table"]
    one = type(shown)(**{**{f: getattr(shown, f) for f in shown.__slots__}, "max_actions": 1})
    episode = Episode.new(WORLD, one, seed=0)
    agent = language_agent("openai:m", SchemaClient(), trial="t", scenario=WORLD.scenario, seed=0)
    action = asyncio.run(agent.act(episode.brief, ()))
    assert isinstance(action, Submit)
    assert {belief.query for belief in action.answers} == QUESTIONS


def test_what_was_said_before_is_not_said_again_at_the_last_action() -> None:
    episode = Episode.new(WORLD, interface("table"), seed=0)
    client = SchemaClient()
    agent = language_agent("openai:m", client, trial="t", scenario=WORLD.scenario, seed=0)
    assert isinstance(asyncio.run(agent.act(episode.brief, ())), Believe)
