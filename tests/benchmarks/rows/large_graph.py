"""Row: ID on a thousand nodes, and that depth is not bounded by the interpreter's stack."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from tests.benchmarks.inputs.graphs import draw_graphs
from tests.benchmarks.inputs.tasks import GraphQuestion, Task
from tests.benchmarks.process import OURS, Group, Readings
from tests.benchmarks.rows.row import OUR_IDENTIFICATION, Checked, Plan, Row

N_NODES = 1000


def groups(plan: Plan) -> Sequence[Group]:
    """Take random graphs, and chains whose arcs force the recursion to its full depth."""
    n_graphs = 3 if plan.quick else 6
    graphs = draw_graphs(n_nodes=N_NODES, n_graphs=n_graphs, directed=1.5, bidirected=0.3)
    chain = (_chain(100), _chain(N_NODES))
    return [
        Group(f"random, n = {N_NODES}", Task("identification", graphs), (OUR_IDENTIFICATION,)),
        Group(f"chain, n = {N_NODES}", Task("identification", chain), (OUR_IDENTIFICATION,)),
        Group("chain, not written out", Task("unwritten", chain), (OUR_IDENTIFICATION,)),
        Group("chain, stack of 100 frames", Task("shallow_stack", chain), (OUR_IDENTIFICATION,)),
    ]


def _chain(n: int) -> GraphQuestion:
    """V0 -> V1 -> ... with an arc between every second pair: identified, deeply."""
    nodes = tuple(f"V{i}" for i in range(n))
    arrows = tuple(pairwise(nodes))
    arcs = tuple(zip(nodes, nodes[2:], strict=False))
    return GraphQuestion(nodes, arrows, arcs, nodes[0], nodes[-1])


def check(group: Group, readings: Mapping[str, Readings]) -> Checked:
    """Every question must have an answer in every round."""
    own = readings[OURS]
    n_asked = len(group.task.questions) - group.task.n_warm
    if own.trouble or any(len(replies) < n_asked for replies in own.rounds):
        return Checked(problems=(f"{group.label}: ours: {own.trouble or 'no answer'}",))
    n_yes = sum(bool(reply.answer) for reply in own.rounds[0].values())
    return Checked({OURS: f"{n_yes} of {n_asked} identified"})


ROW = Row(
    name="large_graph",
    title="ID at 1000 nodes",
    about=(
        "Ours only, estimand and derivation written as text except where said. The chain V0 -> V1 "
        "-> ... carries an arc from every node to the next but one: its formula has a thousand "
        "factors and its text ten million characters. The last line repeats it with the "
        "interpreter's stack cut to a hundred more frames."
    ),
    groups=groups,
    check=check,
)
