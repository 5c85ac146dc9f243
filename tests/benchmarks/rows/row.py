"""What every row of the benchmark is: a title, its groups, and a check of the answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.environment import Peers
from tests.benchmarks.process import OURS, Engine, Group, Limits, Readings
from tests.benchmarks.ratios import Line

OUR_MODEL = Engine(OURS, "ours.model")
OUR_IDENTIFICATION = Engine(OURS, "ours.identification")
OUR_SAMPLING = Engine(OURS, "ours.sampling")
OUR_ADJUSTMENT = Engine(OURS, "ours.adjustment")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run has at hand: the peers, the networks' paths by name, how thorough to be.

    `n_episodes` is the length of the long run; `install` allows what is missing to be installed.
    """

    peers: Peers
    networks: Mapping[str, Path]
    limits: Limits
    tick: Callable[[str], None]
    quick: bool = False
    n_episodes: int = 10_000
    install: bool = True


@dataclass(frozen=True, slots=True)
class Checked:
    """What comparing answers showed: a remark an engine, and problems that fail the run."""

    remarks: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `groups` makes the work, `check` compares the answers of one group."""

    name: str
    title: str
    about: str
    groups: Callable[[Plan], Sequence[Group]]
    check: Callable[[Group, Mapping[str, Readings]], Checked]


@dataclass(frozen=True, slots=True)
class RowResult:
    """The finished row: its lines, its problems, or why it was skipped."""

    name: str
    title: str
    about: str
    lines: tuple[Line, ...] = ()
    problems: tuple[str, ...] = ()
    skipped: str = ""
