"""Graphs written in one line."""

from causal_interface_gym.causal import ADMG

__all__ = ["graph"]


def graph(arrows: str, arcs: str = "") -> ADMG:
    """Read edges written as X>Y and X-Y, separated by blanks."""
    ends = [edge.split(">") for edge in arrows.split()]
    sides = [edge.split("-") for edge in arcs.split()]
    return ADMG([(a, b) for a, b in ends], [(a, b) for a, b in sides])
