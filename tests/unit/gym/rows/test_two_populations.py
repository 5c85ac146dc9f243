"""Worlds of transport and of instruments, played: who is enrolled, how an interval is stated."""

import asyncio

import pytest

from causal_interface_gym.agents.agent import play
from causal_interface_gym.agents.reference.experimenter import Experimenter
from causal_interface_gym.errors import ActionError
from causal_interface_gym.gym.brief import brief_of, brief_to_json
from causal_interface_gym.gym.elicitation import AsksInterval, AsksProbability, elicitations
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import INTERFACES
from causal_interface_gym.gym.learner import NoLearner, reference_learner
from causal_interface_gym.gym.observation import Counts, Refused
from causal_interface_gym.gym.presentation.text import brief_text
from causal_interface_gym.gym.presentation.tools import tool_schemas
from causal_interface_gym.gym.rows.draw import columns_of, trials_of, world_rng
from causal_interface_gym.questions.claims import InPopulation, IntervalEnd
from causal_interface_gym.scenarios.registry import world_of
from causal_interface_gym.scenarios.world import Question, World
from causal_interface_gym.scoring.marking import Answered, score

TWO_CITIES = world_of("form/transport/level-2/1/commonsense")
ENCOURAGED = world_of("form/instrument/level-2/1")


def opened(world: World, interface: str = "graph") -> Episode:
    return Episode.new(world, INTERFACES[interface], seed=0)


def asked_there(world: World = TWO_CITIES) -> InPopulation:
    (asked, *_) = [q.asked for q in world.questions if isinstance(q.asked, InPopulation)]
    return asked


def test_experiments_enrol_from_the_source_and_observation_sees_both() -> None:
    episode, asked = opened(TWO_CITIES), asked_there()
    ((treatment, level),) = asked.query.do
    assert trials_of(TWO_CITIES.questions) == (("place", "source"),)
    place = [v.name for v in TWO_CITIES.variables].index("place")
    done = episode.act({"kind": "intervene", "set": {treatment: level}, "n": 400})
    seen = episode.act({"kind": "observe", "n": 400})
    assert isinstance(done, Counts)
    assert isinstance(seen, Counts)
    assert {row[place] for row, _ in done.rows} == {"source"}
    assert {row[place] for row, _ in seen.rows} == {"source", "target"}
    assert (done.n, seen.n) == (400, 400)


def test_an_experiment_shows_the_effect_in_the_source() -> None:
    episode, asked = opened(TWO_CITIES), asked_there()
    ((treatment, level),) = asked.query.do
    done = episode.act({"kind": "intervene", "set": {treatment: level}, "n": 4_000})
    assert isinstance(done, Counts)
    (outcome,) = asked.query.outcome
    column = [v.name for v in TWO_CITIES.variables].index(outcome.variable)
    rate = sum(n for row, n in done.rows if row[column] == outcome.value) / 4_000
    assert rate == pytest.approx(TWO_CITIES.model.p(asked.in_source), abs=0.03)
    assert abs(rate - TWO_CITIES.model.p(asked.in_target)) > 0.1


@pytest.mark.parametrize("label", ["source", "target"])
def test_where_units_live_cannot_be_set(label: str) -> None:
    episode, untouched = opened(TWO_CITIES), opened(TWO_CITIES)
    refused = episode.act({"kind": "intervene", "set": {"place": label}, "n": 10})
    assert isinstance(refused, Refused)
    assert refused.code == "impossible"
    assert "cannot be set" in refused.reason
    assert episode.budget_left == untouched.budget_left
    follow = {"kind": "observe", "n": 10}
    assert episode.act(follow) == untouched.act(follow)


def test_the_brief_says_who_is_enrolled_and_the_tools_do_not_offer_to_set_it() -> None:
    brief = brief_of(TWO_CITIES, INTERFACES["graph"])
    assert "Rows of intervene all have place=source, which cannot be set." in brief.rules
    assert "an experiment enrols only units with place=source" in brief.story
    (intervene,) = [tool for tool in tool_schemas(brief) if tool["name"] == "intervene"]
    (observe,) = [tool for tool in tool_schemas(brief) if tool["name"] == "observe"]
    assert "place" not in intervene["parameters"]["properties"]["set"]["properties"]
    assert "place" in observe["parameters"]["properties"]["where"]["properties"]
    survey = brief_of(TWO_CITIES, INTERFACES["survey"])
    assert not any("Rows of intervene" in rule for rule in survey.rules)


def test_the_ends_of_an_interval_are_asked_for_together() -> None:
    asked = elicitations(ENCOURAGED.questions)
    (interval,) = [e for e in asked if isinstance(e, AsksInterval)]
    ends = {q.id: q.asked for q in ENCOURAGED.questions}
    low, high = ends[interval.low], ends[interval.high]
    assert isinstance(low, IntervalEnd)
    assert isinstance(high, IntervalEnd)
    assert (low.end, high.end) == ("lower", "upper")
    brief = brief_of(ENCOURAGED, INTERFACES["graph"])
    shown = brief_to_json(brief)
    assert shown["intervals"] == [{"id": "i1", "low": interval.low, "high": interval.high}]
    assert f"i1: an interval from {interval.low} to {interval.high}" in brief_text(brief)
    assert any("is answered by the two ends of an interval" in rule for rule in brief.rules)


def test_an_end_whose_other_end_is_not_asked_stays_a_single_question() -> None:
    (first, *_) = ENCOURAGED.questions
    assert elicitations([first]) == (AsksProbability(first.id),)


def test_two_intervals_have_an_id_each() -> None:
    more = [
        Question(f"r{q.id}", q.family, IntervalEnd(q.asked.query, q.asked.end, ("X",)))
        for q in ENCOURAGED.questions
        if isinstance(q.asked, IntervalEnd)
    ]
    found = elicitations([*ENCOURAGED.questions, *more])
    assert [e.id for e in found if isinstance(e, AsksInterval)] == ["i1", "i2"]


def test_a_stated_interval_is_marked_end_by_end() -> None:
    episode = opened(ENCOURAGED)
    refused = episode.act({"kind": "believe", "beliefs": [{"query": "i1", "interval": [0.6, 0.2]}]})
    assert isinstance(refused, Refused)
    episode.act({"kind": "believe", "beliefs": [{"query": "i1", "interval": [0.2, 0.6]}]})
    assert all("p" in belief for belief in episode.log[1].action["beliefs"])
    episode.act({"kind": "submit"})
    (interval,) = [e for e in episode.brief.elicitations if isinstance(e, AsksInterval)]
    marks = {mark.question: mark.answer for mark in score(episode.log, ENCOURAGED).marks}
    assert marks == {interval.low: Answered(0.2), interval.high: Answered(0.6)}


@pytest.mark.parametrize("world", [TWO_CITIES, ENCOURAGED], ids=["transport", "instrument"])
@pytest.mark.parametrize("interface", ["graph", "survey", "laboratory", "table"])
def test_the_experimenter_can_play_them_through_any_interface(world: World, interface: str) -> None:
    episode = opened(world, interface)
    asyncio.run(play(Experimenter("reference:experimenter"), episode))
    assert not episode.unanswered
    assert not any(event.observation["kind"] == "refused" for event in episode.log)


def test_no_learner_is_declared_where_experiments_are_made_elsewhere() -> None:
    found = reference_learner(TWO_CITIES, shows_graph=True, models=[TWO_CITIES.model])
    assert found == NoLearner("experiments enrol from one population only")
    listed = reference_learner(ENCOURAGED, shows_graph=True, models=[ENCOURAGED.model])
    assert not isinstance(listed, NoLearner)


def test_the_populations_of_a_world_are_told_apart_under_any_names() -> None:
    for names in ("", "/commonsense", "/anti-commonsense"):
        world = world_of(f"form/transport/level-3/2{names}", seed=5)
        asked = asked_there(world)
        labels = {v.name: v.labels for v in world.variables}[asked.population]
        assert {asked.source, asked.target} == set(labels)
        assert f"{asked.population}={asked.target}" in world.story
        for question, item in zip(world.questions, world.items, strict=True):
            assert isinstance(question.asked, InPopulation)
            assert world.model.p(question.asked.in_target) == pytest.approx(item.truth, abs=1e-12)


def test_a_setting_beside_the_population_is_refused_in_the_draw_itself() -> None:
    with pytest.raises(ActionError, match="place says where units live"):
        columns_of(TWO_CITIES, 5, rng=world_rng(TWO_CITIES), do=(("place", "target"),))
