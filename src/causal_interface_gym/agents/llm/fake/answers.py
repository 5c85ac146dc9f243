"""What the fake answers: a rule of the prompt and a seed, so the same request has the same reply.

The numbers know nothing of causes. A reply is valid under the schema that was sent.
"""

import json
import math
import re
from random import Random
from typing import Any, Final

from causal_interface_gym.agents.llm.call import LogProbability
from causal_interface_gym.agents.llm.fake.chat import Chat, Reply, tokens_of
from causal_interface_gym.agents.llm.fake.values import value_under

__all__ = ["log_probabilities", "reply_to", "shortened"]

_OPTION: Final = re.compile(r"^\s*\(?([A-Z])[).:]", re.MULTILINE)
_OFF_MENU: Final = 0.02
_UNASKED: Final = "Perhaps"
_CERTAIN: Final = -0.001


def reply_to(chat: Chat, seed: int) -> Reply:
    """Answer a chat: JSON where JSON is asked for, an option with log-probabilities, a sentence."""
    texts: list[str] = []
    odds: tuple[tuple[str, float], ...] = ()
    for index in range(chat.n_choices):
        rng = _rng(chat, seed, index)
        if chat.wants_json:
            texts.append(json.dumps(value_under(chat.schema or {"type": "object"}, rng)))
        elif chat.top_log_probabilities is not None:
            odds = _odds(chat.prompt, rng)
            texts.append(next(token for token, _ in odds if token != _UNASKED))
        else:
            texts.append(f"I believe that the probability is {rng.randint(0, 100)} %.")
    return shortened(chat, Reply(tuple(texts), odds=odds))


def shortened(chat: Chat, reply: Reply) -> Reply:
    """Cut a reply at the tokens that were allowed, as a provider does."""
    limit = chat.max_tokens
    if limit is None or all(len(tokens_of(text)) <= limit for text in reply.texts):
        return reply
    texts = tuple("".join(tokens_of(text)[:limit]) for text in reply.texts)
    return Reply(texts, "length", reply.odds)


def log_probabilities(reply: Reply, text: str, n_alternatives: int) -> list[LogProbability]:
    """Give each token's log-probability; the first token's alternatives are the reply's odds."""
    places = []
    for number, token in enumerate(tokens_of(text)):
        odds = dict(reply.odds) if number == 0 and token in dict(reply.odds) else {token: _CERTAIN}
        alternatives = tuple(odds.items())[:n_alternatives]
        places.append(LogProbability(token, odds[token], alternatives))
    return places


def _odds(prompt: str, rng: Random) -> tuple[tuple[str, float], ...]:
    """Share the mass among the options, likeliest first; a little goes to what nobody offered."""
    options = list(dict.fromkeys(_OPTION.findall(prompt))) or ["Yes", "No"]
    weights = [rng.uniform(0.01, 1) for _ in options]
    scale = (1 - _OFF_MENU) / sum(weights)
    shares = {_UNASKED: _OFF_MENU}
    shares |= {option: scale * weight for option, weight in zip(options, weights, strict=True)}
    ranked = sorted(shares.items(), key=lambda pair: -pair[1])
    return tuple((token, math.log(share)) for token, share in ranked)


def _rng(chat: Chat, seed: int, index: int) -> Random:
    """Seed by everything that the reply may depend on; a text seeds by its SHA-512."""
    shape = json.dumps(chat.schema, sort_keys=True)
    parts: tuple[Any, ...] = (seed, chat.model, chat.prompt, shape, chat.seed, index)  # Any: mixed
    return Random("\0".join(map(str, parts)))  # noqa: S311 - reproducible, nothing to keep secret
