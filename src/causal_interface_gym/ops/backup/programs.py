"""PostgreSQL's own programs, run with an address whose password no process list shows."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from causal_interface_gym.errors import DependencyError, OperationError

__all__ = ["program", "run_program"]

_CONNECT_S: Final = "5"
_SAID: Final = 400


def program(name: str, folder: Path | None) -> Path:
    """Find a program in the folder that is set, else on the search path.

    Raises:
        DependencyError: It is not there.
    """
    found = shutil.which(name, path=str(folder) if folder else None)
    if found is None:
        where = f"in {folder}, which CIG_POSTGRES_BIN names" if folder else "on the search path"
        message = (
            f"{name} is not {where}; install PostgreSQL's client programs, release 17 or later, "
            "or let CIG_POSTGRES_BIN name their folder"
        )
        raise DependencyError(message)
    return Path(found)


def run_program(path: Path, *arguments: str, url: URL | None = None) -> str:
    """Run a program on a database and give what it printed.

    Raises:
        OperationError: It failed; the message holds its own words.
    """
    command = [str(path), *arguments]
    environment = {"LC_ALL": "C", "PGCONNECT_TIMEOUT": _CONNECT_S}
    if url is not None:
        shown = url.set(drivername="postgresql", password=None)
        command.append(f"--dbname={shown.render_as_string(hide_password=False)}")
        if url.password:
            environment["PGPASSWORD"] = str(url.password)
    done = subprocess.run(  # noqa: S603 - the program was found, and no shell reads the arguments
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().replace("\n", "; ")
        message = f"{path.name} failed: {said[:_SAID] or f'exit code {done.returncode}'}"
        raise OperationError(message)
    return done.stdout.decode("utf-8", "replace")
