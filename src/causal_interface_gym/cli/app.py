"""``cig``: the one entry point.

Exit codes: 0 fine, 1 a finding, 2 wrong usage or input, 3 a dependency is down. Every error that
the package raises on purpose becomes one paragraph on standard error, never a traceback.
"""

from typing import Any

import typer
from typer.core import TyperGroup

from causal_interface_gym.cli import scenario
from causal_interface_gym.cli.engine import adjust, bounds, estimate, formats, identify, query
from causal_interface_gym.cli.models import agents, providers
from causal_interface_gym.cli.operations import (
    backup,
    doctor,
    duty,
    incident,
    load,
    metrics,
    silence,
)
from causal_interface_gym.cli.operators import cache, db, keys, serve, settings, worker
from causal_interface_gym.cli.runs import episode, report, run
from causal_interface_gym.errors import (
    AuthenticationError,
    CausalGymError,
    DependencyError,
    OutageError,
    ProviderError,
)

__all__ = ["DOWN", "FINDING", "USAGE", "app", "main"]

FINDING = 1
USAGE = 2
DOWN = 3


class _Commands(TyperGroup):
    """The commands, with errors turned into messages in one place."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - the command line library's own types
        """Run a command; an expected error ends it with a message and exit code 2, 3 or 1.

        Raises:
            Exit: The command failed as described.
        """
        try:
            return super().invoke(ctx)
        except (DependencyError, OutageError, AuthenticationError) as error:
            typer.echo(f"Error: {error}", err=True)
            raise typer.Exit(DOWN) from None
        except ProviderError as error:
            typer.echo(f"Error: {error}", err=True)
            raise typer.Exit(FINDING) from None
        except CausalGymError as error:
            typer.echo(f"Error: {error}", err=True)
        except OSError as error:
            # The system's refusal (no such folder, no right to write) is the user's to mend.
            where = f": {error.filename}" if error.filename else ""
            typer.echo(f"Error: {error.strerror or error}{where}", err=True)
        raise typer.Exit(USAGE)


app: typer.Typer = typer.Typer(
    name="cig",
    cls=_Commands,
    help="Worlds whose causal truth is known exactly, and a ruler for causal reasoning.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("run")(run.run_command)
app.command("report")(report.report_command)
app.command("episode")(episode.episode_command)
app.add_typer(agents.app, name="agents")
app.add_typer(scenario.app, name="scenario")
app.add_typer(providers.app, name="providers")
app.command("query")(query.query_command)
app.command("identify")(identify.identify_command)
app.command("transport")(identify.transport_command)
app.command("adjust")(adjust.adjust_command)
app.command("bounds")(bounds.bounds_command)
app.command("estimate")(estimate.estimate_command)
app.command("convert")(formats.convert_command)
app.command("draw")(formats.draw_command)
app.add_typer(backup.app, name="backup")
app.add_typer(cache.app, name="cache")
app.add_typer(db.app, name="db")
app.add_typer(keys.app, name="keys")
app.command("serve")(serve.serve_command)
app.command("dev")(serve.dev_command)
app.add_typer(duty.app, name="duty")
app.command("doctor")(doctor.doctor_command)
app.add_typer(incident.app, name="incident")
app.command("loadtest")(load.loadtest_command)
app.command("metrics")(metrics.metrics_command)
app.add_typer(settings.app, name="settings")
app.add_typer(silence.app, name="silence")
app.command("worker")(worker.worker_command)


def main() -> None:
    """Run the command line."""
    app()
