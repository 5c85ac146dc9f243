"""One spelling for one question."""

import pytest

from causal_interface_gym.causal.query import Query
from causal_interface_gym.questions.spelling import canonical


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("y=1, x=0 | z=a", "P(x=0, y=1 | z=a)"),
        ("y[x=1]=1", "P(y=1 | do(x=1))"),
        ("y[x=1]=1 | z[x=1]=a", "P(y=1 | do(x=1), z=a)"),
        ("y[x=1]=1 | x=0", "P(y[x=1]=1 | x=0)"),
        ("y[x=0]=1 | do(x=1)", "P(y=1 | do(x=0))"),
        ("y[m[x=0], x=1]=1", "P(y[m[x=0], x=1]=1)"),
        ("y=1 | do(m[x=0], x=1)", "P(y[m[x=0], x=1]=1)"),
        ("y[m[x=0]]=1 | do(x=1)", "P(y[m[x=0], x=1]=1)"),
        ("y[z=a]=1 | do(m[x=0])", "P(y[z=a]=1 | do(m[x=0]))"),
        ("y[z=a]=1 | do(x ~ {0: 0.5, 1: 0.5})", "P(y[z=a]=1 | do(x ~ {0: 0.5, 1: 0.5}))"),
    ],
)
def test_queries_that_ask_the_same_get_one_spelling(text: str, spelling: str) -> None:
    assert str(canonical(Query.parse(text))) == spelling
