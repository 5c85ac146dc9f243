"""Grades from sums by item are those of the marks themselves, and failures are told apart."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import pytest

from causal_interface_gym.agents.registry import REFERENCE_AGENTS
from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.grading import Grades, grade, mark_record
from causal_interface_gym.runs.records import Failure, Record
from causal_interface_gym.runs.runner import run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import MemoryStore
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scoring.calibration import reliability
from causal_interface_gym.scoring.causal_score import CausalScore, causal_scores
from causal_interface_gym.scoring.comparison import Difference, compare
from causal_interface_gym.scoring.fallacies import Fingerprint, LuredBelief, fingerprint
from causal_interface_gym.scoring.fallacies import lured_beliefs as lured
from causal_interface_gym.scoring.lures import lure_counts
from causal_interface_gym.scoring.marking import Mark
from causal_interface_gym.scoring.statistics import Interval

AGENTS = tuple(f"reference:{name}" for name in ("oracle", "associational", "random", "reverse"))
SPEC = RunSpec(AGENTS, registry.ids()[:12], (0, 1, 2))


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    made = MemoryStore(SPEC)
    run(made)
    return made


@pytest.fixture(scope="module")
def grades(store: MemoryStore) -> Grades:
    return grade(store)


@pytest.fixture(scope="module")
def marks(store: MemoryStore) -> dict[str, list[Mark]]:
    found: dict[str, list[Mark]] = defaultdict(list)
    for record in store.records():
        found[record.trial.agent] += mark_record(record)
    return found


def test_scores_from_sums_are_those_of_the_marks(
    grades: Grades, marks: dict[str, list[Mark]]
) -> None:
    for agent in grades.agents:
        expected = causal_scores(marks[agent.agent])
        assert agent.scores.families.keys() == expected.families.keys()
        pairs = [(agent.scores.headline, expected.headline)]
        pairs += [(agent.scores.families[n], expected.families[n]) for n in expected.families]
        for found, wanted in pairs:
            assert type(found) is type(wanted)
            if isinstance(found, CausalScore) and isinstance(wanted, CausalScore):
                assert found.value == pytest.approx(wanted.value, abs=1e-12)
                assert (found.n_items, found.n_worlds) == (wanted.n_items, wanted.n_worlds)
                if isinstance(found.interval, Interval) and isinstance(wanted.interval, Interval):
                    assert found.interval.low == pytest.approx(wanted.interval.low, rel=1e-9)


def test_the_fingerprint_from_sums_is_that_of_the_marks(grades: Grades, store: MemoryStore) -> None:
    beliefs: dict[str, list[LuredBelief]] = defaultdict(list)
    for record in store.records():
        world = registry.world_of(record.trial.scenario, seed=record.trial.seed)
        beliefs[record.trial.agent] += lured(mark_record(record), world)
    for agent in grades.agents:
        found, wanted = agent.fingerprint, fingerprint(beliefs[agent.agent])
        assert isinstance(found, Fingerprint)
        assert isinstance(wanted, Fingerprint)
        assert (found.n_items, found.n_worlds) == (wanted.n_items, wanted.n_worlds)
        assert [w.fallacy for w in found.unscored] == [w.fallacy for w in wanted.unscored]
        for one, other in zip(found.weights, wanted.weights, strict=True):
            assert (one.fallacy, one.n_items) == (other.fallacy, other.n_items)
            assert (one.value, one.low, one.high, one.df) == pytest.approx(
                (other.value, other.low, other.high, other.df), abs=1e-6
            )


def test_reliability_and_lures_from_sums_are_those_of_the_marks(
    grades: Grades, marks: dict[str, list[Mark]]
) -> None:
    for agent in grades.agents:
        assert agent.lures == lure_counts(marks[agent.agent])
        found, wanted = agent.reliability, reliability(marks[agent.agent])
        assert (found.n_items, found.n_missing) == (wanted.n_items, wanted.n_missing)
        for one, other in zip(found.bins, wanted.bins, strict=True):
            assert (one.n_items, one.n_worlds) == (other.n_items, other.n_worlds)
            assert (one.belief, one.truth) == pytest.approx((other.belief, other.truth))


def test_the_comparison_from_sums_is_that_of_the_marks(
    grades: Grades, marks: dict[str, list[Mark]]
) -> None:
    for agent in grades.agents:
        for comparison in agent.versus:
            wanted = compare(marks[agent.agent], marks[grades.baseline])
            one, other = comparison.headline, wanted.headline
            assert isinstance(one, Difference)
            assert isinstance(other, Difference)
            assert (one.value, one.low, one.p_value) == pytest.approx(
                (other.value, other.low, other.p_value), abs=1e-9
            )
            assert comparison.adjusted == pytest.approx(wanted.adjusted, abs=1e-9)


def test_agents_are_in_the_order_of_their_score(grades: Grades) -> None:
    values = [a.scores.headline.value for a in grades.agents
              if isinstance(a.scores.headline, CausalScore)]  # fmt: skip
    assert values == sorted(values, reverse=True)
    assert all(agent.is_reference for agent in grades.agents)


def test_names_do_not_matter_to_who_reads_the_model(grades: Grades) -> None:
    oracle = grades.agents[0]
    effect = oracle.names_effect["commonsense - nonsense"]
    assert isinstance(effect, Difference)
    assert effect.value == pytest.approx(0, abs=1e-12)


class Part:
    """A store that holds a part of another one's records."""

    def __init__(self, spec: RunSpec, records: list[Record], source: MemoryStore) -> None:
        """Hold these; the worlds are the source's."""
        self.spec = spec
        self.held = records
        self.world = source.world

    def records(self, first: int = 0) -> Iterator[Record]:
        """Stream them."""
        yield from self.held[first:]


def test_only_worlds_that_all_finished_are_compared(store: MemoryStore) -> None:
    held = [
        record
        for record in store.records()
        if record.trial.agent != "reference:random" or record.trial.seed == 0
    ]
    part = grade(Part(SPEC, held, store), n_audited=0, n_compared=0)
    assert part.n_common == 12
    assert not part.is_complete
    random = next(a for a in part.agents if a.agent == "reference:random")
    assert (random.n_episodes, random.n_worlds) == (12, 12)
    oracle = next(a for a in part.agents if a.agent == "reference:oracle")
    assert oracle.n_episodes == 36
    (versus,) = oracle.versus
    assert isinstance(versus.headline, Difference)
    assert versus.headline.value == pytest.approx(1)


def test_missing_answers_cost_what_the_marks_say(store: MemoryStore) -> None:
    failed = [
        replace(record, log=(), failures=(Failure("RunError", "out of luck"),))
        if record.trial.agent == "reference:oracle" and record.trial.seed == 1
        else record
        for record in store.records()
    ]
    found = grade(Part(SPEC, failed, store), n_audited=0, n_compared=0)
    oracle = next(a for a in found.agents if a.agent == "reference:oracle")
    wanted = causal_scores(
        [m for r in failed if r.trial.agent == "reference:oracle" for m in mark_record(r)]
    )
    assert isinstance(oracle.scores.headline, CausalScore)
    assert isinstance(wanted.headline, CausalScore)
    assert oracle.scores.headline.value == pytest.approx(wanted.headline.value, abs=1e-12)
    assert oracle.scores.coverage == pytest.approx(wanted.coverage)
    assert oracle.scores.family_coverage == pytest.approx(wanted.family_coverage)
    assert min(oracle.scores.family_coverage.values()) < 1
    (kind,) = oracle.conduct.failures
    assert (kind.kind, kind.n, kind.example.seed) == ("RunError", 12, 1)


def test_the_baseline_is_chosen_or_refused(store: MemoryStore) -> None:
    found = grade(store, baseline="reference:reverse", n_audited=0, n_compared=0)
    assert found.baseline == "reference:reverse"
    assert grade(MemoryStore(RunSpec(("reference:random",), ("asia-v1",), (0,)))).baseline == (
        "reference:random"
    )
    with pytest.raises(RunError, match="the agents are reference:oracle"):
        grade(store, baseline="reference:nobody")


def test_records_without_an_address_are_marked_in_worlds_made_anew(store: MemoryStore) -> None:
    bare = [replace(record, address="") for record in store.records()]
    found = grade(Part(SPEC, bare, store), n_audited=0, n_compared=0)
    again = grade(store, n_audited=0, n_compared=0)
    assert [a.scores for a in found.agents] == [a.scores for a in again.agents]
    changed = [replace(bare[0], world="other")]
    with pytest.raises(RunError, match="has changed since"):
        grade(Part(SPEC, changed, store))


def test_agents_in_different_worlds_are_refused(store: MemoryStore) -> None:
    first, second, *rest = store.records()
    with pytest.raises(RunError, match="played in different worlds"):
        grade(Part(SPEC, [first, replace(second, world="other"), *rest], store))


def test_every_reference_agent_is_known() -> None:
    assert set(AGENTS) <= set(REFERENCE_AGENTS)
