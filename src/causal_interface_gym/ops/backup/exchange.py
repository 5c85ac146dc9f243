"""Two folders change places in one step, so whoever looks finds either, never none or a mixture."""

import ctypes
import os
from pathlib import Path
from typing import Final

from causal_interface_gym.errors import OperationError

__all__ = ["exchange"]

_AT_CWD: Final = -100
_EXCHANGE: Final = 2


def exchange(one: Path, other: Path) -> None:
    """Let two folders of one file system change places.

    Raises:
        OperationError: The system cannot do it there, such as where one is a mount of its own.

    Source: renameat2(2) of Linux with RENAME_EXCHANGE.
    """
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        message = "this system cannot exchange two folders in one step; Linux 3.15 or later can"
        raise OperationError(message)
    names = (os.fsencode(one), os.fsencode(other))
    if rename(_AT_CWD, names[0], _AT_CWD, names[1], _EXCHANGE):
        why = os.strerror(ctypes.get_errno())
        message = (
            f"{one} and {other} cannot change places: {why}; a folder that is a mount of its own "
            "cannot be replaced: use a folder within it"
        )
        raise OperationError(message)
