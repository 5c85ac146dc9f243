"""What is noted about a question put to a model: how it was read, and what was not answered.

Beliefs stand in the log of the episode. What stands here is how they were come by, for the report:
the format, the method, the faults. An agent hands its notes out and reads none.
"""

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Note", "NoteSink", "unnoted"]


@dataclass(frozen=True, slots=True)
class Note:
    """One question put to a model, with its repair turn if it had one.

    ``method`` is how the reply was read: ``schema``, ``object``, ``text``, ``choices``, ``samples``
    or empty where there was no answer. ``missing`` names the questions without a valid answer.
    ``failure`` is the class of the provider's error where the model gave no reply that could be
    used. ``dispersion`` is the standard deviation between samples, ``off_menu`` the probability
    mass outside the options; each by question.
    """

    trial: str
    label: str
    format: str
    method: str
    n_calls: int
    answered: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    failure: str = ""
    dispersion: tuple[tuple[str, float], ...] = ()
    off_menu: tuple[tuple[str, float], ...] = ()


NoteSink = Callable[[Note], None]
"""Where notes go."""


def unnoted(note: Note) -> None:
    """Let a note go."""
