"""How time grows with size: ``python -m tests.benchmarks.growth`` draws docs/images/growth.svg.

Left, questions on random graphs of 10 to 1000 nodes: an effect identified with its derivation, a
minimal adjustment set, one effect on a model whose width stays 3. Right, one effect on models of 40
binary nodes whose width grows from 2 to 12: the tables grow as two to the width, and nothing else.
Each point is the median over questions that are asked once.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from statistics import median
from typing import Final

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt

from causal_interface_gym.causal import ADMG, SCM, identify
from causal_interface_gym.causal.adjustment.sets import minimal_adjustment_set
from tests.benchmarks.environment import ROOT
from tests.benchmarks.inputs.graphs import draw_graphs
from tests.benchmarks.inputs.tasks import GraphQuestion

FIGURE: Final = ROOT / "docs" / "images" / "growth.svg"
SIZES: Final = (10, 20, 50, 100, 200, 500, 1000)
WIDTHS: Final = tuple(range(2, 13))
N_GRAPHS: Final = 12
N_NODES: Final = 40
WIDTH: Final = 3
COLOURS: Final = ("#0072b2", "#b34700", "#4d7a3a")

Curve = list[float]


def timed(questions: Sequence[Callable[[], object]]) -> float:
    """Ask each question once; give the median in milliseconds."""
    times = []
    for question in questions:
        began = time.perf_counter()
        question()
        times.append(1e3 * (time.perf_counter() - began))
    return median(times)


def banded(n: int, width: int, rng: np.random.Generator) -> SCM:
    """Make a model in which each node has the ``width`` nodes before it as causes."""
    names = [f"V{i}" for i in range(n)]
    parents = {v: names[max(0, i - width) : i] for i, v in enumerate(names)}
    tables = {}
    for v in names:
        p = rng.uniform(0.1, 0.9, size=(2,) * len(parents[v]))
        tables[v] = np.stack([1 - p, p], axis=-1)
    return SCM.from_tables(states=dict.fromkeys(names, ("0", "1")), tables=tables, parents=parents)


def written(graph: ADMG, asked: GraphQuestion) -> str:
    """Identify an effect and write it out, with every step."""
    return str(identify(graph, f"P({asked.outcome} | do({asked.treatment}))"))


def by_size() -> dict[str, Curve]:
    """Time three questions for each number of nodes."""
    rng = np.random.default_rng(7)
    curves: dict[str, Curve] = {"identify, written out": [], "minimal adjustment set": [],
                                f"P(y | do(x)), width {WIDTH}": []}  # fmt: skip
    identified, adjusted, asked = curves.values()
    for n in SIZES:
        graphs = draw_graphs(n_nodes=n, n_graphs=N_GRAPHS, directed=1.5, bidirected=0.3)
        mixed = [(ADMG(g.directed, g.bidirected, g.nodes), g) for g in graphs]
        plain = [(ADMG(g.directed, [], g.nodes), g) for g in graphs]
        identified.append(timed([partial(written, a, g) for a, g in mixed]))
        adjusted.append(
            timed([
                partial(minimal_adjustment_set, a, treatment=g.treatment, outcome=g.outcome)
                for a, g in plain
            ])
        )  # fmt: skip
        models = [banded(n, WIDTH, rng) for _ in range(4)]
        query = f"V{n - 1}=1 | do(V0=1)"
        asked.append(timed([partial(model.p, query) for model in models]))
    return curves


def by_width() -> Curve:
    """Time one effect for each width."""
    rng = np.random.default_rng(7)
    query = f"V{N_NODES - 1}=1 | do(V0=1)"
    models = [[banded(N_NODES, width, rng) for _ in range(4)] for width in WIDTHS]
    return [timed([partial(model.p, query) for model in these]) for these in models]


def draw(sizes: dict[str, Curve], widths: Curve) -> None:
    """Draw both pictures."""
    mpl.use("svg")
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "growth", "font.size": 9}):
        figure, (left, right) = plt.subplots(1, 2, figsize=(8.2, 3.3), layout="constrained")
        for (name, curve), colour in zip(
            sizes.items(), ("#0072b2", "#b34700", "#4d7a3a"), strict=True
        ):
            left.loglog(SIZES, curve, "o-", color=colour, label=name, markersize=3)
        left.set(xlabel="nodes", ylabel="milliseconds")
        left.legend(frameon=False)
        right.semilogy(WIDTHS, widths, "o-", color="#4d7a3a", markersize=3)
        slope = 2.0 ** (np.array(WIDTHS) - WIDTHS[-1]) * widths[-1]
        right.semilogy(WIDTHS, slope, ":", color="#66707a", label="twofold for each step")
        right.set(xlabel=f"width of a model of {N_NODES} nodes")
        right.legend(frameon=False)
        for axes in (left, right):
            axes.grid(alpha=0.3)
            axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(FIGURE, metadata={"Date": None})


def main() -> None:
    """Measure, draw, and write the figures down."""
    sizes, widths = by_size(), by_width()
    draw(sizes, widths)
    for name, curve in sizes.items():
        print(name, *(f"{n}: {ms:.3g} ms" for n, ms in zip(SIZES, curve, strict=True)), sep="; ")
    print("width", *(f"{w}: {ms:.3g} ms" for w, ms in zip(WIDTHS, widths, strict=True)), sep="; ")
    ratios = [b / a for a, b in pairwise(widths)]
    print(f"from width to width: {median(ratios):.2f}x")


if __name__ == "__main__":
    main()
