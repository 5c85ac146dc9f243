"""The next draw is one option of what can be done and paid; anything else answers now."""

import asyncio
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_interface_gym import scenarios
from causal_interface_gym.agents.agent import play
from causal_interface_gym.agents.language.agent import language_agent
from causal_interface_gym.agents.language.choosing import options_of
from causal_interface_gym.agents.language.closing import doubted
from causal_interface_gym.agents.llm.call import Ask, Client
from causal_interface_gym.causal.query import Query
from causal_interface_gym.gym.brief import brief_of
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import INTERFACES, Interface
from causal_interface_gym.questions.claims import Determined, FromSelected, InPopulation
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.world import Question
from tests.unit.agents.scripted import SchemaClient, TextClient

WORLD = scenarios.get("sprinkler-v1").world()


def played(client: Client, interface: Interface, max_draws: int = 4) -> Episode:
    episode = Episode.new(WORLD, interface, seed=0)
    agent = language_agent(
        "openai:m", client, trial="t", scenario="sprinkler-v1", seed=0, max_draws=max_draws
    )
    asyncio.run(play(agent, episode))
    return episode


def kinds(episode: Episode) -> list[str]:
    return [str(event.action["kind"]) for event in episode.log]


def refused(episode: Episode) -> list[str]:
    return [str(e.observation) for e in episode.log if e.observation["kind"] == "refused"]


def test_every_state_of_every_variable_can_be_set() -> None:
    brief = brief_of(WORLD, INTERFACES["graph"])
    options = options_of(brief, ["observe", "intervene"])
    single = {(v.name, label) for v in brief.variables for label in v.labels}
    assert options["observe"] == ()
    assert {settings[0] for settings in options.values() if len(settings) == 1} == single


def test_what_a_question_sets_together_can_be_set_together() -> None:
    asked: tuple[Query | FromSelected, ...] = (
        Query.parse("wet=yes | do(rain=yes, sprinkler=off)"),
        Query.parse("wet[rain=no, sprinkler=on]=yes"),
        Query.parse("wet | do(rain, sprinkler)"),
        Query.parse("wet[rain=no, sprinkler[rain=yes]]=yes"),
        FromSelected(Query.parse("wet=yes | do(rain=yes, sprinkler=on)"), (("cloudy", "yes"),)),
    )
    questions = tuple(Question(f"q{n}", "any", query) for n, query in enumerate(asked, 1))
    brief = replace(brief_of(WORLD, INTERFACES["graph"]), questions=questions)
    together = {k: v for k, v in options_of(brief, ["intervene"]).items() if len(v) > 1}
    assert together == {
        "set_rain_to_yes_and_sprinkler_to_off": (("rain", "yes"), ("sprinkler", "off")),
        "set_rain_to_no_and_sprinkler_to_on": (("rain", "no"), ("sprinkler", "on")),
        "set_rain_to_yes_and_sprinkler_to_on": (("rain", "yes"), ("sprinkler", "on")),
    }


@pytest.mark.parametrize("scenario", scenarios.ids())
def test_no_two_options_do_the_same(scenario: str) -> None:
    brief = brief_of(scenarios.get(scenario).world(), INTERFACES["graph"])
    options = options_of(brief, ["observe", "intervene"])
    assert len(set(options.values())) == len(options)


def test_what_cannot_be_paid_is_no_option() -> None:
    brief = brief_of(WORLD, INTERFACES["graph"])
    assert set(options_of(brief, ["observe"])) == {"observe"}


def test_a_draw_is_what_was_chosen() -> None:
    episode = played(SchemaClient(chosen="set_rain_to_yes", rows=30), INTERFACES["graph"], 1)
    assert episode.log[0].action == {"kind": "intervene", "set": {"rain": "yes"}, "n": 30}
    assert kinds(episode) == ["intervene", "believe", "submit"]


def test_a_model_that_answers_now_draws_no_more() -> None:
    class Once(SchemaClient):
        def value(self, ask: Ask, name: str, part: dict[str, object]) -> object:
            self.chosen = "observe" if ask.label == "0/choose" else "answer_now"
            return super().value(ask, name, part)

    client = Once()
    assert kinds(played(client, INTERFACES["graph"])) == ["observe", "believe", "submit"]
    assert [ask.label for ask in client.asks] == ["0/choose", "1/believe/0", "2/choose"]


@pytest.mark.parametrize("name", ["graph", "forgetful"])
def test_no_more_is_drawn_than_agreed(name: str) -> None:
    episode = played(SchemaClient(chosen="observe"), INTERFACES[name], max_draws=3)
    assert kinds(episode).count("observe") == 3
    assert refused(episode) == []


def test_a_choice_that_cannot_be_paid_is_asked_for_once_more_then_it_answers() -> None:
    client = SchemaClient(chosen="set_rain_to_yes", rows=9_999)
    episode = played(client, INTERFACES["graph"])
    assert [ask.label for ask in client.asks] == ["0/choose", "0/choose/repair", "0/believe/0"]
    assert "at most 5000 rows can be paid for set_rain_to_yes; got 9999" in (
        client.asks[1].messages[-1].text
    )
    assert kinds(episode) == ["believe", "submit"]


def test_after_the_repair_turn_a_choice_that_can_be_paid_counts() -> None:
    def reply(ask: Ask) -> str:
        if "believe" in ask.label:
            return "{}"
        n = 100 if ask.label.endswith("repair") else 999_999
        return json.dumps({"action": "observe", "rows": n})

    episode = played(TextClient(make=reply), INTERFACES["graph"], 1)
    assert episode.log[0].action == {"kind": "observe", "n": 100, "where": {}}


@settings(max_examples=40)
@given(
    budget=st.integers(0, 300),
    row_cost=st.integers(0, 20),
    experiment_cost=st.integers(0, 20),
    max_actions=st.integers(1, 8),
    rows=st.integers(1, 400),
    shows_history=st.booleans(),
    chosen=st.sampled_from(["observe", "set_rain_to_no", "answer_now"]),
)
def test_no_interface_is_ever_overspent_or_refuses_an_action(
    budget: int,
    row_cost: int,
    experiment_cost: int,
    max_actions: int,
    rows: int,
    shows_history: bool,
    chosen: str,
) -> None:
    interface = replace(
        INTERFACES["graph"],
        budget=budget,
        row_cost=row_cost,
        experiment_row_cost=experiment_cost,
        max_actions=max_actions,
        shows_history=shows_history,
    )
    episode = played(SchemaClient(chosen=chosen, rows=rows), interface)
    assert refused(episode) == []
    assert kinds(episode)[-1] == "submit"
    assert episode.unanswered == ()


def test_questions_that_are_doubted_may_be_called_unanswerable() -> None:
    world = scenarios.get("college-wages-v1").world()
    brief = brief_of(world, INTERFACES["survey"])
    assert doubted(brief) == ("q4",)
    episode = Episode.new(world, INTERFACES["table"], seed=0)
    client = SchemaClient(chosen="no")
    agent = language_agent("openai:m", client, trial="t", scenario="college-wages-v1", seed=0)
    asyncio.run(play(agent, episode))
    assert episode.log[-1].action["unanswerable"] == ["q4"]
    assert "counts as not answered" in client.asks[-1].messages[-1].text


def test_where_nothing_is_doubted_nothing_is_asked_at_the_end() -> None:
    client = SchemaClient()
    played(client, INTERFACES["table"])
    assert [ask.label for ask in client.asks] == ["0/believe/0"]


def test_where_units_live_is_no_option() -> None:
    world = registry.world_of("form/transport/level-2/1/commonsense")
    options = options_of(brief_of(world, INTERFACES["graph"]), ["observe", "intervene"])
    assert options
    assert not any(name == "place" for settings in options.values() for name, _ in settings)


def test_a_doubted_effect_elsewhere_may_be_called_unanswerable() -> None:
    world = registry.world_of("form/transport/level-2/1")
    brief = brief_of(world, INTERFACES["graph"])
    (asked, *_) = [q.asked for q in brief.questions if isinstance(q.asked, InPopulation)]
    about = Question("q9", "answerable", Determined(asked.query))
    doubting = replace(brief, questions=(*brief.questions, about))
    assert doubted(doubting) == tuple(q.id for q in brief.questions if q.asked == asked)
