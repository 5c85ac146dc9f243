"""Commitments: hashes fix a form, and the public text holds no key."""

import json

import pytest

from causal_interface_gym.errors import ScenarioError
from causal_interface_gym.scenarios.generated.commitment import (
    CANARY,
    PRIVATE_SEED,
    commit,
    full_text,
    public_text,
)
from causal_interface_gym.scenarios.generated.forms import form


def test_a_form_is_verified_against_its_commitment() -> None:
    first = form("selection", n_worlds=3)
    commitment = commit(first)
    commitment.verify(form("selection", n_worlds=3))
    assert len({commitment.public_sha256, commitment.full_sha256}) == 2
    with pytest.raises(ScenarioError, match="public_sha256, full_sha256"):
        commitment.verify(form("selection", n_worlds=3, seed=1))


def test_the_public_text_tells_the_questions_and_not_the_key() -> None:
    drawn = form("counterfactual", n_worlds=3)
    public, full = json.loads(public_text(drawn)), json.loads(full_text(drawn))
    assert public["canary"] == full["canary"] == CANARY
    assert set(full["worlds"][0]) - set(public["worlds"][0]) == {"cluster", "model", "items"}
    assert "truth" not in public_text(drawn)
    assert "table" not in public_text(drawn)
    assert full["worlds"][0]["items"][0].keys() == {"truth", "reference", "lures"}


def test_base_rates_are_written_as_such() -> None:
    full = json.loads(full_text(form("confounding", n_worlds=1)))
    assert full["worlds"][0]["items"][0]["reference"] == "base rate"


def test_a_private_commitment_shows_no_seed() -> None:
    seed = PRIVATE_SEED + 12345
    shown = json.dumps(commit(form("simpson", seed=seed, n_worlds=2)).to_json())
    assert str(seed) not in shown
    assert CANARY in shown
