"""The page on serving works as written: a run, questions, an episode with curl, an end."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from causal_interface_gym.settings import SETTINGS
from tests.servers.process import free_port

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "serve.md"


@pytest.mark.timeout(240)
def test_the_page_on_serving_works_as_written(tmp_path: Path) -> None:
    port, metrics = str(free_port()), str(free_port())
    blocks = re.findall(r"```bash\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    script = "".join(blocks).replace("8501", port).replace("8090", metrics)
    script = script.replace("cig serve &", f"cig serve --port {port} --metrics-port {metrics} &")
    clean = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(
        ["/bin/bash", "-euc", "trap 'kill $(jobs -p) 2> /dev/null || true' EXIT\n" + script],
        cwd=tmp_path,
        env={**clean, "PATH": path, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr
    assert "http_response_time_seconds_bucket" in run.stdout
    replies = [json.loads(line) for line in run.stdout.splitlines() if line.startswith('{"')]
    kinds = [r["observation"]["kind"] for r in replies if "observation" in r]
    assert kinds == ["counts", "acknowledged", "closed"]
    assert any(r.get("identified") is True for r in replies)
    assert '"truth"' in run.stdout
    assert '"items": [{"name": "first"' in run.stdout
    assert '"event": "stopped"' in run.stdout
