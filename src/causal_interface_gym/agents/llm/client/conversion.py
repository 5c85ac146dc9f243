"""From a question to the library's request, and from its response to an answer."""

import json
from typing import Any, Final, cast

from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    SystemPromptPart,
    TextPart,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.settings import ModelSettings

from causal_interface_gym.agents.llm.call import (
    Answer,
    Ask,
    Finish,
    LogProbability,
    Message,
    Usage,
)
from causal_interface_gym.agents.llm.client.wire import Exchange
from causal_interface_gym.agents.llm.providers.redaction import Redactor
from causal_interface_gym.agents.llm.providers.table import Wire
from causal_interface_gym.errors import OverloadedError, TruncatedError

__all__ = ["answer_of", "messages_of", "needs_schema_as_text", "parameters_of", "settings_of"]

_FINISHES: Final[dict[str, Finish]] = {
    "stop": "stop",
    "tool_call": "stop",
    "length": "length",
    "content_filter": "filter",
}
_SHOWN: Final = 60
_SCHEMA_NOTE: Final = (
    "Reply with one JSON object that this JSON schema accepts, and with nothing else:\n"
)


def messages_of(ask: Ask, *, schema_as_text: bool) -> list[ModelMessage]:
    """Write a conversation in the library's terms; the schema goes into it where that is asked."""
    said = list(ask.messages)
    if schema_as_text and ask.schema is not None:
        said.insert(0, Message("system", _SCHEMA_NOTE + json.dumps(ask.schema)))
    made: list[ModelMessage] = []
    for message in said:
        if message.role == "assistant":
            made.append(ModelResponse(parts=[TextPart(message.text)]))
            continue
        is_system = message.role == "system"
        part = SystemPromptPart(message.text) if is_system else UserPromptPart(message.text)
        if made and isinstance(made[-1], ModelRequest):
            made[-1].parts = [*made[-1].parts, part]
        else:
            made.append(ModelRequest(parts=[part]))
    return made


def parameters_of(ask: Ask, *, schema_as_text: bool) -> ModelRequestParameters:
    """Ask for the schema by the provider's own means, where it has them."""
    if ask.schema is None or schema_as_text:
        return ModelRequestParameters(output_mode="text", allow_text_output=True)
    wanted = OutputObjectDefinition(json_schema=ask.schema, name="reply", strict=True)
    return ModelRequestParameters(
        output_mode="native", output_object=wanted, allow_text_output=False
    )


def settings_of(ask: Ask, wire: Wire, timeout_s: float) -> ModelSettings:
    """Say how the reply is drawn; the library itself never retries."""
    sampling = ask.sampling
    # Any: each provider adds settings of its own.
    made: dict[str, Any] = {
        "max_tokens": sampling.max_tokens,
        "timeout": timeout_s,
        "max_retries": 0,
    }
    if sampling.temperature is not None:
        made["temperature"] = sampling.temperature
    if sampling.seed is not None:
        made["seed"] = sampling.seed
    if sampling.top_log_probabilities and wire != "anthropic":
        made[f"{wire}_logprobs"] = True
        made[f"{wire}_top_logprobs"] = sampling.top_log_probabilities
    return cast("ModelSettings", made)


def needs_schema_as_text(model: Model) -> bool:
    """Say whether a model takes no schema, so that it is told of it in words."""
    return not model.profile.get("supports_json_schema_output", False)


def answer_of(
    ask: Ask, response: ModelResponse, exchange: Exchange, model: str, redactor: Redactor
) -> Answer:
    """Read the library's response; a secret of ours that comes back in it is taken out.

    Raises:
        TruncatedError: It does not say why it ended, so it may have been cut off.
        OverloadedError: It holds no reply at all.
    """
    details = response.provider_details or {}
    refusal = str(details.get("refusal") or "")
    text = refusal or "".join(p.content for p in response.parts if isinstance(p, TextPart))
    usage = response.usage
    is_priced = usage.cost is not None and not usage.unmeasured_requests
    return Answer(
        text=_storable(redactor.exact(text)),
        finish="refusal" if refusal else _finish(response, text, has_wire=bool(exchange.request)),
        model=_storable(redactor.exact(response.model_name or model)),
        usage=Usage(usage.input_tokens, usage.output_tokens, usage.cache_read_tokens),
        cost_usd=float(usage.cost) if is_priced and usage.cost is not None else None,
        request_id=_storable(
            redactor.exact(exchange.request_id or response.provider_response_id or "")
        ),
        dropped=exchange.dropped(ask),
        fingerprint=redactor.exact(exchange.fingerprint),
        log_probabilities=_log_probabilities(details.get("logprobs")),
    )


def _storable(text: str) -> str:
    """Replace halves of surrogate pairs, which no file and no database takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _finish(response: ModelResponse, text: str, *, has_wire: bool) -> Finish:
    """Say why a reply ended, by the provider's own word where there was a provider.

    The library calls a reply without a reason finished, so the provider's word is looked for.
    """
    said = (response.provider_details or {}).get("finish_reason")
    if said == "refusal":
        return "refusal"
    found = _FINISHES.get(response.finish_reason or "")
    if found == "filter":
        return found
    if has_wire and not said:
        if not text:
            raise OverloadedError("the reply is empty")
        raise TruncatedError("the reply has no finish reason, so it may have been cut off")
    if found is None:
        raise OverloadedError(f"the reply ended with {str(said)[:_SHOWN]!r}")
    return found


def _log_probabilities(raw: Any) -> tuple[LogProbability, ...]:  # noqa: ANN401 - JSON
    """Read the log-probabilities of OpenAI's or of Google's form."""
    if isinstance(raw, list):
        return tuple(_openai_token(entry) for entry in raw)
    if isinstance(raw, dict):
        chosen = raw.get("chosen_candidates") or []
        tops = [entry.get("candidates") or [] for entry in raw.get("top_candidates") or []]
        tops += [[]] * (len(chosen) - len(tops))
        return tuple(_google_token(one, top) for one, top in zip(chosen, tops, strict=False))
    return ()


def _openai_token(entry: dict[str, Any]) -> LogProbability:  # Any: JSON
    others = tuple(
        (_storable(o["token"]), float(o["logprob"])) for o in entry.get("top_logprobs") or ()
    )
    return LogProbability(_storable(entry["token"]), float(entry["logprob"]), others)


def _google_token(entry: dict[str, Any], top: list[dict[str, Any]]) -> LogProbability:  # Any: JSON
    others = tuple((_storable(o["token"]), float(o["log_probability"])) for o in top)
    return LogProbability(_storable(entry["token"]), float(entry["log_probability"]), others)
