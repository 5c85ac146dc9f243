"""Tools name what this world has, and offer what this interface allows."""

import json
from dataclasses import replace
from typing import Any

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.gym.brief import Brief, brief_of, brief_to_json
from causal_interface_gym.gym.elicitation import AsksInterval, elicitations
from causal_interface_gym.gym.interface import INTERFACES, allowed_kinds
from causal_interface_gym.gym.presentation.text import brief_text
from causal_interface_gym.gym.presentation.tools import tool_schemas
from causal_interface_gym.questions.claims import DIRECTIONS, Direction
from causal_interface_gym.scenarios.world import Question

WORLD = scenarios.get("kidney-stones-v1").world()


def brief(name: str = "graph") -> Brief:
    return brief_of(WORLD, INTERFACES[name])


def asking_everything() -> Brief:
    """A brief with a distribution and, as the seam for later families, an interval."""
    questions = (
        *WORLD.questions[:2],
        *(
            Question(f"q{number}", "direction", Direction("stone", "recovery", alternative))
            for number, alternative in enumerate(DIRECTIONS, 3)
        ),
    )
    asked = (*elicitations(questions), AsksInterval("i1", "q6", "q7"))
    return replace(brief(), questions=questions, elicitations=asked)


def tools(shown: Brief) -> dict[str, Any]:  # JSON
    return {tool["name"]: tool for tool in tool_schemas(shown)}


@pytest.mark.parametrize("name", INTERFACES)
def test_one_tool_for_each_allowed_action(name: str) -> None:
    found = tools(brief(name))
    assert tuple(found) == allowed_kinds(INTERFACES[name])
    for tool in found.values():
        assert "kind" not in tool["parameters"]["properties"]
        assert tool["description"]
    assert json.loads(json.dumps(found)) == found


def test_names_and_states_of_the_world_are_in_the_schema() -> None:
    found = tools(brief())
    settings = found["intervene"]["parameters"]["properties"]["set"]
    assert settings["properties"]["treatment"] == {"enum": ["A", "B"]}
    assert settings["additionalProperties"] is False
    edges = found["hypothesise"]["parameters"]["properties"]["directed"]
    assert edges["items"]["items"] == {"enum": ["stone", "treatment", "recovery"]}


def test_each_question_is_offered_in_the_form_it_asks_for() -> None:
    found = tools(asking_everything())
    beliefs = found["believe"]["parameters"]["properties"]["beliefs"]["items"]["oneOf"]
    single, distribution, interval = (option["properties"] for option in beliefs)
    assert single["query"] == {"enum": ["q1", "q2", "q3", "q4", "q5"]}
    assert distribution["query"] == {"const": "d1"}
    assert distribution["distribution"]["required"] == [
        "stone->recovery", "recovery->stone", "common",
    ]  # fmt: skip
    assert interval["interval"]["maxItems"] == 2
    answerable = found["submit"]["parameters"]["properties"]["unanswerable"]["items"]["enum"]
    assert answerable[-2:] == ["d1", "i1"]


def test_the_text_shows_what_the_interface_shows() -> None:
    full, blind = brief_text(brief("full")), brief_text(brief("blind"))
    for part in ("Causal graph:", "stone -> recovery", "Data, 1000 rows", "Associations in 1000"):
        assert part in full
        assert part not in blind
    assert "intervene: set variables" in blind
    assert "intervene:" not in brief_text(brief("survey"))
    assert "last action only" in brief_text(brief("forgetful"))
    assert "<->" in brief_text(
        brief_of(scenarios.get("smoking-tar-v1").world(), INTERFACES["graph"])
    )


def test_the_text_asks_for_distributions_and_intervals() -> None:
    text = brief_text(asking_everything())
    assert "d1: a distribution over stone->recovery (q3), recovery->stone (q4), common (q5)" in text
    assert "i1: an interval from q6 to q7" in text


def test_a_page_finds_everything_in_the_json_of_the_brief() -> None:
    data = brief_to_json(asking_everything())
    assert data["distributions"] == [
        {
            "id": "d1",
            "alternatives": {"stone->recovery": "q3", "recovery->stone": "q4", "common": "q5"},
        }
    ]
    assert brief_to_json(brief("full"))["table"][0]["variables"] == [
        "stone",
        "treatment",
        "recovery",
    ]
