"""Renaming changes names and nothing else."""

import numpy as np
import pytest

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.questions.question import ValidAdjustment
from causal_interface_gym.scenarios.names import Naming, nonsense, rename_asked, rename_model

NAMING = Naming({"x": "wug", "y": "dax"}, {"x": {"0": "mip", "1": "tov"}})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("y=1 | do(x=1), z=0", "dax=1 | do(wug=tov), z=0"),
        ("y[x=1, m[x=0]]=1", "dax[wug=tov, m[wug=mip]]=1"),
        ("y=1 | do(x ~ {0: 0.25, 1: 0.75})", "dax=1 | do(wug ~ {mip: 0.25, tov: 0.75})"),
        ("y | do(x)", "dax | do(wug)"),
    ],
)
def test_a_query_is_renamed_everywhere(old: str, new: str) -> None:
    assert rename_asked(Query.parse(old), NAMING) == Query.parse(new)


def test_a_claim_is_renamed_and_sorted() -> None:
    claim = ValidAdjustment("x", "y", ("a", "z"))
    naming = Naming({"a": "zz", "x": "wug"}, {})
    assert rename_asked(claim, naming) == ValidAdjustment("wug", "y", ("z", "zz"))


def test_nonsense_is_fresh_for_every_name_and_label_except_no_and_yes() -> None:
    states = {"rain": ("no", "yes"), "size": ("small", "large")}
    naming = nonsense(states, rng=np.random.default_rng(0))
    words = [naming.name("rain"), naming.name("size"), *naming.states["size"].values()]
    assert len(set(words)) == 4
    assert naming.label("rain", "yes") == "yes"
    assert naming.label("unknown", "high") == "high"


def test_a_renamed_model_keeps_latents_and_numbers() -> None:
    model = SCM.from_tables(
        states={"u": ("0", "1"), "x": ("0", "1"), "y": ("0", "1")},
        parents={"x": ("u",), "y": ("x", "u")},
        tables={
            "u": [0.3, 0.7],
            "x": [[0.2, 0.8], [0.6, 0.4]],
            "y": [[[0.1, 0.9], [0.5, 0.5]], [[0.3, 0.7], [0.8, 0.2]]],
        },
        latent={"u"},
    )
    renamed = rename_model(model, NAMING)
    assert renamed.latent == {"u"}
    assert renamed.p("dax=1 | do(wug=tov)") == pytest.approx(model.p("y=1 | do(x=1)"), abs=1e-15)
