"""Format controls tell a model that cannot say a number from one that can."""

import asyncio
import json
import re

import pytest

from causal_interface_gym.agents.elicitation.controls import Controls, controls, run_controls
from causal_interface_gym.agents.elicitation.format import FORMATS, Format
from causal_interface_gym.agents.llm.call import Ask
from tests.unit.agents.scripted import TextClient

SEEN = re.compile(r"found to be 1, y happens in (\d+) %")
DONE = re.compile(r"set to 1 by force, y happens in (\d+) %")
TOLD = re.compile(r"probability is (\d+) %")


def in_unit(ask: Ask, name: str, percent: int) -> object:
    assert ask.schema is not None
    number = percent * (10 if "out_of_1000" in name else 1)
    is_text = ask.schema["properties"][name]["type"] == "string"
    return str(number) if is_text else number


def fields_of(ask: Ask) -> list[str]:
    assert ask.schema is not None
    return list(ask.schema["properties"])


def attentive(ask: Ask) -> str:
    """Read names and numbers as they are meant."""
    text = ask.messages[1].text
    values = {}
    for name in fields_of(ask):
        pattern = TOLD if "told" in name else SEEN if "see" in name or "observe" in name else DONE
        found = pattern.search(text)
        assert found is not None
        values[name] = in_unit(ask, name, int(found[1]))
    return json.dumps(values)


def in_order(ask: Ask) -> str:
    """Copy the numbers in the order in which they are told."""
    numbers = [int(n) for n in re.findall(r"(\d+) %", ask.messages[1].text)]
    names = fields_of(ask)
    return json.dumps({n: in_unit(ask, n, p) for n, p in zip(names, numbers, strict=True)})


def zeros(ask: Ask) -> str:
    return json.dumps({name: in_unit(ask, name, 0) for name in fields_of(ask)})


def integers_only(ask: Ask) -> str:
    values = json.loads(attentive(ask))
    return json.dumps({name: int(value) for name, value in values.items()})


def run(client: TextClient, formats: tuple[Format, ...] = FORMATS) -> Controls:
    return asyncio.run(run_controls(client, trial="openai:m/controls", formats=formats))


def test_an_attentive_model_passes_every_item_of_every_format() -> None:
    found = run(TextClient(make=attentive))
    assert not found.is_failed
    assert len(found.formats) == 8
    assert {(f.n_copied, f.n_copy_items) for f in found.formats} == {(3, 3)}
    assert {(f.n_told_apart, f.n_label_items) for f in found.formats} == {(4, 4)}
    assert found.n_exchanged == 0
    assert str(found) == "8 of 8 formats work; 0 items exchanged"


def test_a_model_that_cannot_copy_through_any_format_has_failed() -> None:
    found = run(TextClient(make=zeros))
    assert found.is_failed
    assert str(found).startswith("elicitation failed")


def test_a_model_that_refuses_has_failed() -> None:
    found = run(TextClient(["no"], finish="refusal"))
    assert found.is_failed


def test_one_format_that_works_is_enough() -> None:
    found = run(TextClient(make=integers_only))
    assert [f.works for f in found.formats] == [made.kind == "integer" for made in FORMATS]
    assert not found.is_failed


def test_a_model_that_copies_places_is_found_out() -> None:
    found = run(TextClient(make=in_order))
    assert not found.is_failed
    assert {f.n_told_apart for f in found.formats} == {2}
    assert found.n_exchanged == found.n_in_order == 16


def test_items_have_labels_of_their_own_and_the_same_every_time() -> None:
    labels = [item.request.label for item in controls()]
    assert len(set(labels)) == len(labels) == 8 * 7
    assert labels == [item.request.label for item in controls()]


@pytest.mark.parametrize("format", FORMATS, ids=str)
def test_a_format_meets_both_orders_of_telling_and_both_larger_numbers(format: Format) -> None:
    swaps = [item for item in controls((format,)) if item.kind == "label_swap"]
    in_asked_order = [item.told == tuple(item.expected) for item in swaps]
    asked = [tuple(item.expected.values()) for item in swaps]
    rises = [first < second for first, second in asked]
    assert sorted(in_asked_order) == [False, False, True, True]
    assert sorted(rises) == [False, False, True, True]
    assert len(set(zip(in_asked_order, rises, strict=True))) == 4


def test_controls_ask_in_the_words_and_the_order_of_the_format() -> None:
    (first, *_) = [i for i in controls((Format("force_observe", "reversed"),)) if i.kind != "copy"]
    assert tuple(first.expected) == (
        "percent_with_x_forced_to_1",
        "percent_where_we_observe_x_is_1",
    )
