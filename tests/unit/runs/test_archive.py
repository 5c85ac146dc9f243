"""Worlds are stored whole, under the hash of what was stored."""

import hashlib
from dataclasses import fields, replace
from typing import cast

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.archive import StoredWorld, store_world
from causal_interface_gym.scenarios.world import World, model_digest

HOMEWORK = scenarios.get("homework-v1").world(seed=2)


@pytest.mark.parametrize("scenario", scenarios.ids())
@pytest.mark.parametrize("seed", [0, 1])
def test_every_world_comes_back_with_all_it_held(scenario: str, seed: int) -> None:
    world = scenarios.get(scenario).world(seed=seed)
    stored = store_world(world)
    back = stored.load()
    for part in {f.name for f in fields(World)} - {"model"}:
        assert getattr(back, part) == getattr(world, part), part
    assert model_digest(back.model) == model_digest(world.model)
    assert back.digest == world.digest == stored.digest
    assert store_world(back) == stored


def test_worlds_that_differ_in_a_truth_only_have_other_addresses() -> None:
    other = replace(
        HOMEWORK,
        items=(replace(HOMEWORK.items[0], truth=0.125), *HOMEWORK.items[1:]),
    )
    first, second = store_world(HOMEWORK), store_world(other)
    assert first.digest == second.digest
    assert first.address != second.address
    assert second.load().items[0].truth == 0.125


def test_a_text_that_was_changed_is_refused() -> None:
    stored = store_world(HOMEWORK)
    with pytest.raises(RunError, match="another hash"):
        replace(stored, body=stored.body.replace("truth", "trust")).load()


@pytest.mark.parametrize("body", ["{", "[]", '{"is": "Dragon"}', '{"is": "World"}', '{"model": 1}'])
def test_a_text_of_another_version_is_refused(body: str) -> None:
    address = hashlib.sha256(body.encode()).hexdigest()
    with pytest.raises(RunError, match="another version"):
        StoredWorld(address, "", body).load()


def test_a_part_without_a_stored_form_is_refused() -> None:
    odd = replace(HOMEWORK, title=cast("str", b"bytes"))
    with pytest.raises(RunError, match="has no stored form"):
        store_world(odd)
