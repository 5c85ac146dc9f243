"""The reference learner: exact Bayes over a declared, finite set of hypotheses with its prior.

For fully observed worlds of up to four variables the hypotheses are all directed acyclic graphs,
each with conjugate tables; elsewhere a list of models. What a participant did and believed is
compared with what this learner would have done and believed.
"""

from causal_interface_gym.gym.learner.evidence import Design, Evidence, evidence_of
from causal_interface_gym.gym.learner.graphs import GraphLearner, TablePrior, graph_learner
from causal_interface_gym.gym.learner.information import (
    Estimate,
    batch_gain,
    designs,
    entropy,
    information_gain,
)
from causal_interface_gym.gym.learner.models import ModelLearner, model_learner
from causal_interface_gym.gym.learner.prediction import Learner, Prediction, Unpredictable
from causal_interface_gym.gym.learner.reference import NoLearner, reference_learner

__all__ = [
    "Design",
    "Estimate",
    "Evidence",
    "GraphLearner",
    "Learner",
    "ModelLearner",
    "NoLearner",
    "Prediction",
    "TablePrior",
    "Unpredictable",
    "batch_gain",
    "designs",
    "entropy",
    "evidence_of",
    "graph_learner",
    "information_gain",
    "model_learner",
    "reference_learner",
]
