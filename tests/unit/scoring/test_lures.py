"""Lures are counted where they can be told from the truth."""

from causal_interface_gym.questions.question import Lure
from causal_interface_gym.scoring.lures import LureCount, lure_counts
from causal_interface_gym.scoring.marking import Answer, Answered, Mark, Missing


def mark(answer: Answer, *lures: Lure) -> Mark:
    return Mark("s", 0, "a", "q1", "intervention", "q", 0.5, 0.4, lures, answer)


def test_an_answer_nearer_to_the_lure_is_counted_under_its_fallacy() -> None:
    see = Lure("see for do", 0.9)
    counts = lure_counts([mark(Answered(0.8), see), mark(Answered(0.6), see)])
    assert counts == {"see for do": LureCount(1, 2)}


def test_variants_of_a_fallacy_are_counted_together() -> None:
    lures = (Lure("wrong adjustment: tar", 0.9), Lure("wrong adjustment: age", 0.1))
    assert lure_counts([mark(Answered(0.9), *lures)]) == {"wrong adjustment": LureCount(1, 2)}


def test_missing_answers_and_lures_at_the_truth_are_not_counted() -> None:
    assert lure_counts([mark(Missing(), Lure("see for do", 0.9))]) == {}
    assert lure_counts([mark(Answered(0.5), Lure("see for do", 0.51))]) == {}
