"""What is kept of a scenario that came from a file."""

from dataclasses import replace

import pytest

from causal_interface_gym.errors import ScenarioError
from causal_interface_gym.scenarios.card import Card, card_of, is_own

CARD = Card(
    id="winter-tyres-v1",
    title="Winter tyres",
    story="Careful drivers buy them.",
    structure="confounder",
    published="",
    illustrative="All numbers.",
    citations=("Somebody (2020).",),
    world="0123456789abcdef",
)


def test_a_card_survives_being_written() -> None:
    assert Card.from_json(CARD.to_json()) == CARD


@pytest.mark.parametrize("name", ["asia-v1", "generated/confounder/level-1/0", "Winter tyres"])
def test_a_card_stands_only_for_a_scenario_of_ones_own(name: str) -> None:
    assert not is_own("asia-v1")
    with pytest.raises(ScenarioError, match="of one's own"):
        replace(CARD, id=name)


def test_a_card_has_a_structure_that_is_known() -> None:
    with pytest.raises(ScenarioError, match="structure is one of"):
        replace(CARD, structure="spiral")


def test_a_scenario_that_is_not_known_has_no_card() -> None:
    with pytest.raises(ScenarioError, match="named by its file first"):
        card_of("nobody-registers-this-v1")
