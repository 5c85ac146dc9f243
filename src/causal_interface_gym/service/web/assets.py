"""The files that the build of ``web/`` made: read once, compressed once, named by their content."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

__all__ = ["HERE", "Asset", "load_assets"]

HERE: Final = Path(__file__).with_name("static")
"""Where the build puts them."""
_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent: its bytes, the same compressed, its type and its tag."""

    body: bytes
    packed: bytes
    media_type: str
    etag: str


@lru_cache(maxsize=8)
def load_assets(folder: Path) -> Mapping[str, Asset]:
    """Read every built file below a folder, by its path; empty where nothing was built."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix in _TYPES)
    return {path.relative_to(folder).as_posix(): _asset(path) for path in files}


def _asset(path: Path) -> Asset:
    body = path.read_bytes()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Asset(body, gzip.compress(body, 9, mtime=0), _TYPES[path.suffix], tag)
