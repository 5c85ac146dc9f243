"""Difficulty is the share of a fixed panel that is wrong, and the loss of the reference."""

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.questions.question import BaseRate, Item
from causal_interface_gym.validation.difficulty import PANEL, difficulty_of, panel_answers


def test_an_answer_is_wrong_beyond_the_margin() -> None:
    item = Item("intervention", "q", Query.parse("Y=1 | do(X=1)"), truth=0.5, reference=0.8)
    found = difficulty_of(item, (0.5, 0.54, 0.56, 2.0), base_rate=0.0)
    assert found.share_wrong == pytest.approx(0.5)
    assert found.reference_loss == pytest.approx(0.09)


def test_a_base_rate_stands_in_for_its_reference() -> None:
    item = Item("confounding", "q", Query.parse("Y=1"), truth=1.0, reference=BaseRate())
    assert difficulty_of(item, (1.0,), base_rate=0.75).reference_loss == pytest.approx(0.0625)


def test_whoever_cannot_answer_is_wrong() -> None:
    model = SCM.from_tables(
        states={"X": ("0", "1"), "Y": ("0", "1")},
        parents={"Y": ("X",)},
        tables={"X": [1.0, 0.0], "Y": [[0.5, 0.5], [0.2, 0.8]]},
    )
    assert 2.0 in panel_answers(model, Query.parse("Y=1 | do(X=1)"))


@pytest.mark.parametrize("name", scenarios.ids())
def test_the_panel_answers_every_curated_question(name: str) -> None:
    world = scenarios.get(name).world()
    for item in world.items:
        answers = panel_answers(world.model, item.asked)
        assert len(answers) == len(PANEL) + 1
        assert all(0 <= answer <= 1 for answer in answers)
