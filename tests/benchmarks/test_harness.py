"""The benchmark's own arithmetic, tables, readers and oracle; nothing here is timed."""

from pathlib import Path

import pytest

from causal_interface_gym.agents.llm.call import Answer
from causal_interface_gym.agents.llm.client.composition import make_client
from causal_interface_gym.agents.llm.providers.access import ProviderSettings
from tests.benchmarks import page
from tests.benchmarks.inputs.graphs import draw_graphs, is_minimal, is_valid
from tests.benchmarks.inputs.networks import draw_counterfactuals, draw_effects, read_network
from tests.benchmarks.inputs.provider import least_provider
from tests.benchmarks.inputs.tasks import (
    CountQuestion,
    GraphQuestion,
    NetworkQuestion,
    Reply,
    Task,
    reply_from_json,
    reply_to_json,
    task_from_json,
    task_to_json,
)
from tests.benchmarks.process import OURS, Engine, Group, Readings
from tests.benchmarks.ratios import Line, NoFigure, Span, compare
from tests.benchmarks.rows.effect import compare_numbers
from tests.benchmarks.rows.gym.calls import DIRECT, remarked
from tests.benchmarks.rows.row import OUR_MODEL, RowResult
from tests.benchmarks.table import cells, format_time, markdown, plain
from tests.strategies import asking

SCENE = Path(__file__).parent / "inputs" / "scene.bif"


def reading(name: str, *rounds: dict[int, float], answer: float = 0.5) -> Readings:
    made = [
        {i: Reply(i, seconds, [answer, 1 - answer], 30.0 + i) for i, seconds in r.items()}
        for r in rounds
    ]
    return Readings(name, made)


def lines(*readings: Readings) -> dict[str, Line]:
    return {line.engine: line for line in compare("g", {r.engine: r for r in readings}, n_asked=2)}


def test_a_ratio_divides_the_medians_of_one_round() -> None:
    ours = reading(OURS, {1: 0.001, 2: 0.001}, {1: 0.002, 2: 0.002}, {1: 0.001, 2: 0.001})
    peer = reading("peer", {1: 0.010, 2: 0.010}, {1: 0.010, 2: 0.010}, {1: 0.040, 2: 0.040})
    assert lines(ours, peer)["peer"].ratio == Span(median=10.0, low=5.0, high=40.0)


def test_a_ratio_uses_only_the_questions_both_answered() -> None:
    ours = reading(OURS, {1: 0.001, 2: 9.0})
    peer = reading("peer", {1: 0.004})
    line = lines(ours, peer)["peer"]
    assert line.ratio == Span(4.0, 4.0, 4.0)
    assert (line.n_answered, line.n_asked) == (1, 2)


def test_a_peer_without_an_answer_has_a_reason_and_no_figure() -> None:
    silent = Readings("peer", [], trouble="no answer in 15 s")
    line = lines(reading(OURS, {1: 0.001}), silent)["peer"]
    assert line.ratio == NoFigure("no answer in 15 s")
    assert cells(line)[4] == "-"


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(0.0123, "12.3 us"), (0.5, "500 us"), (1.5, "1.50 ms"), (250.0, "250 ms"), (2500.0, "2.50 s")],
)
def test_a_time_is_written_in_the_unit_that_reads_best(milliseconds: float, text: str) -> None:
    assert format_time(Span(milliseconds, milliseconds, milliseconds)) == text


def test_both_tables_hold_every_line_and_escape_bars() -> None:
    figure = Span(1.0, 1.0, 1.0)
    line = Line("P(y | do x)", "peer", figure, figure, figure, figure, 2, 2, note="same")
    result = RowResult("row", "Title", "About.", (line,))
    assert "P(y | do x)  peer    1.00 ms" in plain(result)
    assert "| P(y \\| do x) | peer | 1.00 ms |" in markdown(result)


def test_a_skipped_row_says_why() -> None:
    result = RowResult("row", "Title", "About.", skipped="nothing there")
    assert "nothing there" in plain(result)
    assert "Skipped: nothing there." in markdown(result)


def test_a_run_of_one_row_rewrites_its_section_and_says_when(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "PAGE", tmp_path / "benchmarks.md")
    old = [RowResult("a", "First", "one"), RowResult("b", "Second", "two")]
    page.write_page(old, versions={"numpy": "2"}, absent=(), n_rounds=5)
    whole = page.PAGE.read_text("utf-8")
    made = [RowResult("b", "Second", "three"), RowResult("c", "Third", "four")]
    page.write_page(made, versions={}, absent=(), n_rounds=3, is_whole=False)
    text = page.PAGE.read_text("utf-8")
    assert text.startswith(whole.partition("## Second")[0])
    assert [part.partition("\n")[0] for part in text.split("\n## ")[1:]] == [
        "First",
        "Second",
        "Third",
    ]
    assert "three\n\nMeasured on " in text
    assert "two" not in text
    assert text.count("; 3 rounds.") == 2


def test_answers_that_differ_are_a_problem_and_name_the_question() -> None:
    task = Task("effect", (NetworkQuestion("y", "x", "1"), NetworkQuestion("y", "x", "0")))
    group = Group("NET", task, (OUR_MODEL, Engine("peer", "peer", "peer")))
    ours = reading(OURS, {1: 0.001}, answer=0.25)
    assert not compare_numbers(
        group, {OURS: ours, "peer": reading("peer", {1: 1}, answer=0.25)}
    ).problems
    wrong = compare_numbers(group, {OURS: ours, "peer": reading("peer", {1: 1}, answer=0.26)})
    assert "state='0'" in wrong.problems[0]
    lost = compare_numbers(
        group, {OURS: ours, "peer": reading("peer", {1: 1}, answer=float("nan"))}
    )
    assert lost.problems


def test_tasks_and_replies_survive_json() -> None:
    graph = GraphQuestion(("a", "b"), (("a", "b"),), (), "a", "b")
    for task in (
        Task("identification", (graph,)),
        Task("worlds", (CountQuestion("intervention", 25, 3),)),
        Task("effect", (NetworkQuestion("y", "x", "1", (("z", "0"),), "1"),), "path", n_warm=0),
    ):
        assert task_from_json(task_to_json(task)) == task
    reply = Reply(1, 0.5, [0.25, 0.75], 30.0)
    assert reply_from_json(reply_to_json(reply)) == reply


def test_the_second_bif_reader_puts_rows_in_parent_order() -> None:
    network = read_network(SCENE)
    assert network.parents["wet"] == ("rain", "sprinkler")
    assert network.tables["wet"] == (0.98, 0.02, 0.1, 0.9, 0.15, 0.85, 0.02, 0.98)


def test_questions_repeat_from_run_to_run() -> None:
    network = read_network(SCENE)
    for draw in (draw_effects, draw_counterfactuals):
        assert draw(network, name="scene", n=5) == draw(network, name="scene", n=5)


def test_the_treatment_is_upstream_of_the_outcome() -> None:
    network = read_network(SCENE)
    for question in draw_effects(network, name="scene", n=20):
        assert question.treatment in network.ancestors({question.outcome}) - {question.outcome}


FORK = GraphQuestion(
    ("m", "x", "y", "z"), (("z", "x"), ("z", "y"), ("x", "m"), ("m", "y")), (), "x", "y"
)


@pytest.mark.parametrize(
    ("chosen", "valid", "minimal"),
    [(["z"], True, True), ([], False, False), (["m"], False, False), (["z", "m"], False, False)],
)
def test_the_oracle_knows_the_confounder_from_the_mediator(
    chosen: list[str], valid: bool, minimal: bool
) -> None:
    assert is_valid(FORK, chosen) is valid
    assert (is_valid(FORK, chosen) and is_minimal(FORK, chosen)) is minimal


def test_the_oracle_sees_that_a_collider_opens_a_path() -> None:
    arrows = (("a", "c"), ("b", "c"), ("a", "x"), ("b", "y"), ("x", "y"))
    m_bias = GraphQuestion(("a", "b", "c", "x", "y"), arrows, (), "x", "y")
    assert is_valid(m_bias, [])
    assert not is_valid(m_bias, ["c"])
    assert is_valid(m_bias, ["c", "a"])
    assert not is_minimal(m_bias, ["c", "a"])


def test_drawn_graphs_are_confounded_where_asked() -> None:
    for question in draw_graphs(
        n_nodes=12, n_graphs=5, directed=2.0, bidirected=0.0, confounded=True
    ):
        assert not is_valid(question, [])
        parents = [tail for tail, head in question.directed if head == question.treatment]
        assert is_valid(question, parents)


def test_the_least_provider_is_one_that_our_client_understands() -> None:
    with least_provider(0.0) as url:
        access = ProviderSettings("compatible", base_url=url)
        client = make_client(access, "gpt-4o", asking.ONCE)
        found = asking.asked(client, asking.question(), asking.question("Again?"))
    assert [type(each) for each in found] == [Answer, Answer]
    assert {each.usage.output_tokens for each in found if isinstance(each, Answer)} == {12}


def test_a_row_of_calls_says_what_share_of_the_library_is_left() -> None:
    figures: dict[str, list[list[float]]] = {
        OURS: [[2.0, 0.4, 0.1, 90.0]],
        DIRECT: [[1.6, 0.3, 0.1, 80.0]],
    }
    own = lines(reading(OURS, {1: 0.002}))[OURS]
    note = remarked(own, figures, n_calls=100).note
    assert note == (
        "50 calls/s, 4.00 ms CPU a call, 99 % within 100 ms; "
        "80% of pydantic-ai direct's rate (aim: at least 70%)"
    )
