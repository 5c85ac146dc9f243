"""A GGUF file: that it is one, its digest, and the memory that it wants."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from causal_interface_gym.errors import FormatError

__all__ = ["GgufFile", "read_gguf"]

_MAGIC: Final = b"GGUF"
_SMALLEST: Final = 32


@dataclass(frozen=True, slots=True)
class GgufFile:
    """A model's file: where it lies, its size in bytes and its SHA-256.

    The path is for this machine only; a report names the file and its digest.
    """

    path: Path
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name


def read_gguf(path: Path) -> GgufFile:
    """Read a file's digest, a second for each gigabyte or so.

    Raises:
        FormatError: There is no such file, it cannot be read, or it is not a GGUF.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except OSError as error:
        message = f"cannot read the model {path}: {error.strerror}; give the path of a .gguf file"
        raise FormatError(message) from None
    if magic != _MAGIC or size < _SMALLEST:
        message = f"{path} is not a GGUF file: it does not begin as one; was it downloaded whole?"
        raise FormatError(message)
    return GgufFile(path.resolve(), size, digest)
