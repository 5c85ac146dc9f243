"""The steps of an identification over several worlds, in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from causal_interface_gym.causal.expression import Expression, Symbol, render_text
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.derivation import Step
from causal_interface_gym.causal.identification.evidence.thicket import Thicket
from causal_interface_gym.causal.identification.worlds.conflict import ConflictingWorlds
from causal_interface_gym.causal.identification.worlds.district import District
from causal_interface_gym.causal.identification.worlds.picture import (
    Component,
    Copies,
    Index,
    Picture,
    Value,
)
from causal_interface_gym.causal.query import Query
from causal_interface_gym.causal.syntax import quoted

__all__ = ["conflict", "contradiction", "districts", "opening", "quotient", "result", "thicket"]


def contradiction(graph: ADMG, query: Query, picture: Picture) -> Step:
    """Say which variable would need two values."""
    found = picture.contradiction
    name = "" if found is None else graph.order[found.variable]
    labels = () if found is None else found.labels
    why = f"{name} would be {' and '.join(map(str, labels))} in one world"
    return Step("contradiction", f"{query} = 0", why, "[shpitser2008]")


def opening(graph: ADMG, query: Query, copies: Copies, picture: Picture) -> Iterator[Step]:
    """Write the events over copies of variables with their parents set."""
    joint = Query(query.outcome + query.given, (), query.do)
    statement = f"{joint} = {_joint(graph, copies, picture.components())}"
    licence = "these are all that the events depend on, each once and with its parents set"
    yield Step("worlds", statement, licence, "[correa2021]")
    for number in sorted(set(picture.here.values())):
        worlds = sorted(w for (w, _), c in picture.here.items() if c == number)
        if len(worlds) > 1:
            shown = _copy(graph, copies, number, picture.values[number])
            licence = f"its parents have the same values in {len(worlds)} worlds"
            yield Step("one variable", f"{shown} is one variable", licence, "[shpitser2008]")


def quotient(
    graph: ADMG,
    query: Query,
    copies: Copies,
    above: Sequence[Component],
    below: Sequence[Component],
) -> Step:
    """Write the condition as a quotient of what does not cancel."""
    top = _joint(graph, copies, above)
    if not below:
        licence = "the conditions are independent of the outcome, or are set instead of seen"
        return Step("condition", f"{query} = {top}", licence, "[correa2021]")
    statement = f"{query} = ({top}) / ({_joint(graph, copies, below)})"
    licence = "given variables cut the graph; components apart from the outcome cancel"
    return Step("condition", statement, licence, "[correa2021]")


def districts(
    graph: ADMG, copies: Copies, components: Sequence[Component], found: Sequence[District]
) -> Step:
    """Split a joint distribution of copies into districts, each in its world."""
    product = " ".join(f"Q[{_names(graph, d.mask)}]" for d in found)
    worlds = "; ".join(
        f"Q[{_names(graph, d.mask)}] at {', '.join(_setting(graph, v, x) for v, x in d.values)}"
        for d in found
    )
    events = _events(graph, copies, components)
    licence = f"districts share no hidden cause, and each fits into one world: {worlds}"
    return Step("districts", f"P({events}) = {product}", licence, "[correa2021]")


def conflict(found: ConflictingWorlds) -> Step:
    """Say which copies cannot share a world."""
    names = ", ".join(dict.fromkeys(quoted(need.variable) for need in found.district))
    statement = f"the copies of {names} fit into no single world"
    return Step("conflicting worlds", statement, str(found), "[shpitser2008]")


def thicket(found: Thicket) -> Step:
    """Say why no source tells a district's distribution."""
    names = ", ".join(map(quoted, sorted(found.district)))
    reasons = "; ".join(map(str, found.blocked))
    reference = "[lee2020]" if found.is_selective else "[lee2019]"
    return Step(found.name, f"Q[{names}] cannot be computed", reasons, reference)


def result(query: Query, expression: Expression, symbols: Mapping[str, Symbol]) -> Step:
    """Put everything together."""
    formula = render_text(expression, reserved=query.variables, symbols=symbols)
    return Step("result", f"{query} = {formula}", "put together", "[correa2021]")


def _joint(graph: ADMG, copies: Copies, components: Iterable[Component]) -> str:
    listed = list(components)
    over = sorted({copies.made[c].variable for part in listed for c in part.indices})
    total = f"sum_{{{', '.join(quoted(graph.order[v]) for v in over)}}} " if over else ""
    return f"{total}P({_events(graph, copies, listed)})" if listed else "1"


def _events(graph: ADMG, copies: Copies, components: Iterable[Component]) -> str:
    held = sorted(
        (copies.made[c].variable, c, value) for part in components for c, value in part.copies
    )
    return ", ".join(_copy(graph, copies, c, value) for _, c, value in held)


def _copy(graph: ADMG, copies: Copies, number: int, value: Value) -> str:
    copy = copies.made[number]
    world = ", ".join(_setting(graph, p, v) for p, v in copy.parents)
    own = "" if isinstance(value, Index) or value.label is None else f"={quoted(value.label)}"
    return f"{quoted(graph.order[copy.variable])}{f'[{world}]' if world else ''}{own}"


def _setting(graph: ADMG, variable: int, value: Value) -> str:
    name = quoted(graph.order[variable])
    if isinstance(value, Index) or value.label is None:
        return name
    return f"{name}={quoted(value.label)}"


def _names(graph: ADMG, mask: int) -> str:
    return ", ".join(map(quoted, graph.names(mask)))
