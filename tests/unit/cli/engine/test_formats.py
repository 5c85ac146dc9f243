"""``cig convert`` and ``cig draw``: every ending, what is refused, and what they say as JSON."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from causal_interface_gym import scenarios
from causal_interface_gym.cli.app import app


def cig(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


def read(*arguments: str | Path, exit_code: int = 0) -> Any:  # noqa: ANN401 - JSON
    result = cig(*arguments, "--json")
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


def refused(*arguments: str | Path) -> str:
    result = cig(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    return result.stderr


def test_a_model_is_converted_and_back(tmp_path: Path) -> None:
    model = scenarios.get("kidney-stones-v1").model
    asked = "P(recovery=yes | do(treatment=A))"
    source: str | Path = "kidney-stones-v1"
    for name in ("m.xmlbif", "m.bif", "m.bif.gz", "m.json", "m.xml"):
        assert cig("convert", source, tmp_path / name).exit_code == 0
        source = tmp_path / name
        assert read("query", source, asked)["value"] == pytest.approx(model.p(asked), abs=1e-12)
    assert cig("convert", source, tmp_path / "m.py").exit_code == 0
    assert "model = SCM(" in (tmp_path / "m.py").read_text()


def test_a_graph_is_converted_with_its_attributes(tmp_path: Path) -> None:
    (tmp_path / "a.dot").write_text("digraph { X [pos=up]; X -> Y; X -> Y [dir=both] }")
    for old, new in (("a.dot", "b.gml"), ("b.gml", "c.gv"), ("c.gv", "d.node-link")):
        assert cig("convert", tmp_path / old, tmp_path / new).exit_code == 0
    (tmp_path / "d.node-link").rename(tmp_path / "d.json")
    assert json.loads((tmp_path / "d.json").read_text())["nodes"][0]["pos"] == "up"
    for source in ("a.dot", "b.gml", "c.gv", "d.json"):
        assert not read("identify", tmp_path / source, "P(Y | do(X))", exit_code=1)["identified"]
    for ending in ("dagitty", "json", "mmd", "py", "svg", "tex", "dot"):
        assert cig("convert", "dag { X -> Y }", tmp_path / f"g.{ending}").exit_code == 0


def test_a_conversion_says_what_it_wrote(tmp_path: Path) -> None:
    target = tmp_path / "m.bif"
    said = read("convert", "kidney-stones-v1", target)
    assert said == {
        "source": "kidney-stones-v1",
        "target": str(target),
        "keeps_numbers": True,
        "nodes": 3,
        "edges": 3,
        "bytes": target.stat().st_size,
    }
    said = read("convert", target, tmp_path / "m.dot")
    assert (said["keeps_numbers"], said["nodes"], said["edges"]) == (False, 3, 3)
    assert read("convert", "dag { X -> Y }", tmp_path / "g.json")["edges"] == 1


def test_a_damaged_file_is_named_with_its_line(tmp_path: Path) -> None:
    for name in ("m.bif", "m.json", "m.dot", "m.gml", "m.xml", "m.dagitty"):
        path = tmp_path / name
        path.write_text('{"format": 1}' if name == "m.json" else "digraph {\n%")
        assert refused("convert", path, tmp_path / "out.json").startswith(f"Error: {path}")
    assert "line 2" in refused("draw", tmp_path / "m.dot")


def test_a_drawing_may_be_part_of_json(tmp_path: Path) -> None:
    said = read("draw", "dag { X -> Y }", "--as", "tikz")
    assert (said["form"], said["file"]) == ("tikz", None)
    assert said["picture"].startswith(r"\begin{tikzpicture}")
    said = read("draw", "dag { X -> Y }", "--out", tmp_path / "g.svg")
    assert (said["file"], said["picture"]) == (str(tmp_path / "g.svg"), None)


def test_a_conversion_that_cannot_be_is_refused(tmp_path: Path) -> None:
    there = tmp_path / "there.json"
    there.write_text("")
    assert "is there already" in refused("convert", "dag { X -> Y }", there)
    assert cig("convert", "dag { X -> Y }", there, "--overwrite").exit_code == 0
    assert "no numbers" in refused("convert", "dag { X -> Y }", tmp_path / "g.bif")
    assert "no known ending" in refused("convert", "dag { X -> Y }", tmp_path / "g.odd")
    assert "no known ending" in refused("convert", "kidney-stones-v1", tmp_path / "g.odd")
    assert "cannot read" in refused("query", tmp_path / "none.xmlbif", "X=1")


def test_a_graph_is_drawn(tmp_path: Path) -> None:
    assert cig("draw", "cholestyramine-v1", "--treatment", "taken").stdout.startswith("<svg")
    shown = cig("draw", "dag { X -> Y }", "--as", "mermaid", "--outcome", "Y").stdout
    assert shown.splitlines()[0] == "flowchart TD"
    assert cig("draw", "dag { X -> Y }", "--as", "tikz", "--out", tmp_path / "g.tex").exit_code == 0
    assert (tmp_path / "g.tex").read_text().startswith(r"\begin{tikzpicture}")
    assert "did you mean" in refused("draw", "dag { Xylem -> Y }", "--treatment", "Xyle")
