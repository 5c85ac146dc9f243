"""The description is true: every example is sent, and every reply has the form that is promised."""

from collections.abc import Iterator

import jsonschema_rs
import pytest

from causal_interface_gym.service.described import description
from tests.unit.service.described.walk import (
    FILE,
    demonstration,
    operations_of,
    walked,
    with_replies,
)
from tests.unit.service.served import Json, Reply, Service


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A gym with one run."""
    with demonstration(tmp_path_factory.mktemp("demo")) as service:
        yield service


@pytest.fixture(scope="module")
def replies(demo: Service) -> dict[str, dict[str, Reply]]:
    """What comes back on the examples."""
    return walked(demo)


def test_every_operation_has_an_example_and_nothing_else_has_one(demo: Service) -> None:
    operations = operations_of(demo)
    assert set(operations) == set(description.examples())
    for name, (_, method, operation) in operations.items():
        example = description.examples()[name]
        assert (method == "post") == ("body" in example), name
        if method == "post":
            shown = operation["requestBody"]["content"]["application/json"]["examples"]
            assert {title: body["value"] for title, body in shown.items()} == example["body"]


def test_every_example_is_answered_in_the_form_that_is_promised(
    demo: Service, replies: dict[str, dict[str, Reply]]
) -> None:
    whole = demo.get("/openapi.json").json
    for name, (_, _, operation) in operations_of(demo).items():
        for title, reply in replies[name].items():
            assert reply.status in (200, 201), (name, title, reply.body)
            promised = operation["responses"][str(reply.status)]["content"]
            kind = reply.headers["content-type"].partition(";")[0]
            assert kind in promised, (name, kind)
            if kind == "application/json":
                schema = {**promised[kind]["schema"], "components": whole["components"]}
                assert "$ref" in schema, name
                jsonschema_rs.validate(schema, reply.json)


def test_every_body_of_an_example_has_the_form_that_is_asked_for(demo: Service) -> None:
    whole = demo.get("/openapi.json").json
    for name, (_, method, operation) in operations_of(demo).items():
        if method == "post":
            asked = operation["requestBody"]["content"]["application/json"]["schema"]
            schema = {**asked, "components": whole["components"]}
            for body in description.examples()[name]["body"].values():
                jsonschema_rs.validate(schema, body)


def test_the_replies_that_are_shown_are_those_that_come(
    replies: dict[str, dict[str, Reply]],
) -> None:
    assert description.examples() == with_replies(replies), f"write {FILE.name} anew"


def test_the_keys_that_are_needed_are_told(demo: Service) -> None:
    whole = demo.get("/openapi.json").json
    assert whole["security"] == [{}, {"key": []}]
    assert whole["components"]["securitySchemes"]["key"]["scheme"] == "bearer"


def test_every_link_leads_somewhere(demo: Service) -> None:
    operations = operations_of(demo)
    links: list[tuple[str, Json]] = [
        (name, link)
        for name, (_, _, operation) in operations.items()
        for reply in operation["responses"].values()
        for link in reply.get("links", {}).values()
    ]
    assert {name for name, _ in links} == set(description.LINKS)
    for name, link in links:
        target = operations[link["operationId"]][2]
        known = {parameter["name"] for parameter in target["parameters"]}
        assert set(link["parameters"]) <= known, name
