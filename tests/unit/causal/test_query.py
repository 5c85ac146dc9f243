"""One question in three spellings."""

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.causal.query import Query, Stochastic, Term
from causal_interface_gym.errors import QueryError, QuerySyntaxError
from tests.strategies.noise import models, queries

Y1 = Term("Y", "1")


@pytest.mark.parametrize(
    "text",
    [
        "P(Y=1)",
        "P(Y, Z | do(X), W)",
        "P(Y=1 | do(X=1), Z=0)",
        "P(Y[X=0]=1 | X=1, Y=1)",
        "P(Y[M[X=0], X=1]=1)",
        "P(Y=1 | do(X ~ {0: 0.25, 1: 0.75}))",
        'P("a b"="x/y" | do("do it"="\\"no\\""))',
        "P(Y[X]=1)",
        "P(P=1 | do(do=1), do=1)",
    ],
)
def test_text_reads_back_as_itself(text: str) -> None:
    query = Query.parse(text)
    assert str(query) == text
    assert Query.parse(text[2:-1]) == query
    assert Query.from_json(query.to_json()) == query
    assert pickle.loads(pickle.dumps(query)) == query  # noqa: S301 - our own bytes


@given(st.data())
def test_text_and_json_build_the_same_query(data: st.DataObject) -> None:
    query = data.draw(queries(data.draw(models()), depth=3))
    assert Query.parse(str(query)) == query
    assert Query.from_json(query.to_json()) == query


def test_three_spellings_build_one_query() -> None:
    parsed = Query.parse("Y=1 | do(X=1, A ~ {0: 0.5, 1: 0.5}), Z=0")
    chances = {"0": 0.5, "1": 0.5}
    assert parsed == Query.of(outcome={"Y": 1}, do={"X": "1", "A": chances}, given={"Z": 0})
    json = {
        "outcome": [{"variable": "Y", "value": "1"}],
        "given": [{"variable": "Z", "value": 0}],
        "do": {"X": "1", "A": chances},
    }
    assert parsed == Query.from_json(json)
    assert parsed == Query.parse("Y=1 | Z=0, do(A ~ {0: 0.5, 1: 0.5}), do(X=1)")


def test_names_alone_are_symbolic() -> None:
    assert Query.of("Y", do="X", given=("Z",)) == Query.parse("Y | do(X), Z")
    assert Query.of({"B", "A"}) == Query.parse("A, B")
    assert Query.of(outcome={"Y": None}).is_symbolic
    assert Query.of({"Y": "1"}, do={"X": Stochastic((("0", 1.0),))}).do[0][0] == "X"


def test_a_query_knows_what_it_asks() -> None:
    nested = Query.parse("Y[X=1, M[X=0]]=1 | Z=0")
    assert nested.is_counterfactual
    assert not nested.is_symbolic
    assert nested.variables == ("Y", "Z", "M", "X")
    assert Query.parse("Y=1 | do(M[X=0])").is_counterfactual
    assert not Query.parse("Y=1 | do(X=1)").is_counterfactual
    assert Query.parse("Y=1 | do(X)").is_symbolic
    assert Query.parse("Y[X]=1").is_symbolic


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("", 0, "expected a variable, but the text ends"),
        ("Y=1 |", 5, "expected a variable, but the text ends"),
        ("P(Y=1", 5, r"expected '\)'"),
        ("P(Y=1) Z", 7, "expected ',', '|' or the end, got 'Z'"),
        ("Y=", 2, "expected a state"),
        ("Y=1 | do()", 9, "expected a variable to set"),
        ("Y[]=1", 2, "expected a variable to set"),
        ("Y[M[X=0]=1]=1", 8, "takes no '='"),
        ("Y=1 | do(X ~ 0)", 13, "expected '{'"),
        ("Y=1 | do(X ~ {0 1})", 16, "expected ':'"),
        ("Y=1 | do(X ~ {0: half})", 17, "'half' is not a probability"),
        ("Y[" * 17, 34, "nested 16 deep"),
        ("Y=1\n| X==1", 8, "expected a state, got '='"),
    ],
)
def test_a_caret_shows_where_the_text_goes_wrong(text: str, position: int, words: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        Query.parse(text)
    assert caught.value.position == position
    lines = str(caught.value).splitlines()
    assert lines[2] == "  " + " " * position + "^"
    assert words.replace("\\", "") in lines[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Y=1 | do(X=1, X=0)", "'X' is set twice"),
        ("Y[X=1, X=0]=1", "'X' is set twice"),
        ("Y=1 | do(X ~ {0: 0.5, 1: 0.6})", "sum to 1"),
        ("Y=1 | do(X ~ {0: -1, 1: 2})", "sum to 1"),
        ("Y=1 | do(X ~ {0: nan, 1: 1})", "sum to 1"),
        ("Y=1 | do(X ~ {0: inf})", "sum to 1"),
        ("Y=1 | do(X ~ {0: 0.5, 0: 0.5})", "a label twice"),
    ],
)
def test_a_contradiction_is_refused(text: str, words: str) -> None:
    with pytest.raises(QueryError, match=words):
        Query.parse(text)


def deep() -> Term:
    """Nest a term a thousand worlds deep."""
    term = Term("Y", None, (("Y", "1"),))
    for _ in range(1000):
        term = Term("Y", None, (("Y", term),))
    return term


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (((),), "needs an outcome"),
        (("Y=1",), "tuples of terms"),
        (((Y1,), ("X",)), "tuples of terms"),
        (((Term(5),),), "a term is a variable's name"),  # type: ignore[arg-type]
        (((Term("Y", 1),),), "a term is a variable's name"),  # type: ignore[arg-type]
        (((Y1,), (), (("X", 1),)), "sets a variable to a label"),
        (((Y1,), (), ((1, "X"),)), "sets a variable to a label"),
        (((Y1,), (), (("X", Term("M", None, (("Z", "1"),))),)), "its own value in another world"),
        (((Y1,), (), (("X", Term("X", "1", (("Z", "1"),))),)), "its own value in another world"),
        (((deep(),),), "nested 16 deep"),
    ],
)
def test_what_is_no_query_is_refused(parts: Any, words: str) -> None:  # noqa: ANN401 - any wrong type
    with pytest.raises(QueryError, match=words):
        Query(*parts)


@pytest.mark.parametrize(
    ("keywords", "words"),
    [
        ({"outcome": 5}, "names or map names"),
        ({"outcome": [1]}, "a variable's name"),
        ({"outcome": {"Y": True}}, "a state is a string label"),
        ({"outcome": {"Y": 0.5}}, "a state is a string label"),
        ({"outcome": "Y", "do": None}, "names or map names"),
        ({"outcome": "Y", "do": {"X": {"0": "a"}}}, "labels to numbers"),
        ({"outcome": "Y", "do": {"X": {None: 1.0}}}, "label"),
        ({"outcome": "Y", "do": {1: "0"}}, "sets a variable to a label"),
        ({"outcome": "Y", "given": {"X": {"0": 1.0}}}, "a state is a string label"),
    ],
)
def test_wrong_types_in_keywords_are_refused(keywords: dict[str, Any], words: str) -> None:
    with pytest.raises(QueryError, match=words):
        Query.of(**keywords)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "an object with outcome"),
        ([], "an object with outcome"),
        ({}, "an object with outcome"),
        ({"outcome": [], "when": 1}, "an object with outcome"),
        ({"outcome": None}, "lists of terms"),
        ({"outcome": ["Y"]}, "a term is an object"),
        ({"outcome": [{"value": "1"}]}, "a term is an object"),
        ({"outcome": [{"variable": "Y", "valu": "1"}]}, "a term is an object"),
        ({"outcome": [{"variable": 5}]}, "a variable's name"),
        ({"outcome": [{"variable": "Y", "value": 1.5}]}, "a state is a string label"),
        ({"outcome": [{"variable": "Y"}], "do": ["X"]}, "do is an object"),
        ({"outcome": [{"variable": "Y"}], "do": {"X": {"probabilities": [1]}}}, "a state is a"),
        ({"outcome": [{"variable": "Y"}], "do": {"X": {"probabilities": {"0": "a"}}}}, "numbers"),
    ],
)
def test_json_that_is_no_query_is_refused(data: Any, words: str) -> None:  # noqa: ANN401 - JSON
    with pytest.raises(QueryError, match=words):
        Query.from_json(data)


def test_json_worlds_do_not_nest_without_end() -> None:
    term: dict[str, Any] = {"variable": "Y"}
    for _ in range(300):
        term = {"variable": "Y", "do": {"Y": term}}
    with pytest.raises(QueryError, match="nested 16 deep"):
        Query.from_json({"outcome": [term]})
