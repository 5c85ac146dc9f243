"""What a fake server is to do: its seed, its answers, its latency and its faults."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from causal_interface_gym.agents.llm.fake.fault import Fault
from causal_interface_gym.errors import FormatError

__all__ = ["PRESETS", "FixedAnswer", "Script", "faults_of", "read_script"]

PRESETS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "outage": ("503@0s-",),
        "rate-limits": ("429,retry_after=1@50%",),
        "slowness": ("slow,ms=3000@80%", "drip,ms=5@50%"),
        "rubbish": (
            "html@10%",
            "truncated@10%",
            "half@10%",
            "empty@10%",
            "garbage@10%",
            "prose@10%",
            "wrong@10%",
            "control@10%",
            "missing@10%",
            "type@10%",
        ),
    }
)
"""Faults of a game day by name."""


@dataclass(frozen=True, slots=True)
class FixedAnswer:
    """A text to answer with: to every prompt that contains ``match``, else once, in order."""

    text: str
    match: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """What the server does; without answers it follows its seeded rule."""

    seed: int = 0
    latency_ms: float = 0.0
    faults: tuple[Fault, ...] = ()
    answers: tuple[FixedAnswer, ...] = ()


def faults_of(text: str) -> tuple[Fault, ...]:
    """Read a fault, or the name of a preset.

    Raises:
        FormatError: It is neither.
    """
    return tuple(map(Fault.parse, PRESETS.get(text, (text,))))


def read_script(path: Path) -> Script:
    """Read a script from a TOML or JSON file.

    Raises:
        FormatError: The file cannot be read, or says something that no script says.
    """
    try:
        text = path.read_text("utf-8")
        data = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        message = f"cannot read the script {path}: {error.strerror}"
        raise FormatError(message) from None
    except ValueError as error:
        message = f"the script {path} is neither JSON (.json) nor TOML: {error}"
        raise FormatError(message) from None
    try:
        return _script(data)
    except FormatError as error:
        message = f"{path}: {error}"
        raise FormatError(message) from None


_FIELDS: Final = ("seed", "latency_ms", "faults", "answers")


def _script(data: Any) -> Script:  # noqa: ANN401 - JSON
    if not isinstance(data, dict) or data.keys() - set(_FIELDS):
        extra = sorted(data.keys() - set(_FIELDS)) if isinstance(data, dict) else data
        message = f"a script has {', '.join(_FIELDS)}; this is something else: {extra}"
        raise FormatError(message)
    seed, latency_ms = data.get("seed", 0), data.get("latency_ms", 0)
    if type(seed) is not int or type(latency_ms) not in {int, float} or latency_ms < 0:
        message = f"seed={seed!r} must be an integer and latency_ms={latency_ms!r} not negative"
        raise FormatError(message)
    faults, answers = data.get("faults", []), data.get("answers", [])
    if not isinstance(faults, list) or not all(isinstance(text, str) for text in faults):
        message = f"faults must be a list of texts, not {faults!r}"
        raise FormatError(message)
    if not isinstance(answers, list):
        message = f"answers must be a list, not {answers!r}"
        raise FormatError(message)
    return Script(
        seed,
        latency_ms,
        tuple(fault for text in faults for fault in faults_of(text)),
        tuple(map(_answer, answers)),
    )


def _answer(data: Any) -> FixedAnswer:  # noqa: ANN401 - JSON
    if isinstance(data, str):
        return FixedAnswer(data)
    if isinstance(data, dict) and data.keys() in ({"text"}, {"text", "match"}):
        text, match = data["text"], data.get("match", "")
        if isinstance(text, str) and isinstance(match, str):
            return FixedAnswer(text, match)
    message = f"an answer is a text, or has text and match, not {data!r}"
    raise FormatError(message)
