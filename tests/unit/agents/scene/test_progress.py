"""How far an episode has come follows from the events that are shown, and never overspends."""

from dataclasses import replace

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.agents.scene.progress import Progress
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import INTERFACES, Interface


def after(interface: Interface, *kinds: str) -> tuple[Progress, Episode]:
    episode = Episode.new(scenarios.get("sprinkler-v1").world(), interface, seed=0)
    actions: dict[str, dict[str, object]] = {
        "observe": {"kind": "observe", "n": 10},
        "intervene": {"kind": "intervene", "set": {"rain": "yes"}, "n": 10},
        "believe": {"kind": "believe", "beliefs": []},
        "too much": {"kind": "observe", "n": 99_999},
    }
    for kind in kinds:
        episode.act(actions[kind])
    return Progress.of(episode.brief, episode.shown, max_draws=4), episode


@pytest.mark.parametrize("name", ["graph", "forgetful"])
def test_draws_are_counted_with_and_without_history(name: str) -> None:
    rounds = ["observe", "believe"]
    for n in range(4):
        progress, _ = after(INTERFACES[name], *rounds * n)
        assert (progress.step, progress.n_draws) == (2 * n, n)
        progress, _ = after(INTERFACES[name], *rounds * n, "intervene")
        assert (progress.step, progress.n_draws, progress.last) == (2 * n + 1, n + 1, "intervene")


@pytest.mark.parametrize("name", ["graph", "forgetful"])
def test_a_first_statement_without_a_draw_is_no_draw(name: str) -> None:
    progress, _ = after(INTERFACES[name], "believe")
    assert (progress.last, progress.n_draws) == ("believe", 0)


def test_a_refused_draw_is_none() -> None:
    progress, _ = after(INTERFACES["graph"], "observe", "too much")
    assert (progress.is_refused, progress.n_draws) == (True, 1)


def test_what_is_left_is_what_the_last_answer_said() -> None:
    progress, episode = after(INTERFACES["graph"], "intervene", "believe")
    assert progress.budget == episode.budget_left == 9_980
    assert progress.affordable(episode.brief) == {"observe": 9_980, "intervene": 4_990}


def test_where_nothing_is_told_each_draw_may_cost_its_share() -> None:
    progress, episode = after(INTERFACES["forgetful"], "intervene", "believe")
    assert progress.budget == 2_500
    assert progress.affordable(episode.brief) == {"observe": 2_500, "intervene": 1_250}


def test_kinds_that_cannot_be_paid_or_are_not_allowed_are_left_out() -> None:
    poor = replace(INTERFACES["graph"], budget=1)
    progress, episode = after(poor)
    assert progress.affordable(episode.brief) == {"observe": 1}
    progress, episode = after(INTERFACES["table"])
    assert progress.affordable(episode.brief) == {}
    assert not progress.can_draw(episode.brief)


def test_rows_that_cost_nothing_are_bounded_by_the_most_that_may_be_drawn() -> None:
    free = replace(INTERFACES["graph"], row_cost=0)
    progress, episode = after(free)
    assert progress.affordable(episode.brief)["observe"] == 100_000


def test_a_draw_leaves_room_for_a_statement_and_the_submission() -> None:
    for n_actions, may_draw in ((2, False), (3, True)):
        progress, episode = after(replace(INTERFACES["graph"], max_actions=n_actions))
        assert progress.can_draw(episode.brief) is may_draw
