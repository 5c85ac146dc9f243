"""A record is the same after it was written and read."""

import json

from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.agents.llm.call import (
    Answer,
    Ask,
    LogProbability,
    Message,
    Sampling,
    Usage,
)
from causal_interface_gym.agents.llm.records import CallRecord, content_key

TEXT = st.text(max_size=20)
COUNT = st.integers(0, 10**6)
LOGS = st.floats(-50, 0)
ASKS = st.builds(
    Ask,
    trial=TEXT,
    label=TEXT,
    messages=st.lists(
        st.builds(Message, st.sampled_from(["system", "user", "assistant"]), TEXT), max_size=3
    ).map(tuple),
    schema=st.none() | st.dictionaries(TEXT, TEXT, max_size=2),
    sampling=st.builds(Sampling, st.none() | st.floats(0, 2), COUNT, st.none() | COUNT, COUNT),
    sample=COUNT,
    deadline_s=st.floats(0, 100),
)
ANSWERS = st.builds(
    Answer,
    text=TEXT,
    finish=st.sampled_from(["stop", "length", "refusal", "filter"]),
    model=TEXT,
    usage=st.builds(Usage, COUNT, COUNT, COUNT),
    cost_usd=st.none() | st.floats(0, 1),
    request_id=TEXT,
    dropped=st.lists(TEXT, max_size=2).map(tuple),
    log_probabilities=st.lists(
        st.builds(
            LogProbability, TEXT, LOGS, st.lists(st.tuples(TEXT, LOGS), max_size=2).map(tuple)
        ),
        max_size=2,
    ).map(tuple),
    is_stored=st.booleans(),
)
RECORDS = st.builds(
    CallRecord,
    ask=ASKS,
    key=TEXT,
    provider=TEXT,
    model=TEXT,
    answer=st.none() | ANSWERS,
    error=TEXT,
    message=TEXT,
    latency_s=st.floats(0, 100),
    started=st.floats(0, 1e10),
    library=TEXT,
)


@given(RECORDS)
def test_a_record_is_read_as_it_was_written(record: CallRecord) -> None:
    assert CallRecord.from_json(json.loads(json.dumps(record.to_json()))) == record


@given(ASKS, ASKS)
def test_a_content_key_tells_contents_apart_and_nothing_else(first: Ask, second: Ask) -> None:
    def content(ask: Ask) -> object:
        return (ask.messages, ask.schema, ask.sampling, ask.sample)

    keys = content_key("openai", "gpt", first), content_key("openai", "gpt", second)
    assert (keys[0] == keys[1]) == (content(first) == content(second))
    assert len(keys[0]) == 64
