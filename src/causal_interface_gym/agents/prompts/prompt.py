"""Prompts: text files with a name and a version, found by their content's hash.

A prompt is part of what was measured. It stands in a file whose front matter gives name and
version; the sha256 of the whole file goes with every result, so a changed word shows.
"""

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from string import Template
from typing import Final

from causal_interface_gym.errors import FormatError

__all__ = ["Prompt", "prompt", "prompt_names", "read_prompt"]

_FRONT: Final = re.compile(r"---\nname: ([a-z_]+)\nversion: ([0-9]+)\n---\n(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt; ``$name`` in its text is filled in, ``sha256`` is that of the file."""

    name: str
    version: int
    sha256: str
    text: str

    def filled(self, **parts: object) -> str:
        """Fill in what is open; a part is put in as it is, and searched for no further marks.

        Raises:
            KeyError: A part is missing.
        """
        return Template(self.text).substitute({key: str(part) for key, part in parts.items()})


@cache
def prompt(name: str) -> Prompt:
    """Find a prompt of the package by its name.

    >>> prompt("direct").version
    1

    Raises:
        FormatError: There is none, or it lacks its front matter.
    """
    if name not in prompt_names():
        raise FormatError(f"no prompt {name!r}; there are {', '.join(prompt_names())}")
    return read_prompt(_folder().joinpath(f"{name}.md").read_text("utf-8"))


@cache
def prompt_names() -> tuple[str, ...]:
    """Give the names of all prompts."""
    files = (file.name for file in _folder().iterdir())
    return tuple(sorted(name.removesuffix(".md") for name in files if name.endswith(".md")))


def read_prompt(text: str) -> Prompt:
    """Read a prompt file.

    Raises:
        FormatError: It lacks its front matter.
    """
    match = _FRONT.fullmatch(text)
    if match is None:
        message = "a prompt begins with ---, name: words, version: number, ---, each on its line"
        raise FormatError(message)
    return Prompt(match[1], int(match[2]), sha256(text.encode()).hexdigest(), match[3].strip())


def _folder() -> resources.abc.Traversable:
    return resources.files("causal_interface_gym.agents.prompts")
