"""Language models on the command line, against the loopback server: names, options, output."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from causal_interface_gym.agents.llm.fake import FakeServer, FixedAnswer
from causal_interface_gym.cli.app import app
from causal_interface_gym.cli.models.naming import (
    GivenOptions,
    NamedAgents,
    asking_of,
    check_keys,
    name_agents,
)
from causal_interface_gym.errors import AuthenticationError, FormatError, RunError
from causal_interface_gym.runs.asking import Asking
from causal_interface_gym.settings import SETTINGS
from causal_interface_gym.storage.folder import open_notes, open_run
from tests.strategies.served import provider_starter

pytestmark = pytest.mark.timeout(120)

MODEL = "openai:gpt-5-mini"
SMALL = ("--scenarios", "homework-v1", "--seeds", "0", "--max-draws", "0")
GGUF = b"GGUF" + bytes(60)


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with provider_starter() as start:
        yield start()


@pytest.fixture
def led(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> FakeServer:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return server


def cig(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


def local_file(folder: Path, content: bytes = GGUF) -> Path:
    path = folder / "tiny.gguf"
    path.write_bytes(content)
    return path


def test_agents_are_held_by_their_full_names() -> None:
    named = name_agents([MODEL, "reference:uniform", "anthropic:m+self_consistency=3"])
    assert named.agents == (
        "openai:gpt-5-mini+direct",
        "reference:uniform",
        "anthropic:m+self_consistency=3",
    )
    assert [model.provider for model in named.models] == ["openai", "anthropic"]


def test_primary_is_the_default_model_of_the_first_provider_with_a_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-12345678")
    named = name_agents(["primary+cot"])
    assert named.agents[0].startswith("anthropic:claude")
    assert named.agents[0].endswith("+cot")
    assert named.resolved == {"primary+cot": named.agents[0]}
    monkeypatch.setenv("OPENAI_API_KEY", "sk-12345678")
    assert name_agents(["primary"]).agents[0].startswith("openai:")


def test_primary_stays_what_it_was_when_the_run_was_created(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-12345678")
    known = {"primary": "google:gemini-2.5-flash+direct"}
    assert name_agents(["primary"], known=known).agents == (known["primary"],)


def test_primary_may_be_the_model_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CIG_LOCAL_GGUF", str(local_file(tmp_path)))
    named = name_agents(["primary"])
    assert named.agents == ("local:tiny.gguf+direct",)
    assert named.paths == {"tiny.gguf": tmp_path / "tiny.gguf"}


def test_primary_without_any_key_says_what_to_set() -> None:
    with pytest.raises(AuthenticationError, match="set OPENAI_API_KEY"):
        name_agents(["primary"])


def test_a_local_model_is_named_by_its_file_and_hashed(tmp_path: Path) -> None:
    named = name_agents([f"local:{local_file(tmp_path)}+cot"])
    assert named.agents == ("local:tiny.gguf+cot",)
    asking = asking_of(named, GivenOptions(), None)
    assert asking is not None
    ((name, sha256),) = asking.files
    assert (name, len(sha256)) == ("tiny.gguf", 64)


def test_a_local_model_is_found_where_the_run_remembers_it(tmp_path: Path) -> None:
    path = local_file(tmp_path)
    named = name_agents(["local:tiny.gguf"], paths={"tiny.gguf": path})
    assert named.paths == {"tiny.gguf": path}


def test_a_file_that_is_gone_keeps_the_hash_that_the_run_has(tmp_path: Path) -> None:
    named = name_agents(["local:tiny.gguf"], paths={"tiny.gguf": tmp_path / "tiny.gguf"})
    found = Asking(files=(("tiny.gguf", "ab"),))
    again = asking_of(named, GivenOptions(), found)
    assert again is not None
    assert again.files == found.files
    with pytest.raises(FormatError, match="cannot read"):
        asking_of(named, GivenOptions(), None)


def test_options_that_are_not_given_are_those_of_the_run() -> None:
    named = name_agents([MODEL])
    found = Asking(max_draws=1, temperature=0.5, max_tokens=99, cache="record", has_controls=False)
    again = asking_of(named, GivenOptions(max_tokens=100), found)
    assert again is not None
    assert (again.max_draws, again.temperature, again.max_tokens) == (1, 0.5, 100)
    assert (again.cache, again.has_controls) == ("record", False)


def test_options_of_models_are_refused_without_a_model() -> None:
    with pytest.raises(RunError, match="for language models"):
        asking_of(NamedAgents(("reference:uniform",)), GivenOptions(max_draws=1), None)
    refused = cig("run", "--agent", "reference:uniform", "--temperature", "1")
    assert refused.exit_code == 2
    assert "no --agent is one" in refused.stderr


def test_only_prompts_that_may_be_used_are_part_of_the_run() -> None:
    direct = asking_of(name_agents([MODEL]), GivenOptions(), None)
    tool = asking_of(name_agents([f"{MODEL}+tool"]), GivenOptions(), None)
    assert direct is not None
    assert tool is not None
    assert "tool" not in dict(direct.prompts)
    assert "tool" in dict(tool.prompts)
    assert dict(direct.prompts)["system"] == dict(tool.prompts)["system"]


def test_keys_are_checked_before_anything_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AuthenticationError, match="set ANTHROPIC_API_KEY"):
        check_keys(name_agents(["anthropic:m"]).models)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-12345678")
    check_keys(name_agents(["anthropic:m", "local:tiny.gguf"]).models)


@pytest.fixture(scope="module")
def folder(server: FakeServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    shell = CliRunner(env={**server.environment, "HOME": str(home)})
    run = ["run", "--agent", MODEL, "--agent", "reference:uniform", *SMALL, "--out"]
    result = shell.invoke(app, [*run, str(home / "run")])
    assert result.exit_code == 0, result.output
    return home / "run"


def test_a_model_that_copies_no_number_gets_no_score(folder: Path) -> None:
    result = cig("report", folder, "--json")
    found: dict[str, Any] = json.loads(result.stdout)
    agent = next(a for a in found["agents"] if "model" in a)
    assert agent["causal_score"]["unscored"] == "elicitation_failed"
    assert {f["unscored"] for f in agent["families"].values()} == {"elicitation_failed"}
    assert "elicitation failed" in agent["fingerprint"]["unscored"]
    assert agent["model"]["controls"]["is_elicitation_failed"]
    assert found["calls"]["controls"][MODEL]["calls"] >= 56
    text = cig("report", folder, "--markdown").stdout
    assert "elicitation failed. It could copy no number in any format" in text
    assert "Leaderboard" in text


def test_a_finished_run_needs_no_key_to_be_resumed(folder: Path) -> None:
    result = cig("run", "--resume", folder, "--json")
    assert result.exit_code == 0, result.output
    assert result.stdout == (folder / "report.json").read_text("utf-8")


def test_another_option_is_refused_on_resuming(folder: Path) -> None:
    result = cig("run", "--resume", folder, "--temperature", "0.5")
    assert result.exit_code == 2
    assert "temperature None there, 0.5 now" in result.stderr


def test_a_replay_takes_no_option_that_would_make_another_run(folder: Path) -> None:
    result = cig("run", "--replay", folder, "--seeds", "0-3")
    assert result.exit_code == 2
    assert "plays a run as it was" in result.stderr
    result = cig("run", "--replay", folder, "--out", folder)
    assert "a folder of its own" in result.stderr


def test_where_a_model_is_stands_apart_from_what_the_run_is(folder: Path) -> None:
    with open_notes(folder) as notes, open_run(folder) as store:
        assert notes.notes()["openai"]["base_url"].startswith("http://127.0.0.1")
        assert "127.0.0.1" not in json.dumps(store.spec.to_json())
    for name in ("report.json", "report.md", "report.html"):
        assert "127.0.0.1" not in (folder / name).read_text("utf-8")


def test_an_episode_shows_prompts_replies_and_cost(folder: Path) -> None:
    where = ("--agent", MODEL, "--scenario", "homework-v1")
    text = cig("episode", folder, *where).stdout
    assert "asked in the format " in text
    assert f"to {MODEL}" in text
    assert "  system:\n    You take part in a study" in text
    assert "tokens in" in text
    assert "USD" in text
    data = json.loads(cig("episode", folder, *where, "--json").stdout)
    assert data["calls"][0]["answer"]["finish"] == "stop"
    assert data["format"] in text
    plain = json.loads(
        cig("episode", folder, "--agent", "reference:uniform", *where[2:], "--json").stdout
    )
    assert "calls" not in plain


def test_what_a_model_wrote_cannot_speak_to_the_terminal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    evil = 'no \x1b[31mred\x1b[0m \x9b2J <script>alert("x")</script> \u202e'
    with provider_starter() as start:
        served = start(answers=(FixedAnswer(evil, match="data-"),))
        for name, value in served.environment.items():
            monkeypatch.setenv(name, value)
        run = ("--no-controls", "--out", tmp_path / "run")
        assert cig("run", "--agent", MODEL, *SMALL, *run).exit_code == 1
    where = ("--agent", MODEL, "--scenario", "homework-v1")
    for arguments in (
        ("episode", tmp_path / "run", *where),
        ("episode", tmp_path / "run", *where, "--json"),
        ("report", tmp_path / "run"),
        ("report", tmp_path / "run", "--markdown"),
    ):
        text = cig(*arguments).stdout
        assert not set(text) & set("\x1b\x9b\u202e")
    page = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert not set(page) & set("\x1b\x9b\u202e")


def test_agents_are_listed_with_the_providers_that_have_keys(led: FakeServer) -> None:
    text = cig("agents", "list").stdout
    assert "reference:oracle*" in text
    assert "self_consistency" in text
    found = json.loads(cig("agents", "list", "--json").stdout)
    available = {p["provider"] for p in found["providers"] if p["is_available"]}
    assert {"openai", "anthropic", "google"} <= available
    assert "compatible" not in available
    assert next(s for s in found["strategies"] if s["name"] == "tool")["is_tool_assisted"]


def test_agents_with_tools_stand_on_a_leaderboard_of_their_own(
    led: FakeServer, tmp_path: Path
) -> None:
    run = ("--agent", f"{MODEL}+tool", "--agent", MODEL, "--agent", "reference:uniform")
    result = cig("run", *run, *SMALL, "--no-controls", "--out", tmp_path / "run")
    assert result.exit_code in {0, 1}, result.output
    text = (tmp_path / "run" / "report.md").read_text("utf-8")
    _, alone, helped = text.split("## Leaderboard", 2)
    assert f"| {MODEL}+tool |" not in alone.partition("\n## ")[0]
    assert f"| {MODEL}+tool |" in helped.partition("\n## ")[0]


def test_replies_come_from_the_cache_that_runs_share(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with provider_starter() as start:
        served = start()
        for name, value in served.environment.items():
            monkeypatch.setenv(name, value)
        run = ("run", "--agent", MODEL, *SMALL, "--no-controls", "--json", "--out")
        for name in ("one", "two"):
            cig(*run, tmp_path / name, "--cache", "record")
        n_asked = served.counts["requests"]
        gone = cig(*run, tmp_path / "three", "--cache", "replay", "--max-tokens", "99999")
    assert gone.exit_code == 1
    assert "the cache has no answer" in gone.stderr
    one, two = (json.loads((tmp_path / n / "report.json").read_text()) for n in ("one", "two"))
    calls = two["calls"]["all"]
    assert calls["cached"] == calls["calls"] == one["calls"]["all"]["calls"] == n_asked
    assert calls["cost_usd"] == 0
    assert one["agents"][0]["families"] == two["agents"][0]["families"]


@pytest.mark.parametrize("is_on", [True, False])
def test_the_runbooks_variable_lets_runs_of_all_machines_share_replies(
    cache_address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, is_on: bool
) -> None:
    with provider_starter() as start:
        served = start()
        for name, value in served.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("ENABLE_LLM_RESPONSE_CACHE", str(is_on).lower())
        monkeypatch.setenv("CIG_REDIS_URL", cache_address)
        cig("cache", "flush")
        counts: list[int] = []
        for machine in ("one", "two"):
            monkeypatch.setenv("HOME", str(tmp_path / machine))
            cig(
                *("run", "--agent", MODEL, *SMALL, "--no-controls", "--json"),
                *("--out", tmp_path / machine / "run"),
            )
            counts.append(served.counts["requests"])
    first, both = counts
    assert both == (first if is_on else 2 * first)
    with open_run(tmp_path / "one" / "run") as store:
        assert store.spec.asking is not None
        assert store.spec.asking.cache == ("record" if is_on else "off")


def test_a_run_of_reference_agents_loads_nothing_that_speaks_with_models(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from causal_interface_gym.cli.app import app\n"
        "run = ['run', '--agent', 'reference:uniform', '--scenarios', 'homework-v1',"
        f" '--seeds', '0', '--out', {str(tmp_path / 'run')!r}]\n"
        "assert CliRunner().invoke(app, run).exit_code == 0\n"
        "heavy = {'pydantic_ai', 'openai', 'anthropic', 'google.genai', 'httpx2',"
        " 'structlog', 'xllamacpp'}\n"
        "print(*sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []
