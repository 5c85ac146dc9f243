"""Let an agent take part: ask it for actions until the episode is closed.

Whatever an agent does wrong becomes data of the episode: it raises, never submits, or sends what is
no action, and the episode ends with the reason in its log. What a provider does wrong (it is down,
it wants another key, the budget is used up) is not the agent's doing: it goes through to the host.
"""

from typing import Final

from causal_interface_gym.errors import CausalGymError, OutageError, StoppingError
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.log import CLOSING
from causal_interface_gym.gym.observation import Closed, Ended
from causal_interface_gym.gym.participant import Agent, PrivilegedAgent

__all__ = ["Agent", "Ending", "PrivilegedAgent", "ending_of", "play"]

Ending = Closed | Ended
"""How an episode came to its end: submitted, or ended for a reason."""

_DETAIL: Final = 300


async def play(agent: Agent, episode: Episode) -> Ending:
    """Let an agent act until the episode is closed, and say how it came to that.

    The episode ends by itself when actions or refusals are used up. An agent that raises ends it
    too; the message of our own errors is kept, of others only the type, which tells no secret.

    Raises:
        OutageError: The agent's provider does not serve; the episode stays open.
        StoppingError: No call of the agent can succeed; the episode stays open.
    """
    while not episode.is_closed:
        try:
            action = await agent.act(episode.brief, episode.shown)
        except (OutageError, StoppingError):
            raise
        except CausalGymError as error:
            episode.end("agent_error", f"{type(error).__name__}: {error}"[:_DETAIL])
        except Exception as error:  # an agent is foreign code: what it raises is data, not a crash
            episode.end("agent_error", type(error).__name__)
        else:
            episode.act(action)
    return ending_of(episode)


def ending_of(episode: Episode) -> Ending:
    """Say how a closed episode ended; one that is still open was stopped by its host."""
    for event in episode.log:
        match event.observation:
            case {"kind": "ended", "reason": reason, "detail": str(detail)}:
                return Ended(reason, detail)
            case {"kind": str(kind)} if kind in CLOSING:
                return Closed()
            case _:
                continue
    return Ended("stopped", "the episode is still open")
