"""An agent whose acts and beliefs come from a language model.

It draws and believes in turn, at most ``max_draws`` times, as far as the interface lets it draw;
then it submits, and its last beliefs stand. Everything follows from the brief, the events that are
shown, and the seed: the agent keeps nothing between actions, so the same answers of the model give
the same log. Where the model gives no valid answer the question stays open and the episode goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from causal_interface_gym.agents.elicitation.asking import Caller
from causal_interface_gym.agents.elicitation.format import Format, format_of
from causal_interface_gym.agents.elicitation.notes import NoteSink, unnoted
from causal_interface_gym.agents.language.apart import ask_apart
from causal_interface_gym.agents.language.choosing import choose
from causal_interface_gym.agents.language.closing import unanswerable
from causal_interface_gym.agents.llm.call import Client
from causal_interface_gym.agents.llm.identity import ModelAgentId
from causal_interface_gym.agents.scene.progress import DRAWS, Progress
from causal_interface_gym.agents.strategies.registry import strategy
from causal_interface_gym.agents.strategies.turn import Strategy, Turn
from causal_interface_gym.gym.action import Action, Believe, Submit
from causal_interface_gym.gym.belief import Belief, StatedDistribution, StatedInterval, Statement
from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.log import Event

__all__ = ["MAX_DRAWS", "SPARE_TOKENS", "LanguageAgent", "language_agent"]

MAX_DRAWS: Final = 4
"""How often an agent may draw."""
SPARE_TOKENS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "openai": 8_192,
        "anthropic": 8_192,
        "google": 8_192,
        "openrouter": 8_192,
        "compatible": 1_024,
        "ollama": 1_024,
        "local": 0,
    }
)
"""Tokens beyond a reply, by provider: room to think in, where the context is surely long enough."""


@dataclass(frozen=True, slots=True)
class LanguageAgent:
    """An agent of a model; ``trial`` is the trial's key as text, ``seed`` the trial's seed.

    ``samples`` is the K of a strategy that draws more than once; ``n_spare_tokens`` is allowed
    beyond what each reply needs. ``is_asked_apart`` has each question put once more by itself.
    """

    id: str
    client: Client = field(repr=False)
    strategy: Strategy
    format: Format
    trial: str
    seed: int
    samples: int = 1
    max_draws: int = MAX_DRAWS
    n_spare_tokens: int = 0
    note: NoteSink = field(default=unnoted, repr=False)
    is_asked_apart: bool = False

    async def act(self, brief: Brief, log: Sequence[Event]) -> Action:
        """Choose the next action.

        Raises:
            OutageError: The provider does not serve; the trial stays unfinished.
            StoppingError: No call can succeed before somebody changes something.
        """
        progress = Progress.of(brief, log, max_draws=self.max_draws)
        turn = Turn(
            Caller(self.client, self.trial, self.seed, self.n_spare_tokens),
            brief,
            log,
            progress.step,
            self.format,
            self.samples,
            self.note,
        )
        if progress.n_actions_left <= 1:
            return await self._last_words(turn, progress)
        if progress.last in DRAWS:
            return Believe(*_sorted(await self.strategy.believe(turn)))
        if self._may_draw(progress, brief):
            draw = await choose(turn, progress, max_draws=self.max_draws)
            if draw is not None:
                return draw
        return await self._answer(turn, progress)

    def _may_draw(self, progress: Progress, brief: Brief) -> bool:
        """Say whether the model is asked for a draw: not after it has said that it answers now."""
        has_answered = progress.last == "hypothesise" or (
            progress.last == "believe" and not progress.n_draws
        )
        is_open = progress.n_draws < self.max_draws and not progress.is_refused
        return is_open and not has_answered and progress.can_draw(brief)

    async def _answer(self, turn: Turn, progress: Progress) -> Action:
        """Believe if nothing was said since the last draw, state a graph, and submit."""
        if not progress.last:
            return Believe(*_sorted(await self.strategy.believe(turn)))
        if progress.last == "believe" and not progress.is_refused:
            graph = await self.strategy.hypothesise(turn)
            if graph is not None:
                return graph
        if self.is_asked_apart:
            await ask_apart(turn)
        return Submit(unanswerable=await unanswerable(turn))

    async def _last_words(self, turn: Turn, progress: Progress) -> Submit:
        """Submit with the one action that is left; say what was not said before."""
        if progress.last in {"believe", "hypothesise"}:
            return Submit()
        beliefs, distributions, intervals = _sorted(await self.strategy.believe(turn))
        return Submit(beliefs, distributions=distributions, intervals=intervals)


def language_agent(
    agent: str | ModelAgentId,
    client: Client,
    *,
    trial: str,
    scenario: str,
    seed: int,
    max_draws: int = MAX_DRAWS,
    note: NoteSink = unnoted,
    is_asked_apart: bool = False,
) -> LanguageAgent:
    """Make the agent with an id for a trial; its format follows from scenario and seed.

    Raises:
        RunError: The id is none, or there is no such strategy.
    """
    named = ModelAgentId.parse(agent) if isinstance(agent, str) else agent
    return LanguageAgent(
        id=str(named),
        client=client,
        strategy=strategy(named.strategy),
        format=format_of(scenario, seed),
        trial=trial,
        seed=seed,
        samples=named.samples,
        max_draws=max_draws,
        n_spare_tokens=SPARE_TOKENS[named.provider],
        note=note,
        is_asked_apart=is_asked_apart and named.strategy == "direct",
    )


def _sorted(
    statements: Sequence[Statement],
) -> tuple[tuple[Belief, ...], tuple[StatedDistribution, ...], tuple[StatedInterval, ...]]:
    return (
        tuple(s for s in statements if isinstance(s, Belief)),
        tuple(s for s in statements if isinstance(s, StatedDistribution)),
        tuple(s for s in statements if isinstance(s, StatedInterval)),
    )
