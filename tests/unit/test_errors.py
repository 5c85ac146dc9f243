"""One tree of errors, whose messages say what was given, what is allowed and the nearest fix."""

import inspect
import re

import pytest

from causal_interface_gym import errors
from causal_interface_gym.errors import (
    CausalGymError,
    CycleError,
    FormatError,
    ImpossibleEventError,
    PositivityViolation,
    QuerySyntaxError,
    TableError,
    UndeclaredCouplingError,
    UnknownStateError,
    UnknownVariableError,
    WidthError,
)


def test_every_error_hangs_in_the_tree_as_it_is_drawn() -> None:
    drawn: dict[str, str] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        name = re.search(r"\w*(?:Error|Violation)\b", line) if line.startswith("    ") else None
        if name:
            depth = (name.start() - 4) // 4
            above[depth:] = [name[0]]
            drawn[name[0]] = above[depth - 1] if depth else "Exception"
    real = {
        name: kind.__base__.__name__
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, CausalGymError) and kind.__base__
    }
    assert drawn == real
    assert set(real) == set(errors.__all__)


def test_messages_name_the_facts_and_the_way_out() -> None:
    assert str(CycleError(["A", "B", "A"])).startswith("the graph has a cycle: A -> B -> A; remove")
    assert str(TableError("Y", "no rows")) == "table of 'Y': no rows"
    assert "bounds" in str(UndeclaredCouplingError("Y"))
    assert "2.2e+12 cells and the limit is 3.36e+07" in str(WidthError(2**41, 2**25))
    assert "the condition X=1 has probability 0" in str(ImpossibleEventError("X=1"))
    assert "the stratum Z=0" in str(PositivityViolation("Z=0"))
    assert str(FormatError("no graph", line=3)) == "line 3: no graph"
    assert str(FormatError("no graph")) == "no graph"


def test_the_caret_stands_under_the_place_whatever_the_characters() -> None:
    error = QuerySyntaxError("Y=1\n\t| X==1", 9, "expected a state")
    assert str(error) == "expected a state\n  Y=1  | X==1\n           ^"
    assert (error.text, error.position, error.reason) == ("Y=1\n\t| X==1", 9, "expected a state")


@pytest.mark.parametrize(
    ("name", "known", "nearest"),
    [
        ("rian", ["rain", "wet"], "rain"),
        ("y", ["X", "Y"], "Y"),
        ("snow", ["X", "Y"], None),
        (5, ["5"], None),
        ("X", [], None),
        ("1", [1], "1"),
    ],
)
def test_the_nearest_name_is_suggested(name: str, known: list[str], nearest: str | None) -> None:
    error = UnknownVariableError(name, known)
    assert error.nearest == nearest
    assert ("did you mean" in str(error)) == (nearest is not None)
    assert UnknownStateError("V", name, known).nearest == nearest


def test_only_the_first_names_of_many_are_listed() -> None:
    error = UnknownVariableError("snow", [f"V{i}" for i in range(1000)])
    assert str(error).endswith("V11, ... (1000 in all)")
    assert len(error.known) == 1000
    assert str(UnknownVariableError("snow", [])).endswith("known: (none)")
