"""A belief from the probabilities of the words: how likely the model was to say each option.

A server reports the likeliest tokens before any grammar is applied. The mass on an option is that
of all its spellings by case, blanks and punctuation; the options are scaled to sum to 1, and what
lay beside them is reported as off the menu. With much off the menu the scaled numbers mean little.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, fsum, isnan
from typing import Final

from causal_interface_gym.agents.llm.call import LogProbability

__all__ = ["Chosen", "read_choices"]

_AROUND: Final = " \t\n\r\"'`*.,:;()[]{}_-▁Ġ"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Probabilities of the options, which sum to 1, and the mass beside them, in [0, 1]."""

    probabilities: Mapping[str, float]
    off_menu: float


def read_choices(tokens: Sequence[LogProbability], options: Sequence[str]) -> Chosen | None:
    """Read the first token that says something; None where no option has any mass there.

    Options differ in more than case. A token that is blank by itself is passed over, as a model may
    begin with one.

    >>> from math import log
    >>> token = LogProbability("Yes", log(0.6), (("Yes", log(0.6)), (" no", log(0.2))))
    >>> found = read_choices([token], ("yes", "no"))
    >>> {option: round(p, 9) for option, p in found.probabilities.items()}
    {'yes': 0.75, 'no': 0.25}
    """
    for token in tokens:
        if not _bare(token.token):
            continue
        seen = {token.token: token.log_probability, **dict(token.alternatives)}
        masses = {
            option: fsum(
                exp(min(logarithm, 0.0))
                for text, logarithm in seen.items()
                if _bare(text) == option.casefold() and not isnan(logarithm)
            )
            for option in options
        }
        total = fsum(masses.values())
        if total <= 0:
            return None
        scaled = {option: mass / total for option, mass in masses.items()}
        return Chosen(scaled, min(max(1.0 - total, 0.0), 1.0))
    return None


def _bare(text: str) -> str:
    return text.strip(_AROUND).casefold()
