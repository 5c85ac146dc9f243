"""The report on the sets that people reach for first."""

from hypothesis import given, settings

from causal_interface_gym.causal.adjustment import (
    NoAdjustmentSet,
    adjustment_report,
    is_adjustment_set,
)
from causal_interface_gym.causal.graph import ADMG
from tests.strategies.paths import Case, cases


def test_the_report_says_what_to_do_and_why_habits_fail() -> None:
    graph = ADMG([("Z", "X"), ("Z", "Y"), ("X", "Y"), ("Y", "C"), ("X", "C")])
    assert str(adjustment_report(graph, treatment="X", outcome="Y")).splitlines() == [
        "adjust for {Z}",
        (
            "nothing: {} cannot be adjusted for: the non-causal path X <- Z -> Y is open: "
            "Z is a fork and is not given"
        ),
        "parents of the treatment: {Z} can be adjusted for: it meets the criterion",
        "all non-descendants of the treatment: {Z} can be adjusted for: it meets the criterion",
        (
            "everything else: {Z, C} cannot be adjusted for: C is a descendant of Y (Y -> C), "
            "which lies on the causal path X -> Y; the non-causal path X -> C <- Y is open: "
            "C is a collider and is given"
        ),
    ]


def test_the_report_of_the_bow_says_that_there_is_none() -> None:
    report = adjustment_report(ADMG([("X", "Y")], [("X", "Y")]), treatment="X", outcome="Y")
    assert isinstance(report.minimal, NoAdjustmentSet)
    assert str(report).startswith("no adjustment set exists: ")


@settings(max_examples=60)
@given(cases(most=8))
def test_a_report_never_praises_a_set_where_there_is_none(case: Case) -> None:
    roles = {"treatment": case.x, "outcome": case.y}
    report = adjustment_report(case.graph, **roles)
    if isinstance(report.minimal, NoAdjustmentSet):
        assert not any(candidate.check for candidate in report.candidates)
    else:
        assert is_adjustment_set(case.graph, report.minimal, **roles)
