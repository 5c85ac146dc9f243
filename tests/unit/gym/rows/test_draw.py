"""Rows as a participant sees them: everyone's, or those that were selected."""

import numpy as np
import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import ActionError
from causal_interface_gym.gym.action import Intervene, Observe
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.gym.observation import Counts, Refused
from causal_interface_gym.gym.rows.draw import columns_of, counted, selection_of, world_rng
from causal_interface_gym.questions.doing.selection import Selection
from causal_interface_gym.scenarios.scenario import variable
from causal_interface_gym.scenarios.world import World, make_world

NO_YES = {"no": "", "yes": ""}


def employed(share: float = 0.4) -> World:
    model = SCM.from_tables(
        states=dict.fromkeys(("job", "sick", "in"), ("no", "yes")),
        parents={"sick": ("job",), "in": ("job", "sick")},
        tables={
            "job": [0.5, 0.5],
            "sick": [[0.8, 0.2], [0.4, 0.6]],
            "in": [[[1 - share, share], [0.9, 0.1]], [[0.2, 0.8], [0.7, 0.3]]],
        },
    )
    return make_world(
        "employed-v1",
        0,
        model=model,
        variables=[variable(name, name, NO_YES) for name in model.nodes],
        families=(Selection("job", "sick=yes", ("no", "yes"), "in=yes"),),
        told=("Work", "A story."),
    )


def counts(answer: object) -> Counts:
    assert isinstance(answer, Counts)
    return answer


def test_observed_rows_are_the_selected_ones_and_experiments_recruit_from_everyone() -> None:
    world = employed()
    assert selection_of(world) == (("in", "yes"),)
    episode = Episode.new(world, interface("graph"), seed=0)
    place = [v.name for v in world.variables].index("in")
    seen = counts(episode.act(Observe(300)))
    assert {row[place] for row, _ in seen.rows} == {"yes"}
    assert (seen.n, seen.budget_left) == (300, 9_700)
    done = counts(episode.act(Intervene((("job", "yes"),), 300)))
    assert {row[place] for row, _ in done.rows} == {"no", "yes"}
    assert any("in=yes" in rule for rule in episode.brief.rules)


def test_selected_rows_have_the_distribution_of_the_selected() -> None:
    world = employed()
    columns = columns_of(world, 20_000, rng=np.random.default_rng(0))
    exact = world.model.p("sick=yes | in=yes, job=yes")
    rate = columns["sick"][columns["job"] == 1].mean()
    assert rate == pytest.approx(exact, abs=0.02)


def test_rows_too_rare_to_be_found_are_refused_and_cost_nothing() -> None:
    rare = employed()
    never = SCM.from_tables(
        states=rare.model.states,
        parents={"sick": ("job",), "in": ("job", "sick")},
        tables={
            "job": [0.5, 0.5],
            "sick": [[0.8, 0.2], [0.4, 0.6]],
            "in": np.broadcast_to([1.0, 0.0], (2, 2, 2)),
        },
    )
    world = World(
        rare.scenario, 0, rare.cluster, "", "", never, rare.variables, rare.questions, rare.items
    )
    episode, untouched = (Episode.new(world, interface("graph"), seed=0) for _ in range(2))
    answer = episode.act(Observe(2))
    assert isinstance(answer, Refused)
    assert answer.code == "impossible"
    assert episode.budget_left == 10_000
    action = Intervene((("job", "yes"),), 30)
    assert episode.act(action) == untouched.act(action)
    with pytest.raises(ActionError, match="too rare"):
        columns_of(world, 2, rng=np.random.default_rng(0))


def test_where_counts_the_rows_that_fit_and_none_fit_gives_none() -> None:
    world = scenarios.get("kidney-stones-v1").world()
    columns = columns_of(world, 200, rng=np.random.default_rng(0))
    large = counted(world, columns, (("stone", "large"),))
    assert {row[0] for row, _ in large} == {"large"}
    everything = counted(world, columns)
    assert sum(n for row, n in everything if row[0] == "large") == sum(n for _, n in large)
    assert counted(world, {k: v[:0] for k, v in columns.items()}) == ()


def test_what_all_participants_share_depends_on_world_and_purpose_only() -> None:
    world = scenarios.get("kidney-stones-v1").world()
    other = scenarios.get("kidney-stones-v1").world(seed=1)
    drawn = [world_rng(w, k).random() for w, k in ((world, 1), (world, 1), (world, 2), (other, 1))]
    assert drawn[0] == drawn[1]
    assert len(set(drawn)) == 3
