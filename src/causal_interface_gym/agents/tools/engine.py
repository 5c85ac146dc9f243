"""Three tools: identify a query on the shown graph, find adjustment sets in it, estimate a number.

They read the brief and the log, as the model does: the graph that is shown, the rows that were
shown or drawn. No tool holds a world. An estimate is a frequency in a sample, and says in how many
rows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Any, Final

from causal_interface_gym.agents.tools.frequencies import Frequencies, Trials
from causal_interface_gym.causal.adjustment import adjustment_sets, is_adjustment_set
from causal_interface_gym.causal.bounds import Knowledge, bounds
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.estimand import Estimand
from causal_interface_gym.causal.identification.evaluation import Joint
from causal_interface_gym.causal.identification.verdict import Identified, identify
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import CausalGymError, QueryError
from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.log import Event
from causal_interface_gym.questions.claims import (
    Confounded,
    Determined,
    Direction,
    FromSelected,
    InPopulation,
    IntervalEnd,
)
from causal_interface_gym.questions.doing.transport import SOURCE, transported
from causal_interface_gym.questions.question import Asked, ValidAdjustment

__all__ = ["TOOLS", "Bench", "use"]

# Any: JSON.
Json = dict[str, Any]

_MOST_SETS: Final = 5


@dataclass(frozen=True, slots=True)
class Bench:
    """What the tools work on."""

    brief: Brief
    log: Sequence[Event]

    @property
    def graph(self) -> ADMG:
        """The graph that is shown.

        Raises:
            QueryError: None is shown.
        """
        for shown in self.brief.graphs:
            names = [v.name for v in self.brief.variables]
            return ADMG(shown.directed, shown.bidirected, nodes=names)
        message = "no causal graph is shown here, so nothing can be identified"
        raise QueryError(message)

    def asked(self, question: str) -> Asked:
        """Give what a question asks.

        Raises:
            QueryError: There is no such question.
        """
        for own in self.brief.questions:
            if own.id == question:
                return own.asked
        known = ", ".join(q.id for q in self.brief.questions)
        message = f"there is no question {question!r:.50}; they are {known}"
        raise QueryError(message)


def use(bench: Bench, tool: str, question: str) -> Json:
    """Use a tool on a question; what cannot be done is an answer that says why.

    >>> from causal_interface_gym import scenarios
    >>> from causal_interface_gym.gym.brief import brief_of
    >>> from causal_interface_gym.gym.interface import INTERFACES
    >>> world = scenarios.get("kidney-stones-v1").world()
    >>> use(Bench(brief_of(world, INTERFACES["graph"]), ()), "adjustment_sets", "q3")["sets"]
    [['stone']]
    """
    try:
        found = TOOLS[tool](bench, bench.asked(question))
    except CausalGymError as error:
        found = {"cannot": str(error)}
    return {"tool": tool, "question": question, **found}


def _identify(bench: Bench, asked: Asked) -> Json:
    if isinstance(asked, InPopulation):
        verdict = transported(bench.graph, asked)
    else:
        verdict = identify(bench.graph, _query(asked))
    if isinstance(verdict, Identified):
        return {"identified": True, "formula": str(verdict)}
    return {"identified": False, "why": str(verdict)}


def _adjustment_sets(bench: Bench, asked: Asked) -> Json:
    if isinstance(asked, ValidAdjustment):
        verdict = is_adjustment_set(
            bench.graph, asked.adjust, treatment=asked.treatment, outcome=asked.outcome
        )
        return {"adjusting for": list(asked.adjust), "is valid": bool(verdict), "why": str(verdict)}
    treatment, outcome = _effect(asked)
    found = adjustment_sets(bench.graph, treatment=treatment, outcome=outcome)
    return {"sets": [sorted(own) for own in islice(found, _MOST_SETS)]}


def _estimate(bench: Bench, asked: Asked) -> Json:
    match asked:
        case IntervalEnd():
            return _end(bench, asked)
        case InPopulation():
            return _transported(bench, asked)
        case _:
            return _probability(bench, asked)


def _probability(bench: Bench, asked: Asked) -> Json:
    query = _query(asked)
    settings = tuple((name, s) for name, s in query.do if isinstance(s, str))
    if settings and not query.is_counterfactual:
        rows = Frequencies.under(bench.brief, bench.log, settings)
        if rows.n_rows:
            plain = Query(query.outcome, query.given)
            return _number(plain, rows, f"{rows.n_rows} rows of your own experiment")
    if isinstance(asked, FromSelected):
        message = "the observed rows are a selected sample; draw rows by intervening first"
        raise QueryError(message)
    rows = Frequencies.observed(bench.brief, bench.log)
    if not rows.n_rows:
        raise QueryError("there are no rows yet to estimate anything from")
    if not (query.do or query.is_counterfactual):
        return _number(query, rows, f"{rows.n_rows} observed rows")
    verdict = identify(bench.graph, query)
    if not isinstance(verdict, Identified):
        raise QueryError(f"{verdict}; draw rows by intervening instead")
    return _evaluated(verdict.estimand, rows, f"{rows.n_rows} observed rows by {verdict}")


def _end(bench: Bench, asked: IntervalEnd) -> Json:
    """Bound by relative frequencies of observed rows.

    Raises:
        QueryError: There are no such rows, or experiments count too.
        IncompatibleDataError: By chance no model of the graph shows exactly these frequencies.
    """
    rows = Frequencies.observed(bench.brief, bench.log)
    if not rows.n_rows or asked.experiments:
        raise QueryError("bounds are estimated from observed rows only, and there are none of use")
    graph = bench.graph
    known = Knowledge.from_tables(graph, rows.states, observational=rows.table(graph.order))
    found = bounds(known, asked.query)
    end = found.lower if asked.end == "lower" else found.upper
    return {"estimate": round(end, 4), "from": f"{rows.n_rows} observed rows"}


def _transported(bench: Bench, asked: InPopulation) -> Json:
    """Evaluate the transport formula on rows of the target and on own experiments.

    Raises:
        QueryError: There is no formula, or not all rows that it needs.
    """
    verdict = transported(bench.graph, asked)
    if not isinstance(verdict, Identified):
        raise QueryError(str(verdict))
    rows = Frequencies.observed(bench.brief, bench.log).among(asked.population, asked.target)
    if not rows.n_rows:
        message = f"there are no rows with {asked.population}={asked.target} yet; observe some"
        raise QueryError(message)
    settings = tuple((name, str(label)) for name, label in asked.query.do)
    if not Frequencies.under(bench.brief, bench.log, settings).n_rows:
        shown = ", ".join(f"{name}={label}" for name, label in settings)
        raise QueryError(f"the formula needs an experiment with do({shown}) first")
    data: dict[str, Joint] = {"": rows, SOURCE: Trials(bench.brief, bench.log)}
    source = f"{rows.n_rows} observed rows and your own experiments by {verdict}"
    return _evaluated(verdict.estimand, data, source)


def _number(query: Query, rows: Frequencies, source: str) -> Json:
    """Take a conditional frequency: without an action every query is its own estimand."""
    verdict = identify(ADMG(nodes=rows.states), query)
    if not isinstance(verdict, Identified):  # a query without an action always is
        raise QueryError(str(verdict))
    return _evaluated(verdict.estimand, rows, source)


def _evaluated(estimand: Estimand, rows: Frequencies | Mapping[str, Joint], source: str) -> Json:
    value = estimand.evaluate(rows)
    if not isinstance(value, float):
        raise QueryError(f"{estimand.query} leaves a value open, so it has no single number")
    return {"estimate": round(value, 4), "from": source}


def _query(asked: Asked) -> Query:
    match asked:
        case Query():
            return asked
        case FromSelected() | Determined() | IntervalEnd():
            return asked.query
        case InPopulation():
            return asked.in_target
        case _:
            message = f"{asked} is a claim; these tools work on probabilities"
            raise QueryError(message)


def _effect(asked: Asked) -> tuple[list[str], list[str]]:
    match asked:
        case Confounded():
            return [asked.treatment], [asked.outcome]
        case Direction():
            return [asked.first], [asked.second]
        case _:
            query = _query(asked)
            return [name for name, _ in query.do], list(_outcomes(query))


def _outcomes(query: Query) -> Iterator[str]:
    if not query.do:
        raise QueryError(f"{query} sets nothing, so there is no effect to adjust for")
    yield from (term.variable for term in query.outcome)


TOOLS: Final[Mapping[str, Callable[[Bench, Asked], Json]]] = MappingProxyType(
    {"identify": _identify, "adjustment_sets": _adjustment_sets, "estimate": _estimate}
)
"""The tools by name."""
