"""``cig providers``: who serves the language models."""

import typer

from causal_interface_gym.cli.fake import fake_command

__all__ = ["app"]

app: typer.Typer = typer.Typer(
    help="Who serves the language models.", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def _providers() -> None:
    """Who serves the language models."""


app.command("fake")(fake_command)
