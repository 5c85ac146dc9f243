"""The daily and the weekly summary: what ails, what was done, and what is silenced, as one mail."""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Engine, func, select

from causal_interface_gym.errors import CausalGymError, DependencyError, OperationError
from causal_interface_gym.ops.doctor import Finding, State
from causal_interface_gym.ops.monitoring.silences import Alertmanager
from causal_interface_gym.storage.database import reading
from causal_interface_gym.storage.queue.control import Phase
from causal_interface_gym.storage.service.audit import audit_entries
from causal_interface_gym.storage.service.clock import moment
from causal_interface_gym.storage.service.queued import run_states

__all__ = ["Period", "Summary", "send", "summarise"]

_PATIENCE_S: Final = 30.0


class Period(StrEnum):
    """What a summary looks back on."""

    DAILY = "daily"
    WEEKLY = "weekly"

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return timedelta(days=1 if self is Period.DAILY else 7)


@dataclass(frozen=True, slots=True)
class Summary:
    """What an operator wants to know once a day or week."""

    period: Period
    findings: tuple[Finding, ...]
    n_begun: int
    n_finished: int
    n_trials: int
    n_changes: int
    silenced: tuple[str, ...]

    @property
    def state(self) -> State:
        """The worst that was found."""
        found = {finding.state for finding in self.findings}
        return next((s for s in (State.FAILED, State.DEGRADED) if s in found), State.OK)

    @property
    def subject(self) -> str:
        """Say it in a line."""
        bad = [f.name for f in self.findings if f.state is not State.OK]
        return f"Causal Interface Gym, {self.period}: {self.state}" + (
            f" ({', '.join(bad)})" if bad else ""
        )

    def __str__(self) -> str:
        """Write the mail."""
        lines = [
            f"Runs begun: {self.n_begun}.",
            f"Runs finished: {self.n_finished}, of {self.n_trials:,} trials.",
            f"Changes by operators: {self.n_changes}.",
            f"Silenced: {', '.join(self.silenced) or 'nothing'}.",
            "",
            *(f"{f.state:<9} {f.name:<10} {f.detail}" for f in self.findings),
            "",
            *(f"Next: {f.fix} ({f.name})" for f in self.findings if f.state is not State.OK),
        ]
        return "\n".join(lines).rstrip() + "\n"

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """Write as plain values."""
        return {
            "period": self.period.value,
            "state": self.state.value,
            "findings": {f.name: f.state.value for f in self.findings},
            "runs_begun": self.n_begun,
            "runs_finished": self.n_finished,
            "trials_finished": self.n_trials,
            "changes": self.n_changes,
            "silenced": list(self.silenced),
        }


def summarise(
    engine: Engine, findings: Sequence[Finding], period: Period, *, alertmanager: str = ""
) -> Summary:
    """Count what happened in a period; a database that is away leaves zeros, and is a finding.

    ``alertmanager`` is asked what is silenced, where it is given and answers.
    """
    since = moment(-period.length.total_seconds())
    state = run_states.c
    ended = select(func.count(), func.coalesce(func.sum(state.n_finished), 0)).where(
        state.phase == Phase.FINISHED, state.changed_at >= since
    )
    begun = select(func.count()).where(state.created_at >= since)
    changes = select(func.count()).select_from(audit_entries).where(audit_entries.c.at >= since)
    n_begun = n_finished = n_trials = n_changes = 0
    try:
        with reading(engine) as connection:
            n_finished, n_trials = connection.execute(ended).one()
            n_begun = connection.execute(begun).scalar_one()
            n_changes = connection.execute(changes).scalar_one()
    except CausalGymError:
        pass  # what ails is among the findings
    silenced = _silenced(alertmanager) if alertmanager else ()
    return Summary(
        period, tuple(findings), int(n_begun), int(n_finished), int(n_trials), int(n_changes),
        silenced,
    )  # fmt: skip


def send(summary: Summary, *, server: str, sender: str, to: Sequence[str]) -> None:
    """Mail a summary.

    Raises:
        OperationError: The server is no ``host:port``, or nobody is to get it.
        DependencyError: The server does not take it.
    """
    host, _, port = server.rpartition(":")
    if not host or not port.isdecimal() or not to:
        message = (
            "a summary is mailed where CIG_MAIL_SERVER (host:port) and CIG_MAIL_TO are set; got "
            f"{server!r:.80} and {', '.join(to) or 'nobody'}"
        )
        raise OperationError(message)
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = summary.subject, sender, ", ".join(to)
    letter.set_content(str(summary))
    try:
        with smtplib.SMTP(host, int(port), timeout=_PATIENCE_S) as connection:
            connection.send_message(letter)
    except (OSError, smtplib.SMTPException) as error:
        message = f"the mail server at {server} did not take the summary: {error}"
        raise DependencyError(message) from None


def _silenced(url: str) -> tuple[str, ...]:
    try:
        found = Alertmanager(url).silences()
    except CausalGymError:
        return ()
    return tuple(", ".join(map(str, s.matchers)) for s in found if s.state != "expired")
