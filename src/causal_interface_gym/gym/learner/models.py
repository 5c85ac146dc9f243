"""Exact Bayes over a list of models, hidden variables and filtered rows included.

A model's tables are known, so the probability of any row under any action is a number, and the
posterior is a product.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self, assert_never

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import (
    CausalGymError,
    ImpossibleEventError,
    InferenceError,
    InputError,
)
from causal_interface_gym.gym.learner.claims import direction_holds, is_valid
from causal_interface_gym.gym.learner.evidence import Design, Evidence, States, cells_with
from causal_interface_gym.gym.learner.graphs import log_prior
from causal_interface_gym.gym.learner.information import merged
from causal_interface_gym.gym.learner.prediction import Prediction, Unpredictable, log_weights
from causal_interface_gym.questions.claims import (
    Confounded,
    Determined,
    Direction,
    FromSelected,
    InPopulation,
    IntervalEnd,
)
from causal_interface_gym.questions.doing.answerable import is_determined
from causal_interface_gym.questions.doing.confounding import largest_gap
from causal_interface_gym.questions.intervals import end_of
from causal_interface_gym.questions.question import Asked, ValidAdjustment

__all__ = ["ModelLearner", "model_learner"]

Floats = NDArray[np.float64]
_Claim = ValidAdjustment | Direction | Determined | Confounded


@dataclass(frozen=True, eq=False)
class ModelLearner:
    """The posterior over listed models."""

    states: States
    models: tuple[SCM, ...]
    log_posterior: Floats

    @cached_property
    def weights(self) -> Floats:
        """The posterior probability of each model."""
        weights: Floats = np.exp(self.log_posterior)
        return weights

    def rows(self, do: Sequence[tuple[str, str]] = ()) -> Floats:
        """Give each model's distribution of a row."""
        where = np.ones([len(labels) for labels in self.states.values()], dtype=bool)
        for name, label in do:
            where &= cells_with(self.states, name, label)
        held = dict(do)
        free = [name for name in self.states if name not in held]
        table = np.zeros((len(self.models), *where.shape))
        for own, model in zip(table, self.models, strict=True):
            own[where] = model.table(free, do=held).ravel() if free else 1.0
        return table

    def after(self, evidence: Evidence) -> Self:
        """Give the learner that has seen the evidence; exact also where rows were hidden.

        Raises:
            InferenceError: No model can have produced the evidence.
        """
        cells = merged(self, evidence.design, self.rows(evidence.design.do))
        outside = evidence.n_outside if evidence.design.where else 0
        shown = evidence.counts.ravel()
        counts = np.append(shown, outside)
        with np.errstate(divide="ignore"):
            logs = np.where(counts > 0, np.log(cells), 0.0)
        return replace(self, log_posterior=log_weights(self.log_posterior, logs @ counts))

    def predict(self, asked: Asked) -> Prediction | Unpredictable:
        """Answer any question that every model answers, other worlds included."""
        match asked:
            case Query():
                return self._average(asked)
            case FromSelected():
                return Unpredictable(f"the rows are not a sample of the population: {asked}")
            case InPopulation():
                return self._average(asked.in_target)
            case IntervalEnd():
                return self._mean_end(asked)
            case ValidAdjustment() | Direction() | Determined() | Confounded():
                return self._believed(asked)
            case _:
                assert_never(asked)

    def draw(
        self, hypothesis: int, design: Design, n_rows: int, *, rng: np.random.Generator
    ) -> Evidence:
        """Draw rows from a model; those outside the design's condition are only counted."""
        table = self.rows(design.do)[hypothesis]
        cells = merged(self, design, table[None])[0]
        drawn = rng.multinomial(n_rows, cells / cells.sum())
        return Evidence(design, drawn[:-1].reshape(table.shape).astype(float), int(drawn[-1]))

    def _believed(self, claim: _Claim) -> Prediction | Unpredictable:
        try:
            holds = [_holds(claim, model) for model in self.models]
        except CausalGymError as error:
            return Unpredictable(str(error))
        return Prediction(min(float(self.weights @ np.array(holds)), 1.0), "claim")

    def _mean_end(self, asked: IntervalEnd) -> Prediction | Unpredictable:
        try:
            ends = [end_of(model, asked) for model in self.models]
        except CausalGymError as error:
            return Unpredictable(str(error))
        return Prediction(min(float(self.weights @ np.array(ends)), 1.0), "posterior mean")

    def _average(self, query: Query) -> Prediction | Unpredictable:
        given, both = 0.0, 0.0
        for weight, model in zip(self.weights.tolist(), self.models, strict=True):
            try:
                condition = Query(query.given, (), query.do) if query.given else query
                p_given = model.p(condition) if query.given else 1.0
                given += weight * p_given
                both += weight * p_given * model.p(query)
            except ImpossibleEventError:
                continue  # this model adds nothing to either sum
            except InferenceError as error:
                return Unpredictable(str(error))
        if given <= 0:
            return Unpredictable(f"the condition of {query} has probability 0")
        return Prediction(min(both / given, 1.0), "next row" if query.given else "posterior mean")


def _holds(claim: _Claim, model: SCM) -> bool:
    match claim:
        case ValidAdjustment():
            return is_valid(claim, model.graph)
        case Direction():
            return direction_holds(claim, model.dag)
        case Determined():
            return is_determined(model, claim.query)
        case Confounded():
            return largest_gap(model, claim) > claim.threshold
        case _:
            assert_never(claim)


def model_learner(models: Sequence[SCM], *, prior: Sequence[float] = ()) -> ModelLearner:
    """Declare the hypotheses: models over the same observed variables, and their prior weights.

    Raises:
        InputError: There is no model, or two differ in what is observed.
    """
    if not models:
        message = "a learner needs at least one model"
        raise InputError(message)
    states = {name: models[0].states[name] for name in models[0].observed}
    for model in models:
        if {name: model.states[name] for name in model.observed} != states:
            message = "all models of a learner observe the same variables with the same states"
            raise InputError(message)
    return ModelLearner(states, tuple(models), log_prior(prior, len(models)))
