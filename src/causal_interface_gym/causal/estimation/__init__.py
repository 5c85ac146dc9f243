"""Estimation: a formula evaluated on counts or on the rows of a data frame, with its uncertainty.

A bridge and not a rival of the libraries for estimation: every probability in the formula is the
relative frequency (the plug-in estimate), so variables are discrete and strata must be filled.
"""

from causal_interface_gym.causal.estimation.counts import Counts
from causal_interface_gym.causal.estimation.plug_in import PlugIn, estimate, variables_of

__all__ = ["Counts", "PlugIn", "estimate", "variables_of"]
