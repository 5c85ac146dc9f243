"""Sources of data: how they are given and written."""

import pytest

from causal_interface_gym.causal import ADMG, identify
from causal_interface_gym.causal.identification.evidence.source import (
    Source,
    Sources,
    every_subset,
    read_sources,
)
from causal_interface_gym.errors import QueryError, QuerySyntaxError, UnknownVariableError

CHAIN = ADMG([("Z", "X"), ("X", "Y")])


def test_a_source_is_written_as_its_distribution() -> None:
    assert str(Source()) == "P(v)"
    assert str(Source(frozenset({"b", "a"}), "Los Angeles")) == 'P_"Los Angeles"(v | do(a, b))'


def test_every_subset_starts_with_observation() -> None:
    assert [str(s) for s in every_subset(["B", "A"])] == [
        "P(v)",
        "P(v | do(A))",
        "P(v | do(B))",
        "P(v | do(A, B))",
    ]


def test_nothing_given_is_observation_and_a_name_alone_is_one_variable() -> None:
    assert read_sources(None) == (Source(),)
    assert read_sources([(), "Z", ("Z",)]) == (Source(), Source(frozenset({"Z"})))
    assert read_sources("all") == "all"


@pytest.mark.parametrize(
    ("given", "message"), [("every", "'all' or a list"), ([], "observation alone")]
)
def test_what_is_no_list_of_experiments_is_refused(given: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        read_sources(given)


def test_a_source_about_an_unknown_variable_is_refused() -> None:
    with pytest.raises(UnknownVariableError, match="Q"):
        identify(CHAIN, "P(Y | do(X))", experiments=[("Q",)])


def test_an_experiment_is_numbered_once() -> None:
    sources = Sources(CHAIN, "all")
    assert sources.experiment(1) == sources.experiment(1) == 0
    assert sources.experiment(2) == 1
    assert str(sources) == "all experiments"
    assert str(Sources(CHAIN, every_subset(["Z"]))) == "P(v), P(v | do(Z))"


def test_a_source_is_read_from_text() -> None:
    read = Source.from_text("LA do(X, Y) differs(Z) do(W)")
    assert read == Source(frozenset("XYW"), "LA", frozenset("Z"))
    assert Source.from_text("target do(X)") == Source(frozenset("X"))


@pytest.mark.parametrize("text", ["", "LA sees(X)", "LA do X", "LA do()", "LA do(X"])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(QuerySyntaxError):
        Source.from_text(text)


def test_the_population_asked_about_cannot_differ_from_itself() -> None:
    with pytest.raises(QueryError, match="cannot differ from itself in Z"):
        Source(differs=frozenset({"Z"}))
