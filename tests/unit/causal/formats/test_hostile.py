"""Texts and files made to exhaust a reader: they are refused before the work is done."""

import gzip
import io
from pathlib import Path

import pytest

from causal_interface_gym.causal import SCM
from causal_interface_gym.causal.formats.bif import model_to_bif, parse_bif, read_bif
from causal_interface_gym.causal.formats.dagitty import parse_dagitty
from causal_interface_gym.causal.formats.graphs.dot import document_from_dot
from causal_interface_gym.causal.formats.graphs.gml import document_from_gml
from causal_interface_gym.causal.formats.graphs.node_link import document_from_node_link
from causal_interface_gym.causal.formats.limits import CELLS, CHARACTERS, NAME, WORDS, read_bytes
from causal_interface_gym.causal.formats.model_json import model_from_json, read_model
from causal_interface_gym.causal.formats.xmlbif import model_from_xmlbif, read_xmlbif
from causal_interface_gym.errors import FormatError

READERS = {
    "dagitty": parse_dagitty,
    "dot": document_from_dot,
    "gml": document_from_gml,
    "node-link": document_from_node_link,
}
ENDLESS = Path("/dev/zero")
LONG = "x" * (NAME + 1)


@pytest.mark.parametrize("form", READERS)
def test_a_text_past_the_limit_is_refused_before_it_is_read(form: str) -> None:
    with pytest.raises(FormatError, match=f"at most {CHARACTERS:,} are read"):
        READERS[form]("{" * (CHARACTERS + 1))


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("dagitty", "dag {" + "{" * (2 * WORDS)),
        ("dagitty", "dag {" + " a" * (2 * WORDS)),
        ("dot", "digraph {" + ";" * (2 * WORDS)),
        ("gml", "graph [" + " a 1" * WORDS),
    ],
)
def test_more_words_than_any_graph_has_are_refused(form: str, text: str) -> None:
    with pytest.raises(FormatError, match=r"words and marks|nested"):
        READERS[form](text)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("dagitty", f"dag {{ {LONG} }}"),
        ("dot", f"digraph {{ {LONG} }}"),
        ("dot", 'digraph { X [label="' + '\\"' * NAME + '"] }'),
        ("gml", f'graph [ directed 1 node [ id 0 label "{LONG}" ] ]'),
        ("node-link", f'{{"nodes": [{{"id": "{LONG}"}}]}}'),
    ],
)
def test_a_name_without_end_is_refused(form: str, text: str) -> None:
    with pytest.raises(FormatError, match=r"at most 4,?096 characters"):
        READERS[form](text)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000])
def test_deep_json_is_refused(text: str) -> None:
    for read in (document_from_node_link, model_from_json):
        with pytest.raises(FormatError, match="JSON"):
            read(text)


@pytest.mark.skipif(not ENDLESS.exists(), reason="the system has no endless file")
@pytest.mark.parametrize("read", [read_bif, read_xmlbif, read_model, read_bytes])
def test_an_endless_file_is_read_to_the_limit_only(read: object) -> None:
    with pytest.raises(FormatError, match="more than 67,108,864 bytes") as caught:
        read(ENDLESS)  # type: ignore[operator]  # each takes a path
    assert caught.value.file == str(ENDLESS)


def test_a_bomb_of_compressed_zeros_is_unpacked_to_the_limit_only(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
        for _ in range(80):
            file.write(b" " * (1 << 20))
    path = tmp_path / "bomb.bif.gz"
    path.write_bytes(packed.getvalue())
    with pytest.raises(FormatError, match="unpacked, the file holds more than") as caught:
        read_bif(path)
    assert caught.value.file == str(path)


def xmlbif(numbers: str) -> str:
    table = f"<DEFINITION><FOR>X</FOR><TABLE>{numbers}</TABLE></DEFINITION>"
    states = "<OUTCOME>a</OUTCOME><OUTCOME>b</OUTCOME>"
    return f"<BIF><NETWORK><VARIABLE><NAME>X</NAME>{states}</VARIABLE>{table}</NETWORK></BIF>"


def test_more_numbers_than_a_model_may_have_are_not_converted() -> None:
    assert model_from_xmlbif(xmlbif("0.25 0.75")).p("X=b") == 0.75
    with pytest.raises(FormatError, match=f"more than {CELLS:,} numbers"):
        model_from_xmlbif(xmlbif("1 " * (CELLS + 1)))


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><BIF>&b;</BIF>',
        '<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/hostname">]><BIF>&a;</BIF>',
    ],
)
def test_entities_are_refused_at_their_declaration(text: str) -> None:
    with pytest.raises(FormatError, match="entities are refused"):
        model_from_xmlbif(text)


def test_a_file_is_named_in_the_error_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "asia.bif"
    path.write_text("variable X {\n type discrete [2] { a }; }")
    with pytest.raises(FormatError) as caught:
        read_bif(path)
    error = caught.value
    assert (error.file, error.line) == (str(path), 2)
    assert str(error) == f"{path}, line 2: {error.reason}"
    assert error.within("other.bif") is error


def test_the_largest_published_networks_are_far_below_the_limits() -> None:
    states = {f"v{i}": ("a", "b") for i in range(1_100)}
    model = SCM.from_tables(states=states, tables={v: [0.5, 0.5] for v in states})
    assert parse_bif(model_to_bif(model)).states == model.states


def test_a_models_file_is_named_whatever_is_wrong_with_it(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    for data, said in ((b"\xff", "not UTF-8"), (b"{", "not JSON")):
        path.write_bytes(data)
        with pytest.raises(FormatError, match=said) as caught:
            read_model(path)
        assert caught.value.file == str(path)
