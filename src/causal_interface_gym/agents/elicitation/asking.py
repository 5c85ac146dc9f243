"""Put a form to a model: one call, and one repair turn that quotes what was wrong.

What the model itself spoils (a refusal, a reply that is cut or is no such object) ends as fields
without a value. What its provider spoils is raised, for then there is no answer to count.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from typing import Final

from causal_interface_gym.agents.elicitation.form import Filled, Form
from causal_interface_gym.agents.elicitation.reading.reply import read_reply
from causal_interface_gym.agents.llm.call import Answer, Ask, Client, Message, Sampling
from causal_interface_gym.errors import InvalidOutputError, RefusedError, ReplyError, TruncatedError

__all__ = ["Caller", "Reply", "Request", "plain"]

_QUOTED: Final = 2_000
"""How many characters of a reply the repair turn quotes."""
_FAULT: Final = 300
_TOKENS_A_FIELD: Final = 56
_TOKENS_AROUND: Final = 64
_TOKENS_A_WORD: Final = 4
_SEEDS: Final = 1 << 31


def _as_it_is(filled: Filled) -> Filled:
    return filled


@dataclass(frozen=True, slots=True)
class Request:
    """What is put to a model; ``check`` looks at a reply as a whole.

    ``n_more_tokens`` is what a reply may need beyond its fields, as for reasoning.
    """

    label: str
    messages: tuple[Message, ...]
    form: Form
    repair: str
    check: Callable[[Filled], Filled] = _as_it_is
    n_more_tokens: int = 0
    sample: int = 0
    temperature: float | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a request; ``failure`` is the class of the error where no text came."""

    filled: Filled
    n_calls: int
    failure: str = ""
    answers: tuple[Answer, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Caller:
    """A model in a trial; ``seed`` is that of the trial.

    ``n_spare_tokens`` is allowed beyond what a reply needs: models that think before they answer
    count their thoughts as part of the reply.
    """

    client: Client
    trial: str
    seed: int
    n_spare_tokens: int = 0

    async def put(self, request: Request) -> Reply:
        """Ask, and ask once more where the reply is not as asked.

        Raises:
            OutageError: The provider does not serve.
            StoppingError: No call can succeed before somebody changes something.
        """
        first = await self._once(request, request.messages, request.label)
        if first.filled.is_whole or first.failure not in _REPAIRABLE:
            return first
        messages = (*request.messages, *_repair_turn(request, first))
        second = await self._once(request, messages, f"{request.label}/repair")
        filled = request.check(second.filled.over(first.filled))
        still = tuple(name for name in request.form.names if name not in filled.values)
        faults = filled.faults if still else ()
        return Reply(
            Filled(filled.values, faults, filled.method),
            n_calls=2,
            failure=second.failure if still else "",
            answers=(*first.answers, *second.answers),
        )

    async def word(self, label: str, messages: tuple[Message, ...], *, n_likeliest: int) -> Reply:
        """Ask for one word, with the likeliest alternatives to each of its tokens.

        Raises:
            OutageError: The provider does not serve.
            StoppingError: No call can succeed before somebody changes something.
        """
        sampling = Sampling(
            max_tokens=_TOKENS_A_WORD,
            seed=self._seed(label, 0),
            top_log_probabilities=n_likeliest,
        )
        return await self._answered(Ask(self.trial, label, messages, sampling=sampling))

    async def _once(self, request: Request, messages: tuple[Message, ...], label: str) -> Reply:
        ask = Ask(
            trial=self.trial,
            label=label,
            messages=messages,
            schema=request.form.schema,
            sampling=Sampling(
                temperature=request.temperature,
                max_tokens=_max_tokens(request) + self.n_spare_tokens,
                seed=self._seed(label, request.sample),
            ),
            sample=request.sample,
        )
        reply = await self._answered(ask)
        if reply.failure:
            return reply
        (answer,) = reply.answers
        # Of a reply that was cut off only a whole object counts: its last number may lack digits.
        read = request.form.read if answer.finish == "length" else partial(read_reply, request.form)
        filled = request.check(read(answer.text))
        method = filled.method if filled.values else ""
        return Reply(replace(filled, method=method), 1, answers=reply.answers)

    async def _answered(self, ask: Ask) -> Reply:
        """Ask once; what the model itself spoiled becomes a reply without values."""
        try:
            answer = await self.client.ask(ask)
        except ReplyError as error:
            return Reply(_faulty(str(error)), 1, type(error).__name__)
        if answer.finish in _DECLINED:
            fault = _faulty(f"the reply ended as a {answer.finish}")
            return Reply(fault, 1, RefusedError.__name__, (answer,))
        return Reply(Filled({}), 1, answers=(answer,))

    def _seed(self, label: str, sample: int) -> int:
        text = f"{self.seed} {self.trial} {label} {sample}"
        return int.from_bytes(sha256(text.encode()).digest()[:8], "big") % _SEEDS


_REPAIRABLE: Final = frozenset({"", InvalidOutputError.__name__, TruncatedError.__name__})
"""What a second turn may mend: a reply in another form, or none that was whole."""

_DECLINED: Final = frozenset({"refusal", "filter"})


def _faulty(message: str) -> Filled:
    return Filled({}, (plain(message[:_FAULT]),))


def plain(text: str) -> str:
    """Give text without control characters and halves of characters, as it can be stored."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() or c == "\n" else " " for c in whole)


def _max_tokens(request: Request) -> int:
    return _TOKENS_AROUND + _TOKENS_A_FIELD * len(request.form.fields) + request.n_more_tokens


def _repair_turn(request: Request, first: Reply) -> tuple[Message, ...]:
    faults = "\n".join(f"- {plain(fault[:_FAULT])}" for fault in first.filled.faults)
    said = "".join(answer.text for answer in first.answers)
    quoted = plain(said[:_QUOTED]).strip() or "(no reply that could be read)"
    return (
        Message("assistant", quoted),
        Message("user", request.repair.replace("$faults", faults)),
    )
