"""Dynamic models: slices of one template, unrolled into an ordinary model.

A variable X at time t is ``X_t`` in the unrolled model; its parents are variables of the same
slice, ``X``, or of an earlier one, ``previous("X")``. Filtering, smoothing, prediction, plans over
several steps and what would have been are then ordinary questions, answered exactly.

Source: [koller2009, section 6.2].
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, is_dataclass, replace

from causal_interface_gym.causal.mechanism import Mechanism
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import ModelError, UnknownVariableError

__all__ = ["DynamicModel", "at", "previous"]


def at(variable: str, time: int) -> str:
    """Name a variable of one slice of an unrolled model.

    >>> at("rain", 2)
    'rain_2'
    """
    return f"{variable}_{time}"


def previous(variable: str, steps: int = 1) -> str:
    """Name a parent that lies some steps back.

    >>> previous("rain")
    'rain_-1'

    Raises:
        ModelError: Not at least one step.
    """
    if steps < 1:
        message = f"an earlier slice lies one step back or more; got {steps}"
        raise ModelError(message)
    return at(variable, -steps)


@dataclass(frozen=True, slots=True, eq=False)
class DynamicModel:
    """A template of slices.

    Args:
        states: The labels of each variable, the same in all slices.
        first: The mechanisms of the first slices, one mapping a slice; as many as the longest
            step back. Their parents may lie back as far as there are slices.
        transition: The mechanisms of every later slice.
        latent: Variables that are never observed.

    >>> from causal_interface_gym.causal.mechanism import Table
    >>> import numpy as np
    >>> weather = DynamicModel(
    ...     states={"rain": ("no", "yes")},
    ...     first=[{"rain": Table((), np.array([0.5, 0.5]))}],
    ...     transition={"rain": Table((previous("rain"),), np.array([[0.7, 0.3], [0.3, 0.7]]))},
    ... )
    >>> round(weather.unroll(3).p("rain_2=yes | rain_0=yes"), 4)
    0.58
    """

    states: Mapping[str, Sequence[str]]
    first: Sequence[Mapping[str, Mechanism]]
    transition: Mapping[str, Mechanism]
    latent: Iterable[str] = ()

    def unroll(self, n_slices: int) -> SCM:
        """Give the model of slices 0 to ``n_slices`` - 1.

        Raises:
            ModelError: There are fewer first slices than the longest step back, or no slices.
            UnknownVariableError: A parent is no variable of the template, or lies before the start.
        """
        if n_slices < 1:
            message = f"a model has one slice or more; got {n_slices}"
            raise ModelError(message)
        mechanisms: dict[str, Mechanism] = {}
        states: dict[str, Sequence[str]] = {}
        for time in range(n_slices):
            template = self.first[time] if time < len(self.first) else self.transition
            for v, labels in self.states.items():
                if v not in template:
                    message = f"slice {time} has no mechanism for {v!r}"
                    raise ModelError(message)
                states[at(v, time)] = labels
                mechanisms[at(v, time)] = self._renamed(template[v], time)
        hidden = [at(v, time) for v in self.latent for time in range(n_slices)]
        return SCM(states, mechanisms, hidden)

    def _renamed(self, mechanism: Mechanism, time: int) -> Mechanism:
        parents = tuple(self._place(p, time) for p in mechanism.parents)
        if not is_dataclass(mechanism) or isinstance(mechanism, type):
            message = (
                f"a template's mechanisms are tables, functions or noisy-or; got {mechanism!r}"
            )
            raise ModelError(message)
        return replace(mechanism, parents=parents)

    def _place(self, parent: str, time: int) -> str:
        """Give the slice that a parent lies in."""
        if parent in self.states:
            return at(parent, time)
        name, _, steps = parent.rpartition("_-")
        if name not in self.states or not steps.isdigit():
            known = [*self.states, *(previous(v) for v in self.states)]
            raise UnknownVariableError(parent, known)
        if int(steps) > time:
            message = (
                f"{parent!r} lies before the first slice of the model at time {time}; give first= "
                f"{steps} slices or more"
            )
            raise ModelError(message)
        return at(name, time - int(steps))
