"""Tokens of the notation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.causal.syntax import Tokens, quoted
from causal_interface_gym.errors import QueryError, QuerySyntaxError


@given(st.text(min_size=1))
def test_every_name_reads_back_as_itself_once_quoted(name: str) -> None:
    tokens = Tokens(quoted(name))
    assert tokens.word("a name") == name
    assert tokens.peek().text == ""


def test_words_marks_and_quotes_are_told_apart() -> None:
    tokens = Tokens(" Y=\"a|b\" | 'it\\'s' ")
    assert tokens.peek(1).text == "="
    assert tokens.peek(99).text == ""
    assert tokens.take().text == "Y"
    assert tokens.need("=").position == 2
    assert not tokens.takes("|")
    assert tokens.word("a state") == "a|b"
    assert tokens.takes("|")
    assert tokens.word("a state") == "it's"


def test_a_quoted_mark_is_a_word() -> None:
    tokens = Tokens('"="')
    assert not tokens.takes("=")
    assert tokens.take().is_word


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("Y=1; X", 3, "unexpected character ';'"),
        ("Y = \N{NO-BREAK SPACE}\x00", 5, "quote names that need it"),
        ('Y="open', 2, "never closed"),
        ('Y="open\\', 2, "never closed"),
        ("Y=''", 2, "cannot be empty"),
    ],
)
def test_a_caret_shows_where_the_text_goes_wrong(text: str, position: int, words: str) -> None:
    with pytest.raises(QuerySyntaxError, match=words) as caught:
        Tokens(text)
    assert caught.value.position == position
    assert str(caught.value).splitlines()[-1] == "  " + " " * position + "^"


def test_a_missing_mark_or_word_is_named() -> None:
    with pytest.raises(QuerySyntaxError, match=r"expected '\]', got 'b'"):
        Tokens("b").need("]")
    with pytest.raises(QuerySyntaxError, match="expected a state, but the text ends"):
        Tokens("").word("a state")
    tokens = Tokens("a b")
    assert tokens.error("no", at=tokens.peek()).position == 0


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(QueryError, match="a query is text"):
        Tokens(5)  # type: ignore[arg-type]  # what a caller may do
