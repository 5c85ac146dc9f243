"""How commands speak: results on standard output, progress and errors on standard error."""

import json
from typing import Annotated, Any

import typer

from causal_interface_gym.runs.report.wording import shown

__all__ = ["JsonOption", "emit_json", "safe", "say"]

JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON instead of text.")]


def emit_json(data: Any) -> None:  # noqa: ANN401 - JSON
    """Write JSON with sorted keys."""
    text = json.dumps(data, sort_keys=True, indent=2, ensure_ascii=False)
    # What cannot be printed could speak to the terminal; JSON has an escape for it.
    typer.echo("".join(c if c.isprintable() or c == "\n" else _escape(c) for c in text))


def safe(text: str) -> str:
    """Make foreign text safe for a terminal; its lines stay.

    >>> safe("red" + chr(27) + "[31m") == "red" + chr(92) + "x1b[31m"
    True
    """
    return "\n".join(map(shown, text.splitlines()))


def _escape(character: str) -> str:
    return json.dumps(character)[1:-1]


def say(text: str = "") -> None:
    """Write a line of text."""
    typer.echo(text)
