"""What every route needs: database, folder of runs, limits, and whether keys are asked for."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from fastapi import Request
from sqlalchemy import Engine

from causal_interface_gym.service.limits import Limits

__all__ = ["API", "Gym", "gym_of"]

API: Final = "/api/v1"
"""Where the interface for programs begins."""


@dataclass(frozen=True, slots=True)
class Gym:
    """A gym that is served.

    ``runs`` holds a folder for each run. Where ``needs_key`` is false, whoever sends no key is the
    one person on this machine.
    """

    engine: Engine
    runs: Path
    needs_key: bool
    limits: Limits = field(default_factory=Limits)


def gym_of(request: Request) -> Gym:
    """Give the gym that answers a request."""
    return cast("Gym", request.app.state.gym)
