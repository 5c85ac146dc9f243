"""Where the worlds of a run come from."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.card import Card
from causal_interface_gym.scenarios.generated import worlds as generated
from causal_interface_gym.scenarios.generated.worlds import WorldId
from causal_interface_gym.scenarios.scenario import Scenario

__all__ = ["Source", "sources"]


@dataclass(frozen=True, slots=True)
class Source:
    """A curated scenario, one from a file, or all generated worlds of one kind."""

    id: str
    title: str
    story: str
    published: str = ""
    illustrative: str = ""
    citations: tuple[str, ...] = ()


def sources(spec: RunSpec) -> Iterator[Source]:
    """Yield the scenarios of a run, then its generated worlds by structure and level."""
    cards = {card.id: card for card in spec.cards}
    drawn: Counter[str] = Counter()
    for name in spec.scenarios:
        if generated.has_prefix(name):
            world = WorldId.parse(name)
            drawn[f"{world.kind}/{world.name}/level-{world.level}"] += 1
        elif name in cards:
            yield _own(cards[name])
        else:
            yield _curated(registry.get(name))
    for name, n in sorted(drawn.items()):
        yield Source(name, f"{n:,} generated worlds", "Drawn by lot, admitted by rule.")


def _own(card: Card) -> Source:
    return Source(
        card.id, card.title, card.story, card.published, card.illustrative, card.citations
    )


def _curated(found: Scenario) -> Source:
    citations = tuple(citation.text for citation in found.citations)
    return Source(
        found.id, found.title, found.story, found.published, found.illustrative, citations
    )
