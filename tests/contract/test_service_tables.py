"""What a shared gym keeps beside its runs, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import TypeVar

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, make_url, select, update

from causal_interface_gym.errors import AccountError, RunError
from causal_interface_gym.storage.database import database_at, reading, writing
from causal_interface_gym.storage.service.accounts import (
    Caller,
    KeyRefused,
    Role,
    api_keys,
    authenticate,
    create_key,
    list_keys,
    revoke_key,
)
from causal_interface_gym.storage.service.audit import audit, audit_entries, read_audit
from causal_interface_gym.storage.service.blobs import address_of, blobs, keep_blobs, read_blob
from causal_interface_gym.storage.service.clock import moment
from causal_interface_gym.storage.service.idempotency import (
    Answer,
    Beginning,
    Begun,
    OtherRequest,
    Running,
    begin_request,
    drop_request,
    finish_request,
    forget_requests,
    requests,
)
from causal_interface_gym.storage.service.runtime import (
    CHANNEL,
    change_setting,
    history,
    set_values,
)

N_AT_ONCE = 6
Found = TypeVar("Found")


def at_once(act: Callable[[int], Found]) -> list[Found]:
    """Do something on several threads at the same moment."""
    together = Barrier(N_AT_ONCE)

    def one(number: int) -> Found:
        together.wait()
        return act(number)

    with ThreadPoolExecutor(N_AT_ONCE) as pool:
        return list(pool.map(one, range(N_AT_ONCE)))


def caller(engine: Engine, key: str) -> Caller | KeyRefused:
    with reading(engine) as connection:
        return authenticate(connection, key)


def test_the_databases_clock_is_read_in_utc_and_counts_seconds(prepared: Engine) -> None:
    with reading(prepared) as connection:
        now, later, earlier = (
            connection.scalar(select(moment(offset))) for offset in (0, 90.5, -3600)
        )
    assert now is not None
    assert later is not None
    assert earlier is not None
    assert now.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - now) < timedelta(seconds=60)
    assert later - now == pytest.approx(timedelta(seconds=90.5), abs=timedelta(seconds=1))
    assert now - earlier == pytest.approx(timedelta(hours=1), abs=timedelta(seconds=1))


def test_a_key_says_who_calls_and_what_he_may(prepared: Engine) -> None:
    new = create_key(prepared, "ada", Role.OPERATOR, actor="root")
    found = caller(prepared, new.key)
    assert found == Caller("ada", Role.OPERATOR, new.id)
    assert [found.may(role) for role in Role] == [True, True, True, False]
    assert new.key not in repr(new)


def test_only_the_hash_of_a_key_is_kept(prepared: Engine) -> None:
    new = create_key(prepared, "ada", Role.ADMIN, actor="root")
    secret = new.key.split("_", 2)[2]
    with reading(prepared) as connection:
        kept = str(connection.execute(select(api_keys)).all())
        kept += str(connection.execute(select(audit_entries)).all())
    assert new.id in kept
    assert secret[-8:] not in kept


def test_keys_are_as_long_as_promised_and_never_the_same(prepared: Engine) -> None:
    keys = {create_key(prepared, "ada", Role.VIEWER, actor="root").key for _ in range(20)}
    assert len(keys) == 20
    # 43 characters of 6 bits hold the 256 bits of the secret.
    assert {len(key) for key in keys} == {len("cig_") + 12 + 1 + 43}


def test_a_key_that_is_not_good_is_refused_for_a_reason(prepared: Engine) -> None:
    good = create_key(prepared, "ada", Role.VIEWER, actor="root")
    other = create_key(prepared, "ada", Role.ADMIN, actor="root")
    short = create_key(prepared, "ada", Role.VIEWER, actor="root", days=1)
    mixed = f"cig_{good.id}_{other.key.split('_', 2)[2]}"
    for key, reason in (
        ("", "malformed"),
        (good.key + "\0", "malformed"),
        (good.key[:-1], "malformed"),
        (good.key.upper(), "malformed"),
        (mixed, "unknown"),
        (f"cig_{'0' * 12}_{'A' * 43}", "unknown"),
    ):
        assert caller(prepared, key) == KeyRefused(reason)
    assert isinstance(caller(prepared, short.key), Caller)
    with writing(prepared) as connection:
        is_it = api_keys.c.id == short.id
        connection.execute(update(api_keys).where(is_it).values(expires_at=moment(-1)))
    assert caller(prepared, short.key) == KeyRefused("expired")
    assert revoke_key(prepared, good.id, actor="root")
    assert caller(prepared, good.key) == KeyRefused("revoked")
    assert not revoke_key(prepared, good.id, actor="root")
    assert isinstance(caller(prepared, other.key), Caller)


def test_keys_are_listed_without_what_would_open_anything(prepared: Engine) -> None:
    ada = create_key(prepared, "ada", Role.ADMIN, actor="root", days=30)
    ben = create_key(prepared, "ben", Role.VIEWER, actor="root")
    revoke_key(prepared, ben.id, actor="root")
    found = {key.id: key for key in list_keys(prepared)}
    assert set(found) == {ada.id, ben.id}
    ends = found[ada.id].expires_at
    assert ends is not None
    assert ends - found[ada.id].created_at == pytest.approx(
        timedelta(days=30), abs=timedelta(seconds=5)
    )
    assert found[ben.id].expires_at is None
    assert found[ben.id].revoked_at is not None
    assert [key.id for key in list_keys(prepared, "ben")] == [ben.id]


@pytest.mark.parametrize("name", ["", " ada", "a b", "a\0", "ü", "x" * 101])
def test_an_account_without_a_proper_name_gets_no_key(prepared: Engine, name: str) -> None:
    with pytest.raises(AccountError, match="an account is"):
        create_key(prepared, name, Role.VIEWER, actor="root")
    assert list_keys(prepared) == ()


def test_what_is_unknown_is_refused_with_what_is_allowed(prepared: Engine) -> None:
    with pytest.raises(AccountError, match="viewer, researcher, operator, admin"):
        Role.parse("king")
    with pytest.raises(AccountError, match="no key 'abc'"):
        revoke_key(prepared, "abc", actor="root")
    with pytest.raises(AccountError, match="1 to 36500 days"):
        create_key(prepared, "ada", Role.VIEWER, actor="root", days=0)


def test_every_act_on_a_key_is_in_the_audit_log(prepared: Engine) -> None:
    new = create_key(prepared, "ada", Role.ADMIN, actor="root", days=2)
    revoke_key(prepared, new.id, actor="ben")
    revoke_key(prepared, new.id, actor="ben")
    found = read_audit(prepared)
    assert [(e.actor, e.action, e.subject) for e in found] == [
        ("root", "key.create", new.id),
        ("ben", "key.revoke", new.id),
    ]
    assert found[0].detail == {"account": "ada", "role": "admin", "days": 2}
    assert found[0].at <= found[1].at
    assert read_audit(prepared, after=found[0].id) == found[1:]
    assert read_audit(prepared, limit=1) == found[:1]
    assert read_audit(prepared, subject="elsewhere") == ()


def test_the_audit_log_cannot_be_changed(prepared: Engine) -> None:
    create_key(prepared, "ada", Role.ADMIN, actor="root")
    statements = ["UPDATE audit_entry SET actor = 'ben'", "DELETE FROM audit_entry"]
    if prepared.dialect.name == "postgresql":
        statements.append("TRUNCATE audit_entry")
    before = read_audit(prepared)
    for statement in statements:
        with pytest.raises(RunError, match="append-only"), writing(prepared) as connection:
            connection.exec_driver_sql(statement)
    assert read_audit(prepared) == before != ()


def test_an_act_that_fails_leaves_no_entry_and_odd_names_are_kept_readable(
    prepared: Engine,
) -> None:
    odd = "\0\ud800" + "x" * 300

    def fail() -> None:
        with writing(prepared) as connection:
            audit(connection, actor="ada", action="none", subject="none")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert read_audit(prepared) == ()
    with writing(prepared) as connection:
        audit(connection, actor=odd, action="look", subject="x", detail={"text": odd})
    (entry,) = read_audit(prepared)
    assert entry.actor.startswith("\\0\\ud800xxx")
    assert len(entry.actor) == 200
    assert entry.detail == {"text": odd}


def test_the_newest_change_of_a_setting_counts_and_all_are_kept(prepared: Engine) -> None:
    assert set_values(prepared) == {}
    assert change_setting(prepared, "CACHE_TTL", "5", actor="ada") == 1
    assert change_setting(prepared, "CACHE_TTL", "7", actor="ben") == 2
    assert change_setting(prepared, "LLM_REQUEST_DELAY", "1", actor="ben") == 1
    assert set_values(prepared) == {"CACHE_TTL": "7", "LLM_REQUEST_DELAY": "1"}
    assert change_setting(prepared, "CACHE_TTL", None, actor="ada") == 3
    assert set_values(prepared) == {"LLM_REQUEST_DELAY": "1"}
    told = [(c.version, c.value, c.actor) for c in history(prepared, "CACHE_TTL")]
    assert told == [(3, None, "ada"), (2, "7", "ben"), (1, "5", "ada")]
    assert len(history(prepared)) == 4
    assert [e.action for e in read_audit(prepared, subject="CACHE_TTL")] == ["setting.change"] * 3


def test_changes_at_once_get_a_number_each_or_are_refused(prepared: Engine) -> None:
    def change(number: int) -> int:
        try:
            return change_setting(prepared, "CACHE_TTL", str(number + 1), actor="ada")
        except RunError:  # another came first
            return 0

    numbers = sorted(n for n in at_once(change) if n)
    assert numbers == list(range(1, len(numbers) + 1))
    assert [c.version for c in history(prepared)][::-1] == numbers
    assert len(read_audit(prepared)) == len(numbers) >= 1


def test_a_listener_on_the_server_is_told_of_a_change(database: str) -> None:
    engine = database_at(database)
    address = make_url(database).set(drivername="postgresql").render_as_string(False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        change_setting(engine, "CACHE_TTL", "5", actor="ada")
        (told,) = list(connection.notifies(timeout=5, stop_after=1))
    assert told.payload == "CACHE_TTL"
    engine.dispose()


ANSWER = Answer(201, "application/json", b'{"run": "june"}\0\xff')


def begun(found: Beginning) -> Begun:
    assert isinstance(found, Begun)
    return found


def test_a_request_is_carried_out_once_and_answered_for_ever(prepared: Engine) -> None:
    first = begun(begin_request(prepared, "ada", "k1", b"make june"))
    assert begin_request(prepared, "ada", "k1", b"make june") == Running()
    with writing(prepared) as connection:
        assert finish_request(connection, first, ANSWER)
    assert begin_request(prepared, "ada", "k1", b"make june") == ANSWER
    assert begin_request(prepared, "ada", "k1", b"make july") == OtherRequest()
    assert isinstance(begin_request(prepared, "ben", "k1", b"make july"), Begun)
    with writing(prepared) as connection:
        assert not finish_request(connection, first, Answer(500, "", b""))
    assert begin_request(prepared, "ada", "k1", b"make june") == ANSWER


def test_of_many_that_begin_at_once_one_may(prepared: Engine) -> None:
    found = at_once(lambda _: begin_request(prepared, "ada", "k1", b"make june"))
    assert sorted(type(f).__name__ for f in found) == ["Begun"] + ["Running"] * (N_AT_ONCE - 1)


def test_an_abandoned_request_is_taken_over_once_and_its_first_holder_is_too_late(
    prepared: Engine,
) -> None:
    first = begun(begin_request(prepared, "ada", "k1", b"make june"))
    assert begin_request(prepared, "ada", "k1", b"make june", hold_s=30) == Running()
    with writing(prepared) as connection:
        connection.execute(update(requests).values(begun_at=moment(-31)))
    found = at_once(lambda _: begin_request(prepared, "ada", "k1", b"make june", hold_s=30))
    (last,) = (f for f in found if isinstance(f, Begun))
    assert last.attempt == 2
    with writing(prepared) as connection:
        assert not finish_request(connection, first, Answer(200, "", b"late"))
        assert not drop_request(connection, first)
        assert finish_request(connection, last, ANSWER)
    assert begin_request(prepared, "ada", "k1", b"make june", hold_s=0) == ANSWER


def test_a_request_that_is_given_up_may_be_begun_again_at_once(prepared: Engine) -> None:
    first = begun(begin_request(prepared, "ada", "k1", b"make june"))
    with writing(prepared) as connection:
        assert drop_request(connection, first)
    assert begin_request(prepared, "ada", "k1", b"make july") == Begun("ada", "k1", 1)


def test_old_requests_are_forgotten(prepared: Engine) -> None:
    begin_request(prepared, "ada", "k1", b"make june")
    assert forget_requests(prepared, older_than_s=60) == 0
    assert forget_requests(prepared, older_than_s=0) == 1
    assert isinstance(begin_request(prepared, "ada", "k1", b"other"), Begun)


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(bodies=st.lists(st.binary(max_size=50), max_size=8))
def test_bytes_come_back_by_their_address(prepared: Engine, bodies: list[bytes]) -> None:
    addresses = keep_blobs(prepared, bodies)
    assert addresses == tuple(map(address_of, bodies))
    assert [read_blob(prepared, address) for address in addresses] == bodies


def test_the_same_bytes_are_kept_once_however_many_keep_them(prepared: Engine) -> None:
    bodies = [bytes([n]) * 1000 for n in range(40)]
    at_once(lambda n: keep_blobs(prepared, bodies[n:] + bodies[:n]))
    with reading(prepared) as connection:
        kept = list(connection.scalars(select(blobs.c.address)))
    assert sorted(kept) == sorted(map(address_of, bodies))


def test_bytes_that_are_missing_or_changed_are_refused(prepared: Engine) -> None:
    (address,) = keep_blobs(prepared, [b"what was said"])
    with pytest.raises(RunError, match="holds nothing at"):
        read_blob(prepared, address_of(b"else"))
    with writing(prepared) as connection:
        connection.execute(update(blobs).values(body=b"what was not said"))
    with pytest.raises(RunError, match="damaged"):
        read_blob(prepared, address)
