"""Bounds, transport, experiments, layouts, drawings and other forms, over HTTP."""

import json
from typing import Any

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.causal import ADMG
from causal_interface_gym.causal.formats.drawing.layout import places
from causal_interface_gym.causal.formats.forms import GRAPH_FORMS, MODEL_FORMS, written
from causal_interface_gym.errors import FormatError
from tests.unit.cli.test_commands import read
from tests.unit.service.served import Service

# Any: JSON.
Json = dict[str, Any]
BOW = {"dagitty": "dag { X -> Y; X <-> Y }"}
TAR = {"scenario": "smoking-tar-v1"}


def ask(service: Service, path: str, **form: object) -> Json:
    got = service.post(f"/api/v1/{path}", form)
    assert got.status == 200, got.body
    found: Json = got.json
    return found


def test_an_experiment_answers_what_observation_does_not(service: Service) -> None:
    query = "P(Y | do(X))"
    seen = ask(service, "questions/identify", model=BOW, query=query)
    assert (seen["identified"], seen["obstruction"]["kind"]) == (False, "hedge")
    done = ask(service, "questions/identify", model=BOW, query=query, experiments=[["X"]])
    assert (done["identified"], done["estimand"]) == (True, "P(Y | do(X))")
    every = ask(service, "questions/identify", model=BOW, query=query, experiments="all")
    assert every["identified"] is True


def test_an_effect_is_transported_as_on_the_command_line(service: Service) -> None:
    graph = "dag { Z -> X; Z -> Y; X -> Y; X <-> Y }"
    sources = ["target", "LA do(X) differs(Z)"]
    form = {"model": {"dagitty": graph}, "query": "P(Y | do(X))", "sources": sources}
    got = ask(service, "questions/transport", **form)
    named = [part for source in sources for part in ("--source", source)]
    assert got == read("transport", graph, "P(Y | do(X))", *named)
    assert got["estimand"] == "sum_{Z} P_LA(Y | do(X), Z) P(Z)"
    no = ask(service, "questions/transport", **{**form, "sources": ["LA do(X) differs(Y)"]})
    assert no["identified"] is False
    wrong = service.post("/api/v1/questions/transport", {**form, "sources": ["LA maybe(X)"]})
    assert (wrong.status, wrong.json["type"].split(":")[-1]) == (422, "query-syntax")


def test_bounds_are_those_of_the_command_line_and_hold_the_truth(service: Service) -> None:
    found = scenarios.get("smoking-tar-v1")
    x, y = found.treatment, found.outcome
    query = f"P({y}={found.model.states[y][-1]} | do({x}={found.model.states[x][-1]}))"
    got = ask(service, "questions/bounds", model=TAR, query=query)
    assert got == read("bounds", "smoking-tar-v1", query)
    assert got["lower"] - 1e-9 <= found.model.p(query) <= got["upper"] + 1e-9
    tables = ask(service, "questions/bounds", model=TAR, query=query, known="tables")
    assert tables["identified"] is True
    both = {"model": TAR, "query": query, "known": "tables", "experiments": [[x]]}
    assert service.post("/api/v1/questions/bounds", both).status == 422
    known = ask(service, "questions/bounds", model=TAR, query=query, experiments=[[x]])
    assert known["upper"] - known["lower"] <= 1e-7


def test_bounds_of_a_large_model_are_refused(service: Service) -> None:
    got = service.post(
        "/api/v1/questions/bounds", {"model": {"bif": chain(60)}, "query": "P(v59=a | do(v0=a))"}
    )
    assert got.status == 422, got.body


def chain(n: int) -> str:
    """Write a chain of n binary variables as BIF."""
    text = "network n {}\n" + "".join(
        f"variable v{i} {{ type discrete [ 2 ] {{ a, b }}; }}\n" for i in range(n)
    )
    text += "probability ( v0 ) { table 0.5, 0.5; }\n"
    return text + "".join(
        f"probability ( v{i} | v{i - 1} ) {{ (a) 0.9, 0.1; (b) 0.2, 0.8; }}\n" for i in range(1, n)
    )


def test_a_layout_has_causes_above_effects_and_is_always_the_same(service: Service) -> None:
    graph = ADMG.from_dagitty("dag { Z -> X; Z -> Y; X -> Y; A <-> X }")
    got = ask(service, "questions/layout", model={"dagitty": "dag{Z->X; Z->Y; X->Y; A<->X}"})
    at = {node["name"]: (node["x"], node["y"]) for node in got["nodes"]}
    assert at == places(graph)
    assert all(at[a][1] < at[b][1] for a, b in got["directed"])
    assert len(set(at.values())) == len(at)
    assert got["bidirected"] == [["A", "X"]]
    assert got == ask(
        service, "questions/layout", model={"dagitty": "dag{Z->X; Z->Y; X->Y; A<->X}"}
    )
    assert (got["width"], got["height"]) == (1.0, 2.0)
    hidden = ask(service, "questions/layout", model=TAR)
    latent = {node["name"] for node in hidden["nodes"] if node["latent"]}
    assert latent == set(scenarios.get("smoking-tar-v1").model.latent)


def test_a_model_is_drawn_as_on_the_command_line(service: Service) -> None:
    for form, start in (("svg", "<svg"), ("mermaid", "flowchart"), ("tikz", r"\begin{tikz")):
        got = ask(service, "models/draw", model=BOW, form=form, treatment="X", outcome="Y")
        assert (got["form"], got["text"].startswith(start)) == (form, True)
    assert "latent" in ask(service, "models/draw", model=TAR)["text"]
    unknown = service.post("/api/v1/models/draw", {"model": BOW, "outcome": "Q"})
    assert (unknown.status, unknown.json["type"].split(":")[-1]) == (422, "unknown-variable")


@pytest.mark.parametrize("form", sorted({*MODEL_FORMS, *GRAPH_FORMS}))
def test_a_model_is_written_in_every_form(service: Service, form: str) -> None:
    got = ask(service, "models/convert", model={"scenario": "sprinkler-v1"}, form=form)
    assert got["text"] == written(scenarios.get("sprinkler-v1").model, form)
    is_back = {"json": "document", "bif": "bif", "dagitty": "dagitty"}.get(form)
    if is_back:
        again: Any = json.loads(got["text"]) if form == "json" else got["text"]
        second = ask(service, "models/convert", model={is_back: again}, form=form)
        assert second["text"] == got["text"]


def test_a_graph_has_no_numbers_to_write(service: Service) -> None:
    got = service.post("/api/v1/models/convert", {"model": BOW, "form": "bif"})
    assert (got.status, "no numbers" in got.json["detail"]) == (422, True)
    with pytest.raises(FormatError, match="there is no form 'pdf'"):
        written(ADMG([("X", "Y")]), "pdf")


@pytest.mark.parametrize("path", ["questions/layout", "models/draw", "models/convert"])
def test_the_model_of_what_one_plays_is_not_shown(service: Service, path: str) -> None:
    service.post("/api/v1/episodes", {"scenario": "smoking-tar-v1"})
    assert service.post(f"/api/v1/{path}", {"model": TAR}).status == 409
    assert service.post(f"/api/v1/{path}", {"model": {"scenario": "asia-v1"}}).status == 200
