"""Shares of processor and memory, from control groups of both versions and from the machine."""

from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from causal_interface_gym.ops.monitoring.resources import Resources


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")


def gauges(resources: Resources) -> tuple[float, float]:
    registry = CollectorRegistry()
    registry.register(resources)
    found = [
        registry.get_sample_value(f"cig_{name}_utilization_ratio") for name in ("cpu", "memory")
    ]
    cpu, memory = found
    assert cpu is not None
    assert memory is not None
    return cpu, memory


def test_version_2_counts_against_the_containers_own_limits(tmp_path: Path) -> None:
    write(
        tmp_path,
        cpu_dot_max="50000 100000",
        cpu_dot_stat="usage_usec 1000000\nuser_usec 1",
        memory_dot_max="1000",
        memory_dot_current="900",
        memory_dot_stat="anon 5\ninactive_file 400",
    )
    now = 10.0
    resources = Resources(tmp_path, clock=lambda: now)
    now = 20.0
    write(tmp_path, cpu_dot_stat="usage_usec 5500000\nuser_usec 1")
    cpu, memory = resources.collect()
    assert cpu.samples[0].value == pytest.approx(4.5 / (10 * 0.5))
    assert memory.samples[0].value == pytest.approx(0.5)


def test_version_1_counts_against_the_containers_own_limits(tmp_path: Path) -> None:
    write(
        tmp_path,
        cpuacct__cpuacct_dot_usage="1000000000",
        cpu__cpu_dot_cfs_quota_us="200000",
        cpu__cpu_dot_cfs_period_us="100000",
        memory__memory_dot_limit_in_bytes="2000",
        memory__memory_dot_usage_in_bytes="500",
    )
    now = 0.0
    resources = Resources(tmp_path, clock=lambda: now)
    now = 4.0
    write(tmp_path, cpuacct__cpuacct_dot_usage="5000000000")
    cpu, memory = resources.collect()
    assert cpu.samples[0].value == pytest.approx(4 / (4 * 2))
    assert memory.samples[0].value == pytest.approx(0.25)
    again, _ = resources.collect()  # no time has passed: what was found still holds
    assert again.samples[0].value == cpu.samples[0].value


@pytest.mark.parametrize("quota", ["max 100000", ""])
def test_without_limits_the_machine_counts(tmp_path: Path, quota: str) -> None:
    write(
        tmp_path, cpu_dot_max=quota, cpu_dot_stat="usage_usec 5",
        memory__memory_dot_limit_in_bytes=str(2**63 - 4096),
        memory__memory_dot_usage_in_bytes="500",
    )  # fmt: skip
    cpu, memory = gauges(Resources(tmp_path))
    assert 0 <= cpu <= 1
    assert 0 < memory <= 1


def test_a_folder_that_is_not_there_is_no_limit(tmp_path: Path) -> None:
    (tmp_path / "cpu.stat").write_bytes(b"\xff")
    cpu, memory = gauges(Resources(tmp_path / "none"))
    assert 0 <= cpu <= 1
    assert 0 < memory <= 1
    assert 0 <= gauges(Resources(tmp_path))[0] <= 1
