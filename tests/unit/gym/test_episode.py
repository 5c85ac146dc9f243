"""Episodes: actions change the log, refusals change nothing else, the truth stays inside."""

import json
from collections.abc import Mapping

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.gym.action import Belief, Believe, Hypothesise, Intervene, Observe, Submit
from causal_interface_gym.gym.brief import brief_to_json
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.gym.observation import (
    Acknowledged,
    Closed,
    Counts,
    Refused,
    observation_to_json,
)
from causal_interface_gym.scenarios.world import World


def kidney() -> World:
    return scenarios.get("kidney-stones-v1").world()


def opened(name: str = "graph", *, seed: int = 0) -> Episode:
    return Episode.new(kidney(), interface(name), seed=seed)


def counts(answer: object) -> Counts:
    assert isinstance(answer, Counts)
    return answer


def test_observing_counts_rows_and_costs_budget() -> None:
    answer = counts(opened().act(Observe(2000)))
    assert answer.n == 2000
    assert answer.budget_left == 8000
    assert answer.variables == ("stone", "treatment", "recovery")
    rate = sum(n for row, n in answer.rows if row[1] == "A") / 2000
    assert rate == pytest.approx(0.5, abs=0.05)


def test_conditioning_is_seeing_and_intervening_is_doing() -> None:
    episode = opened()
    seen = counts(episode.act(Observe(4000, (("treatment", "A"),))))
    done = counts(episode.act({"kind": "intervene", "set": {"treatment": "A"}, "n": 2000}))
    assert {row[1] for row, _ in seen.rows} == {row[1] for row, _ in done.rows} == {"A"}
    assert seen.n < 4000
    assert done.n == 2000
    rates = [sum(n for row, n in c.rows if row[2] == "yes") / c.n for c in (seen, done)]
    assert rates == pytest.approx([0.780, 0.833], abs=0.04)
    assert done.budget_left == 10_000 - 4000 - 2 * 2000


def test_the_same_seed_draws_the_same_rows() -> None:
    assert opened(seed=4).act(Observe(50)) == opened(seed=4).act(Observe(50))
    assert opened(seed=4).act(Observe(50)) != opened(seed=5).act(Observe(50))


def test_statements_are_noted_and_submit_closes() -> None:
    episode = opened()
    assert episode.act(Believe((Belief("q1", 0.4),))) == Acknowledged()
    assert episode.act(Hypothesise((("stone", "treatment"),))) == Acknowledged()
    assert episode.act(Submit((Belief("q1", 0.5),), ("q2",))) == Closed()
    assert episode.is_closed
    assert [event.observation["kind"] for event in episode.log] == [
        "acknowledged", "acknowledged", "closed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("action", "code", "reason"),
    [
        ({"kind": "observe", "n": 10_001}, "budget", "10000 of the budget is left"),
        (
            {"kind": "observe", "n": 5, "where": {"ston": "small"}},
            "variable",
            "did you mean 'stone'",
        ),
        ({"kind": "observe", "n": 5, "where": {"stone": "tiny"}}, "state", "unknown state"),
        ({"kind": "intervene", "set": {"stone": "tiny"}, "n": 5}, "state", "unknown state"),
        (
            {"kind": "believe", "beliefs": [{"query": "q99", "p": 0.5}]},
            "question",
            "no question 'q99'",
        ),
        ({"kind": "submit", "unanswerable": ["q99"]}, "question", "no question 'q99'"),
        (
            {"kind": "hypothesise", "directed": [["stone", "luck"]]},
            "variable",
            "unknown variable 'luck'",
        ),
        ({"kind": "look"}, "schema", "kind is one of"),
        ({"kind": "believe", "beliefs": [{"query": "q1", "p": 2}]}, "belief", "from 0 to 1"),
    ],
    ids=str,
)
def test_a_refusal_says_why_and_leaves_the_world_as_it_was(
    action: Mapping[str, object], code: str, reason: str
) -> None:
    episode, untouched = opened(), opened()
    answer = episode.act(action)
    assert isinstance(answer, Refused)
    assert reason in answer.reason
    assert episode.log[0].observation == observation_to_json(answer)
    assert answer.code == code
    assert not episode.is_closed
    assert episode.act(Observe(20)) == untouched.act(Observe(20))


def test_nothing_can_be_added_after_submit() -> None:
    episode = opened()
    episode.act(Submit())
    answer = episode.act(Observe(1))
    assert isinstance(answer, Refused)
    assert "closed" in answer.reason


def test_an_interface_without_experiments_refuses_them() -> None:
    answer = opened("survey").act(Intervene((("treatment", "A"),), 5))
    assert isinstance(answer, Refused)
    assert "does not allow intervene; it allows observe" in answer.reason


def test_a_hidden_variable_can_neither_be_seen_nor_set() -> None:
    world = scenarios.get("smoking-tar-v1").world()
    episode = Episode.new(world, interface("graph"), seed=0)
    for action in (Observe(5, (("genotype", "1"),)), Intervene((("genotype", "1"),), 5)):
        assert isinstance(episode.act(action), Refused)
    assert "genotype" not in counts(episode.act(Observe(5))).variables


def test_the_log_can_be_written_as_json() -> None:
    episode = opened()
    for action in (Observe(3), Believe((Belief("q1", 0.4),)), Submit()):
        episode.act(action)
    episode.act({"kind": "nonsense", "what": {1, 2}})
    assert json.loads(json.dumps([[e.action, e.observation] for e in episode.log]))


@pytest.mark.parametrize("name", scenarios.ids())
def test_a_brief_shows_everything_public_and_no_truth(name: str) -> None:
    world = scenarios.get(name).world(seed=1)
    text = json.dumps(brief_to_json(Episode.new(world, interface("graph"), seed=0).brief))
    assert all(f'"{variable.name}"' in text for variable in world.variables)
    hidden = set(world.model.latent)
    assert not any(name in text for name in hidden)
    assert not any(repr(item.truth) in text for item in world.items if 0 < item.truth < 1)


def test_the_graph_is_shown_only_where_the_interface_says_so() -> None:
    shown = opened("graph").brief.graphs
    assert shown[0].directed == (
        ("stone", "recovery"), ("stone", "treatment"), ("treatment", "recovery"),
    )  # fmt: skip
    assert opened("blind").brief.graphs == ()
