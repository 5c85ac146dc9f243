"""Which worlds the costly audits look at: few, the same for all participants, and stated."""

from dataclasses import dataclass

from causal_interface_gym.runs.spec import RunSpec

__all__ = ["Sample", "sample_of"]


@dataclass(frozen=True, slots=True)
class Sample:
    """The worlds chosen, as (scenario, seed), out of ``n_worlds`` of the run."""

    worlds: frozenset[tuple[str, int]]
    n_worlds: int


def sample_of(spec: RunSpec, *, limit: int) -> Sample:
    """Choose at most ``limit`` worlds, seed by seed, spread evenly over the scenarios.

    Nothing is drawn by lot: equal specs give equal samples.
    """
    chosen: list[tuple[str, int]] = []
    n_scenarios = len(spec.scenarios)
    for seed in spec.seeds:
        room = limit - len(chosen)
        if room <= 0:
            break
        n = min(room, n_scenarios)
        chosen += [(spec.scenarios[i * n_scenarios // n], seed) for i in range(n)]
    return Sample(frozenset(chosen), n_scenarios * len(spec.seeds))
