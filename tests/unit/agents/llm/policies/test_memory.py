"""The transcript and the cache: what was answered is not asked again, and is what it was."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from causal_interface_gym.agents.llm.call import Answer, Ask, LogProbability, Message, Sampling
from causal_interface_gym.agents.llm.policies.cache import CachedAnswers, Caching, MemoryAnswers
from causal_interface_gym.agents.llm.policies.transcript import Transcript
from causal_interface_gym.agents.llm.records import MemoryCallStore, content_key
from causal_interface_gym.errors import (
    BadRequestError,
    ContextOverflowError,
    InvalidOutputError,
    OverloadedError,
    RefusedError,
    ReplayError,
    ReplyError,
    TruncatedError,
)
from causal_interface_gym.storage.answers import SqlAnswers
from causal_interface_gym.storage.database import file_database
from tests.strategies.asking import Played, Scripted, answer, fake_clock, question


def kept(store: MemoryCallStore, inner: Scripted | None, model: str = "tiny") -> Transcript:
    return Transcript(inner, store, "compatible", model)


def test_a_question_that_was_answered_is_not_asked_again() -> None:
    store, inner = MemoryCallStore(), Scripted([answer(cost_usd=0.5)])
    first = asyncio.run(kept(store, inner).ask(question()))
    again = asyncio.run(kept(store, inner).ask(question()))
    assert (first.is_stored, first.cost_usd) == (False, 0.5)
    assert again == replace(first, is_stored=True, cost_usd=0.0)
    assert len(inner.seen) == 1


def test_a_record_says_who_was_asked_what_and_when() -> None:
    store = MemoryCallStore()
    asyncio.run(kept(store, Scripted([answer()])).ask(question()))
    (record,) = store.records()
    assert (record.provider, record.model, record.ask) == ("compatible", "tiny", question())
    assert record.key == content_key("compatible", "tiny", question())
    assert record.answer == answer()
    assert record.started > 1.7e9


def test_a_replay_asks_nobody() -> None:
    store = MemoryCallStore()
    asyncio.run(kept(store, Scripted([answer()])).ask(question()))
    assert asyncio.run(kept(store, None).ask(question())).is_stored
    with pytest.raises(ReplayError, match="'2/believe/0'"):
        asyncio.run(kept(store, None).ask(question(label="2/believe/0")))


@pytest.mark.parametrize(
    ("asks", "named"),
    [
        (question("Something else?"), "the messages"),
        (question(schema=None), "the schema"),
        (question(sampling=Sampling(seed=1)), "the sampling"),
        (replace(question(), sample=1), "the sample"),
    ],
)
def test_another_question_under_the_same_label_is_an_error_that_says_what_differs(
    asks: Ask, named: str
) -> None:
    store = MemoryCallStore()
    asyncio.run(kept(store, Scripted([answer()])).ask(question()))
    for inner in (None, Scripted([answer()])):
        with pytest.raises(ReplayError, match=f"{named} changed") as caught:
            asyncio.run(kept(store, inner).ask(asks))
        assert "Something else" not in str(caught.value)


def test_another_model_under_the_same_label_is_an_error() -> None:
    store = MemoryCallStore()
    asyncio.run(kept(store, Scripted([answer()])).ask(question()))
    with pytest.raises(ReplayError, match="compatible:tiny"):
        asyncio.run(kept(store, None, model="large").ask(question()))


@pytest.mark.parametrize(
    "kind",
    [BadRequestError, ContextOverflowError, InvalidOutputError, RefusedError, TruncatedError],
)
def test_a_reply_that_could_not_be_used_is_the_same_when_repeated(kind: type[ReplyError]) -> None:
    store, inner = MemoryCallStore(), Scripted([kind("why", provider="compatible"), answer()])
    for client in (kept(store, inner), kept(store, inner), kept(store, None)):
        with pytest.raises(kind) as caught:
            asyncio.run(client.ask(question()))
        assert str(caught.value) == "compatible: why"
    assert len(inner.seen) == 1


def test_an_outage_leaves_no_record_and_is_asked_again() -> None:
    store, inner = MemoryCallStore(), Scripted([OverloadedError("busy"), answer()])
    with pytest.raises(OverloadedError):
        asyncio.run(kept(store, inner).ask(question()))
    assert list(store.records()) == []
    assert asyncio.run(kept(store, inner).ask(question())) == answer()


def cached(inner: Scripted, answers: CachedAnswers, mode: str = "record") -> Caching:
    assert mode in {"record", "replay"}
    return Caching(inner, answers, "compatible", "tiny", "record" if mode == "record" else "replay")


def test_the_same_content_is_asked_once_whatever_the_trial() -> None:
    answers, inner = MemoryAnswers(), Scripted([answer(cost_usd=0.5)])
    asyncio.run(cached(inner, answers).ask(question()))
    found = asyncio.run(cached(inner, answers).ask(question(trial="u", label="9")))
    assert (found.is_stored, found.cost_usd) == (True, 0.0)
    assert len(inner.seen) == 1


def test_another_sample_of_the_same_question_is_asked() -> None:
    answers, inner = MemoryAnswers(), Scripted([answer()])
    asyncio.run(cached(inner, answers).ask(question()))
    asyncio.run(cached(inner, answers).ask(replace(question(), sample=1)))
    assert len(inner.seen) == 2


def test_equal_questions_under_way_together_are_asked_once() -> None:
    inner = Scripted([answer()], wait_s=0.01)
    client = cached(inner, MemoryAnswers())

    async def run() -> list[bool]:
        found = await asyncio.gather(*(client.ask(question()) for _ in range(5)))
        return [each.is_stored for each in found]

    assert sorted(asyncio.run(run())) == [False, True, True, True, True]
    assert len(inner.seen) == 1


def test_whoever_waits_for_a_failure_asks_anew() -> None:
    inner = Scripted([OverloadedError("busy"), answer()], wait_s=0.01)
    client = cached(inner, MemoryAnswers())

    async def run() -> list[object]:
        waits = (client.ask(question()) for _ in range(3))
        return list(await asyncio.gather(*waits, return_exceptions=True))

    found = asyncio.run(run())
    assert isinstance(found[0], OverloadedError)
    assert found[1] == answer()
    assert len(inner.seen) == 2


@pytest.mark.parametrize(
    "reply",
    [
        answer(finish="length"),
        answer(finish="refusal"),
        answer("no JSON"),
        answer("[1]"),
        answer('{"something": 1}'),
    ],
)
def test_a_reply_that_is_not_whole_is_not_kept(reply: Answer) -> None:
    answers = MemoryAnswers()
    inner = Scripted([reply, answer()])
    asyncio.run(cached(inner, answers).ask(question()))
    assert asyncio.run(cached(inner, answers).ask(question())).is_stored is False


@pytest.mark.parametrize("kind", ["memory", "sql"])
def test_an_old_answer_is_asked_for_again(kind: str, tmp_path: Path) -> None:
    played = Played()
    answers: CachedAnswers = MemoryAnswers(60, fake_clock(played))
    if kind == "sql":
        engine = file_database(tmp_path / "answers.db")
        answers = SqlAnswers(engine, ttl_s=60, now=fake_clock(played).now)
    inner = Scripted([answer('{"percent_if_we_see_x": 1}'), answer()])
    for wait_s, is_stored in ((0, False), (59, True), (2, False), (59, True)):
        played.at += wait_s
        assert asyncio.run(cached(inner, answers).ask(question())).is_stored is is_stored
    assert len(inner.seen) == 2


def test_answers_in_a_file_are_shared_by_processes_and_let_go_when_old(tmp_path: Path) -> None:
    path = tmp_path / "answers.db"
    first = SqlAnswers(file_database(path))
    given = answer(cost_usd=0.5, log_probabilities=(LogProbability("a", -1.0, (("b", -2.0),)),))
    asyncio.run(first.put("k", given))
    assert asyncio.run(SqlAnswers(file_database(path)).get("k")) == given
    assert asyncio.run(SqlAnswers(file_database(path), ttl_s=-1).get("k")) is None
    assert asyncio.run(first.get("k")) is None


def test_a_replay_from_the_cache_asks_nobody() -> None:
    answers, inner = MemoryAnswers(), Scripted([answer()])
    with pytest.raises(ReplayError):
        asyncio.run(cached(inner, answers, "replay").ask(question()))
    asyncio.run(cached(inner, answers).ask(question()))
    assert asyncio.run(cached(inner, answers, "replay").ask(question())).is_stored
    assert len(inner.seen) == 1


def test_the_content_key_leaves_out_the_trial_and_keeps_the_rest() -> None:
    keys = {
        content_key("compatible", "tiny", question()),
        content_key("compatible", "tiny", question(trial="u", label="m", deadline_s=1)),
        content_key("openai", "tiny", question()),
        content_key("compatible", "large", question()),
        content_key("compatible", "tiny", question("other")),
        content_key("compatible", "tiny", question(schema=None)),
        content_key("compatible", "tiny", question(sampling=Sampling(seed=1))),
        content_key("compatible", "tiny", replace(question(), sample=1)),
        content_key("compatible", "tiny", replace(question(), messages=(Message("user", "x"),))),
    }
    assert len(keys) == 8
