"""What is written beside a backup: what it holds, when it was made, and whether it was proven."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from causal_interface_gym.errors import OperationError
from causal_interface_gym.ops.backup.contents import Contents

__all__ = ["Manifest", "read_manifest"]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup: ``serial`` counts them, as a clock may jump; ``verified_at`` is empty at first."""

    name: str
    serial: int
    kind: str
    made_at: datetime
    size: int
    sha256: str
    app: str
    contents: Contents
    verified_at: datetime | None = None

    def proven(self, at: datetime) -> "Manifest":
        """Say that a restore was compared with it at a moment."""
        return replace(self, verified_at=at)

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """Write as plain dictionaries."""
        return {
            "name": self.name,
            "serial": self.serial,
            "kind": self.kind,
            "made_at": self.made_at.isoformat(),
            "verified_at": self.verified_at.isoformat() if self.verified_at else None,
            "size": self.size,
            "sha256": self.sha256,
            "app": self.app,
            "contents": self.contents.to_json(),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Manifest":  # Any: JSON
        """Read what ``to_json`` wrote.

        Raises:
            OperationError: It is something else.
        """
        try:
            verified = value["verified_at"]
            return cls(
                name=str(value["name"]),
                serial=int(value["serial"]),
                kind=str(value["kind"]),
                made_at=datetime.fromisoformat(value["made_at"]).astimezone(UTC),
                size=int(value["size"]),
                sha256=str(value["sha256"]),
                app=str(value["app"]),
                contents=Contents.from_json(value["contents"]),
                verified_at=datetime.fromisoformat(verified).astimezone(UTC) if verified else None,
            )
        except (KeyError, TypeError, ValueError) as error:
            message = f"this is no manifest of a backup: {error!r}"
            raise OperationError(message) from error


def read_manifest(path: Path) -> Manifest:
    """Read a manifest's file.

    Raises:
        OperationError: It cannot be read, or is none.
    """
    try:
        return Manifest.from_json(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError) as error:
        message = f"the manifest {path.name} cannot be read: {error}"
        raise OperationError(message) from error
    except OperationError as error:
        message = f"{path.name}: {error}"
        raise OperationError(message) from error
