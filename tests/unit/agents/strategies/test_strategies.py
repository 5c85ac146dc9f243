"""Each strategy comes to its beliefs in its own way; what a model spoils is left out."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from math import log

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.agents.elicitation.asking import Caller
from causal_interface_gym.agents.elicitation.format import Format
from causal_interface_gym.agents.elicitation.notes import Note
from causal_interface_gym.agents.llm.call import Answer, Ask, Client, LogProbability
from causal_interface_gym.agents.strategies.registry import STRATEGIES, strategy
from causal_interface_gym.agents.strategies.turn import Turn
from causal_interface_gym.errors import RefusedError, RunError
from causal_interface_gym.gym.action import Hypothesise
from causal_interface_gym.gym.belief import Belief, StatedDistribution, Statement
from causal_interface_gym.gym.brief import Brief, brief_of
from causal_interface_gym.gym.elicitation import AsksInterval, elicitations
from causal_interface_gym.gym.interface import INTERFACES
from causal_interface_gym.questions.claims import Direction
from causal_interface_gym.scenarios.world import Question
from tests.unit.agents.scripted import RaisingClient, SchemaClient, TextClient, said

SHOWN = brief_of(scenarios.get("sprinkler-v1").world(), INTERFACES["full"])
N_QUESTIONS = len(SHOWN.questions)


def turn_of(
    client: Client, *, brief: Brief = SHOWN, samples: int = 1, format: Format | None = None
) -> tuple[Turn, list[Note]]:
    notes: list[Note] = []
    made = Turn(Caller(client, "t", 0), brief, (), 0, format or Format(), samples, notes.append)
    return made, notes


def believe(name: str, client: Client, **more: object) -> tuple[tuple[Statement, ...], list[Note]]:
    turn, notes = turn_of(client, **more)  # type: ignore[arg-type]  # keywords of turn_of
    return asyncio.run(strategy(name).believe(turn)), notes


def numbers(statements: tuple[Statement, ...]) -> dict[str, float]:
    return {s.query: s.p for s in statements if isinstance(s, Belief)}


def all_are(found: dict[str, float], expected: float) -> bool:
    return set(found) == {q.id for q in SHOWN.questions} and all(
        p == pytest.approx(expected) for p in found.values()
    )


def filled(ask: Ask, values: Mapping[str, object]) -> str:
    """Fill a form by patterns of its fields' names, the rest as the schema client would."""
    plain = json.loads(SchemaClient().reply(ask))
    for name in plain:
        for pattern, value in values.items():
            if re.search(pattern, name):
                plain[name] = value
    return json.dumps(plain)


def with_direction() -> Brief:
    asked = tuple(
        Question(f"q{number}", "direction", Direction("rain", "wet", alternative))
        for number, alternative in enumerate(("forward", "backward", "common cause only"), 1)
    )
    return replace(SHOWN, questions=asked, elicitations=elicitations(asked))


def test_strategies_are_those_of_the_documents() -> None:
    assert list(STRATEGIES) == [
        "direct",
        "cot",
        "causal_cot",
        "hypothesis_elimination",
        "self_consistency",
        "choice",
        "tool",
    ]
    assert [name for name, made in STRATEGIES.items() if made.is_tool_assisted] == ["tool"]


def test_an_unknown_strategy_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(RunError, match="unknown strategy 'dirct'; did you mean 'direct'"):
        strategy("dirct")
    with pytest.raises(RunError, match="unknown strategy 'zzz'; known: direct"):
        strategy("zzz")


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_strategy_believes_every_question(name: str) -> None:
    statements, notes = believe(name, SchemaClient(amount=40), samples=2)
    expected = 0.8 if name == "choice" else 0.4
    assert numbers(statements) == dict.fromkeys(
        (q.id for q in SHOWN.questions), pytest.approx(expected)
    )
    assert {n.label for n in notes} == {n.label for n in notes if n.label.startswith("0/")}
    assert len({n.label for n in notes}) == len(notes)


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_model_that_refuses_everything_says_nothing(name: str) -> None:
    statements, notes = believe(name, RaisingClient(RefusedError("no")), samples=2)
    assert statements == ()
    assert {note.method for note in notes} <= {""}
    turn, _ = turn_of(RaisingClient(RefusedError("no")))
    assert asyncio.run(strategy(name).hypothesise(turn)) is None


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_model_that_talks_nonsense_says_nothing(name: str) -> None:
    statements, _ = believe(name, TextClient(["banana"]), samples=2)
    assert statements == ()


def test_direct_takes_one_call_and_no_reasoning() -> None:
    client = SchemaClient()
    believe("direct", client)
    (ask,) = client.asks
    assert ask.schema is not None
    assert all(name.startswith("q") for name in ask.schema["properties"])


def test_reasoning_comes_before_the_beliefs_and_has_its_own_tokens() -> None:
    client, plain = SchemaClient(), SchemaClient()
    believe("cot", client)
    believe("direct", plain)
    (ask,), (direct,) = client.asks, plain.asks
    assert ask.schema is not None
    assert next(iter(ask.schema["properties"])) == "reasoning"
    assert ask.sampling.max_tokens - direct.sampling.max_tokens > 1_000


def test_causal_cot_asks_each_question_alone_in_five_steps() -> None:
    client = SchemaClient()
    believe("causal_cot", client)
    assert len(client.asks) == N_QUESTIONS
    for ask, question in zip(client.asks, SHOWN.questions, strict=True):
        assert ask.schema is not None
        names = list(ask.schema["properties"])
        assert [name[:6] for name in names[:5]] == [f"step_{n}" for n in range(1, 6)]
        assert names[5].startswith(f"{question.id}_")
        assert ask.label == f"0/believe/{question.id}"


@pytest.mark.parametrize(
    ("step", "value", "told"),
    [
        ("graph", "rain -> snow", "there is no variable 'snow'"),
        ("graph", "rain -> wet, wet -> rain", "cycle"),
        ("estimand", "the usual formula", "names variables"),
        ("data", " ", "a step is not empty"),
        ("kind", "guessing", "is one of association"),
    ],
)
def test_a_step_in_another_form_is_asked_for_once_more(step: str, value: str, told: str) -> None:
    client = TextClient(make=lambda ask: filled(ask, {step: value}))
    statements, notes = believe("causal_cot", client)
    assert len(client.asks) == 2 * N_QUESTIONS
    assert told in client.asks[1].messages[-1].text
    assert len(statements) == N_QUESTIONS, "the belief itself is valid"
    assert all(told in note.faults[0] for note in notes)


def test_beliefs_are_mixed_by_the_weights_of_hypotheses() -> None:
    weights = {"hypothesis_1_p": 90, "hypothesis_2_p": 30, "hypothesis_3_p": 0}
    arrows = {"hypothesis_1_a": "rain -> wet", "hypothesis_2_a": "wet -> rain"}

    def reply(ask: Ask) -> str:
        believed = 20 if '"assumed causal graph": "rain -> wet"' in ask.messages[-1].text else 60
        return filled(ask, {"^q": believed, **weights, **arrows})

    client = TextClient(make=reply)
    statements, _ = believe("hypothesis_elimination", client)
    assert [ask.label for ask in client.asks] == ["0/hypotheses", "0/believe/0", "0/believe/1"]
    assert all_are(numbers(statements), 0.75 * 0.2 + 0.25 * 0.6)


def test_the_heaviest_hypothesis_goes_into_the_log() -> None:
    weights = {"hypothesis_1_p": 25, "hypothesis_2_p": 75, "hypothesis_3_p": 0}
    arrows = {"hypothesis_2_a": "rain -> wet, sprinkler <-> wet"}
    client = TextClient(make=lambda ask: filled(ask, {**weights, **arrows}))
    turn, _ = turn_of(client)
    graph = asyncio.run(strategy("hypothesis_elimination").hypothesise(turn))
    assert graph == Hypothesise((("rain", "wet"),), (("sprinkler", "wet"),))


def test_points_that_are_all_zero_are_asked_for_once_more_and_then_void() -> None:
    client = TextClient(make=lambda ask: filled(ask, {"hypothesis_._p": 0}))
    statements, notes = believe("hypothesis_elimination", client)
    assert statements == ()
    assert "at least one hypothesis has points above 0" in notes[0].faults
    assert len(client.asks) == 2


def test_self_consistency_takes_the_mean_and_tells_the_spread() -> None:
    client = TextClient(make=lambda ask: filled(ask, {"^q": 20 + 40 * ask.sample}))
    statements, notes = believe("self_consistency", client, samples=2)
    assert [(ask.label, ask.sample) for ask in client.asks] == [
        ("0/believe/0", 0),
        ("0/believe/1", 1),
    ]
    assert len({ask.sampling.seed for ask in client.asks}) == 2
    assert all_are(numbers(statements), 0.4)
    assert notes[-1].method == "samples"
    assert dict(notes[-1].dispersion) == {q.id: pytest.approx(0.2) for q in SHOWN.questions}


@pytest.mark.parametrize("order", ["asked", "reversed"])
def test_a_choice_is_how_likely_the_word_was(order: str) -> None:
    format = Format(order="reversed") if order == "reversed" else Format()
    client = SchemaClient(p_word=0.7)
    statements, notes = believe("choice", client, format=format)
    expected = 0.7 if order == "asked" else 0.3
    assert all_are(numbers(statements), expected)
    assert all(ask.schema is None for ask in client.asks)
    assert {ask.sampling.top_log_probabilities for ask in client.asks} == {20}
    assert dict(notes[0].off_menu) == {"q1": pytest.approx(0, abs=1e-12)}


def test_a_choice_of_alternatives_is_a_distribution() -> None:
    likely = tuple((letter, log(p)) for letter, p in (("A", 0.5), ("B", 0.25), ("C", 0.125)))

    class Lettered:
        async def ask(self, ask: Ask) -> Answer:
            assert '"A": "rain is a cause of wet"' in ask.messages[-1].text.replace('\\"', '"')
            token = LogProbability("A", likely[0][1], likely)
            return replace(said("A"), log_probabilities=(token,))

    statements, notes = believe("choice", Lettered(), brief=with_direction())
    (stated,) = statements
    assert isinstance(stated, StatedDistribution)
    assert [p for _, p in stated.parts] == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    assert dict(notes[0].off_menu) == {"d1": pytest.approx(0.125)}


def test_without_probabilities_of_tokens_there_is_no_choice_and_the_note_says_so() -> None:
    statements, notes = believe("choice", TextClient(["Yes"]))
    assert statements == ()
    assert {note.faults for note in notes} == {("the server tells no probabilities of tokens",)}


def test_words_beside_the_options_are_no_choice() -> None:
    class Other:
        async def ask(self, ask: Ask) -> Answer:
            del ask
            return replace(said("Hm"), log_probabilities=(LogProbability("Hm", -0.1),))

    statements, notes = believe("choice", Other())
    assert statements == ()
    assert notes[0].faults == ("none of the options is among the likeliest tokens",)


def test_an_interval_has_no_word() -> None:
    low, high = SHOWN.questions[:2]
    asked = (AsksInterval("i1", low.id, high.id),)
    brief = replace(SHOWN, questions=(low, high), elicitations=asked)
    assert believe("choice", SchemaClient(), brief=brief) == ((), [])


def test_tools_are_used_until_the_model_is_done_and_their_results_are_shown() -> None:
    def reply(ask: Ask) -> str:
        is_first = ask.label.endswith("tool/0")
        return filled(ask, {"^tool$": "estimate" if is_first else "done", "^question$": "q1"})

    client = TextClient(make=reply)
    believe("tool", client)
    assert [ask.label for ask in client.asks] == ["0/tool/0", "0/tool/1", "0/believe/0"]
    assert "results of tools" not in client.asks[0].messages[-1].text
    for ask in client.asks[1:]:
        assert '"tool": "estimate", "question": "q1", "estimate": 0.' in ask.messages[-1].text


def test_tools_are_used_six_times_at_most() -> None:
    client = SchemaClient()
    believe("tool", client)
    assert [ask.label for ask in client.asks] == [
        *(f"0/tool/{number}" for number in range(6)),
        "0/believe/0",
    ]


def test_a_tool_that_does_not_exist_ends_their_use() -> None:
    client = TextClient(make=lambda ask: filled(ask, {"^tool$": "peek_at_truth"}))
    statements, _ = believe("tool", client)
    assert [ask.label for ask in client.asks] == ["0/tool/0", "0/tool/0/repair", "0/believe/0"]
    assert len(statements) == N_QUESTIONS
