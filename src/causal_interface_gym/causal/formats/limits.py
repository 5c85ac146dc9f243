"""How much of a text or a file the readers take, so that no input costs more than seconds.

The largest published networks have a few hundred thousand numbers and a thousand nodes; what is
refused here is far beyond them. ``read_bytes`` never reads more than its limit, whatever the path
names.
"""

import os
from pathlib import Path
from typing import Final

from causal_interface_gym.errors import FormatError

__all__ = ["CELLS", "CHARACTERS", "MODEL_BYTES", "NAME", "WORDS", "check_text", "read_bytes"]

CHARACTERS: Final = 1 << 22
"""Characters of a graph's text."""
WORDS: Final = 1 << 19
"""Names, marks and attributes in a graph's text."""
MODEL_BYTES: Final = 1 << 26
"""Bytes of a model's file, after unpacking."""
CELLS: Final = 1 << 22
"""Numbers in all tables of a model."""
NAME: Final = 1 << 12
"""Characters of a name or a label."""


def check_text(text: str, most: int) -> None:
    """Refuse a text that is too long.

    Raises:
        FormatError: It has more than ``most`` characters.
    """
    if len(text) > most:
        message = f"the text has {len(text):,} characters; at most {most:,} are read"
        raise FormatError(message)


def read_bytes(path: str | os.PathLike[str], most: int = MODEL_BYTES) -> bytes:
    """Read a file of at most ``most`` bytes.

    Raises:
        FormatError: The file holds more.
        OSError: The file cannot be read.
    """
    with Path(path).open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        message = f"the file holds more than {most:,} bytes, the most that is read"
        raise FormatError(message, file=str(path))
    return data
