"""The spread of a score over formats is found where formats matter, and called chance elsewhere."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from causal_interface_gym.agents.elicitation.format import FORMATS, Format, format_of
from causal_interface_gym.gym.log import Event
from causal_interface_gym.questions.families import HEADLINE
from causal_interface_gym.runs.grades.items import ItemTable
from causal_interface_gym.runs.grades.models.formats import FormatGrade, FormatTally
from causal_interface_gym.runs.records import Record, Trial
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scoring.statistics import Interval
from causal_interface_gym.scoring.unscored import Unscored

SCENARIOS = ("kidney-stones-v1", "smoking-tar-v1", "sprinkler-v1", "m-bias-v1")
Say = Callable[[float, Format, np.random.Generator], float]


def graded(say: Say, *, n_seeds: int = 16, scenarios: tuple[str, ...] = SCENARIOS) -> FormatGrade:
    found = tally(say, n_seeds=n_seeds, scenarios=scenarios).result()
    assert isinstance(found, FormatGrade)
    return found


def tally(say: Say, *, n_seeds: int, scenarios: tuple[str, ...] = SCENARIOS) -> FormatTally:
    table = ItemTable()
    tally_ = FormatTally(table)
    rng = np.random.default_rng(1)
    for scenario in scenarios:
        for seed in range(n_seeds):
            world = registry.world_of(scenario, seed=seed)
            asked = tuple(
                zip((q.id for q in world.questions), table.of(world), strict=True)
            )  # fmt: skip
            format_ = format_of(scenario, seed)
            stated = [
                {
                    "query": q,
                    "p": min(max(say(table.items[n].unanswered.truth, format_, rng), 0), 1),
                }
                for q, n in asked
            ]
            log = (Event({"kind": "believe", "beliefs": stated}, {"kind": "acknowledged"}),)
            tally_.add(Record(Trial("a", scenario, "graph", seed), world.digest, log), asked)
    return tally_


def test_an_exact_agent_has_no_spread() -> None:
    found = graded(lambda truth, *_: truth)
    assert found.spread == pytest.approx(0, abs=1e-9)
    assert set(found.scores) == {str(format_) for format_ in FORMATS}
    assert all(score == pytest.approx(1) for score in found.scores.values())
    assert found.p_value == 1
    assert isinstance(found.interval, Interval)


def test_a_format_that_spoils_the_answers_is_found_with_its_factor() -> None:
    found = graded(lambda truth, f, _: truth if f.kind == "integer" else 1 - truth)
    assert found.spread > found.by_chance
    assert found.p_value < 0.05
    effect = found.factors["kind"]
    assert (effect.first, effect.second) == ("integer", "digits")
    assert effect.value > 0.5
    assert isinstance(effect.interval, Interval)
    assert effect.interval.low > 0
    assert abs(found.factors["wording"].value) < effect.value


def test_noise_that_does_not_hang_on_format_is_called_chance() -> None:
    found = graded(lambda truth, _, rng: truth + rng.uniform(-0.1, 0.1))
    assert found.spread > 0
    assert found.p_value > 0.05


def test_missing_answers_cost_as_they_do_in_the_score() -> None:
    table = ItemTable()
    world = registry.world_of("kidney-stones-v1", seed=0)
    asked = tuple(zip((q.id for q in world.questions), table.of(world), strict=True))
    tally_ = FormatTally(table)
    tally_.add(Record(Trial("a", "kidney-stones-v1", "graph", 0), world.digest, ()), asked)
    (losses,) = tally_.losses
    assert (losses[0] >= losses[1]).all()
    assert losses.shape == (2, len(HEADLINE))


def test_one_format_alone_has_no_spread_and_says_why() -> None:
    found = tally(lambda truth, *_: truth, n_seeds=1, scenarios=SCENARIOS[:1]).result()
    assert found == Unscored("fewer than two formats were asked in")


def test_the_order_of_trials_does_not_matter() -> None:
    def say(truth: float, format_: Format, _: np.random.Generator) -> float:
        return truth + 0.01 * FORMATS.index(format_)

    forward = tally(say, n_seeds=8)
    backward = replace(
        forward,
        formats=forward.formats[::-1],
        scenarios=forward.scenarios[::-1],
        clusters=forward.clusters[::-1],
        losses=forward.losses[::-1],
    )
    one, two = forward.result(), backward.result()
    assert isinstance(one, FormatGrade)
    assert isinstance(two, FormatGrade)
    assert one.scores == pytest.approx(two.scores)
    assert one.spread == pytest.approx(two.spread)
    assert one.interval == two.interval or isinstance(one.interval, Interval)
