"""Other people's scenarios: one Python file each, which defines ``SCENARIO``.

A scenario file is code, and loading it runs it. So a file is loaded when the user names it, and
never because a run, a log or a report mentions it.
"""

import importlib.util
import sys
import traceback
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Final

from causal_interface_gym.errors import CausalGymError, FormatError
from causal_interface_gym.scenarios.scenario import Scenario

__all__ = ["SUFFIX", "load_scenario"]

SUFFIX: Final = ".py"
"""How the name of a scenario file ends."""

_HINT: Final = "; cig scenario new ID writes one to start from"


def load_scenario(path: str | Path) -> Scenario:
    """Run a scenario file and give its ``SCENARIO``.

    Raises:
        CausalGymError: The package refused a part of the scenario while the file made it.
        FormatError: The file cannot be read or run, or defines no scenario.
    """
    file = Path(path)
    if file.suffix != SUFFIX or not file.is_file():
        message = f"{file} is no scenario file: a file that ends with {SUFFIX} is wanted{_HINT}"
        raise FormatError(message)
    found = getattr(_run(file), "SCENARIO", None)
    if not isinstance(found, Scenario):
        given = "nothing of that name" if found is None else f"a {type(found).__name__}"
        message = f"{file} must define SCENARIO, a Scenario; it defines {given}{_HINT}"
        raise FormatError(message)
    return found


def _run(file: Path) -> ModuleType:
    # Dataclasses look their module up by name, so the file needs one that no other module has.
    name = f"scenario_file_{sha256(str(file.resolve()).encode()).hexdigest()[:16]}"
    spec = importlib.util.spec_from_file_location(name, file.resolve())
    if spec is None or spec.loader is None:  # pragma: no cover - the suffix is a source file's
        message = f"{file} cannot be loaded as Python"
        raise FormatError(message)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    # A file that is being written must not leave caches beside it.
    keeps, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    except CausalGymError:
        del sys.modules[name]
        raise
    except (Exception, SystemExit) as error:  # whatever someone's file raises is its own fault
        del sys.modules[name]
        message = f"{file} cannot be run: {type(error).__name__}: {error}{_line(file, error)}"
        raise FormatError(message) from None
    finally:
        sys.dont_write_bytecode = keeps
    return module


def _line(file: Path, error: BaseException) -> str:
    """Say in which line of the file it happened; a syntax error says so itself."""
    numbers = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename) == file.resolve()
    ]
    return f" (line {numbers[-1]})" if numbers else ""
