"""Costly metrics look at the same worlds for everybody; what they find is summed up truly."""

from causal_interface_gym import scenarios
from causal_interface_gym.gym.action import Belief, Believe, Hypothesise, Intervene, Submit
from causal_interface_gym.gym.episode import Episode, Event
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.runs.grades.audits import Auditor, AuditTally
from causal_interface_gym.runs.grades.conduct import ConductTally
from causal_interface_gym.runs.grades.sampling import sample_of
from causal_interface_gym.runs.grades.sequences import SequenceTally
from causal_interface_gym.runs.grades.statements import graph_held, stated
from causal_interface_gym.runs.records import Record, Trial
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.scoring.marking import mark_episode
from causal_interface_gym.scoring.robust import Estimate
from causal_interface_gym.scoring.unscored import Unscored

BLIND = interface("blind")
GRAPH = interface("graph")


def record(log: tuple[Event, ...], scenario: str = "kidney-stones-v1", seed: int = 0) -> Record:
    return Record(Trial("a", scenario, "blind", seed), "digest", log)


def played(*, p: float, rows: int = 0, scenario: str = "kidney-stones-v1") -> tuple[Event, ...]:
    """Believe p of everything, experiment, believe again, submit."""
    world = scenarios.get(scenario).world()
    episode = Episode.new(world, BLIND, seed=1)
    for step in range(3):
        shifted = 0.5 * p + 0.1 * step
        episode.act(Believe(tuple(Belief(q.id, shifted) for q in world.questions)))
        if rows:
            name, label = world.variables[0].name, world.variables[0].labels[0]
            episode.act(Intervene(((name, label),), rows))
    episode.act(Submit())
    return episode.log


def test_a_sample_is_spread_over_scenarios_first() -> None:
    spec = RunSpec(("reference:oracle",), scenarios.ids()[:12], (0, 1, 2))
    few = sample_of(spec, limit=4)
    assert few.worlds == {(spec.scenarios[i], 0) for i in (0, 3, 6, 9)}
    assert few.n_worlds == 36
    more = sample_of(spec, limit=14)
    assert {seed for _, seed in more.worlds} == {0, 1}
    assert len(more.worlds) == 14
    assert len(sample_of(spec, limit=1000).worlds) == 36
    assert sample_of(spec, limit=0).worlds == frozenset()


def test_costs_are_summed_over_episodes() -> None:
    tally = ConductTally(BLIND)
    log = played(p=0.5, rows=10)
    for _ in range(2):
        tally.add(record(log))
    found = tally.result()
    assert found.n_episodes == 2
    assert found.n_rows == 60
    assert found.budget_spent == 60 * BLIND.experiment_row_cost
    assert found.n_refused == 0


def test_a_refusal_is_counted() -> None:
    episode = Episode.new(scenarios.get("asia-v1").world(), BLIND, seed=1)
    episode.act({"kind": "dance"})
    tally = ConductTally(BLIND)
    tally.add(record(episode.log))
    assert tally.result().n_refused == 1


def test_updates_are_pooled_into_one_line_with_an_interval_by_world() -> None:
    tally = SequenceTally(BLIND)
    for scenario in ("kidney-stones-v1", "berkeley-admissions-v1", "birth-weight-v1"):
        world = scenarios.get(scenario).world()
        tally.add(record(played(p=0.5, rows=5, scenario=scenario)), world)
    found = tally.result()
    assert found.n_examined == 3
    assert found.n_changes > 2
    assert found.n_choices > 0
    assert isinstance(found.efficiency, float)
    assert isinstance(found.slope, Estimate | Unscored)


def test_an_episode_without_rows_or_learner_is_left_out_with_the_reason() -> None:
    tally = SequenceTally(BLIND)
    tally.add(record(played(p=0.5)), scenarios.get("kidney-stones-v1").world())
    hidden = scenarios.get("smoking-tar-v1").world()
    tally.add(record(played(p=0.5, rows=5, scenario="smoking-tar-v1")), hidden)
    assert set(tally.result().left_out) == {
        "no rows were drawn",
        "the world has hidden variables; list models",
    }
    assert isinstance(tally.result().slope, Unscored)


def test_equal_beliefs_are_audited_once() -> None:
    world = scenarios.get("kidney-stones-v1").world()
    auditor = Auditor(GRAPH)
    tally = AuditTally(auditor)
    log = played(p=0.5)
    for _ in range(2):
        tally.add(record(log), mark_episode(log, world), world)
    found = tally.result()
    assert (found.n_audited, found.n_measured) == (2, 2)
    said = stated(mark_episode(log, world), world)
    assert found.n_statements == 2 * len(said.statements)
    assert auditor.n_audits == 1


def test_the_graph_is_the_last_hypothesis_else_the_one_shown_else_none() -> None:
    world = scenarios.get("kidney-stones-v1").world()
    episode = Episode.new(world, BLIND, seed=1)
    first, second = (v.name for v in world.variables[:2])
    assert graph_held(episode.log, world, is_shown=False) == ()
    assert graph_held(episode.log, world, is_shown=True) == (world.graph,)
    episode.act(Hypothesise(((first, second),), ()))
    (held,) = graph_held(episode.log, world, is_shown=True)
    assert held.directed == ((first, second),)


def test_a_hypothesis_that_is_no_graph_is_data() -> None:
    world = scenarios.get("kidney-stones-v1").world()
    episode = Episode.new(world, BLIND, seed=1)
    first, second = (v.name for v in world.variables[:2])
    episode.act(Hypothesise(((first, second), (second, first)), ()))
    tally = AuditTally(Auditor(BLIND))
    tally.add(record(episode.log), mark_episode(episode.log, world), world)
    found = tally.result()
    assert found.n_measured == 0
    assert sum(found.unmeasured.values()) == 1
