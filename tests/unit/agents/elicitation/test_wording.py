"""What is asked, in the letters of a field's name; foreign names become places."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym import scenarios
from causal_interface_gym.agents.elicitation.format import FORMATS, Format
from causal_interface_gym.agents.elicitation.wording import LONGEST, field_name, words_of
from causal_interface_gym.agents.scene.handles import Handles
from causal_interface_gym.causal.query import Query
from causal_interface_gym.gym.brief import brief_of
from causal_interface_gym.gym.interface import INTERFACES
from causal_interface_gym.questions.claims import (
    Confounded,
    Determined,
    Direction,
    FromSelected,
    InPopulation,
    IntervalEnd,
)
from causal_interface_gym.questions.question import Asked, ValidAdjustment
from causal_interface_gym.scenarios.world import Variable

NAMES = Handles({name: name for name in "xyzm"}, {name: {"0": "0", "1": "1"} for name in "xyzm"})
OTHER = Format(wording="force_observe")


@pytest.mark.parametrize(
    ("asked", "set_see", "force_observe"),
    [
        (Query.parse("y=1 | x=1"), "if_we_see_x_is_1_y_is_1", "where_we_observe_x_is_1_y_is_1"),
        (Query.parse("y=1 | do(x=1)"), "if_we_set_x_to_1_y_is_1", "with_x_forced_to_1_y_is_1"),
        (
            Query.parse("y=1 | do(x=1), z=0"),
            "if_we_set_x_to_1_if_we_see_z_is_0_y_is_1",
            "with_x_forced_to_1_where_we_observe_z_is_0_y_is_1",
        ),
        (
            Query.parse("y[x=1]=1 | x=0"),
            "had_we_set_x_to_1_among_x_is_0_y_is_1",
            "had_x_forced_to_1_among_x_is_0_y_is_1",
        ),
        (
            Query.parse("y[x=1, m[x=0]]=1"),
            "had_we_set_m_as_under_x_0_and_x_to_1_y_is_1",
            "had_m_as_under_x_0_and_x_forced_to_1_y_is_1",
        ),
        (Query.parse("y=1"), "y_is_1", "y_is_1"),
        (
            Query.parse("y | do(x)"),
            "if_we_set_x_to_any_state_y_is_any",
            "with_x_forced_to_any_state_y_is_any",
        ),
        (
            Query.of({"y": 1}, do={"x": {"0": 0.5, "1": 0.5}}),
            "if_we_set_x_to_a_draw_y_is_1",
            "with_x_forced_to_a_draw_y_is_1",
        ),
        (
            InPopulation(Query.parse("y=1 | do(x=1)"), "z", "0", "1"),
            "where_z_is_1_if_we_set_x_to_1_y_is_1",
            "where_z_is_1_with_x_forced_to_1_y_is_1",
        ),
        (
            IntervalEnd(Query.parse("y=1 | do(x=1)"), "lower"),
            "of_if_we_set_x_to_1_y_is_1",
            "of_with_x_forced_to_1_y_is_1",
        ),
        (
            FromSelected(Query.parse("y=1 | do(x=1)"), (("z", "1"),)),
            "in_everyone_if_we_set_x_to_1_y_is_1",
            "in_everyone_with_x_forced_to_1_y_is_1",
        ),
        (
            ValidAdjustment("x", "y", ("m", "z")),
            "sure_that_adjusting_for_m_and_z_is_valid",
            "belief_that_adjusting_for_m_and_z_is_valid",
        ),
        (
            ValidAdjustment("x", "y"),
            "sure_that_adjusting_for_nothing_is_valid",
            "belief_that_adjusting_for_nothing_is_valid",
        ),
        (
            Confounded("x", "y", "1"),
            "sure_that_seeing_and_setting_x_differ",
            "belief_that_observing_and_forcing_x_differ",
        ),
        (Direction("x", "y", "forward"), "sure_that_x_causes_y", "belief_that_x_causes_y"),
        (Direction("x", "y", "backward"), "sure_that_y_causes_x", "belief_that_y_causes_x"),
        (
            Direction("x", "y", "common cause only"),
            "sure_that_only_a_shared_cause_links_x_and_y",
            "belief_that_only_a_shared_cause_links_x_and_y",
        ),
        (
            Determined(Query.parse("y=1 | do(x=1)")),
            "sure_that_data_fix_what_is_if_we_set_x_to_1_y_is_1",
            "belief_that_data_fix_what_is_with_x_forced_to_1_y_is_1",
        ),
    ],
    ids=str,
)
def test_each_question_has_its_words(asked: Asked, set_see: str, force_observe: str) -> None:
    assert words_of(asked, NAMES, Format()) == set_see
    assert words_of(asked, NAMES, OTHER) == force_observe


def test_a_long_name_is_cut_between_words() -> None:
    name = field_name("q12", "if_we_set_" + "_".join(["antidisestablishment"] * 5), Format())
    assert len(name) <= LONGEST
    assert name == "q12_percent_if_we_set_antidisestablishment_antidisestablishment"


def test_one_word_that_is_too_long_is_left_out() -> None:
    assert field_name("q1", "x" * 90, Format()) == "q1_percent"


@given(st.lists(st.text(min_size=1, max_size=60), min_size=3, max_size=3, unique=True))
def test_whatever_variables_are_called_fields_and_handles_stay_plain(names: list[str]) -> None:
    shown = brief_of(scenarios.get("kidney-stones-v1").world(), INTERFACES["graph"])
    variables = tuple(Variable(name, "", ((name, ""), ("1", ""))) for name in names)
    handles = Handles.of(replace(shown, variables=variables))
    assert len(set(handles.variables.values())) == 3
    asked = ValidAdjustment(names[0], names[1], (names[2],))
    for format in FORMATS:
        name = field_name("q1", words_of(asked, handles, format), format)
        assert re.fullmatch(r"[A-Za-z0-9_]{1,64}", name, re.ASCII)


def test_a_handle_leads_back_to_its_variable() -> None:
    shown = brief_of(scenarios.get("kidney-stones-v1").world(), INTERFACES["graph"])
    odd = (Variable("a b; drop", "", (("0", ""), ("very odd!", ""))), *shown.variables[1:])
    handles = Handles.of(replace(shown, variables=odd))
    assert handles.variable("a b; drop") == "variable_1"
    assert handles.state("a b; drop", "very odd!") == "state_2"
    assert handles.named("variable_1") == "a b; drop"
    assert handles.named("nobody") is None


def test_a_handle_does_not_take_the_name_of_another_variable() -> None:
    shown = brief_of(scenarios.get("kidney-stones-v1").world(), INTERFACES["graph"])
    two = (Variable("!", "", (("0", ""),)), Variable("variable_1", "", (("0", ""),)))
    assert Handles.of(replace(shown, variables=two)).variables == {
        "!": "variable_1_",
        "variable_1": "variable_1",
    }


def test_what_is_not_shown_has_a_handle_too() -> None:
    assert NAMES.variable("hidden") == "hidden"
    assert NAMES.variable("not plain") == "variable"
    assert NAMES.state("x", "not plain") == "state"
    assert NAMES.state("x", "other") == "other"
