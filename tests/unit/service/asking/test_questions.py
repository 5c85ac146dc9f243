"""Scenarios and questions over HTTP: the answers of the command line, and no truth."""

import json
from pathlib import Path

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.causal.formats.bif import write_bif
from causal_interface_gym.causal.formats.model_json import graph_to_json, model_to_json
from tests.unit.cli.test_commands import read
from tests.unit.service.served import Service

MODEL = {"scenario": "smoking-tar-v1"}


def test_the_scenarios_are_listed_page_by_page(service: Service) -> None:
    found: list[str] = []
    cursor = ""
    while cursor is not None:
        got = service.get(f"/api/v1/scenarios?limit=7&cursor={cursor}").json
        found += [entry["id"] for entry in got["items"]]
        cursor = got["next"]
    assert found == sorted(scenarios.ids())
    assert service.get("/api/v1/scenarios?cursor=%00").status == 422
    assert service.get("/api/v1/scenarios?limit=0").status == 422


def test_a_scenario_is_shown_without_truths_lures_or_graph(service: Service) -> None:
    got = service.get("/api/v1/scenarios/simpson-reversal-v1")
    assert set(got.json) == {"id", "field", "title", "story", "variables", "citations"}
    truths = [item.truth for item in scenarios.get("simpson-reversal-v1").world().items]
    assert not any(repr(truth).encode() in got.body for truth in truths)
    assert service.get("/api/v1/scenarios/none-v1").status == 404
    assert service.get("/api/v1/scenarios/..%2f..%2fetc").status == 404


def test_who_has_the_same_already_gets_no_body(service: Service) -> None:
    first = service.get("/api/v1/scenarios/asia-v1")
    again = service.get("/api/v1/scenarios/asia-v1", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert service.get("/api/v1/interfaces", If_None_Match=first.headers["etag"]).status == 200


@pytest.mark.parametrize("query", ["P(cancer=1 | do(smoking=1))", "P(cancer | smoking=1)"])
def test_an_answer_is_that_of_the_command_line(service: Service, query: str) -> None:
    found = scenarios.get("smoking-tar-v1")
    names = {"smoking": found.treatment, "cancer": found.outcome}
    labels = {name: found.model.states[real][-1] for name, real in names.items()}
    for name, real in names.items():
        query = query.replace(f"{name}=1", f"{real}={labels[name]}").replace(
            f"({name} ", f"({real} "
        )
    got = service.post("/api/v1/questions/evaluate", {"model": MODEL, "query": query})
    assert got.status == 200, got.body
    assert got.json == read("query", "smoking-tar-v1", query)


def test_a_verdict_and_an_adjustment_are_those_of_the_command_line(service: Service) -> None:
    bow = "dag { X -> Y; X <-> Y }"
    got = service.post(
        "/api/v1/questions/identify", {"model": {"dagitty": bow}, "query": "P(Y | do(X))"}
    )
    assert got.json["identified"] is False
    assert got.json["witness"]["first"] != got.json["witness"]["second"]
    asked = {"model": {"dagitty": "dag { Z -> X; Z -> Y; X -> Y }"}}
    found = service.post("/api/v1/questions/adjust", {**asked, "treatment": "X", "outcome": "Y"})
    assert found.json["adjustment_sets"] == [["Z"]]
    assert found.json == read("adjust", "dag { Z -> X; Z -> Y; X -> Y }", "X", "Y")


def test_a_model_may_be_sent_in_each_of_its_forms(service: Service, tmp_path: Path) -> None:
    model = scenarios.get("sprinkler-v1").model
    write_bif(model, tmp_path / "model.bif")
    name = model.nodes[-1]
    query = f"P({name}={model.states[name][0]})"
    forms = [
        {"scenario": "sprinkler-v1"},
        {"bif": (tmp_path / "model.bif").read_text("utf-8")},
        {"document": json.loads(model_to_json(model))},
    ]
    values = [
        service.post("/api/v1/questions/evaluate", {"model": form, "query": query}).json["value"]
        for form in forms
    ]
    assert values == pytest.approx([model.p(query)] * 3, abs=1e-12)
    graph = {"document": json.loads(graph_to_json(model.graph))}
    refused = service.post("/api/v1/questions/evaluate", {"model": graph, "query": query})
    assert (refused.status, "without numbers" in refused.json["detail"]) == (422, True)


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("P(cancr=1)", "unknown-variable"),
        ("P(", "query-syntax"),
    ],
)
def test_an_error_of_the_engine_is_a_problem_of_its_own_type(
    service: Service, query: str, kind: str
) -> None:
    got = service.post("/api/v1/questions/evaluate", {"model": MODEL, "query": query})
    assert got.status == 422
    assert got.json["type"] == f"urn:causal-interface-gym:problem:{kind}"
    assert got.json["request_id"] == got.headers["x-request-id"]


def test_a_model_that_is_too_large_is_refused(service: Service) -> None:
    edges = "; ".join(f"a{n} -> a{n + 1}" for n in range(600))
    form = {"model": {"dagitty": f"dag {{ {edges} }}"}, "query": "P(a5 | do(a1))"}
    got = service.post("/api/v1/questions/identify", form)
    assert (got.status, "500 variables" in got.json["detail"]) == (422, True)
