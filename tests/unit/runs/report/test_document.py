"""The JSON of a report: its shape, its bytes, and why a number is missing."""

import json
import re
from collections.abc import Callable

from causal_interface_gym.agents.registry import REFERENCE_AGENTS
from causal_interface_gym.runs.grading import Grades
from causal_interface_gym.runs.report.document import report_json
from causal_interface_gym.runs.report.markdown import report_markdown
from causal_interface_gym.runs.report.page import report_html


def test_equal_runs_give_equal_bytes(graded: Callable[..., Grades]) -> None:
    agents = ("reference:oracle", "reference:random")
    one, other = (graded("kidney-stones-v1", "homework-v1", agents=agents) for _ in range(2))
    assert report_json(one) == report_json(other)
    assert report_markdown(one) == report_markdown(other)
    assert report_html(one) == report_html(other)


def test_generated_worlds_stand_by_structure_and_names(graded: Callable[..., Grades]) -> None:
    names = tuple(f"generated/confounder/level-1/{n}" for n in range(3))
    found = graded(*names, f"{names[0]}/commonsense", agents=("reference:oracle",))
    (agent,) = json.loads(report_json(found))["agents"]
    assert set(agent["strata"]) == {"confounder"}
    assert set(agent["names"]) == {"commonsense", "nonsense"}
    assert agent["causal_score"]["worlds"] == 3
    assert "**generated/confounder/level-1**: 4 generated worlds" in report_markdown(found)


def test_the_json_has_the_promised_shape(grades: Grades) -> None:
    data = json.loads(report_json(grades))
    assert {a["agent"] for a in data["agents"]} == set(REFERENCE_AGENTS)
    for agent in data["agents"]:
        assert {"value", "low", "high"} <= set(agent["causal_score"])
        assert agent["coverage"] == 1
        assert {found["coverage"] for found in agent["families"].values()} == {1}
        assert agent["failed"] == 0
        assert agent["reference"]
        assert (
            set(agent["strata"]) == {"simpson", "front-door", "mediator", "network"}
            or (agent["strata"])
        )
        assert set(agent["names"]) == {"commonsense", "nonsense"}
    assert data["agents"][0]["agent"] == "reference:oracle"
    assert data["score_version"] == 2
    assert data["comparison"]["baseline"] == "reference:associational"
    assert data["samples"]["coherence"] == {"worlds": 8, "of": 8}


def test_the_json_holds_no_clock_path_or_host(grades: Grades) -> None:
    text = report_json(grades)
    assert not re.search(r"20\d\d-\d\d|\d\d:\d\d|/(?:home|tmp|root|work)/|localhost", text)
    assert "NaN" not in text
    assert "Infinity" not in text


def test_a_family_of_one_world_says_that_it_has_no_interval(grades: Grades) -> None:
    data = json.loads(report_json(grades))
    front_door = data["agents"][0]["families"]["front-door"]
    assert front_door["no_interval"] == "fewer than two distinct worlds"
    assert "low" not in front_door


def test_an_unscored_family_says_why(unscored: Grades) -> None:
    agent = json.loads(report_json(unscored))["agents"][0]
    assert agent["families"]["simpson"]["unscored"] == "zero_reference"
    assert agent["causal_score"] == {"unscored": "no_items", "excess_loss": 0.0, "items": 0}


def test_what_has_no_number_has_a_reason(grades: Grades, nothing: Grades) -> None:
    agent = json.loads(report_json(grades))["agents"][1]
    weights = agent["fingerprint"]["weights"]
    assert all("value" in weight or weight["unscored"] for weight in weights.values())
    assert "fewer than two changes" in agent["sequence"]["slope"]["unscored"]
    empty = json.loads(report_json(nothing))["agents"][0]
    assert empty["fingerprint"] == {"unscored": "no probability was stated"}
    assert empty["coherence"]["incoherence"] == {"unscored": "no episode had a number"}


def test_the_baseline_has_no_comparison_and_the_others_have_one(grades: Grades) -> None:
    agents = {a["agent"]: a for a in json.loads(report_json(grades))["agents"]}
    assert agents.pop("reference:associational")["versus_baseline"] == []
    for agent in agents.values():
        (found,) = agent["versus_baseline"]
        assert set(found["holm"]) <= set(found["families"])
        assert {"detectable", "p"} <= set(found["headline"]) or found["headline"]["unscored"]
