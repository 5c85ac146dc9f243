"""Format controls: questions whose answer is told, so that a wrong reply is the format's doing.

A copy item says a probability and asks for it. A label-swap item says two, one seen and one done,
and asks for both; the order in which they are told and asked, and which of them is larger, change
from item to item. Who cannot copy a number through any format has not been measured by them, and
gets "elicitation failed" instead of a causal score; who gives the two numbers in the order in which
they were told reads places, not names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from causal_interface_gym.agents.elicitation.asking import Caller, Reply, Request
from causal_interface_gym.agents.elicitation.fields import Amount
from causal_interface_gym.agents.elicitation.form import Form, Value
from causal_interface_gym.agents.elicitation.format import FORMATS, Format
from causal_interface_gym.agents.llm.call import Client, Message
from causal_interface_gym.agents.prompts.prompt import prompt

__all__ = [
    "Control",
    "ControlResult",
    "Controls",
    "FormatResult",
    "controls",
    "judge",
    "run_controls",
]

Kind = Literal["copy", "label_swap"]

_TOLD: Final = (35, 80, 5)
"""Percentages that copy items tell; none is 0, 50 or 100, which a model may say by itself."""
_PAIRS: Final = ((30, 60), (60, 30), (15, 75), (75, 15))
"""What is seen and what is done in label-swap items, in percent."""
_NEAR: Final = 0.005


@dataclass(frozen=True, slots=True)
class Control:
    """One control item; ``expected`` gives the right probability for each field.

    ``told`` are the fields in the order in which their numbers are told.
    """

    kind: Kind
    format: Format
    request: Request
    expected: Mapping[str, float]
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ControlResult:
    """How an item was answered: right, with the numbers exchanged, wrong, or not at all."""

    kind: Kind
    format: str
    outcome: Literal["right", "exchanged", "wrong", "missing"]
    is_in_order: bool


@dataclass(frozen=True, slots=True)
class FormatResult:
    """How a format fared; it works for a model that copies more than half of the numbers."""

    format: str
    n_copied: int
    n_copy_items: int
    n_told_apart: int
    n_label_items: int

    @property
    def works(self) -> bool:
        """Whether the model can say a number through this format."""
        return 2 * self.n_copied > self.n_copy_items


@dataclass(frozen=True, slots=True)
class Controls:
    """The verdict over all formats.

    ``is_failed``: no format works, so no causal score may be given. ``n_exchanged`` label-swap
    items had the two numbers the wrong way round; ``n_in_order`` of them are explained by copying
    the numbers in the order in which they were told.
    """

    formats: tuple[FormatResult, ...]
    n_exchanged: int
    n_in_order: int

    @property
    def is_failed(self) -> bool:
        """Whether elicitation failed under every format."""
        return not any(found.works for found in self.formats)

    def __str__(self) -> str:
        """Say the verdict in a line."""
        n_works = sum(found.works for found in self.formats)
        if self.is_failed:
            return f"elicitation failed: no number was copied in any of {len(self.formats)} formats"
        return f"{n_works} of {len(self.formats)} formats work; {self.n_exchanged} items exchanged"


def controls(formats: Sequence[Format] = FORMATS) -> tuple[Control, ...]:
    """Make the control items: for each format three to copy and four to tell apart."""
    return tuple(
        item
        for place, format in enumerate(formats)
        for item in (
            *(_copy(format, place, told) for told in _TOLD),
            *(_label_swap(format, place, number) for number in range(len(_PAIRS))),
        )
    )


async def run_controls(
    client: Client, *, trial: str, seed: int = 0, formats: Sequence[Format] = FORMATS
) -> Controls:
    """Put all control items to a model and judge the replies.

    Raises:
        OutageError: The provider does not serve.
        StoppingError: No call can succeed before somebody changes something.
    """
    caller = Caller(client, trial, seed)
    items = controls(formats)
    return judge([(item, await caller.put(item.request)) for item in items])


def judge(answered: Sequence[tuple[Control, Reply]]) -> Controls:
    """Judge replies; nothing but the items and the replies is read."""
    results = [result_of(item, reply.filled.values) for item, reply in answered]
    names = dict.fromkeys(result.format for result in results)
    exchanged = [result for result in results if result.outcome == "exchanged"]
    return Controls(
        tuple(_of_format(name, results) for name in names),
        n_exchanged=len(exchanged),
        n_in_order=sum(result.is_in_order for result in exchanged),
    )


def result_of(item: Control, values: Mapping[str, Value]) -> ControlResult:
    """Judge one reply by its valid values."""
    name = str(item.format)
    if set(values) != set(item.expected):
        return ControlResult(item.kind, name, "missing", is_in_order=False)
    if all(_is_near(values[f], p) for f, p in item.expected.items()):
        return ControlResult(item.kind, name, "right", is_in_order=False)
    turned = dict(zip(item.expected, reversed(tuple(item.expected.values())), strict=True))
    if item.kind == "copy" or not all(_is_near(values[f], p) for f, p in turned.items()):
        return ControlResult(item.kind, name, "wrong", is_in_order=False)
    return ControlResult(
        item.kind, name, "exchanged", is_in_order=item.told != tuple(item.expected)
    )


def _is_near(value: Value, p: float) -> bool:
    return abs(float(value) - p) <= _NEAR


def _of_format(name: str, results: Sequence[ControlResult]) -> FormatResult:
    own = [result for result in results if result.format == name]
    copies = [result.outcome for result in own if result.kind == "copy"]
    labels = [result.outcome for result in own if result.kind == "label_swap"]
    return FormatResult(
        name, copies.count("right"), len(copies), labels.count("right"), len(labels)
    )


def _copy(format: Format, place: int, told: int) -> Control:
    name = f"{format.unit}_that_you_are_told"
    text = f"The probability is {told} %. Report it."
    return _item(
        "copy", format, f"{place}/copy/{told}", text=text, asked={name: told}, told=(name,)
    )


def _label_swap(format: Format, place: int, number: int) -> Control:
    seen, done = _PAIRS[number]
    if format.wording == "set_see":
        see, act = (f"{format.unit}_if_we_{words}" for words in ("see_x_is_1", "set_x_to_1"))
    else:
        see, act = (f"{format.unit}_{w}" for w in ("where_we_observe_x_is_1", "with_x_forced_to_1"))
    sentences = {
        see: f"Among cases in which x is found to be 1, y happens in {seen} %.",
        act: f"When x is set to 1 by force, y happens in {done} %.",
    }
    told = (see, act) if number in {0, 3} else (act, see)
    asked = {act: done, see: seen} if format.is_reversed else {see: seen, act: done}
    text = " ".join([*(sentences[name] for name in told), "Report how often y happens."])
    label = f"{place}/label_swap/{number}"
    return _item("label_swap", format, label, text=text, asked=asked, told=told)


def _item(
    kind: Kind,
    format: Format,
    label: str,
    *,
    text: str,
    asked: Mapping[str, int],
    told: tuple[str, ...],
) -> Control:
    fields = tuple(Amount(name, format.whole, format.kind == "digits") for name in asked)
    listed = "\n".join(f"- {field.name}: from 0 to {field.whole}" for field in fields)
    request = Request(
        label=f"control/{label}",
        messages=(
            Message("system", prompt("control_system").text),
            Message("user", prompt("control").filled(told=text, fields=f"Fields:\n{listed}")),
        ),
        form=Form(fields),
        repair=prompt("repair").text,
    )
    return Control(kind, format, request, {name: p / 100 for name, p in asked.items()}, told)
