"""The peers' own environment: never the engine's, pinned, and allowed to be incomplete."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
BENCH = ROOT / ".bench"
_LIST = """
import importlib.metadata as m, json
print(json.dumps({d.name.lower(): d.version for d in m.distributions()}))
"""


@dataclass(frozen=True, slots=True)
class Peers:
    """The interpreter of the peers and the versions it holds; a missing peer is just absent."""

    python: Path
    versions: dict[str, str]

    @property
    def site_packages(self) -> Path:
        """Return the folder the peers are installed in."""
        return next(self.python.parents[1].glob("lib/python*/site-packages"))


def pinned(listing: str = "peers.txt") -> dict[str, str]:
    """Read names and versions from a list of peers."""
    lines = (Path(__file__).parent / listing).read_text(encoding="utf-8").split()
    return dict(line.split("==", 1) for line in lines)


def prepare_peers(*, install: bool = True) -> Peers:
    """Make the environment that most peers share."""
    return prepare("peers.txt", BENCH / "peers", install=install)


def prepare(listing: str, folder: Path, *, install: bool = True) -> Peers:
    """Make an environment where needed and install what is missing of a list, one by one.

    A peer that does not install is reported on standard error and left out.
    """
    python = folder / "bin" / "python"
    if not python.exists():
        _run([sys.executable, "-m", "venv", str(python.parents[1])])
    wanted = pinned(listing)
    versions = installed(python)
    missing = [f"{n}=={v}" for n, v in wanted.items() if versions.get(n.lower()) != v]
    if install and missing:
        print(f"Installing {len(missing)} peers (once)", file=sys.stderr)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if not _run([*pip, *missing]):
            for requirement in missing:
                if not _run([*pip, requirement]):
                    print(f"absent: {requirement} did not install", file=sys.stderr)
        versions = installed(python)
    held = {n: versions[n.lower()] for n in wanted if n.lower() in versions}
    return Peers(python=python, versions=held)


def installed(python: Path) -> dict[str, str]:
    """Return the versions of all distributions an interpreter sees, names in lower case."""
    done = subprocess.run([str(python), "-c", _LIST], capture_output=True, text=True, check=True)
    versions: dict[str, str] = json.loads(done.stdout)
    return versions


def _run(command: list[str]) -> bool:
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0
