"""The playground's answers: each number is the engine's, each refusal says why."""

from typing import Any

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.causal import ADMG, SCM, Query, identify
from causal_interface_gym.causal.formats.model_json import GRAPH_FORMAT
from causal_interface_gym.causal.identification import Identified
from tests.unit.service.served import Service

STONES = {
    "model": {"scenario": "kidney-stones-v1"},
    "treatment": "treatment",
    "level": "A",
    "outcome": "recovery",
    "state": "yes",
}
BOW = {
    "model": {"dagitty": "dag { X -> Y; X <-> Y }"},
    "treatment": "X",
    "level": "1",
    "outcome": "Y",
    "state": "1",
}


def ask(service: Service, what: str, body: object) -> Any:  # noqa: ANN401 - JSON
    """Ask the playground."""
    got = service.post(f"/api/v1/playground/{what}", body)
    assert got.status == 200, got.body
    return got.json


def model(service: Service, scenario: str) -> Any:  # noqa: ANN401 - JSON
    """Give the document of a scenario's model."""
    return service.get(f"/api/v1/playground/scenarios/{scenario}").json["document"]


def test_seeing_stands_beside_doing_as_the_engine_has_them(service: Service) -> None:
    got = ask(service, "contrast", {**STONES, "adjust": ["stone"], "belief": 0.78})
    stones = scenarios.get("kidney-stones-v1").model
    see = stones.p("recovery=yes | treatment=A")
    do = stones.p("recovery=yes | do(treatment=A)")
    assert (got["see"]["value"], got["do"]["value"]) == (see, do)
    assert got["bias"] == see - do
    assert got["adjusted"]["valid"] is True
    assert got["adjusted"]["value"] == pytest.approx(do, abs=1e-12)
    lures = {lure["fallacy"]: lure["value"] for lure in got["lures"]}
    assert lures["see for do"] == see
    assert lures["base rate"] == stones.p("recovery=yes")
    assert lures["reverse direction"] == stones.p("treatment=A | recovery=yes")
    assert lures["backwards"] == stones.p("treatment=A | do(recovery=yes)")
    assert lures["adjust for everything"] == pytest.approx(do, abs=1e-12)
    assert got["belief"]["nearest"] == "see for do"
    assert got["belief"]["brier"] == pytest.approx((0.78 - do) ** 2)
    assert got["marginals"]["stone"] == {"small": 0.51, "large": 0.49}


def test_a_belief_that_is_the_truth_loses_nothing_and_certainty_loses_bits(
    service: Service,
) -> None:
    do = scenarios.get("kidney-stones-v1").model.p("recovery=yes | do(treatment=A)")
    right = ask(service, "contrast", {**STONES, "belief": do})["belief"]
    assert (right["nearest"], right["brier"], right["log"]) == ("truth", 0.0, 0.0)
    sure = ask(service, "contrast", {**STONES, "belief": 0})["belief"]
    assert sure["log"] > 10
    assert ask(service, "contrast", STONES)["belief"] is None


def test_what_is_drawn_on_the_graph_enters_every_number(service: Service) -> None:
    drawn = {**STONES, "do": {"treatment": "B", "stone": {"small": 0.25, "large": 0.75}}}
    got = ask(service, "contrast", drawn)
    stones = scenarios.get("kidney-stones-v1").model
    half = {"stone": {"small": 0.25, "large": 0.75}}
    query = Query.of({"recovery": "yes"}, do={"treatment": "A", **half})
    assert got["do"]["value"] == stones.p(query)
    assert got["marginals"]["treatment"] == {"A": 0.0, "B": 1.0}
    assert got["marginals"]["stone"]["small"] == pytest.approx(0.25)
    given = ask(service, "contrast", {**STONES, "given": {"stone": "small"}})
    assert given["see"]["value"] == stones.p("recovery=yes | treatment=A, stone=small")
    assert given["bias"] == pytest.approx(0)
    assert "adjust for everything" not in {lure["fallacy"] for lure in given["lures"]}


def test_the_impossible_is_named_instead_of_a_number(service: Service) -> None:
    document = model(service, "cholestyramine-v1")
    asked = {
        "model": {"document": document},
        "treatment": "taken",
        "level": "yes",
        "outcome": "response",
        "state": "yes",
        "given": {"assigned": "placebo"},
    }
    got = ask(service, "contrast", {**asked, "adjust": ["assigned"], "belief": 0.5})
    assert "undefined" in got["see"]
    assert "probability 0" in got["see"]["undefined"]
    assert got["bias"] is None
    nothing = ask(service, "contrast", {**asked, "given": {"assigned": "placebo", "taken": "yes"}})
    assert nothing["marginals"] == {}
    assert "undefined" in nothing


def test_a_question_about_one_variable_or_an_unknown_one_is_refused(service: Service) -> None:
    for wrong in ({"outcome": "treatment"}, {"outcome": "none"}, {"state": "maybe"}):
        got = service.post("/api/v1/playground/contrast", {**STONES, **wrong})
        assert got.status == 422, got.body
    graph = service.post("/api/v1/playground/contrast", BOW)
    assert "graph without numbers" in graph.json["detail"]


def test_an_identified_effect_comes_with_paths_sets_and_derivation(service: Service) -> None:
    got = ask(service, "verdict", {**STONES, "adjust": ["stone"]})
    assert got["identified"] is True
    assert got["estimand"] == "sum_{stone} P(recovery | treatment, stone) P(stone)"
    assert [(p["text"], p["open"]) for p in got["paths"]] == [
        ("treatment -> recovery", True),
        ("treatment <- stone -> recovery", False),
    ]
    assert got["adjustment"]["adjustment_sets"] == [["stone"]]
    assert got["derivation"]


def test_a_bow_is_not_identified_and_measuring_its_cause_would_help(service: Service) -> None:
    got = ask(service, "verdict", BOW)
    assert got["identified"] is False
    assert got["hedge"] == {"forest": ["X", "Y"], "subforest": ["Y"]}
    assert got["measure"] == [["common cause of X and Y"]]
    assert "bounds" not in got


def test_advice_on_what_to_measure_is_right_and_bounds_hold_the_truth(service: Service) -> None:
    document = model(service, "cholestyramine-v1")
    asked = {
        "model": {"document": document},
        "treatment": "taken",
        "level": "yes",
        "outcome": "response",
        "state": "yes",
    }
    got = ask(service, "verdict", asked)
    assert got["identified"] is False
    found = scenarios.get("cholestyramine-v1").model
    for names in got["measure"]:
        shown = found.dag.latent_projection(found.latent - set(names))
        assert isinstance(identify(shown, "P(response | do(taken))"), Identified)
    truth = found.p("response=yes | do(taken=yes)")
    assert got["bounds"]["lower"] <= truth <= got["bounds"]["upper"]


def test_two_hidden_causes_may_both_have_to_be_measured(service: Service) -> None:
    two = "dag { U [latent]; V [latent]; X -> Y; U -> X; U -> Y; V -> X; V -> Y }"
    drawn = ask(service, "read", {"text": two})
    assert drawn["roles"]["latent"] == ["U", "V"]
    four = SCM.from_tables(
        states=dict.fromkeys("UVXY", ("0", "1")),
        parents={"X": ("U", "V"), "Y": ("X", "U", "V")},
        tables={
            "U": [0.5, 0.5],
            "V": [0.5, 0.5],
            "X": [[[0.9, 0.1], [0.5, 0.5]], [[0.5, 0.5], [0.1, 0.9]]],
            "Y": [[[[0.5, 0.5]] * 2] * 2] * 2,
        },
        latent=("U", "V"),
    )
    text = ask(service, "write", {"model": {"document": _document(four)}, "form": "json"})["text"]
    got = ask(
        service,
        "verdict",
        {**BOW, "model": {"document": ask(service, "read", {"text": text})["document"]}},
    )
    assert got["measure"] == [["U", "V"]]


def _document(found: SCM) -> Any:  # noqa: ANN401 - JSON
    import json  # noqa: PLC0415 - one use

    from causal_interface_gym.causal.formats.model_json import model_to_json  # noqa: PLC0415

    return json.loads(model_to_json(found))


def test_what_would_have_been_is_the_engine_s_number_or_an_interval(service: Service) -> None:
    got = ask(service, "imagine", STONES)
    stones = scenarios.get("kidney-stones-v1").model
    [world] = got["worlds"]
    query = "P(recovery[treatment=B]=yes | treatment=A, recovery=yes)"
    assert (world["query"], world["value"]) == (query, stones.p(query))
    document = model(service, "kidney-stones-v1")
    for variable in document["variables"]:
        variable["mechanism"]["coupling"] = None
    loose = ask(service, "imagine", {**STONES, "model": {"document": document}})["worlds"][0]
    assert "undefined" in loose
    low, high = loose["bounds"]["lower"], loose["bounds"]["upper"]
    assert low - 1e-9 <= stones.p(query) <= high + 1e-9


def test_imagining_those_who_cannot_be_is_refused_in_words(service: Service) -> None:
    document = model(service, "kidney-stones-v1")
    for variable in document["variables"]:
        if variable["name"] == "treatment":
            variable["mechanism"]["probabilities"] = [[0.0, 1.0], [0.0, 1.0]]
    got = ask(service, "imagine", {**STONES, "model": {"document": document}})
    assert [set(world) for world in got["worlds"]] == [{"level", "query", "undefined"}]


@pytest.mark.parametrize("form", ["json", "bif", "xmlbif"])
def test_a_model_is_written_and_read_again(service: Service, form: str) -> None:
    document = model(service, "asia-v1")
    text = ask(service, "write", {"model": {"document": document}, "form": form})["text"]
    again = ask(service, "read", {"text": text})["document"]
    assert [v["name"] for v in again["variables"]] == [v["name"] for v in document["variables"]]
    assert {v["name"]: v["parents"] for v in again["variables"]} == {
        v["name"]: v["parents"] for v in document["variables"]
    }


@pytest.mark.parametrize("form", ["dagitty", "json", "dot", "gml", "node-link"])
def test_a_graph_is_written_and_read_again(service: Service, form: str) -> None:
    made = {"model": {"dagitty": "dag { A -> B; B -> C; A <-> C }"}, "form": form}
    text = ask(service, "write", {**made, "treatment": "A", "outcome": "C"})["text"]
    again = ask(service, "read", {"text": text})
    assert again["document"]["format"] == GRAPH_FORMAT
    assert sorted(again["document"]["directed"]) == [["A", "B"], ["B", "C"]]
    assert again["document"]["bidirected"] == [["A", "C"]]
    assert set(again["places"]) == {"A", "B", "C"}
    if form == "dagitty":
        assert (again["roles"]["exposure"], again["roles"]["outcome"]) == (["A"], ["C"])


@pytest.mark.parametrize(
    ("form", "part"),
    [
        ("python", "graph = ADMG("),
        ("mermaid", "flowchart"),
        ("tikz", "tikzpicture"),
        ("svg", "<svg"),
    ],
)
def test_pictures_and_code_are_written(service: Service, form: str, part: str) -> None:
    assert part in ask(service, "write", {"model": BOW["model"], "form": form})["text"]
    stones = {"model": STONES["model"], "form": form}
    assert part.replace("graph = ADMG", "model = SCM") in ask(service, "write", stones)["text"]


def test_arrows_alone_are_a_graph_and_nonsense_is_refused(service: Service) -> None:
    got = ask(service, "read", {"text": "X -> Y\nX <-> Y"})
    assert ADMG(map(tuple, got["document"]["directed"])) == ADMG([("X", "Y")])
    for text in (
        "pasted nonsense",
        "{",
        "<html><script>alert(1)</script>",
        "digraph { a -- ",
        "  ",
    ):
        refused = service.post("/api/v1/playground/read", {"text": text})
        assert refused.status == 422, (text, refused.body)
        assert refused.json["detail"]
    cycle = service.post("/api/v1/playground/read", {"text": "A -> B; B -> C; C -> A"})
    assert cycle.status == 422
    assert all(name in cycle.json["detail"] for name in "ABC")


def test_a_graph_has_no_numbers_to_write(service: Service) -> None:
    got = service.post("/api/v1/playground/write", {"model": BOW["model"], "form": "bif"})
    assert (got.status, "no numbers" in got.json["detail"]) == (422, True)


def test_a_scenario_s_model_is_kept_from_whoever_plays_it(service: Service) -> None:
    path = "/api/v1/playground/scenarios/kidney-stones-v1"
    shown = service.get(path).json
    assert shown["roles"] == {"exposure": ["treatment"], "outcome": ["recovery"]}
    made = service.post("/api/v1/episodes", {"scenario": "kidney-stones-v1"}).json
    assert service.get(path).status == 409
    assert service.post("/api/v1/playground/contrast", STONES).status == 409
    service.post(f"/api/v1/episodes/{made['id']}/end")
    assert service.get(path).status == 200
    assert service.get("/api/v1/playground/scenarios/none-v1").status == 422
