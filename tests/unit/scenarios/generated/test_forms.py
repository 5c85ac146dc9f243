"""Forms: who must not score does not, references are 0 and 1, and a seed fixes everything."""

import subprocess
import sys
from functools import cache
from itertools import islice

import numpy as np
import pytest

from causal_interface_gym.agents.reference.adjust_everything import adjust_everything
from causal_interface_gym.agents.reference.associational import associational
from causal_interface_gym.agents.reference.marginal import marginal
from causal_interface_gym.agents.reference.oracle import oracle
from causal_interface_gym.agents.reference.policy import Rule
from causal_interface_gym.agents.reference.reverse import reverse
from causal_interface_gym.agents.reference.uniform import uniform as uniform_belief
from causal_interface_gym.causal import SCM
from causal_interface_gym.errors import ScenarioError
from causal_interface_gym.questions.families import HEADLINE
from causal_interface_gym.questions.question import Asked, Distribution
from causal_interface_gym.scenarios.generated.commitment import commit
from causal_interface_gym.scenarios.generated.derive import second_truth
from causal_interface_gym.scenarios.generated.forms import (
    HEADLINE_WORLDS,
    Form,
    form,
    stream_worlds,
)
from causal_interface_gym.scenarios.generated.screening.admit import LURES_APART, TRUTH
from causal_interface_gym.scenarios.generated.structure.difficulty import LEVELS
from causal_interface_gym.scenarios.generated.structure.strata import FORMS
from causal_interface_gym.scoring.causal_score import CausalScore, causal_scores
from causal_interface_gym.scoring.marking import Answered, Mark

pytestmark = pytest.mark.no_cover  # test_admit and test_worlds reach the same, with fewer worlds

CLAIMS = ("adjustment", "confounding", "direction", "answerable")
ADJUSTING_LOSES = ("selection", "mediation")
GAP_LURE = {"simpson": "other level of aggregation"}


def uniform(model: SCM, asked: Asked, *, rng: np.random.Generator) -> float:
    """Look at nothing."""
    del model
    return uniform_belief(asked, rng=rng)


@cache
def drawn(family: str, level: int = 2) -> Form:
    return form(family, level=level, n_worlds=HEADLINE_WORLDS)


def score(drawn_form: Form, rule: Rule) -> float:
    rng = np.random.default_rng(0)
    marks = [
        Mark(
            "form", 0, world.cluster, f"q{n}", item.family, item.name, item.truth,
            item.reference, item.lures, Answered(rule(world.model, item.asked, rng=rng)),
        )
        for world in drawn_form.worlds
        for n, item in enumerate(world.items)
    ]  # fmt: skip
    scored = causal_scores(marks).families[drawn_form.family]
    assert isinstance(scored, CausalScore)
    return scored.value


def test_every_headline_family_has_a_form() -> None:
    assert set(HEADLINE) <= set(FORMS)


@pytest.mark.parametrize("rule", [uniform, marginal, reverse], ids=lambda r: r.__name__)
@pytest.mark.parametrize("family", HEADLINE)
def test_who_knows_nothing_does_not_score(family: str, rule: Rule) -> None:
    assert score(drawn(family), rule) <= 1e-12


@pytest.mark.parametrize("level", [1, 3, 4, 5])
@pytest.mark.parametrize("family", HEADLINE)
def test_who_knows_nothing_does_not_score_at_any_level(family: str, level: int) -> None:
    short = form(family, level=level, n_worlds=12)
    assert max(score(short, rule) for rule in (uniform, marginal, reverse)) <= 1e-12


@pytest.mark.parametrize("family", HEADLINE)
def test_the_oracle_scores_one_and_the_seer_zero(family: str) -> None:
    assert score(drawn(family), oracle) == pytest.approx(1, abs=1e-12)
    assert score(drawn(family), associational) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("family", ADJUSTING_LOSES)
def test_adjusting_for_everything_scores_below_the_seer(family: str) -> None:
    assert score(drawn(family), adjust_everything) < 0


@pytest.mark.parametrize("family", CLAIMS)
def test_claims_are_confirmed_by_the_oracle_and_lost_by_denial(family: str) -> None:
    short = form(family, level=3, n_worlds=12)
    assert score(short, oracle) == pytest.approx(1, abs=1e-12)
    assert score(short, reverse) < 0


@pytest.mark.parametrize("family", CLAIMS)
def test_claims_are_neither_all_true_nor_all_false(family: str) -> None:
    share = float(np.mean([item.truth for item in drawn(family).items]))
    assert 0.2 < share < 0.8


def test_each_direction_is_equally_frequent_and_its_parts_are_one_distribution() -> None:
    items = form("direction", n_worlds=12).items
    alternatives = [item.name.partition(" ")[2] for item in items if item.truth == 1]
    assert len(alternatives) == 12
    assert sum(item.truth for item in items) == pytest.approx(len(items) / 3)
    for item in items[:3]:
        assert isinstance(item.elicited, Distribution)
        assert item.elicited.uniform == pytest.approx(1 / 3)


@pytest.mark.parametrize("family", [f for f in FORMS if f not in CLAIMS])
def test_every_item_obeys_the_rules_of_admission(family: str) -> None:
    for world in drawn(family).worlds:
        for item in world.items:
            assert TRUTH[0] <= item.truth <= TRUTH[1]
            first = item.lure[GAP_LURE.get(family, item.lures[0].fallacy)]
            if world.blueprint.is_control or item.truth == item.reference:
                continue
            assert abs(first - item.truth) >= LEVELS[1].gap
            for lure in item.lures[1:]:
                assert abs(lure.value - item.truth) >= LURES_APART


@pytest.mark.parametrize("family", HEADLINE)
def test_controls_are_confounded_a_little(family: str) -> None:
    controls = [w for w in drawn(family).worlds if w.blueprint.is_control]
    assert len(controls) >= HEADLINE_WORLDS // 5
    gaps = [abs(float(i.reference) - i.truth) for w in controls for i in w.items
            if isinstance(i.reference, float)]  # fmt: skip
    assert 0 < min(gaps) <= max(gaps) <= 0.0501


@pytest.mark.parametrize("family", FORMS)
def test_truths_are_those_of_a_second_algorithm(family: str) -> None:
    for world in form(family, level=4, n_worlds=6).worlds:
        for item in world.items:
            assert second_truth(world.model, item.asked) == pytest.approx(item.truth, abs=1e-9)


@pytest.mark.parametrize("family", FORMS)
def test_displayed_hundredths_are_the_exact_world(family: str) -> None:
    for world in drawn(family).worlds[:20]:
        for variable in world.model.nodes:
            hundredths = world.model.cpt(variable) * 100
            assert np.abs(hundredths - hundredths.round()).max() < 1e-9


def test_the_worlds_of_a_form_are_distinct() -> None:
    worlds = drawn("intervention").worlds
    assert len({world.digest for world in worlds}) == len(worlds) == HEADLINE_WORLDS


def test_a_longer_form_begins_with_the_shorter_one() -> None:
    short = form("front-door", n_worlds=5)
    assert [w.digest for w in short.worlds] == [w.digest for w in drawn("front-door").worlds[:5]]
    streamed = islice(stream_worlds("front-door"), 5)
    assert [w.digest for w in short.worlds] == [w.digest for w in streamed]


def test_another_seed_or_level_gives_other_worlds() -> None:
    forms = [form("simpson", n_worlds=2, **more) for more in ({}, {"seed": 1}, {"level": 3})]
    assert len({world.digest for each in forms for world in each.worlds}) == 6


@pytest.mark.parametrize("hash_seed", ["0", "4242"])
def test_a_form_is_the_same_in_every_process(hash_seed: str) -> None:
    code = (
        "from causal_interface_gym.scenarios.generated import commit, form; "
        "print(commit(form('intervention', level=3, seed=7, n_worlds=5)).full_sha256)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONHASHSEED": hash_seed},
    )
    here = commit(form("intervention", level=3, seed=7, n_worlds=5))
    assert run.stdout.strip() == here.full_sha256


@pytest.mark.parametrize(
    ("family", "level", "n_worlds", "message"),
    [
        ("astrology", 2, 1, "no worlds are generated"),
        ("simpson", 9, 1, "levels run from 1 to 5"),
        ("simpson", 2, 0, "at least one world"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    family: str, level: int, n_worlds: int, message: str
) -> None:
    with pytest.raises(ScenarioError, match=message):
        form(family, level=level, n_worlds=n_worlds)
