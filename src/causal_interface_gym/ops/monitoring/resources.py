"""How much of its processor and memory this process's container uses, as shares of 1.

A container's own limits count where there are some (control groups, version 2 or 1), else the
machine's.
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

__all__ = ["Resources"]

_GROUPS: Final = Path("/sys/fs/cgroup")
_UNLIMITED: Final = 1 << 60
"""Version 1 writes a number like this where there is no limit."""
_SECONDS: Final = {"usage_usec": 1e6}
_NANOSECONDS: Final = 1e9


@dataclass(slots=True)
class _Reading:
    """When, and how many seconds of processor had been used by then."""

    at: float
    used_s: float


class Resources(Collector):
    """Two gauges; that of the processor is over the time since it was last asked for."""

    def __init__(
        self, groups: Path = _GROUPS, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Look at control groups in a folder, and begin to count."""
        self._groups = groups
        self._clock = clock
        self._last = _Reading(clock(), self._used_s() or 0.0)
        self._share = 0.0
        psutil.cpu_percent()  # its first answer is about no time at all

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give the gauges as they stand."""
        yield GaugeMetricFamily(
            "cig_cpu_utilization_ratio",
            "Share of the processors that this container may use that it used.",
            value=self._cpu(),
        )
        yield GaugeMetricFamily(
            "cig_memory_utilization_ratio",
            "Share of the memory that this container may use that is in use.",
            value=self._memory(),
        )

    def _cpu(self) -> float:
        used_s, n_cpus = self._used_s(), self._n_cpus()
        if used_s is None or n_cpus is None:
            return float(psutil.cpu_percent()) / 100
        now = self._clock()
        if now > self._last.at:
            self._share = (used_s - self._last.used_s) / ((now - self._last.at) * n_cpus)
            self._last = _Reading(now, used_s)
        return self._share

    def _used_s(self) -> float | None:
        text = _read(self._groups / "cpu.stat")
        for line in text.splitlines():
            name, _, value = line.partition(" ")
            if name in _SECONDS and value.isdecimal():
                return int(value) / _SECONDS[name]
        older = _number(_read(self._groups / "cpuacct" / "cpuacct.usage"))
        return None if older is None else older / _NANOSECONDS

    def _n_cpus(self) -> float | None:
        """Give how many processors the container may use, None where nobody limits it."""
        quota, _, period = _read(self._groups / "cpu.max").partition(" ")
        if not quota:
            quota = _read(self._groups / "cpu" / "cpu.cfs_quota_us")
            period = _read(self._groups / "cpu" / "cpu.cfs_period_us")
        n, of = _number(quota), _number(period)
        return n / of if n and of else None

    def _memory(self) -> float:
        version_2 = (self._groups / "memory.max", self._groups / "memory.current")
        version_1 = tuple(
            self._groups / "memory" / name
            for name in ("memory.limit_in_bytes", "memory.usage_in_bytes")
        )
        for most, used in (version_2, version_1):
            limit, in_use = _number(_read(most)), _number(_read(used))
            if limit and in_use is not None and limit < _UNLIMITED:
                idle = _of(_read(used.with_name("memory.stat")), "inactive_file")
                return max(in_use - idle, 0) / limit
        return float(psutil.virtual_memory().percent) / 100


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def _of(text: str, name: str) -> int:
    """Give a number from lines of names and numbers; files that can be dropped are not in use."""
    found = dict(line.split(" ", 1) for line in text.splitlines() if " " in line)
    return _number(found.get(name, "").split(os.linesep)[0]) or 0
