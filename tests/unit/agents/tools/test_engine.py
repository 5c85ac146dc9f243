"""Tools work on what is shown and drawn: the engine's answers, in frequencies of rows."""

from dataclasses import replace
from math import prod

import numpy as np
import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.agents.tools.engine import TOOLS, Bench, use
from causal_interface_gym.agents.tools.frequencies import Frequencies
from causal_interface_gym.causal.identification.verdict import identify
from causal_interface_gym.causal.query import Query
from causal_interface_gym.gym.brief import ShownGraph, brief_of
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import INTERFACES
from causal_interface_gym.questions.claims import Confounded, Direction, InPopulation, IntervalEnd
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.world import Question


def drawn(scenario: str, *actions: dict[str, object], interface: str = "graph") -> Bench:
    episode = Episode.new(scenarios.get(scenario).world(), INTERFACES[interface], seed=0)
    for action in actions:
        episode.act(action)
    return Bench(episode.brief, episode.log)


def asking(bench: Bench, asked: object) -> Bench:
    question = Question("q1", "any", asked)  # type: ignore[arg-type]  # each test gives an Asked
    return Bench(replace(bench.brief, questions=(question,)), bench.log)


OBSERVED = {"kind": "observe", "n": 5_000}


def test_frequencies_are_those_of_the_rows() -> None:
    bench = drawn("sprinkler-v1", OBSERVED, OBSERVED)
    rows = Frequencies.observed(bench.brief, bench.log)
    assert rows.n_rows == 10_000
    names = list(rows.states)
    table = rows.table(names)
    assert table.sum() == pytest.approx(1)
    assert table.size == prod(len(labels) for labels in rows.states.values())
    for place, name in enumerate(names):
        others = tuple(i for i in range(len(names)) if i != place)
        np.testing.assert_allclose(rows.table([name]), table.sum(axis=others))
    first, second = names[:2]
    np.testing.assert_allclose(rows.table([second, first]), rows.table([first, second]).T)


def test_frequencies_come_near_the_world() -> None:
    world = scenarios.get("sprinkler-v1").world()
    bench = drawn("sprinkler-v1", {"kind": "observe", "n": 9_999})
    rows = Frequencies.observed(bench.brief, bench.log)
    for name in rows.states:
        np.testing.assert_allclose(rows.table([name]), world.model.table([name]), atol=0.02)


def test_rows_under_a_condition_are_no_sample_of_the_whole() -> None:
    where = {"kind": "observe", "n": 100, "where": {"rain": "yes"}}
    bench = drawn("sprinkler-v1", where)
    assert Frequencies.observed(bench.brief, bench.log).n_rows == 0


def test_the_shown_table_counts_as_observed() -> None:
    bench = drawn("sprinkler-v1", interface="table")
    assert Frequencies.observed(bench.brief, bench.log).n_rows == 1_000


def test_an_experiment_counts_for_its_own_setting_only() -> None:
    bench = drawn("sprinkler-v1", {"kind": "intervene", "set": {"sprinkler": "on"}, "n": 50})
    on = Frequencies.under(bench.brief, bench.log, (("sprinkler", "on"),))
    off = Frequencies.under(bench.brief, bench.log, (("sprinkler", "off"),))
    assert (on.n_rows, off.n_rows) == (50, 0)


@pytest.mark.parametrize("scenario", ["kidney-stones-v1", "smoking-tar-v1", "college-wages-v1"])
def test_identify_says_what_the_engine_says_of_the_shown_graph(scenario: str) -> None:
    bench = drawn(scenario)
    for question in bench.brief.questions:
        if isinstance(question.asked, Query) and not question.asked.is_counterfactual:
            found = use(bench, "identify", question.id)
            verdict = identify(bench.graph, question.asked)
            assert found["identified"] is ("identified" in found and "formula" in found)
            assert str(verdict) in (found.get("formula"), found.get("why"))


def test_an_estimate_by_the_formula_comes_near_the_truth() -> None:
    world = scenarios.get("kidney-stones-v1").world()
    bench = drawn("kidney-stones-v1", {"kind": "observe", "n": 9_999})
    found = use(bench, "estimate", "q3")
    assert found["estimate"] == pytest.approx(world.item("q3").truth, abs=0.03)
    assert found["from"].startswith("9999 observed rows by P(recovery=yes | do(treatment=A)) = ")


def test_an_estimate_of_a_seen_probability_is_a_frequency() -> None:
    bench = drawn("kidney-stones-v1", OBSERVED)
    rows = Frequencies.observed(bench.brief, bench.log)
    joint = rows.table(["treatment", "recovery"])
    expected = joint[0, 1] / joint[0].sum()
    assert use(bench, "estimate", "q1")["estimate"] == pytest.approx(expected, abs=5e-5)


def test_an_experiment_of_its_own_is_used_before_a_formula() -> None:
    setting = {"kind": "intervene", "set": {"treatment": "A"}, "n": 1_000}
    found = use(drawn("kidney-stones-v1", OBSERVED, setting), "estimate", "q3")
    assert found["from"] == "1000 rows of your own experiment"


def test_adjustment_sets_are_those_of_the_shown_graph() -> None:
    bench = drawn("kidney-stones-v1")
    assert use(bench, "adjustment_sets", "q3")["sets"] == [["stone"]]
    valid = {q.id: use(bench, "adjustment_sets", q.id) for q in bench.brief.questions[-2:]}
    assert [found["is valid"] for found in valid.values()] == [False, True]


def test_a_counterfactual_is_estimated_by_its_own_formula_not_as_if_it_were_seen() -> None:
    found = use(drawn("kidney-stones-v1", OBSERVED), "estimate", "q5")
    world = scenarios.get("kidney-stones-v1").world()
    asked = next(question for question in world.questions if question.id == "q5")
    truth = world.model.p(str(asked.asked))
    assert abs(found["estimate"] - truth) < 0.03
    assert "sum_{stone}" in found["from"]


def test_claims_name_the_effect_to_adjust_for() -> None:
    bench = drawn("kidney-stones-v1")
    for asked in (
        Confounded("treatment", "recovery", "yes"),
        Direction("treatment", "recovery", "forward"),
    ):
        assert use(asking(bench, asked), "adjustment_sets", "q1")["sets"] == [["stone"]]


@pytest.mark.parametrize(
    ("scenario", "interface", "tool", "question", "told"),
    [
        ("kidney-stones-v1", "blind", "identify", "q3", "no causal graph is shown"),
        ("kidney-stones-v1", "graph", "estimate", "q3", "there are no rows yet"),
        ("kidney-stones-v1", "graph", "estimate", "q8", "is a claim"),
        ("kidney-stones-v1", "graph", "estimate", "q99", "there is no question 'q99'"),
        ("kidney-stones-v1", "graph", "adjustment_sets", "q1", "sets nothing"),
    ],
)
def test_what_cannot_be_done_is_an_answer_that_says_why(
    scenario: str, interface: str, tool: str, question: str, told: str
) -> None:
    assert told in use(drawn(scenario, interface=interface), tool, question)["cannot"]


def test_an_effect_that_is_not_identified_is_not_estimated_from_observed_rows() -> None:
    bench = drawn("college-wages-v1", OBSERVED)
    found = use(bench, "estimate", "q3")
    assert "is not identified" in found["cannot"]
    assert "estimate" not in found


def test_a_selected_sample_is_not_taken_for_the_population() -> None:
    bench = drawn("police-stops-v1", OBSERVED)
    question = next(q.id for q in bench.brief.questions if q.family == "selection")
    assert "selected sample" in use(bench, "estimate", question)["cannot"]


def test_an_open_value_has_no_number() -> None:
    bench = asking(drawn("kidney-stones-v1", OBSERVED), Query.parse("recovery | treatment=A"))
    assert "leaves a value open" in use(bench, "estimate", "q1")["cannot"]


def test_a_stratum_without_rows_is_told() -> None:
    bench = asking(
        drawn("kidney-stones-v1", {"kind": "observe", "n": 1}),
        Query.parse("recovery=yes | treatment=A, stone=small"),
    )
    both = asking(bench, Query.parse("recovery=yes | treatment=B, stone=large"))
    found = [use(b, "estimate", "q1") for b in (bench, both)]
    assert any("probability 0" in f.get("cannot", "") for f in found)


def test_no_tool_is_given_a_world() -> None:
    bench = Bench(brief_of(scenarios.get("kidney-stones-v1").world(), INTERFACES["graph"]), ())
    assert set(TOOLS) == {"identify", "adjustment_sets", "estimate"}
    assert {type(getattr(bench, name)).__name__ for name in ("brief", "log")} == {"Brief", "tuple"}


TRANSPORT = "form/transport/level-2/1/commonsense"
ENCOURAGED = "form/instrument/level-2/1"


def drawn_world(name: str, *actions: dict[str, object]) -> Bench:
    episode = Episode.new(registry.world_of(name), INTERFACES["graph"], seed=0)
    for action in actions:
        episode.act(action)
    return Bench(episode.brief, episode.log)


def effect_of(bench: Bench, question: str = "q1") -> InPopulation:
    asked = bench.asked(question)
    assert isinstance(asked, InPopulation)
    return asked


def test_an_effect_elsewhere_is_estimated_by_the_transport_formula() -> None:
    model = registry.world_of(TRANSPORT).model
    asked = effect_of(drawn_world(TRANSPORT))
    ((treatment, level),) = asked.query.do
    trial = {"kind": "intervene", "set": {treatment: level}, "n": 3_000}
    bench = drawn_world(TRANSPORT, {"kind": "observe", "n": 3_000}, trial)
    found = use(bench, "estimate", "q1")
    assert found["estimate"] == pytest.approx(model.p(asked.in_target), abs=0.05)
    assert "P_source" in found["from"]
    assert use(bench, "identify", "q1")["identified"] is True


def test_what_the_transport_formula_still_needs_is_said() -> None:
    nothing = use(drawn_world(TRANSPORT), "estimate", "q1")
    assert "no rows with place=target yet" in nothing["cannot"]
    seen = use(drawn_world(TRANSPORT, {"kind": "observe", "n": 300}), "estimate", "q1")
    assert "needs an experiment with do(" in seen["cannot"]


def test_an_effect_that_cannot_be_carried_over_is_not_estimated() -> None:
    bench = drawn_world(TRANSPORT, {"kind": "observe", "n": 300})
    asked = effect_of(bench)
    ((treatment, _),) = asked.query.do
    (outcome,) = (t.variable for t in asked.query.outcome)
    shown = ShownGraph(((asked.population, outcome), (treatment, outcome)), ((treatment, outcome),))
    other = Bench(replace(bench.brief, graphs=(shown,)), bench.log)
    assert use(other, "identify", "q1")["identified"] is False
    assert "the mechanism of" in use(other, "estimate", "q1")["cannot"]


def test_the_ends_of_an_interval_are_estimated_from_observed_rows() -> None:
    world = registry.world_of(ENCOURAGED)
    bench = drawn_world(ENCOURAGED, {"kind": "observe", "n": 9_000})
    for question, item in zip(world.questions, world.items, strict=True):
        found = use(bench, "estimate", question.id)
        assert found["estimate"] == pytest.approx(item.truth, abs=0.03)
        assert use(bench, "identify", question.id)["identified"] is False
    assert "none of use" in use(drawn_world(ENCOURAGED), "estimate", "q1")["cannot"]
    asked = bench.asked("q1")
    assert isinstance(asked, IntervalEnd)
    tried = asking(bench, replace(asked, experiments=("X",)))
    assert "observed rows only" in use(tried, "estimate", "q1")["cannot"]
