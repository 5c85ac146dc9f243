"""A model's file is checked before anything loads it, and so is the memory it wants."""

from pathlib import Path

import pytest

from causal_interface_gym.agents.llm.local import LocalServer, ServerOptions, read_gguf
from causal_interface_gym.agents.llm.local.memory import available_bytes
from causal_interface_gym.errors import FormatError, RunError


def test_a_file_is_known_by_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF" + bytes(60))
    model = read_gguf(path)
    assert (model.name, model.size) == ("model.gguf", 64)
    assert model.sha256 == "c7c075888b4eab44984e6a6f310646f381de9c3b03ce0817519910dd057088d1"


@pytest.mark.parametrize("content", [b"", b"GGUF", b"<html>" + bytes(100), b"\x7fELF" + bytes(99)])
def test_a_file_that_is_no_model_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    with pytest.raises(FormatError, match="not a GGUF file"):
        read_gguf(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="No such file"):
        read_gguf(tmp_path / "none.gguf")
    with pytest.raises(FormatError, match="directory"):
        read_gguf(tmp_path)


def test_a_model_that_does_not_fit_into_memory_is_not_started(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF" + bytes(10_000))
    options = ServerOptions(context_tokens=10**15)
    with pytest.raises(RunError, match="GB of memory"):
        LocalServer(read_gguf(path), options)


def test_the_smaller_of_machine_and_control_group_is_free(tmp_path: Path) -> None:
    system = tmp_path / "meminfo"
    system.write_text("MemTotal:  9000 kB\nMemAvailable:  3000 kB\n", "ascii")
    assert available_bytes(system, tmp_path) == 3_072_000
    (tmp_path / "memory.max").write_text("5000\n", "ascii")
    (tmp_path / "memory.current").write_text("4000\n", "ascii")
    (tmp_path / "memory.stat").write_text("anon 1\ninactive_file 500\n", "ascii")
    assert available_bytes(system, tmp_path) == 1_500
    (tmp_path / "memory.stat").write_text("anon 1\n", "ascii")
    assert available_bytes(system, tmp_path) == 1_000
    (tmp_path / "memory.max").write_text("max\n", "ascii")
    assert available_bytes(system, tmp_path) == 3_072_000
    system.write_text("MemAvailable: many kB\n", "ascii")
    assert available_bytes(system, tmp_path) is None
    system.write_text("MemTotal: 1 kB\n", "ascii")
    assert available_bytes(system, tmp_path) is None
