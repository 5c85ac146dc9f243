"""What a query with several worlds means, on models small enough to answer by hand."""

import pytest

from causal_interface_gym.causal import SCM
from causal_interface_gym.causal.enumeration import enumerate_probability

BITS = ("0", "1")


@pytest.fixture
def copying() -> SCM:
    """Y copies X; B stands apart."""
    return SCM.from_tables(
        states={"X": BITS, "B": BITS, "Y": BITS},
        parents={"Y": ("X",)},
        tables={"X": [0.5, 0.5], "B": [0.25, 0.75], "Y": [[1, 0], [0, 1]]},
    )


@pytest.mark.parametrize(
    ("query", "truth"),
    [
        ("Y[B=0]=1, Y=0 | do(X ~ {0: 0.5, 1: 0.5})", 0.0),
        ("Y[B=0]=1, Y=0 | do(X ~ {0: 0.5, 1: 0.5}, B[B=1])", 0.0),
        ("Y[X ~ {0: 0.5, 1: 0.5}]=1, Y=0 | do(X ~ {0: 0.5, 1: 0.5})", 0.25),
        ("Y[X ~ {0: 0.5, 1: 0.5}]=1, Y[X ~ {0: 0.5, 1: 0.5}]=0", 0.0),
        ("Y[X ~ {0: 0.5, 1: 0.5}]=1, Y[X ~ {0: 0.5, 1: 0.5}, B=0]=0", 0.25),
        ("B[B[Y=0]]=1 | do(B=0)", 0.0),
        ("B=1 | do(B[Y=0])", 0.75),
        ("Y=1 | do(Y[X[Y=0], B=1], X=0)", 0.5),
        ("Y[X[B=0]]=1 | do(X=1)", 1.0),
    ],
)
def test_a_draw_is_one_where_it_is_inherited_and_new_where_it_is_declared(
    copying: SCM, query: str, truth: float
) -> None:
    assert copying.p(query) == pytest.approx(truth, abs=1e-12)
    assert enumerate_probability(copying, query) == pytest.approx(truth, abs=1e-12)
