"""Faults are read from short texts, and hit the requests that the text says."""

from pathlib import Path
from random import Random

import pytest

from causal_interface_gym.agents.llm.fake import (
    KINDS,
    PRESETS,
    Fault,
    FixedAnswer,
    Script,
    faults_of,
    read_script,
)
from causal_interface_gym.agents.llm.fake.fault import ALWAYS, When
from causal_interface_gym.errors import FormatError

SURE = Random(0)  # noqa: S311 - not asked where the share is whole


def test_a_bare_number_is_a_status() -> None:
    fault = Fault.parse("google/429,retry_after=2@1-3")
    assert fault == Fault("status", {"code": 429, "retry_after": 2}, When(1, 3), "google")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_its_own_text(kind: str) -> None:
    assert Fault.parse(kind) == Fault(kind, {}, ALWAYS)
    assert all(Fault.parse(kind).number(n) == d for n, d in KINDS[kind].defaults.items())


@pytest.mark.parametrize(
    ("text", "hit"),
    [("3", [3]), ("2-4", [2, 3, 4]), ("4-", [4, 5]), ("100%", [1, 2, 3, 4, 5]), ("0%", [])],
)
def test_a_fault_hits_by_number(text: str, hit: list[int]) -> None:
    when = When.parse(text)
    assert [number for number in range(1, 6) if when.holds(number, 0, SURE)] == hit


def test_a_fault_hits_within_its_time() -> None:
    window, tail = When.parse("0.5s-2s"), When.parse("2s-")
    assert [at for at in (0.4, 0.5, 1.9, 2.0) if window.holds(1, at, SURE)] == [0.5, 1.9]
    assert [at for at in (1.9, 2.0, 900) if tail.holds(1, at, SURE)] == [2.0, 900]


def test_a_fault_hits_its_share() -> None:
    when = When.parse("20%")
    hits = sum(when.holds(n, 0, Random(n)) for n in range(1, 2_001))  # noqa: S311 - seeded
    assert 340 < hits < 460  # 3.4 standard deviations


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("slo", "did you mean 'slow'"),
        ("slow,seconds=3", "it has: ms"),
        ("reset,ms=1", "it has: bytes"),
        ("empty,ms=1", r"it has: \(none\)"),
        ("mistral/429", "cannot read the fault"),
        ("429@soon", "cannot tell when 'soon' is"),
        ("429@0", "cannot tell when"),
        ("429@3-1", "cannot tell when"),
        ("429@120%", "cannot tell when"),
        ("429@5s-1s", "cannot tell when"),
        ("429,retry_after=-1", "cannot read the fault"),
        ("429,retry_after=1.2.3", "is not a number"),
        ("200", "not within 400 to 599"),
        ("html,code=100", "not within 200 to 599"),
        ("drip,bytes=0", "not within 1"),
        ("truncated,share=2", "not within 0 to 1"),
        ("huge,mb=100000", "not within 0 to 100"),
        ("", "cannot read the fault"),
    ],
)
def test_a_text_that_is_no_fault_is_refused_with_what_is_allowed(text: str, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        Fault.parse(text)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_a_list_of_faults(name: str) -> None:
    assert faults_of(name) == tuple(Fault.parse(text) for text in PRESETS[name])


def test_a_script_is_read_from_either_format(tmp_path: Path) -> None:
    toml, json_file = tmp_path / "a.toml", tmp_path / "a.json"
    toml.write_text(
        'seed = 3\nlatency_ms = 2.5\nfaults = ["500@1", "outage"]\n'
        'answers = ["first", {match = "rain", text = "wet"}]\n'
    )
    json_file.write_text(
        '{"seed": 3, "latency_ms": 2.5, "faults": ["500@1", "outage"], '
        '"answers": ["first", {"match": "rain", "text": "wet"}]}'
    )
    expected = Script(
        3,
        2.5,
        (*faults_of("500@1"), *faults_of("outage")),
        (FixedAnswer("first"), FixedAnswer("wet", "rain")),
    )
    assert read_script(toml) == read_script(json_file) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("seed = 'x'", "seed='x' must be an integer"),
        ("latency_ms = -1", "not negative"),
        ("fault = '500'", "a script has seed, latency_ms, faults, answers"),
        ("faults = '500'", "a list of texts"),
        ("faults = [500]", "a list of texts"),
        ("faults = ['5000']", "cannot read the fault"),
        ("answers = 'yes'", "must be a list"),
        ("answers = [1]", "an answer is a text"),
        ("answers = [{text = 1}]", "an answer is a text"),
        ("answers = [{texts = 'x'}]", "an answer is a text"),
        ("seed = ", "neither JSON"),
    ],
)
def test_a_script_that_says_something_else_is_refused(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "script.toml"
    file.write_text(text)
    with pytest.raises(FormatError, match=said):
        read_script(file)


def test_a_script_that_is_no_table_or_not_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "script.json"
    file.write_text("[1]")
    with pytest.raises(FormatError, match="something else"):
        read_script(file)
    with pytest.raises(FormatError, match="No such file"):
        read_script(tmp_path / "none.toml")
