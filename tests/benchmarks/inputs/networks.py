"""The published networks, read out of a peer's wheel, and the questions drawn on them.

The reader here is a second one on purpose: it is independent of the engine's own, so that an
agreement of answers also compares the two readers.
"""

import gzip
import math
import random
import re
from dataclasses import dataclass, replace
from pathlib import Path

from tests.benchmarks.inputs.tasks import NetworkQuestion

_VARIABLE = re.compile(r"variable\s+(\S+)\s*\{\s*type\s+discrete\s*\[[^\]]*\]\s*\{([^}]*)\}")
_PROBABILITY = re.compile(r"probability\s*\(\s*([^|)\s]+)\s*(?:\|([^)]*))?\)\s*\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Network:
    """A discrete network: `tables[v]` is flat, parents in order outermost, `v` innermost."""

    states: dict[str, tuple[str, ...]]
    parents: dict[str, tuple[str, ...]]
    tables: dict[str, tuple[float, ...]]

    def ancestors(self, names: set[str]) -> set[str]:
        """Return `names` and everything upstream of them."""
        found, stack = set(names), list(names)
        while stack:
            fresh = [p for p in self.parents[stack.pop()] if p not in found]
            found.update(fresh)
            stack.extend(fresh)
        return found


def extract_networks(site_packages: Path, target: Path) -> dict[str, Path]:
    """Unpack the peer's example networks into `target`; return the path of each by name."""
    target.mkdir(parents=True, exist_ok=True)
    found: dict[str, Path] = {}
    for packed in sorted(site_packages.glob("pgmpy/utils/example_models/*.bif.gz")):
        path = target / packed.name.removesuffix(".gz")
        if not path.exists():
            path.write_bytes(gzip.decompress(packed.read_bytes()))
        found[path.stem] = path
    return found


def read_network(path: Path) -> Network:
    """Read the part of the BIF format which the published networks use."""
    text = path.read_text(encoding="utf-8")
    states = {m[1]: _split(m[2]) for m in _VARIABLE.finditer(text)}
    parents: dict[str, tuple[str, ...]] = {}
    tables: dict[str, tuple[float, ...]] = {}
    for match in _PROBABILITY.finditer(text):
        parents[match[1]] = _split(match[2] or "")
        tables[match[1]] = _table(match[1], parents[match[1]], match[3], states)
    return Network(states=states, parents=parents, tables=tables)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _table(
    name: str, parents: tuple[str, ...], body: str, states: dict[str, tuple[str, ...]]
) -> tuple[float, ...]:
    width = len(states[name])
    flat = [math.nan] * (width * math.prod(len(states[p]) for p in parents))
    for entry in filter(None, (line.strip() for line in body.split(";"))):
        if entry.startswith("table"):
            numbers, at = entry.removeprefix("table"), 0
        else:
            labels, numbers = entry.removeprefix("(").split(")", 1)
            at = 0
            for parent, label in zip(parents, _split(labels), strict=True):
                at = at * len(states[parent]) + states[parent].index(label)
        row = [float(number) for number in _split(numbers)]
        flat[at * width : at * width + len(row)] = row
    return tuple(flat)


def draw_effects(network: Network, *, name: str, n: int) -> tuple[NetworkQuestion, ...]:
    """Draw `n` questions P(y | do(x)) in which x is an ancestor of y, no pair (x, y) twice.

    A small network may have fewer pairs than `n`; it then gets one question a pair.
    """
    rng = random.Random(f"effect {name}")  # noqa: S311 - questions, not secrets
    outcomes = sorted(network.states)
    rng.shuffle(outcomes)
    pairs = {y: sorted(network.ancestors({y}) - {y}) for y in outcomes}
    questions: list[NetworkQuestion] = []
    while len(questions) < n and any(pairs.values()):
        outcome = rng.choice([y for y, upstream in pairs.items() if upstream])
        treatment = pairs[outcome].pop(rng.randrange(len(pairs[outcome])))
        state = rng.choice(network.states[treatment])
        questions.append(NetworkQuestion(outcome, treatment, state))
    return tuple(questions)


def draw_counterfactuals(network: Network, *, name: str, n: int) -> tuple[NetworkQuestion, ...]:
    """Draw questions P(y had x been x' | e), with e one possible sighting of x, y and one more.

    The evidence is taken from one simulated unit, so it is never impossible.
    """
    rng = random.Random(f"counterfactual {name}")  # noqa: S311 - questions, not secrets
    effects = draw_effects(network, name=f"counterfactual {name}", n=n)
    questions: list[NetworkQuestion] = []
    for effect in effects:
        unit = _simulate(network, rng)
        other = rng.choice(sorted(network.states))
        seen = {effect.treatment, effect.outcome, other}
        others = [s for s in network.states[effect.treatment] if s != unit[effect.treatment]]
        given = tuple((v, unit[v]) for v in sorted(seen))
        value = rng.choice(network.states[effect.outcome])
        state = rng.choice(others)
        questions.append(replace(effect, state=state, given=given, value=value))
    return tuple(questions)


def _simulate(network: Network, rng: random.Random) -> dict[str, str]:
    unit: dict[str, str] = {}
    for root in network.states:
        stack = [root]
        while stack:
            waiting = [p for p in network.parents[stack[-1]] if p not in unit]
            if waiting:
                stack.extend(waiting)
                continue
            name = stack.pop()
            if name not in unit:
                unit[name] = rng.choices(network.states[name], _row(network, name, unit))[0]
    return unit


def _row(network: Network, name: str, unit: dict[str, str]) -> tuple[float, ...]:
    at = 0
    for parent in network.parents[name]:
        at = at * len(network.states[parent]) + network.states[parent].index(unit[parent])
    width = len(network.states[name])
    return network.tables[name][at * width : (at + 1) * width]
