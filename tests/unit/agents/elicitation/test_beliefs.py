"""A form asks every question once, under names that explain themselves, and maps back exactly."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym import scenarios
from causal_interface_gym.agents.elicitation.beliefs import BeliefForm, asked_of
from causal_interface_gym.agents.elicitation.fields import Amount
from causal_interface_gym.agents.elicitation.form import Filled
from causal_interface_gym.agents.elicitation.format import FORMATS, Format
from causal_interface_gym.gym.belief import Belief, StatedDistribution, StatedInterval
from causal_interface_gym.gym.brief import Brief, brief_of
from causal_interface_gym.gym.elicitation import AsksInterval, elicitations, parts_of
from causal_interface_gym.gym.interface import INTERFACES
from causal_interface_gym.questions.claims import Direction
from causal_interface_gym.scenarios.world import Question

PROVIDERS_TAKE = re.compile(r"[a-zA-Z0-9_.-]{1,64}", re.ASCII)


def brief(scenario: str = "sprinkler-v1", seed: int = 0) -> Brief:
    return brief_of(scenarios.get(scenario).world(seed=seed), INTERFACES["graph"])


def with_direction() -> Brief:
    asked = tuple(
        Question(f"q{number}", "direction", Direction("rain", "wet", alternative))
        for number, alternative in enumerate(("forward", "backward", "common cause only"), 1)
    )
    return replace(brief(), questions=asked, elicitations=elicitations(asked))


def with_interval() -> Brief:
    shown = brief()
    low, high = shown.questions[:2]
    asked = (AsksInterval("i1", low.id, high.id),)
    return replace(shown, questions=(low, high), elicitations=asked)


def written(form: BeliefForm, p: float) -> dict[str, object]:
    """Fill every field with a probability."""
    return {
        field.name: str(round(p * field.whole)) if field.is_digits else round(p * field.whole)
        for field in form.fields
        if isinstance(field, Amount)
    }


@pytest.mark.parametrize("scenario", scenarios.ids())
@pytest.mark.parametrize("seed", [0, 1])
def test_every_question_has_a_field_whose_name_all_providers_take(scenario: str, seed: int) -> None:
    shown = brief(scenario, seed)
    for format in FORMATS:
        form = BeliefForm.of(shown, format)
        assert set(form.questions) == {q.id for q in shown.questions}
        assert len(set(form.form.names)) == len(form.fields)
        assert [name for name in form.form.names if not PROVIDERS_TAKE.fullmatch(name)] == []


@pytest.mark.parametrize("format", FORMATS, ids=str)
def test_names_say_unit_and_whether_a_thing_is_seen_or_done(format: Format) -> None:
    form = BeliefForm.of(brief("kidney-stones-v1"), format)
    words = {"set_see": ("if_we_see", "if_we_set"), "force_observe": ("we_observe", "forced_to")}
    seen, done = words[format.wording]
    for name, text in ((f.name, form.questions[f.name.split("_")[0]]) for f in form.fields):
        assert name.startswith(f"q{name[1]}_{format.unit}_")
        if "do(" in text:
            assert done in name
            assert seen not in name
        elif text.startswith("P(recovery=yes |"):
            assert seen in name
            assert done not in name
        assert not re.search(r"p_obs|p_do", name)


def test_names_are_those_that_a_reader_expects() -> None:
    shown = brief("kidney-stones-v1")
    assert BeliefForm.of(shown, Format()).form.names[:5] == (
        "q1_percent_if_we_see_treatment_is_A_recovery_is_yes",
        "q2_percent_if_we_see_treatment_is_B_recovery_is_yes",
        "q3_percent_if_we_set_treatment_to_A_recovery_is_yes",
        "q4_percent_if_we_set_treatment_to_B_recovery_is_yes",
        "q5_percent_had_we_set_treatment_to_B_among_treatment_is_A",
    )


@pytest.mark.parametrize("format", FORMATS, ids=str)
@given(percent=st.integers(0, 100))
def test_the_same_belief_is_the_same_number_through_every_format(
    format: Format, percent: int
) -> None:
    form = BeliefForm.of(brief(), format)
    filled = form.checked(form.form.read(json.dumps(written(form, percent / 100))))
    assert filled.is_whole
    assert {s.p for s in form.statements(filled.values) if isinstance(s, Belief)} == {percent / 100}


def test_the_order_of_fields_is_turned_by_the_format() -> None:
    asked = BeliefForm.of(brief(), Format()).form.names
    turned = BeliefForm.of(brief(), Format(order="reversed")).form.names
    assert asked == turned[::-1]


def test_the_schema_is_flat_and_every_field_is_required() -> None:
    schema = BeliefForm.of(brief(), Format()).form.schema
    assert schema["required"] == list(schema["properties"])
    assert schema["additionalProperties"] is False
    assert {part["type"] for part in schema["properties"].values()} == {"integer"}


@pytest.mark.parametrize("whole", [100, 1_000])
def test_the_pattern_of_digits_takes_what_the_reader_takes(whole: int) -> None:
    field = Amount("q1_x", whole, is_digits=True)
    pattern = re.compile(field.schema["pattern"])
    for number in range(whole + 1):
        assert pattern.fullmatch(str(number))
        assert field.read(str(number)) == number / whole
    for text in ("", "00", "07", str(whole + 1), "-1", "1.0", " 5"):
        assert not pattern.fullmatch(text)


def test_parts_of_a_distribution_stand_in_it_and_nowhere_else() -> None:
    shown = with_direction()
    assert [asked.id for asked in asked_of(shown)] == ["d1"]
    form = BeliefForm.of(shown, Format())
    assert form.form.names == (
        "q1_percent_sure_that_rain_causes_wet",
        "q2_percent_sure_that_wet_causes_rain",
        "q3_percent_sure_that_only_a_shared_cause_links_rain_and_wet",
    )


def test_a_distribution_that_sums_to_the_whole_is_stated() -> None:
    shown = with_direction()
    form = BeliefForm.of(shown, Format())
    filled = form.checked(form.form.check(dict(zip(form.form.names, (70, 10, 20), strict=True))))
    (stated,) = form.statements(filled.values)
    assert isinstance(stated, StatedDistribution)
    assert [b.p for b in parts_of(stated, shown.elicitations)] == [0.7, 0.1, 0.2]


def test_a_distribution_that_does_not_sum_is_no_answer_and_is_never_scaled() -> None:
    form = BeliefForm.of(with_direction(), Format())
    filled = form.checked(form.form.check(dict(zip(form.form.names, (70, 10, 10), strict=True))))
    assert form.statements(filled.values) == ()
    assert "these sum to 90" in filled.faults[0]


def test_an_interval_has_a_field_for_each_end() -> None:
    form = BeliefForm.of(with_interval(), Format())
    low, high = form.form.names
    assert "_low_end_" in low
    assert "_high_end_" in high
    filled = form.checked(form.form.check({low: 20, high: 60}))
    assert form.statements(filled.values) == (StatedInterval("i1", 0.2, 0.6),)


def test_an_interval_that_runs_downwards_is_no_answer() -> None:
    form = BeliefForm.of(with_interval(), Format())
    filled = form.checked(form.form.check(dict(zip(form.form.names, (60, 20), strict=True))))
    assert form.statements(filled.values) == ()
    assert "is not above" in filled.faults[0]


def test_a_question_without_all_its_parts_says_nothing() -> None:
    form = BeliefForm.of(with_direction(), Format())
    assert form.statements(form.checked(Filled({form.form.names[0]: 1.0})).values) == ()


def test_a_form_may_ask_some_questions_only() -> None:
    shown = brief()
    form = BeliefForm.of(shown, Format(), shown.elicitations[:1])
    assert form.ids == ("q1",)
    assert list(form.questions) == ["q1"]
