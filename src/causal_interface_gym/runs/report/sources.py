"""Where the worlds of a run come from."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.generated import worlds as generated
from causal_interface_gym.scenarios.generated.worlds import WorldId

__all__ = ["Source", "sources"]


@dataclass(frozen=True, slots=True)
class Source:
    """A curated scenario, or all generated worlds of one kind."""

    id: str
    title: str
    story: str
    published: str = ""
    illustrative: str = ""
    citations: tuple[str, ...] = ()


def sources(spec: RunSpec) -> Iterator[Source]:
    """Yield the curated scenarios of a run, then its generated worlds by structure and level."""
    drawn: Counter[str] = Counter()
    for name in spec.scenarios:
        if generated.has_prefix(name):
            world = WorldId.parse(name)
            drawn[f"{world.kind}/{world.name}/level-{world.level}"] += 1
            continue
        scenario = registry.get(name)
        yield Source(
            scenario.id,
            scenario.title,
            scenario.story,
            scenario.published,
            scenario.illustrative,
            tuple(citation.text for citation in scenario.citations),
        )
    for name, n in sorted(drawn.items()):
        yield Source(name, f"{n:,} generated worlds", "Drawn by lot, admitted by rule.")
