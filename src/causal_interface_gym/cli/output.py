"""How commands speak: results on standard output, progress and errors on standard error."""

import json
from typing import Annotated, Any

import typer

__all__ = ["JsonOption", "emit_json", "say"]

JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON instead of text.")]


def emit_json(data: Any) -> None:  # noqa: ANN401 - JSON
    """Write JSON with sorted keys."""
    typer.echo(json.dumps(data, sort_keys=True, indent=2, ensure_ascii=False))


def say(text: str = "") -> None:
    """Write a line of text."""
    typer.echo(text)
