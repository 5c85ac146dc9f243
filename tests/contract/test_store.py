"""What every store promises; a run behaves the same whichever keeps it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.records import Failure, Record, Trial
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import MemoryStore, ScoreRow, Store
from causal_interface_gym.scoring.causal_score import CausalScore, UnscoredFamily
from causal_interface_gym.scoring.statistics import Interval, NoInterval
from causal_interface_gym.storage.database import memory_database
from causal_interface_gym.storage.folder import create_run
from causal_interface_gym.storage.run_store import SqlStore
from tests.strategies.played import played

SPEC = RunSpec(
    ("reference:oracle", "reference:random"),
    ("smoking-tar-v1", "kidney-stones-v1"),
    (3, 0, 7),
)
TRIALS = tuple(SPEC.trials())
KINDS = ("memory", "sql-memory", "sql-file")


def made(kind: str, folder: Path, spec: RunSpec = SPEC) -> Store:
    match kind:
        case "memory":
            return MemoryStore(spec)
        case "sql-memory":
            return SqlStore.create(memory_database(), spec)
        case _:
            return create_run(folder, spec)


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = made(str(request.param), tmp_path)
    yield opened
    if isinstance(opened, SqlStore):
        opened.close()


def keys(store: Store, first: int = 0) -> list[Trial]:
    return [record.trial for record in store.records(first)]


def test_a_new_store_knows_its_spec_and_nothing_else(store: Store) -> None:
    assert store.spec == SPEC
    assert keys(store) == []
    assert store.finished().tolist() == [False] * SPEC.n_trials
    assert store.scores() == ()


def test_what_was_kept_comes_back_equal(store: Store) -> None:
    failures = (Failure("RunError", "no reply"), Failure("TimeoutError", "übertragen \\0"))
    given_ = [played(TRIALS[0], p=1 / 3), played(TRIALS[5], failures=failures)]
    store.append(given_)
    assert list(store.records()) == [p.record for p in given_]


def test_trials_come_in_the_order_of_the_spec_however_they_went_in(store: Store) -> None:
    for number in (7, 2, 11, 0):
        store.append([played(TRIALS[number])])
    assert keys(store) == [TRIALS[number] for number in (0, 2, 7, 11)]
    assert keys(store, 3) == [TRIALS[7], TRIALS[11]]
    assert keys(store, 12) == []


def test_finished_says_which_by_number(store: Store) -> None:
    store.append([played(TRIALS[4]), played(TRIALS[1])])
    assert store.finished().nonzero()[0].tolist() == [1, 4]


def test_a_second_delivery_changes_nothing(store: Store) -> None:
    store.append([played(TRIALS[3], p=0.25)])
    longer = played(TRIALS[3], p=0.75, failures=(Failure("RunError", "late"),))
    more = replace(longer.record, log=longer.record.log * 2)
    store.append([replace(longer, record=more), played(TRIALS[4])])
    assert list(store.records()) == [played(TRIALS[3], p=0.25).record, played(TRIALS[4]).record]


def test_a_trial_given_twice_at_once_counts_once_and_the_first_counts(store: Store) -> None:
    store.append([played(TRIALS[3], p=0.25), played(TRIALS[3], p=0.75)])
    assert list(store.records()) == [played(TRIALS[3], p=0.25).record]


def test_a_trial_of_another_run_is_refused_and_nothing_of_its_batch_is_kept(store: Store) -> None:
    for stranger in (
        replace(TRIALS[0], agent="reference:uniform"),
        replace(TRIALS[0], seed=1),
        replace(TRIALS[0], scenario="asia-v1"),
        replace(TRIALS[0], interface="blind"),
    ):
        with pytest.raises(RunError, match="not part of this run"):
            store.append([played(TRIALS[0]), played(stranger)])
    assert keys(store) == []


def test_keeping_nothing_is_fine(store: Store) -> None:
    store.append([])
    store.keep_scores([])
    assert keys(store) == []


def test_a_world_comes_back_by_its_address(store: Store) -> None:
    given_ = played(TRIALS[0])
    store.append([given_, played(TRIALS[1])])
    found = store.world(given_.record.address)
    assert found == given_.world
    assert found.load().digest == given_.record.world
    with pytest.raises(RunError, match="holds no world"):
        store.world("elsewhere")


SCORE = CausalScore(0.5, Interval(0.25, 0.75), 0.01, 0.02, 12, 3)
ROW = ScoreRow(1, 12, "reference:oracle", "headline", SCORE)


def test_scores_come_back_with_or_without_a_number(store: Store) -> None:
    rows = (
        replace(ROW, family="association", score=UnscoredFamily("zero_reference", -0.125, 4)),
        replace(ROW, family="diagnosis", score=replace(SCORE, interval=NoInterval("one world"))),
        ROW,
    )
    store.keep_scores(reversed(rows))
    assert store.scores() == rows


def test_a_rescoring_stands_beside_the_old_scores_and_overwrites_none(store: Store) -> None:
    store.keep_scores([ROW])
    store.keep_scores([replace(ROW, score=replace(SCORE, value=0.9))])
    newer = replace(ROW, version=2, score=replace(SCORE, value=0.1))
    later = replace(ROW, n_episodes=13)
    store.keep_scores([newer, later])
    assert store.scores() == (ROW, later, newer)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(
        st.lists(st.tuples(st.integers(0, 11), st.floats(0, 1)), max_size=6), max_size=5
    )
)
@pytest.mark.parametrize("kind", KINDS[:2])
def test_any_deliveries_leave_the_first_of_each_trial(
    kind: str, tmp_path: Path, batches: list[list[tuple[int, float]]]
) -> None:
    store = made(kind, tmp_path)
    expected: dict[int, Record] = {}
    for batch in batches:
        trials = [(number, played(TRIALS[number], p=p)) for number, p in batch]
        store.append([entry for _, entry in trials])
        for number, entry in trials:
            expected.setdefault(number, entry.record)
    assert list(store.records()) == [expected[number] for number in sorted(expected)]
    assert store.finished().nonzero()[0].tolist() == sorted(expected)
    if isinstance(store, SqlStore):
        store.close()
