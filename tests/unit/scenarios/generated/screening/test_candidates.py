"""Candidates: counted, repeatable, and given up where there are none."""

from itertools import islice

import pytest

from causal_interface_gym.errors import ScenarioError
from causal_interface_gym.scenarios.generated.forms import Pool
from causal_interface_gym.scenarios.generated.screening.candidates import Source, candidates


def test_the_same_source_gives_the_same_candidates() -> None:
    source = Source("intervention", "mediator", 2, 3)
    once, again = (list(islice(candidates(source), 12)) for _ in range(2))
    assert [c.surplus for c in once] == [c.surplus for c in again]
    assert len({str(c.surplus) for c in once}) == 12


def test_every_draw_up_to_a_candidate_is_counted() -> None:
    found = list(islice(candidates(Source("association", "mediator", 2, 0)), 5))
    assert all(c.n_drawn >= 1 for c in found)
    assert sum(c.n_drawn for c in found) > 100


def test_imagined_worlds_stay_small() -> None:
    source = Source("counterfactual", "confounder", 5, 0)
    assert len(next(candidates(source)).blueprint.nodes) <= 6


def test_a_structure_without_admissible_worlds_is_given_up() -> None:
    # The reference of an association is the base rate, which is exact without a confounder.
    source = Source("association", "no-effect", 2, 0)
    assert list(candidates(source, most_empty=3)) == []


def test_a_form_that_cannot_be_balanced_is_refused() -> None:
    pool = Pool(Source("front-door", "front-door-control", 1, 0))
    with pytest.raises(ScenarioError, match="leaves the form admissible"):
        pool.take({"constant 0.5": -1000.0})
