"""Figures of a report: inside the page in its colours, or as files for a paper."""

from causal_interface_gym.runs.report.figures.gallery import FIGURES, inline_figure, save_figures

__all__ = ["FIGURES", "inline_figure", "save_figures"]
