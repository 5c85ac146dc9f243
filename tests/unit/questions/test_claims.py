"""The families of claims, explaining away and selection, on numbers worked out by hand."""

import pytest

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import QueryError, UnknownVariableError
from causal_interface_gym.questions.claims import (
    Confounded,
    Determined,
    FromSelected,
    InPopulation,
    IntervalEnd,
)
from causal_interface_gym.questions.claims import Direction as DirectionClaim
from causal_interface_gym.questions.doing.answerable import Answerable
from causal_interface_gym.questions.doing.confounding import Confounding
from causal_interface_gym.questions.doing.direction import Direction
from causal_interface_gym.questions.doing.selection import Selection
from causal_interface_gym.questions.question import BaseRate, Distribution, Probability
from causal_interface_gym.questions.seeing.explaining_away import ExplainingAway
from causal_interface_gym.scenarios.names import Naming, rename_asked

BINARY = ("no", "yes")


def two_causes() -> SCM:
    """Rain or a sprinkler wets the grass, each surely; each is on in half of the days."""
    return SCM.from_tables(
        states=dict.fromkeys(("rain", "sprinkler", "wet"), BINARY),
        parents={"wet": ("rain", "sprinkler")},
        tables={
            "rain": [0.5, 0.5],
            "sprinkler": [0.5, 0.5],
            "wet": [[[1, 0], [0, 1]], [[0, 1], [0, 1]]],
        },
    )


def chain(*, hidden: tuple[str, ...] = ()) -> SCM:
    """A confounder z of x and y, and an effect of x on y."""
    return SCM.from_tables(
        states=dict.fromkeys("zxys", BINARY),
        parents={"x": ("z",), "y": ("x", "z"), "s": ("x", "y")},
        tables={
            "z": [0.5, 0.5],
            "x": [[0.8, 0.2], [0.2, 0.8]],
            "y": [[[0.9, 0.1], [0.4, 0.6]], [[0.7, 0.3], [0.1, 0.9]]],
            "s": [[[0.5, 0.5], [0.5, 0.5]], [[0.9, 0.1], [0.5, 0.5]]],
        },
        latent=hidden,
    )


def test_a_seen_second_cause_explains_the_finding_away() -> None:
    alone, both = ExplainingAway("rain=yes", "wet=yes", "sprinkler=yes").items(two_causes())
    assert alone.truth == pytest.approx(2 / 3)
    assert both.truth == pytest.approx(1 / 2)
    assert alone.reference == both.reference == pytest.approx(2 / 3)
    assert both.lure == {"not explained away": pytest.approx(2 / 3), "prior": pytest.approx(0.5)}


def test_selection_asks_about_everyone_and_the_seer_answers_for_the_selected() -> None:
    model = chain()
    off, on = Selection("x", "y=yes", ("no", "yes"), "s=yes").items(model)
    assert on.truth == pytest.approx(model.p("y=yes | do(x=yes)")) == pytest.approx(0.6)
    assert on.reference == pytest.approx(model.p("y=yes | x=yes, s=yes"))
    assert on.lure["sample for population"] == on.reference
    assert on.lure["see for do"] == pytest.approx(0.78)
    assert off.name.endswith("observed rows all have s=yes")
    assert isinstance(off.asked, FromSelected)


def test_confounding_is_a_gap_that_exceeds_its_threshold() -> None:
    (item,) = Confounding("x", "y=yes").items(chain())
    assert item.truth == 1
    assert item.reference == BaseRate()
    assert item.lure == {"association is proof": 0.0, "always confounded": 1.0}
    (wide,) = Confounding("x", "y=yes", threshold=0.3).items(chain())
    assert wide.truth == 0
    assert isinstance(wide.elicited, Probability)
    assert wide.elicited.uniform == 0.5


@pytest.mark.parametrize(
    ("first", "second", "expected"), [("x", "y", 0), ("y", "x", 1), ("x", "z", 1)]
)
def test_a_direction_is_read_off_the_graph(first: str, second: str, expected: int) -> None:
    parts = Direction(first, second).items(chain())
    assert [part.truth for part in parts] == [float(n == expected) for n in range(3)]
    assert [part.elicited for part in parts] == [
        Distribution(("forward", "backward", "common cause only"), n) for n in range(3)
    ]


def test_variables_with_a_common_cause_only() -> None:
    model = SCM.from_tables(
        states=dict.fromkeys("zxy", BINARY),
        parents={"x": ("z",), "y": ("z",)},
        tables={"z": [0.5, 0.5], "x": [[0.8, 0.2], [0.2, 0.8]], "y": [[0.6, 0.4], [0.1, 0.9]]},
        latent={"z"},
    )
    assert [part.truth for part in Direction("x", "y").items(model)] == [0, 0, 1]


def test_unrelated_variables_have_no_direction() -> None:
    with pytest.raises(QueryError, match="not related"):
        Direction("rain", "sprinkler").items(two_causes())


def test_what_is_answerable_depends_on_what_is_hidden() -> None:
    asked = Answerable(("y=yes | do(x=yes)", "y=yes | x=yes"))
    assert [item.truth for item in asked.items(chain())] == [1, 1]
    assert [item.truth for item in asked.items(chain(hidden=("z",)))] == [0, 1]


def test_a_query_about_a_hidden_variable_is_not_asked() -> None:
    with pytest.raises(UnknownVariableError):
        Answerable(("z=yes | do(x=yes)",)).items(chain(hidden=("z",)))


def test_claims_say_what_is_wrong_with_them() -> None:
    with pytest.raises(QueryError, match="a direction is one of"):
        DirectionClaim("x", "y", "sideways")
    query = Query.parse("y=yes | do(x=yes)")
    for selected in ((), (("s", "yes"), ("s", "no"))):
        with pytest.raises(QueryError, match="names each of its variables once"):
            FromSelected(query, selected)


def test_claims_are_renamed_throughout() -> None:
    naming = Naming(
        {"x": "wug", "y": "dax", "s": "blick"}, {"y": {"yes": "on"}, "s": {"yes": "in"}}
    )
    query = Query.parse("y=yes | do(x=yes)")
    renamed = Query.parse("dax=on | do(wug=yes)")
    assert rename_asked(FromSelected(query, (("s", "yes"),)), naming) == FromSelected(
        renamed, (("blick", "in"),)
    )
    assert rename_asked(Determined(query), naming) == Determined(renamed)
    assert rename_asked(Confounded("x", "y", "yes"), naming) == Confounded("wug", "dax", "on")
    assert rename_asked(DirectionClaim("x", "y", "forward"), naming) == DirectionClaim(
        "wug", "dax", "forward"
    )


def test_claims_read_as_sentences() -> None:
    alternatives = [
        str(DirectionClaim("fever", "rash", a))
        for a in ("forward", "backward", "common cause only")
    ]
    assert alternatives == [
        "fever is a cause of rash",
        "rash is a cause of fever",
        "fever and rash only share a cause",
    ]


def test_populations_and_intervals_are_renamed_throughout() -> None:
    naming = Naming({"p": "q", "x": "v", "y": "w"}, {"p": {"0": "here", "1": "there"}})
    query, renamed = Query.parse("y=1 | do(x=1)"), Query.parse("w=1 | do(v=1)")
    assert rename_asked(InPopulation(query, "p", "0", "1"), naming) == InPopulation(
        renamed, "q", "here", "there"
    )
    assert rename_asked(IntervalEnd(query, "upper", ("p", "x")), naming) == IntervalEnd(
        renamed, "upper", ("q", "v")
    )
