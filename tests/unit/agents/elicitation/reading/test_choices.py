"""Likely tokens become probabilities of the options, and what lies beside them is told."""

from math import inf, log, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.agents.elicitation.reading.choices import read_choices
from causal_interface_gym.agents.llm.call import LogProbability


def token(text: str, **likely: float) -> LogProbability:
    alternatives = tuple((name, log(p)) for name, p in likely.items())
    return LogProbability(text, alternatives[0][1], alternatives)


def test_options_are_scaled_and_the_rest_is_off_the_menu() -> None:
    found = read_choices([token("Yes", Yes=0.3, No=0.1, Maybe=0.6)], ("Yes", "No"))
    assert found is not None
    assert found.probabilities == pytest.approx({"Yes": 0.75, "No": 0.25})
    assert found.off_menu == pytest.approx(0.6)


def test_spellings_of_an_option_count_together() -> None:
    spelled = {" yes": 0.2, "YES": 0.1, "Yes.": 0.1, "▁yes": 0.1, "no": 0.5}
    likely = tuple((text, log(p)) for text, p in spelled.items())
    found = read_choices([LogProbability(" yes", log(0.2), likely)], ("Yes", "No"))
    assert found is not None
    assert found.probabilities["Yes"] == pytest.approx(0.5)
    assert found.off_menu == pytest.approx(0, abs=1e-12)


def test_the_token_that_was_said_counts_once() -> None:
    found = read_choices([LogProbability("Yes", log(0.4), (("No", log(0.1)),))], ("Yes", "No"))
    assert found is not None
    assert found.probabilities["Yes"] == pytest.approx(0.8)


def test_a_blank_token_is_passed_over() -> None:
    blank = LogProbability("\n", log(0.9), (("\n", log(0.9)), ("Yes", log(0.05))))
    found = read_choices([blank, token("A", A=0.5, B=0.5)], ("A", "B"))
    assert found is not None
    assert found.probabilities == {"A": 0.5, "B": 0.5}


@pytest.mark.parametrize(
    "tokens",
    [
        [],
        [token("Maybe", Maybe=1.0)],
        [LogProbability(" ", 0.0)],
        [LogProbability("Yes", nan, (("No", nan),))],
        [LogProbability("Yes", -inf)],
    ],
)
def test_without_mass_on_an_option_nothing_is_read(tokens: list[LogProbability]) -> None:
    assert read_choices(tokens, ("Yes", "No")) is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Yes", "yes", "No", " no", "x", ""]),
            st.floats(allow_nan=True, allow_infinity=True),
        ),
        max_size=6,
    )
)
def test_probabilities_sum_to_one_whatever_a_server_reports(
    likely: list[tuple[str, float]],
) -> None:
    found = read_choices([LogProbability("Yes", -1.0, tuple(likely))], ("Yes", "No"))
    if found is not None:
        assert sum(found.probabilities.values()) == pytest.approx(1)
        assert 0 <= found.off_menu <= 1
