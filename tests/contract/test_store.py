"""What every store promises; a run behaves the same whichever keeps it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from causal_interface_gym.errors import RunError
from causal_interface_gym.gym.log import Event
from causal_interface_gym.runs.grading import grade
from causal_interface_gym.runs.records import Failure, Record, Trial
from causal_interface_gym.runs.report.document import report_json
from causal_interface_gym.runs.runner import Limits, run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import MemoryStore, Played, ScoreRow, Store
from causal_interface_gym.scoring.causal_score import CausalScore, UnscoredFamily
from causal_interface_gym.scoring.statistics import Interval, NoInterval
from causal_interface_gym.storage.database import database_at, memory_database
from causal_interface_gym.storage.folder import create_run, open_run
from causal_interface_gym.storage.run_store import SqlStore
from tests.strategies.played import played

SPEC = RunSpec(
    ("reference:oracle", "reference:random"),
    ("smoking-tar-v1", "kidney-stones-v1"),
    (3, 0, 7),
)
TRIALS = tuple(SPEC.trials())
KINDS = ("memory", "sql-memory", "sql-file", "server")
SHARED = ("sql-file", "server")
"""Those that several processes open at once."""


class Place:
    """Where the stores of a test are made and opened again; they are closed when it ends."""

    def __init__(self, kind: str, folder: Path, address: str) -> None:
        """Make nothing yet."""
        self._kind = kind
        self._folder = folder
        self._address = address
        self._run = ""
        self._opened: list[SqlStore] = []

    def made(self, spec: RunSpec = SPEC) -> Store:
        """Begin another run."""
        self._run = uuid4().hex
        match self._kind:
            case "memory":
                return MemoryStore(spec)
            case "sql-memory":
                opened = SqlStore.create(memory_database(), spec)
            case "sql-file":
                opened = create_run(self._folder / self._run, spec)
            case _:
                opened = SqlStore.create(database_at(self._address), spec, self._run)
        self._opened.append(opened)
        return opened

    def again(self) -> Store:
        """Open the run that was begun last, as another process would."""
        if self._kind == "server":
            opened = SqlStore.open(database_at(self._address), self._run)
        else:
            opened = open_run(self._folder / self._run)
        self._opened.append(opened)
        return opened

    def close(self) -> None:
        """Let go of everything."""
        for opened in self._opened:
            opened.close()


def placed(request: pytest.FixtureRequest, folder: Path) -> Iterator[Place]:
    kind = str(request.param)
    # A server is started only where one is asked for.
    address = request.getfixturevalue("database") if kind == "server" else ""
    found = Place(kind, folder, address)
    yield found
    found.close()


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    yield from placed(request, tmp_path)


@pytest.fixture(params=SHARED)
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    yield from placed(request, tmp_path)


@pytest.fixture
def store(place: Place) -> Store:
    return place.made()


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


ODD = "\0 \ud800 \U0001f9ea \u202e\u0301 \ufffe \r\n"
"""A zero byte, half a character, one of four bytes, marks that turn and stack, and no character."""


def with_text(number: int, *texts: str) -> Played:
    """Make a trial whose log holds an event for each text."""
    made = played(TRIALS[number])
    log = tuple(Event({"kind": "note", "text": text}, {"echo": text}) for text in texts)
    return replace(made, record=replace(made.record, log=log))


def test_any_text_comes_back_as_it_was(store: Store) -> None:
    odd = with_text(2, ODD, "")
    odd = replace(odd, record=replace(odd.record, failures=(Failure("RunError", ODD),)))
    store.append([odd])
    assert list(store.records()) == [odd.record]


def test_a_long_log_comes_back_whole(store: Store) -> None:
    many = with_text(0, *(f"{number:06d} " * 100 for number in range(3000)))
    huge = with_text(1, "\u00fc" * 2_000_000)
    store.append([many, huge])
    assert list(store.records()) == [many.record, huge.record]


def test_two_that_deliver_the_same_trials_at_once_keep_each_once(shared: Place) -> None:
    shared.made()
    stores = [shared.again() for _ in range(4)]
    # Every one in another order, so that they would wait for each other if the order counted.
    deliveries = [
        [played(TRIALS[(start + step * way) % 12], p=start / 8) for step in range(12)]
        for start, way in ((0, 1), (3, -1), (6, 5), (7, 7))
    ]
    together = Barrier(len(stores))
    refusals: list[Exception] = []

    def deliver(store: Store, delivery: list[Played]) -> None:
        together.wait()
        try:
            for size in (1, 3, 12):
                store.append(delivery[:size])
        except Exception as error:  # a thread's error would go unseen
            refusals.append(error)

    threads = [Thread(target=deliver, args=pair) for pair in zip(stores, deliveries, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refusals == []
    found = list(shared.again().records())
    assert [record.trial for record in found] == list(TRIALS)
    given_ = {trial: [p.record for d in deliveries for p in d if p.record.trial == trial]
              for trial in TRIALS}  # fmt: skip
    assert all(record in given_[record.trial] for record in found)


def test_the_first_of_two_open_stores_counts_and_the_other_sees_it(shared: Place) -> None:
    first, second = shared.made(), shared.again()
    first.append([played(TRIALS[0], p=0.25)])
    second.append([played(TRIALS[0], p=0.75), played(TRIALS[1], p=0.75)])
    expected = [played(TRIALS[0], p=0.25).record, played(TRIALS[1], p=0.75).record]
    assert list(first.records()) == list(second.records()) == expected


def test_a_run_played_anywhere_gives_the_same_report_byte_for_byte(place: Place) -> None:
    spec = replace(SPEC, agents=("reference:associational", "reference:random"))
    expected = MemoryStore(spec)
    run(expected)
    store = place.made(spec)
    run(store, limits=Limits(batch=3))
    assert report_json(grade(store)) == report_json(grade(expected))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(
        st.lists(st.tuples(st.integers(0, 11), st.floats(0, 1)), max_size=6), max_size=5
    )
)
def test_any_deliveries_leave_the_first_of_each_trial(
    place: Place, batches: list[list[tuple[int, float]]]
) -> None:
    store = place.made()
    expected: dict[int, Record] = {}
    for batch in batches:
        trials = [(number, played(TRIALS[number], p=p)) for number, p in batch]
        store.append([entry for _, entry in trials])
        for number, entry in trials:
            expected.setdefault(number, entry.record)
    assert list(store.records()) == [expected[number] for number in sorted(expected)]
    assert store.finished().nonzero()[0].tolist() == sorted(expected)
