"""How each kind of fault changes a reply or its response."""

import json
import zlib
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from random import Random
from typing import Any, Final

from causal_interface_gym.agents.llm.fake.chat import Reply, tokens_of
from causal_interface_gym.agents.llm.fake.fault import Fault
from causal_interface_gym.agents.llm.fake.formats.wire import WireFormat
from causal_interface_gym.agents.llm.fake.response import HTML, TEXT, Response, as_json

__all__ = ["error_of", "spoil_reply", "spoil_response"]

_MEGABYTE: Final = 1_000_000
_LATIN: Final = "the cause of the effect is not the effect of the cause; "
_CONTROL: Final = (
    '\x00\x07\x1b[31m\u202e\ud800</script><script>alert(1)</script>{"percent": \x0b12}\r\n'
)
_EARLY: Final = 0.2
_ODDITIES: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 2**70, 1e308, float("nan"), float("inf"), "", "text", "\x00", [], [None],
    {}, {"text": None}, "\ud800", -0.5, "9" * 5_000,
)  # fmt: skip
_REFUSAL: Final = "I am sorry, but I cannot help with that."
_MESSAGES: Final = {
    400: "The request was not understood.",
    401: "Incorrect API key provided.",
    403: "The key has no right to this model.",
    404: "The model does not exist or you do not have access to it.",
    408: "The request took too long.",
    429: "Too many requests; please slow down.",
    503: "The service is unavailable.",
    504: "The deadline passed.",
    529: "Overloaded",
}
_PAGE: Final = (
    b"<html>\r\n<head><title>Bad Gateway</title></head>\r\n<body>\r\n<center><h1>Bad Gateway"
    b"</h1></center>\r\n<hr><center>proxy</center>\r\n</body>\r\n</html>\r\n"
)


def _half(reply: Reply) -> Reply:
    halves = (tokens_of(text)[: max(1, len(tokens_of(text)) // 2)] for text in reply.texts)
    return replace(reply, texts=tuple(map("".join, halves)), ending="length")


def _texts(text: str) -> Callable[[Fault, Reply], Reply]:
    return lambda _, reply: replace(reply, texts=(text,) * len(reply.texts), odds=())


_REPLIES: Final[Mapping[str, Callable[[Fault, Reply], Reply]]] = {
    "empty": lambda _, reply: replace(reply, texts=()),
    "refusal": lambda _, reply: Reply((_REFUSAL,) * len(reply.texts), "refusal"),
    "filter": lambda _, reply: replace(_half(reply), ending="filter"),
    "length": lambda _, reply: _half(reply),
    "missing": lambda _, reply: replace(reply, ending="missing"),
    "prose": _texts("It depends; somewhere between rarely and often, I would say."),
    "wrong": _texts('{"unasked": "value", "percent": "many"}'),
    "control": _texts(_CONTROL),
    "huge": lambda fault, reply: _texts(_LATIN * int(fault.number("mb") * _MEGABYTE / len(_LATIN)))(
        fault, reply
    ),
}


def spoil_reply(fault: Fault, reply: Reply) -> Reply:
    """Change what the model says, where the fault is about that."""
    change = _REPLIES.get(fault.kind)
    return reply if change is None else change(fault, reply)


def error_of(
    fault: Fault, wire: WireFormat, headers: Mapping[str, str], *, number: int, key: str
) -> Response | None:
    """Give the error that takes the reply's place, None where the fault is no error."""
    if fault.kind == "overflow":
        return as_json(wire.problem(400, wire.overflow(), number), status=400, headers=headers)
    if fault.kind == "html":
        body = (("content-type", HTML), *headers.items())
        return Response(int(fault.number("code")), body, (_PAGE,))
    if fault.kind == "redirect":
        where = (("location", "/v1/elsewhere"), *headers.items())
        return Response(int(fault.number("code")), where, (b"",))
    if fault.kind not in {"status", "echo"}:
        return None
    status = int(fault.number("code"))
    message = _MESSAGES.get(status, "The server had an error while processing the request.")
    if fault.kind == "echo":
        message = f"{message} You sent:{' ' * int(fault.number('blanks'))}{key}"
    elif fault.number("retry_after") >= 0:
        headers = {**headers, "retry-after": f"{fault.number('retry_after'):g}"}
    return as_json(wire.problem(status, message, number), status=status, headers=headers)


def _cut(fault: Fault, response: Response) -> Response:
    n_events = int(fault.number("events"))
    if response.is_stream:
        return replace(response, chunks=response.chunks[:n_events])
    return replace(response, sent_bytes=len(response.chunks[0]) // 2, then="close")


def _truncated(fault: Fault, response: Response) -> Response:
    body = b"".join(response.chunks)
    return replace(response, chunks=(body[: int(len(body) * fault.number("share"))],))


def _halved(fault: Fault, response: Response) -> Response:
    body = b"".join(response.chunks)
    half = body[: len(body) // 2]
    return replace(response, chunks=(half,), is_stream=False, false_length=len(body), then="close")


def _retyped(fault: Fault, response: Response) -> Response:
    others = tuple(pair for pair in response.headers if pair[0] != "content-type")
    return replace(response, headers=(("content-type", TEXT), *others))


def _deep(fault: Fault, response: Response) -> Response:
    levels = int(fault.number("levels"))
    return replace(response, chunks=(b'{"choices":' + b"[" * levels + b"]" * levels + b"}",))


def _packed(fault: Fault, response: Response) -> Response:
    """Pack blanks, which compress a thousandfold, before the sound body."""
    packer = zlib.compressobj(9, wbits=31)
    blank = b" " * _MEGABYTE
    parts = [packer.compress(blank) for _ in range(int(fault.number("mb")))]
    parts += [packer.compress(b"".join(response.chunks)), packer.flush()]
    headers = (*response.headers, ("content-encoding", "gzip"))
    return replace(response, headers=headers, chunks=(b"".join(parts),), is_stream=False)


def _odd(fault: Fault, response: Response) -> Response:
    """Put other values where some are due; the places follow from the body."""
    if response.is_stream:
        return response
    body = response.chunks[0]
    rng = Random(body)  # noqa: S311 - reproducible, nothing to keep secret
    data = json.loads(body)
    for _ in range(int(fault.number("places"))):
        place: Any = data  # Any: JSON
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = rng.choice(keys)
            if not isinstance(place[key], dict | list) or rng.random() < _EARLY:
                place[key] = deepcopy(rng.choice(_ODDITIES))
                break
            place = place[key]
    return replace(response, chunks=(json.dumps(data).encode(),))


_RESPONSES: Final[Mapping[str, Callable[[Fault, Response], Response]]] = {
    "slow": lambda fault, response: replace(response, wait_ms=fault.number("ms")),
    "hang": lambda _, response: replace(response, sent_bytes=0, then="hang"),
    "reset": lambda fault, response: replace(
        response, sent_bytes=int(fault.number("bytes")), then="reset"
    ),
    "close": lambda _, response: replace(response, sent_bytes=0, then="close"),
    "drip": lambda fault, response: replace(
        response, piece=int(fault.number("bytes")), gap_ms=fault.number("ms")
    ),
    "half": _halved,
    "truncated": _truncated,
    "cut": _cut,
    "duplicate": lambda _, response: replace(
        response,
        chunks=tuple(c for chunk in response.chunks for c in (chunk, chunk))
        if response.is_stream
        else response.chunks,
    ),
    "deep": _deep,
    "bomb": _packed,
    "odd": _odd,
    "garbage": lambda _, response: replace(response, chunks=(b"\xff\xfe{{nonsense]\x00",)),
    "type": _retyped,
}


def spoil_response(fault: Fault, response: Response) -> Response:
    """Change how a response goes over the wire, where the fault is about that."""
    change = _RESPONSES.get(fault.kind)
    return response if change is None else change(fault, response)
