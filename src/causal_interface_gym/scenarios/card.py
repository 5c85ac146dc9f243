"""What a report says of a scenario that came from a file, kept with the run.

A scenario file is code, and code is never run because a run mentions it. The worlds are stored, so
with this card a run is graded and reported wherever its folder goes, without the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, get_args

from causal_interface_gym.errors import ScenarioError
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.generated.worlds import has_prefix
from causal_interface_gym.scenarios.scenario import Structure, is_scenario_id

__all__ = ["Card", "card_of", "is_own"]


@dataclass(frozen=True, slots=True)
class Card:
    """The words of a scenario; ``structure`` is its stratum, ``world`` the digest of its seed 0.

    Cards are part of a run's configuration, so a file that was changed cannot continue the run.

    Raises:
        ScenarioError: The id is that of no scenario of one's own, or the structure is unknown.
    """

    id: str
    title: str
    story: str
    structure: str
    published: str
    illustrative: str
    citations: tuple[str, ...]
    world: str

    def __post_init__(self) -> None:
        """Check what is not mere text."""
        if not is_scenario_id(self.id) or not is_own(self.id):
            message = f"a card describes a scenario of one's own; got {self.id!r}"
            raise ScenarioError(message)
        if self.structure not in get_args(Structure):
            message = f"structure is one of {', '.join(get_args(Structure))}; got {self.structure}"
            raise ScenarioError(message)

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """Write as plain text and lists."""
        return {
            "id": self.id,
            "title": self.title,
            "story": self.story,
            "structure": self.structure,
            "published": self.published,
            "illustrative": self.illustrative,
            "citations": list(self.citations),
            "world": self.world,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:  # Any: JSON
        """Read what ``to_json`` writes.

        Raises:
            KeyError: A part is missing.
            ScenarioError: A part is none that a card can have.
        """
        return cls(
            id=str(data["id"]),
            title=str(data["title"]),
            story=str(data["story"]),
            structure=str(data["structure"]),
            published=str(data["published"]),
            illustrative=str(data["illustrative"]),
            citations=tuple(map(str, data["citations"])),
            world=str(data["world"]),
        )


def is_own(scenario: str) -> bool:
    """Say whether a scenario is neither curated nor generated."""
    return not has_prefix(scenario) and scenario not in registry.ids()


def card_of(scenario: str) -> Card:
    """Describe a scenario of one's own that is known in this process.

    Raises:
        ScenarioError: No scenario has this id.
    """
    found = registry.get(scenario)
    return Card(
        found.id,
        found.title,
        found.story,
        found.structure,
        found.published,
        found.illustrative,
        tuple(citation.text for citation in found.citations),
        found.world().digest,
    )
