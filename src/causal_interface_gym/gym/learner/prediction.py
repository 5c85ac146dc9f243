"""The seam of learners, and what a learner predicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.errors import InferenceError
from causal_interface_gym.gym.learner.evidence import Design, Evidence, States, cells_with
from causal_interface_gym.questions.question import Asked
from causal_interface_gym.questions.spelling import canonical

__all__ = ["Learner", "Prediction", "Unpredictable", "expected_probability", "log_weights"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prediction:
    """The learner's own answer, in [0, 1].

    ``meaning`` says what is exact: the posterior mean of the probability asked for; or, with a
    condition, the probability that the next row has the outcome given that it meets the condition
    (not the mean of the ratio, which has no closed form); or the posterior probability of a claim.
    """

    p: float
    meaning: Literal["posterior mean", "next row", "claim"]


@dataclass(frozen=True, slots=True)
class Unpredictable:
    """The learner has no number for this question; the reason says why."""

    reason: str


class Learner(Protocol):
    """Exact Bayes over finitely many hypotheses; a value that evidence turns into another."""

    @property
    def states(self) -> States:
        """The labels of each variable, in the order of all axes."""
        ...

    @property
    def weights(self) -> Floats:
        """The posterior probability of each hypothesis."""
        ...

    def rows(self, do: Sequence[tuple[str, str]] = ()) -> Floats:
        """Give each hypothesis' distribution of the next row, shape (n_hypotheses, *n_states)."""
        ...

    def after(self, evidence: Evidence) -> Self:
        """Give the learner that has seen the evidence."""
        ...

    def predict(self, asked: Asked) -> Prediction | Unpredictable:
        """Answer a question."""
        ...

    def draw(
        self, hypothesis: int, design: Design, n_rows: int, *, rng: np.random.Generator
    ) -> Evidence:
        """Draw the evidence of a batch if a hypothesis were true."""
        ...


def expected_probability(learner: Learner, query: Query) -> Prediction | Unpredictable:
    """Average a question about one world over the hypotheses.

    Under independent Dirichlet tables the mean of a product of entries of different rows is the
    product of their means, so without a condition this is the posterior mean of the probability.

    Raises:
        UnknownVariableError: The query names a variable that the learner does not have.
        UnknownStateError: A label is none of its variable's.
    """
    query = canonical(query)
    do = [(name, label) for name, label in query.do if isinstance(label, str)]
    if query.is_counterfactual or len(do) < len(query.do):
        return Unpredictable(f"{query} is not about one world with fixed settings")
    table = np.tensordot(learner.weights, learner.rows(do), axes=1)
    given = _holds(learner, query.given)
    p_given = float(table[given].sum())
    if p_given <= 0:
        return Unpredictable(f"the condition of {query} has probability 0")
    both = float(table[given & _holds(learner, query.outcome)].sum())
    return Prediction(min(both / p_given, 1.0), "next row" if query.given else "posterior mean")


def log_weights(log_prior: Floats, log_likelihood: Floats) -> Floats:
    """Normalise a posterior, on the log scale.

    Raises:
        InferenceError: No hypothesis can have produced the evidence.
    """
    joint = log_prior + log_likelihood
    top = joint.max()
    if top == -np.inf:
        message = "the evidence is impossible under every hypothesis; list others"
        raise InferenceError(message)
    weights: Floats = joint - top
    return weights - float(np.log(np.exp(weights).sum()))


def _holds(learner: Learner, terms: Sequence[Term]) -> NDArray[np.bool_]:
    """Say in which cells of a row all terms hold."""
    found = np.ones([len(labels) for labels in learner.states.values()], dtype=bool)
    for term in terms:
        found &= cells_with(learner.states, term.variable, str(term.value))
    return found
