"""Models of continuous variables: linear-Gaussian ones exactly, any others by sampling."""

from causal_interface_gym.causal.continuous.estimate import Estimate
from causal_interface_gym.causal.continuous.gaussian import Gaussian
from causal_interface_gym.causal.continuous.linear import Linear, LinearGaussian, Potential, Shift
from causal_interface_gym.causal.continuous.simulated import (
    Additive,
    Choice,
    Draws,
    Equation,
    Free,
    Modified,
    Normal,
    SimulatedSCM,
    Uniform,
)

__all__ = [
    "Additive",
    "Choice",
    "Draws",
    "Equation",
    "Estimate",
    "Free",
    "Gaussian",
    "Linear",
    "LinearGaussian",
    "Modified",
    "Normal",
    "Potential",
    "Shift",
    "SimulatedSCM",
    "Uniform",
]
