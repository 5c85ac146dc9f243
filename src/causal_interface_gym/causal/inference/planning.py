"""Plans of variable elimination, made from scopes and sizes alone.

A factor is an array and its scope: one variable number an axis. Because the plan needs no numbers,
a computation too large is refused before a cell of it exists, and a plan serves many sets of
numbers.

Each step multiplies the factors that hold a variable and sums it out, together with every other
variable that no factor outside their scopes holds. Variables go in the order of the tables they
would leave at the start, which is cheap to find; where that needs a large table the order is found
again step by step, the smallest table next [koller2009, section 9.4.3].
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from string import ascii_letters

from causal_interface_gym.causal.mechanism import MAX_CELLS
from causal_interface_gym.errors import WidthError

__all__ = ["Plan", "Scope", "Step", "plan"]

Scope = tuple[int, ...]

_LARGE = 4096
"""Tables of more cells are worth an order found step by step."""

_PAIRWISE_CELLS = 2048
"""From here on several factors are multiplied two at a time, smallest first."""

_FEW_CELLS = 32
"""Up to here all factors of a step are multiplied in one call; between, three at a time."""

_MOST_OPERANDS = 8


@dataclass(frozen=True, slots=True)
class Step:
    """Multiply some tables and sum: numbers of the operands, and the einsum that does it."""

    operands: tuple[int, ...]
    subscripts: str


@dataclass(frozen=True, slots=True)
class Plan:
    """How to contract: the steps in order, and the cells of the largest table on the way.

    Operands 0, 1, ... are the given factors; each step appends its result, and the last table is
    the answer. Axes of length 1 take no part, so that any number of them fits; ``shape`` gives
    them back at the end.
    """

    steps: tuple[Step, ...]
    largest: int
    shape: tuple[int, ...] | None = None


def plan(
    scopes: Sequence[Scope], sizes: Mapping[int, int], keep: Scope, *, limit: int = MAX_CELLS
) -> Plan:
    """Order the eliminations of everything that is not kept.

    Args:
        scopes: The variables of each factor, one an axis; none twice in one factor.
        sizes: How many states each variable has.
        keep: The axes of the result, in order.
        limit: Cells that an intermediate table may have.

    Raises:
        WidthError: A table of more than ``limit`` cells would be needed.
    """
    if 1 not in sizes.values():
        return _planned(scopes, sizes, keep, limit)
    wide = [tuple([v for v in scope if sizes[v] > 1]) for scope in scopes]
    made = _planned(wide, sizes, tuple([v for v in keep if sizes[v] > 1]), limit)
    return Plan(made.steps, made.largest, tuple([sizes[v] for v in keep]))


def _planned(scopes: Sequence[Scope], sizes: Mapping[int, int], keep: Scope, limit: int) -> Plan:
    quick = _Planner(scopes, sizes, keep)
    quick.follow(quick.at_the_start())
    if quick.largest <= _LARGE:
        found = quick
    else:
        found = _Planner(scopes, sizes, keep)
        found.follow(found.step_by_step())
        found = min(found, quick, key=lambda made: made.largest)
    if found.largest > limit:
        raise WidthError(found.largest, limit, width=found.widest - 1)
    return Plan(tuple(found.steps), found.largest)


class _Cells:
    """How many cells a table over a set of variables has; sets are ints, one bit a variable."""

    def __init__(self, sizes: Mapping[int, int]) -> None:
        masks: dict[int, int] = {}
        for v, size in sizes.items():
            masks[size] = masks.get(size, 0) | 1 << v
        self._twos = masks.pop(2, 0)
        self._others = tuple(masks.items())

    def __call__(self, mask: int) -> int:
        cells = 1 << (mask & self._twos).bit_count()
        for size, members in self._others:
            if mask & members:
                cells *= size ** (mask & members).bit_count()
        return cells


class _Planner:
    """The open factors, and for each variable what shares a factor with it.

    Each variable has a letter, and ``texts`` are the scopes in letters.
    """

    def __init__(self, scopes: Sequence[Scope], sizes: Mapping[int, int], keep: Scope) -> None:
        self.cells = _Cells(sizes)
        self.largest = 1
        self.widest = 1
        self.steps: list[Step] = []
        self.masks: list[int] = []
        self.near: dict[int, int] = {}
        """For each variable the union of the open factors that hold it."""
        self.held: dict[int, list[int]] = {}
        """For each variable the factors that hold it, some of them no longer open."""
        near, held = self.near, self.held
        for n, scope in enumerate(scopes):
            mask = 0
            for v in scope:
                mask |= 1 << v
            for v in scope:
                if v in near:
                    near[v] |= mask
                    held[v].append(n)
                else:
                    near[v] = mask
                    held[v] = [n]
            self.masks.append(mask)
        self.is_wide = len(near) > len(ascii_letters)
        alphabet = map(chr, range(0x100, 0x100 + len(near))) if self.is_wide else ascii_letters
        self.letters = letters = dict(zip(near, alphabet, strict=False))
        self.texts = ["".join([letters[v] for v in scope]) for scope in scopes]
        self.open = dict.fromkeys(range(len(scopes)))
        self.kept = sum(1 << v for v in keep)
        self.keep = "".join([letters[v] for v in keep])
        self.alive = sum(1 << v for v in near) & ~self.kept

    def at_the_start(self) -> Iterator[int]:
        """Order by the table that the variable would leave if it went first."""
        costs = [(self.cells(near ^ 1 << v), v) for v, near in self.near.items()]
        costs.sort()
        return iter([v for _, v in costs])

    def step_by_step(self) -> Iterator[int]:
        """Give the variable that leaves the smallest table as things are."""
        heap = [(self.cells(near ^ 1 << v), v) for v, near in self.near.items()]
        heapify(heap)
        while heap:
            cost, v = heappop(heap)
            if not self.alive >> v & 1:
                continue
            now = self.cells(self.near[v] ^ 1 << v)
            if now > cost:
                heappush(heap, (now, v))
                continue
            union = self.near[v]
            yield v
            # What the step touched may have become cheaper.
            rest = union & self.alive
            while rest:
                low = rest & -rest
                rest ^= low
                u = low.bit_length() - 1
                heappush(heap, (self.cells(self.near[u] ^ low), u))

    def follow(self, order: Iterator[int]) -> None:
        """Eliminate in an order, then multiply what is left."""
        for v in order:
            if self.alive >> v & 1:
                self._eliminate(v)
        numbers = list(self.open)
        if len(numbers) > 1 or self.texts[numbers[0]] != self.keep:
            self._merge(numbers, self.kept, 0, "")

    def _eliminate(self, v: int) -> None:
        """Sum out a variable, and all others that only its factors hold."""
        near, held, still_open = self.near, self.held, self.open
        union = near[v]
        gone, drop = 1 << v, self.letters[v]
        numbers = [n for n in held[v] if n in still_open]
        rest = union & self.alive & ~gone
        while rest:
            low = rest & -rest
            rest ^= low
            u = low.bit_length() - 1
            if not near[u] & ~union:
                gone |= low
                drop += self.letters[u]
                numbers += [n for n in held[u] if n in still_open and n not in numbers]
        self.alive &= ~gone
        place = self._merge(numbers, union, gone, drop)
        rest = union & self.alive
        while rest:
            low = rest & -rest
            rest ^= low
            u = low.bit_length() - 1
            near[u] = (near[u] | union) & ~gone
            held[u].append(place)

    def _merge(self, numbers: list[int], union: int, gone: int, drop: str) -> int:
        """Add the step, or several, that multiply these factors and sum ``gone`` out."""
        cells = self.cells(union)
        if cells > self.largest:
            self.largest, self.widest = cells, union.bit_count()
        is_all = len(numbers) == len(self.open) and union & ~gone == self.kept
        most = 2 if cells > _PAIRWISE_CELLS else 3 if cells > _FEW_CELLS else _MOST_OPERANDS
        while len(numbers) > most:
            numbers.sort(key=lambda n: self.cells(self.masks[n]))
            some, numbers = numbers[:most], numbers[most:]
            numbers.append(self._add(some, 0, ""))
        return self._add(numbers, gone, drop, self.keep if is_all else None)

    def _add(self, numbers: list[int], gone: int, drop: str, out: str | None = None) -> int:
        texts, masks = self.texts, self.masks
        inputs = ",".join([texts[n] for n in numbers])
        result = out
        if result is None:
            drop += ","
            result = "".join([c for c in dict.fromkeys(inputs) if c not in drop])
        mask = 0
        for n in numbers:
            mask |= masks[n]
            del self.open[n]
        place = len(masks)
        masks.append(mask & ~gone)
        texts.append(result)
        self.open[place] = None
        subscripts = f"{inputs}->{result}"
        self.steps.append(Step(tuple(numbers), _narrow(subscripts) if self.is_wide else subscripts))
        return place


def _narrow(subscripts: str) -> str:
    """Write with the letters that einsum knows."""
    used = [c for c in dict.fromkeys(subscripts) if c not in ",->"]
    return subscripts.translate(dict(zip(map(ord, used), ascii_letters, strict=False)))
