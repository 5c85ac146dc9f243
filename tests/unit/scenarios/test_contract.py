"""The contract finds each planted fault, and says where."""

from dataclasses import dataclass, replace
from typing import ClassVar

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.questions.claims import Confounded, Direction
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.answerable import Answerable
from causal_interface_gym.questions.doing.confounding import Confounding
from causal_interface_gym.questions.doing.direction import Direction as DirectionFamily
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.doing.selection import Selection
from causal_interface_gym.questions.imagining.counterfactual import Counterfactual
from causal_interface_gym.questions.question import (
    Asked,
    Family,
    Item,
    ValidAdjustment,
    probability_item,
)
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.contract import Finding, check_scenario, is_kept
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

GOOD = scenarios.get("job-training-v1")
HIDDEN = scenarios.get("college-wages-v1")


@dataclass(frozen=True, slots=True)
class Planted:
    """A family that asks what it is told to, with the key it is told."""

    asked: Asked
    truth: float
    reference: float = 0.5
    fails: bool = False

    name: ClassVar[str] = "planted"
    rung: ClassVar[int] = 2
    is_headline: ClassVar[bool] = False

    def items(self, model: SCM) -> tuple[Item, ...]:
        """Give the one item, or fail as code of others may."""
        if self.fails:
            message = f"no such thing in {len(model.nodes)} variables"
            raise KeyError(message)
        return (Item(self.name, str(self.asked), self.asked, self.truth, self.reference),)


def errors(scenario: Scenario, *families: Family) -> list[Finding]:
    changed = replace(scenario, families=families) if families else scenario
    return [finding for finding in check_scenario(changed) if finding.is_error]


def rules(scenario: Scenario, *families: Family) -> set[str]:
    return {finding.rule for finding in errors(scenario, *families)}


def test_a_good_scenario_has_no_errors() -> None:
    assert errors(GOOD) == []
    assert is_kept(check_scenario(GOOD))


@pytest.mark.parametrize(
    "asked",
    [
        Query.parse("employed=yes | do(training=yes)"),
        Query.parse("employed=yes | training=yes"),
        Query.parse("search=much, employed=yes"),
    ],
)
def test_a_wrong_truth_is_found_by_enumeration(asked: Query) -> None:
    right = GOOD.model.p(asked)
    assert rules(GOOD, Planted(asked, right)) == set()
    found = errors(GOOD, Planted(asked, right + 1e-6))
    assert [f.rule for f in found] == ["truth"]
    assert "enumeration" in found[0].message


@pytest.mark.parametrize(
    "family",
    [
        Adjustment("training", "employed", candidates=((), ("earnings",), ("search",))),
        Answerable(("employed=yes | do(training=yes)",)),
        Confounding("training", "employed=yes"),
        DirectionFamily("employed", "training"),
        Selection("training", "employed=yes", levels=("no", "yes"), selected="search=much"),
    ],
)
def test_a_claim_that_is_turned_round_is_found(family: Family) -> None:
    assert rules(GOOD, family) == set()
    for item in family.items(GOOD.model):
        planted = Planted(item.asked, 1 - item.truth)
        assert rules(GOOD, planted) == {"truth"}


def test_a_counterfactual_that_depends_on_the_coupling_is_found() -> None:
    asked = Query.parse("employed[training=yes]=yes | training=no, employed=no")
    model = GOOD.model
    comonotone = SCM.from_tables(
        states=model.states,
        parents={v: m.parents for v, m in model.mechanisms.items()},
        tables={v: model.cpt(v) for v in model.nodes},
        coupling="comonotone",
    ).p(asked)
    found = errors(GOOD, Planted(asked, comonotone))
    assert [f.rule for f in found] == ["truth"]
    assert "independent where undeclared" in found[0].message


def test_a_counterfactual_of_a_declared_coupling_is_confirmed() -> None:
    thermostat = scenarios.get("thermostat-v1")
    query = "room[heating=low]=warm | heating=high, room=warm"
    assert errors(thermostat, Counterfactual(query)) == []


@pytest.mark.parametrize(
    "asked",
    [
        Query.parse("wage=high | talent=high"),
        Query.parse("wage=high | do(talent=high)"),
        ValidAdjustment("college", "wage", ("talent",)),
        Confounded("talent", "wage", "high"),
        Direction("talent", "wage", "forward"),
    ],
)
def test_a_question_about_a_hidden_variable_is_found(asked: Asked) -> None:
    assert "hidden" in rules(HIDDEN, Planted(asked, 0.5))


@pytest.mark.parametrize(
    "asked",
    [
        Query.parse("employed=yes | do(employed=no)"),
        Query.parse("employed[employed=no]=yes"),
        ValidAdjustment("employed", "employed"),
        Confounded("employed", "employed", "yes"),
        Direction("employed", "employed", "forward"),
    ],
)
def test_a_treatment_that_is_the_outcome_is_found(asked: Asked) -> None:
    found = errors(GOOD, Planted(asked, 0.0))
    assert any("same variable" in f.message for f in found)


def test_what_cannot_be_derived_again_is_a_finding() -> None:
    model = SCM.from_tables(
        states={"x": ("0", "1"), "y": ("0", "1"), "z": ("0", "1")},
        parents={"y": ("x",)},
        tables={"x": [1.0, 0.0], "y": [[0.5, 0.5], [0.5, 0.5]], "z": [0.5, 0.5]},
    )
    words = tuple(variable(v, "a thing", {"0": "off", "1": "on"}) for v in "xyz")
    asked = Query.parse("y=1 | do(x=1), x=1")
    world = replace(GOOD, model=model, variables=words, treatment="x", outcome="y")
    found = errors(world, Planted(asked, 0.5), Planted(Direction("x", "z", "forward"), 1.0))
    assert {f.rule for f in found} == {"states", "truth"}
    assert any("never reached" in f.message for f in found)


@pytest.mark.parametrize("number", [-0.1, 1.5, float("nan")])
def test_a_number_that_is_no_probability_is_found(number: float) -> None:
    asked = Query.parse("employed=yes | training=yes")
    planted = Planted(asked, GOOD.model.p(asked), reference=number)
    assert any("the reference is no probability" in f.message for f in errors(GOOD, planted))


def test_a_family_that_fails_is_a_finding_not_a_crash() -> None:
    asked = Query.parse("employed=yes")
    found = errors(GOOD, Planted(asked, 0.5, fails=True))
    assert "KeyError" in found[0].message
    found = errors(GOOD, Association("training", "employed=maybe", levels=("no",)))
    assert "it cannot be asked" in found[0].message
    assert "maybe" in found[0].message


def test_the_same_question_twice_is_found() -> None:
    twice = Association("training", "employed=yes", levels=("no", "no"))
    assert any("asked 2 times" in f.message for f in errors(GOOD, twice))


def test_missing_words_are_found() -> None:
    words = tuple(
        variable(v.name, "" if v.name == "search" else v.meaning, {s: "" for s, _ in v.states})
        for v in GOOD.variables
    )
    found = errors(replace(GOOD, variables=words))
    assert labels(words) == labels(GOOD.variables)
    assert {f.where for f in found} >= {"search", "training=no", "employed=yes"}
    assert {f.rule for f in found} == {"words"}


@pytest.mark.parametrize(
    ("citations", "message"),
    [
        ([("Pearl 2009", "Pearl J. Causality. Cambridge University Press; 2009.")], "first author"),
        ([("pearl2009", "Pearl J. Causality. Cambridge University Press; 2008.")], "the year 2009"),
        ([("pearl2009", "Pearl 2009")], "can be found"),
        ([("pearl2009", "Pearl J. Causality. Cambridge; 2009. 1st.")] * 2, "share this key"),
    ],
)
def test_a_source_that_cannot_be_found_again_is_found(
    citations: list[tuple[str, str]], message: str
) -> None:
    changed = replace(GOOD, citations=tuple(Citation(*pair) for pair in citations))
    assert any(message in f.message for f in errors(changed) if f.rule == "citation")


def test_a_source_that_is_named_and_not_cited_is_found() -> None:
    changed = replace(GOOD, published="All counts of [bickel1975]; see [lalonde1986].")
    assert [f.where for f in errors(changed)] == ["bickel1975"]


def test_a_source_outside_the_bibliography_is_found() -> None:
    found = check_scenario(GOOD, bibliography={"lalonde1986"})
    assert [f.where for f in found if f.is_error] == ["ashenfelter1978"]


def test_what_admission_refuses_is_a_warning() -> None:
    family = Intervention("john", "mary=yes", levels=("no", "yes"))
    found = check_scenario(replace(scenarios.get("burglar-alarm-v1"), families=(family,)))
    assert is_kept(found)
    assert {f.level for f in found} == {"warning"}
    assert any("outside [0.05, 0.95]" in str(f) for f in found)
    assert any("less than 0.15 from the truth" in str(f) for f in found)


def test_lures_at_a_fair_distance_give_no_warning() -> None:
    family = Intervention("training", "employed=yes", levels=("no", "yes"))
    found = [
        f for f in check_scenario(replace(GOOD, families=(family,))) if "backwards" not in str(f)
    ]
    assert found == []


def test_a_model_too_large_to_check_is_a_finding() -> None:
    names = [f"v{i}" for i in range(24)]
    model = SCM.from_tables(
        states=dict.fromkeys([*names, "y"], ("0", "1")),
        parents={"y": tuple(names[:12])},
        tables={**{v: [0.5, 0.5] for v in names}, "y": _half(12)},
    )
    words = tuple(variable(v, "a thing", {"0": "off", "1": "on"}) for v in [*names, "y"])
    world = replace(GOOD, model=model, variables=words, treatment="v0", outcome="y")
    asked = Query.parse("y=1 | do(v0=1)")
    found = errors(world, Planted(asked, 0.5))
    assert any("enumeration cannot derive it" in f.message for f in found)


def _half(n_parents: int) -> list[object]:
    table: list[object] = [0.5, 0.5]
    for _ in range(n_parents):
        table = [table, table]
    return table


def test_a_lure_out_of_range_is_found() -> None:
    item = probability_item(
        GOOD.model,
        "intervention",
        asked=Query.parse("employed=yes | do(training=yes)"),
        reference=Query.parse("employed=yes"),
        lures={"too much": 1.5},
    )

    @dataclass(frozen=True, slots=True)
    class Fixed:
        name: ClassVar[str] = "intervention"
        rung: ClassVar[int] = 2
        is_headline: ClassVar[bool] = True

        def items(self, model: SCM) -> tuple[Item, ...]:
            return (item,) if model.nodes else ()

    assert any("lure 'too much' is no probability" in f.message for f in errors(GOOD, Fixed()))
