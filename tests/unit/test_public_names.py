"""The public names are those that the README and the reference promise."""

import importlib
import inspect

import pytest

import causal_interface_gym.causal as engine

PROMISED = {
    "ADMG",
    "SCM",
    "Identified",
    "NotIdentified",
    "Query",
    "adjustment_sets",
    "frontdoor_sets",
    "identify",
    "implied_independencies",
    "instruments",
    "is_adjustment_set",
    "m_separated",
}


def test_the_engine_exports_what_is_promised() -> None:
    assert set(engine.__all__) >= PROMISED
    assert all(hasattr(engine, name) for name in engine.__all__)


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_every_promised_name_says_what_it_is(name: str) -> None:
    assert inspect.getdoc(getattr(engine, name))


@pytest.mark.parametrize("name", ["read_bif", "write_bif"])
def test_the_reader_and_writer_of_bif_stand_where_they_are_promised(name: str) -> None:
    assert callable(
        getattr(importlib.import_module("causal_interface_gym.causal.formats.bif"), name)
    )
