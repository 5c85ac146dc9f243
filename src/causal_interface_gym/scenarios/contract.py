"""What every scenario promises, checked: for the curated ones, and for other people's.

An error is something that would make a score wrong or a question unfair; a warning is something a
generated world would be refused for, which a published case may have.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, assert_never

import numpy as np

from causal_interface_gym.causal.enumeration import Enumeration
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import CausalGymError
from causal_interface_gym.questions.claims import (
    Confounded,
    Determined,
    Direction,
    FromSelected,
    InPopulation,
    IntervalEnd,
)
from causal_interface_gym.questions.families import HEADLINE
from causal_interface_gym.questions.question import Asked, Claim, Family, Item, ValidAdjustment
from causal_interface_gym.questions.spelling import canonical
from causal_interface_gym.scenarios.generated.derive import AGREEMENT, second_truth
from causal_interface_gym.scenarios.generated.screening.admit import LURES_APART, TRUTH
from causal_interface_gym.scenarios.scenario import Citation, Scenario

__all__ = ["GAP", "Finding", "check_scenario", "is_kept"]

GAP: Final = 0.15
"""How far the first lure of a headline question should lie from the truth."""

_KEY: Final = re.compile(r"[a-z]+(?:-[a-z]+)*((?:1[5-9]|20)\d\d)[a-z]?")
_MENTION: Final = re.compile(r"\[([a-z][a-z-]*\d{4}[a-z]?)\]")
_MIN_REFERENCE: Final = 30
"""Characters of author, title, place and year; anything shorter cannot be found again."""
_N_MODELS: Final = 3
_LIMIT: Final = 500_000
"""Noise states that enumeration may visit; the largest curated scenario needs 294,912."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One promise that a scenario does not keep: which rule, where, and what to do about it."""

    rule: str
    where: str
    message: str
    is_error: bool = True

    @property
    def level(self) -> str:
        """``error`` or ``warning``."""
        return "error" if self.is_error else "warning"

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.level} ({self.rule}) {self.where}: {self.message}"


def check_scenario(
    scenario: Scenario, *, bibliography: Collection[str] | None = None
) -> tuple[Finding, ...]:
    """Check a scenario against the contract; nothing found means that it keeps all of it.

    With ``bibliography``, the keys of one's references, every citation must be among them.

    >>> from causal_interface_gym import scenarios
    >>> [str(f) for f in check_scenario(scenarios.get("lagged-market-v1")) if f.is_error]
    []
    """
    return (
        *_words(scenario),
        *_states(scenario),
        *_sources(scenario, bibliography),
        *_questions(scenario),
    )


def is_kept(findings: Collection[Finding]) -> bool:
    """Say whether no finding is an error."""
    return not any(finding.is_error for finding in findings)


def _words(scenario: Scenario) -> Iterator[Finding]:
    for variable in scenario.variables:
        if not variable.meaning.strip():
            yield Finding("words", variable.name, "say in words what the variable is")
        for label, meaning in variable.states:
            if not meaning.strip():
                yield Finding("words", f"{variable.name}={label}", "say what the state means")


def _states(scenario: Scenario) -> Iterator[Finding]:
    model = scenario.model
    for variable in model.nodes:
        try:
            found = model.distribution(variable)
        except CausalGymError as error:
            yield Finding("states", variable, f"its distribution cannot be computed: {error}")
            continue
        for label, p in found.items():
            if p <= 0:
                message = "the state is never reached: drop it, or give it a probability"
                yield Finding("states", f"{variable}={label}", message)


def _sources(scenario: Scenario, bibliography: Collection[str] | None) -> Iterator[Finding]:
    keys = [citation.key for citation in scenario.citations]
    for citation in scenario.citations:
        yield from _citation(citation)
        if bibliography is not None and citation.key not in bibliography:
            message = "the key is not in the bibliography"
            yield Finding("citation", citation.key, message)
    for key, n in Counter(keys).items():
        if n > 1:
            yield Finding("citation", key, "two citations share this key")
    told = " ".join((scenario.story, scenario.published, scenario.illustrative))
    for key in _MENTION.findall(told):
        if key not in keys:
            yield Finding("citation", key, "the text names a source that is not cited")


def _citation(citation: Citation) -> Iterator[Finding]:
    matched = _KEY.fullmatch(citation.key)
    if matched is None:
        message = "a key is the first author and the year, such as pearl2009"
        yield Finding("citation", citation.key, message)
    elif matched[1] not in citation.text:
        message = f"the reference does not name the year {matched[1]} of its key"
        yield Finding("citation", citation.key, message)
    if len(citation.text) < _MIN_REFERENCE:
        message = f"give author, title, place and year, so that it can be found: {citation.text!r}"
        yield Finding("citation", citation.key, message)


def _questions(scenario: Scenario) -> Iterator[Finding]:
    asked: Counter[str] = Counter()
    for family in scenario.families:
        items = _items(scenario.model, family)
        if isinstance(items, Finding):
            yield items
            continue
        for item in items:
            yield from _item(scenario.model, item)
        asked.update(f"{item.family}: {_spelled(item.asked)}" for item in items)
    for text, n in asked.items():
        if n > 1:
            yield Finding("question", text, f"the same question is asked {n} times")


def _items(model: SCM, family: Family) -> tuple[Item, ...] | Finding:
    try:
        return family.items(model)
    except Exception as error:  # a family may be someone else's code: its failure is a finding
        reason = str(error) if isinstance(error, CausalGymError) else repr(error)
        return Finding("question", repr(family), f"it cannot be asked: {reason}")


def _item(model: SCM, item: Item) -> Iterator[Finding]:
    where = f"{item.family} {item.name}"
    names = _named(item.asked)
    for name in sorted(names & model.latent):
        yield Finding(
            "hidden", where, f"{name!r} is latent, so no participant can be asked about it"
        )
    if _is_circular(item.asked):
        yield Finding("question", where, "treatment and outcome are the same variable")
        return
    for method, value in _second(model, item.asked):
        if isinstance(value, str):
            yield Finding("truth", where, f"{method} cannot derive it: {value}")
        elif not abs(value - item.truth) <= AGREEMENT:
            message = f"the family says {item.truth!r}, {method} gives {value!r}"
            yield Finding("truth", where, message)
    numbers = {"the truth": item.truth, **{f"lure {k!r}": v for k, v in item.lure.items()}}
    if isinstance(item.reference, float):
        numbers["the reference"] = item.reference
        yield from _admission(where, item)
    for name, number in numbers.items():
        if not 0 <= number <= 1:
            yield Finding("truth", where, f"{name} is no probability: {number!r}")


def _admission(where: str, item: Item) -> Iterator[Finding]:
    """What the admission of generated worlds would object to; a published case may keep it."""
    low, high = TRUTH
    if not low <= item.truth <= high:
        message = f"the truth {item.truth:.4f} lies outside [{low}, {high}]"
        yield Finding("admission", where, message, is_error=False)
    lures = item.lure if item.family in HEADLINE else {}
    for number, (name, value) in enumerate(lures.items()):
        apart = LURES_APART if number else GAP
        if abs(value - item.truth) < apart:
            message = (
                f"lure {name!r} {value:.4f} is less than {apart} from the truth {item.truth:.4f}, "
                "so falling for it costs little"
            )
            yield Finding("admission", where, message, is_error=False)


def _named(asked: Asked) -> set[str]:
    match asked:
        case Query():
            return set(asked.variables)
        case FromSelected():
            return {*asked.query.variables, *(name for name, _ in asked.selected)}
        case InPopulation():
            return {*asked.query.variables, asked.population}
        case IntervalEnd():
            return {*asked.query.variables, *asked.experiments}
        case _:
            return _claimed(asked)


def _claimed(claim: Claim) -> set[str]:
    match claim:
        case ValidAdjustment():
            return {claim.treatment, claim.outcome, *claim.adjust}
        case Confounded():
            return {claim.treatment, claim.outcome}
        case Direction():
            return {claim.first, claim.second}
        case Determined():
            return set(claim.query.variables)
        case _:
            assert_never(claim)


def _is_circular(asked: Asked) -> bool:
    match asked:
        case Query():
            set_by_all = {name for name, _ in asked.do}
            return any(
                term.variable in set_by_all | {name for name, _ in term.do}
                for term in asked.outcome
            )
        case FromSelected() | Determined() | InPopulation() | IntervalEnd():
            return _is_circular(asked.query)
        case ValidAdjustment() | Confounded():
            return asked.treatment == asked.outcome
        case Direction():
            return asked.first == asked.second
        case _:
            assert_never(asked)


def _spelled(asked: Asked) -> str:
    return str(canonical(asked) if isinstance(asked, Query) else asked)


def _second(model: SCM, asked: Asked) -> Iterator[tuple[str, float | str]]:
    """Derive a truth again by enumeration: what each method gives, or why it gives nothing."""
    match asked:
        case Query() if asked.is_counterfactual:
            # Where no coupling is declared the answer must be the same under every one.
            for coupling in ("comonotone", "independent"):
                method = f"enumeration ({coupling} where undeclared)"
                try:
                    found = Enumeration(model, undeclared=coupling, limit=_LIMIT)
                    yield method, found.probability(asked)
                except CausalGymError as error:
                    yield method, str(error)
        case ValidAdjustment() | Determined():
            # A claim about the graph, so it must hold of any model with this graph.
            rng = np.random.default_rng(0)
            for number in range(_N_MODELS):
                other = _random_model(model, rng)
                yield f"random model {number}", _tried(other, asked)
        case _:
            yield "enumeration", _tried(model, asked)


def _tried(model: SCM, asked: Asked) -> float | str:
    try:
        return second_truth(model, asked)
    except CausalGymError as error:
        return str(error)


def _random_model(model: SCM, rng: np.random.Generator) -> SCM:
    """Draw positive tables over the same graph."""
    return SCM.from_tables(
        states=model.states,
        parents={v: m.parents for v, m in model.mechanisms.items()},
        tables={
            v: rng.dirichlet(np.ones(len(model.states[v])), size=model.cpt(v).shape[:-1])
            for v in model.nodes
        },
        latent=model.latent,
    )
