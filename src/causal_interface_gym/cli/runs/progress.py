"""The progress of a run on standard error: trials, and with language models calls and cost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from causal_interface_gym.runs.metering import Meter

__all__ = ["progress_of"]


class _Rate(ProgressColumn):
    """Episodes a second, over the last of them."""

    def render(self, task: Task) -> Text:
        """Write the rate; nothing until it is known."""
        if not task.speed:
            return Text("", style="progress.data.speed")
        is_slow = task.speed < 1
        text = f"{60 * task.speed:,.1f}/min" if is_slow else f"{task.speed:,.0f}/s"
        return Text(text, style="progress.data.speed")


class _Spent(ProgressColumn):
    """Calls, cost and failures so far."""

    def __init__(self, meter: Meter) -> None:
        """Watch a meter."""
        super().__init__()
        self._meter = meter

    def render(self, task: Task) -> Text:
        """Write what the meter says."""
        del task
        return Text(str(self._meter))


@contextmanager
def progress_of(n_trials: int, meter: Meter | None) -> Iterator[Callable[[int], None]]:
    """Show progress; give what takes the number of finished trials."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        *((_Spent(meter),) if meter is not None else ()),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("episodes", total=n_trials)
        yield lambda n: progress.update(task, completed=n)
