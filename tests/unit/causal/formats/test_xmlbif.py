"""XMLBIF: reading undoes writing, and nothing that grows is let in."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from causal_interface_gym.causal import SCM
from causal_interface_gym.causal.formats import xmlbif
from causal_interface_gym.causal.formats.xmlbif import (
    model_from_xmlbif,
    model_to_xmlbif,
    read_xmlbif,
    write_xmlbif,
)
from causal_interface_gym.causal.mechanism import Table
from causal_interface_gym.errors import FormatError
from tests.strategies.noise import models

DOG = """<?xml version="1.0"?>
<!DOCTYPE BIF [ <!ELEMENT BIF ( NETWORK )*> <!ATTLIST BIF VERSION CDATA #REQUIRED> ]>
<BIF VERSION="0.3"><NETWORK><NAME>Dog-Problem</NAME><PROPERTY>by hand</PROPERTY>
<!-- [cozman1998] -->
<VARIABLE TYPE="nature"><NAME>family-out</NAME><OUTCOME>true</OUTCOME><OUTCOME>false</OUTCOME>
<PROPERTY>position = (112,69)</PROPERTY></VARIABLE>
<VARIABLE TYPE="nature"><NAME>bowel-problem</NAME><OUTCOME>true</OUTCOME><OUTCOME>false</OUTCOME>
</VARIABLE>
<VARIABLE TYPE="nature"><NAME>dog-out</NAME><OUTCOME>true</OUTCOME><OUTCOME>false</OUTCOME>
</VARIABLE>
<DEFINITION><FOR>family-out</FOR><TABLE>0.15 0.85 </TABLE></DEFINITION>
<DEFINITION><FOR>bowel-problem</FOR><TABLE>0.01 0.99</TABLE></DEFINITION>
<DEFINITION><FOR>dog-out</FOR><GIVEN>bowel-problem</GIVEN><GIVEN>family-out</GIVEN>
<TABLE>0.99 0.01 0.97 0.03 0.9 0.1 0.3 0.7</TABLE></DEFINITION>
</NETWORK></BIF>"""

VARIABLE = "<VARIABLE><NAME>X</NAME><OUTCOME>0</OUTCOME><OUTCOME>1</OUTCOME></VARIABLE>"
FAIR = "<DEFINITION><FOR>X</FOR><TABLE>0.5 0.5</TABLE></DEFINITION>"


def network(inside: str) -> str:
    return f"<BIF><NETWORK>{inside}</NETWORK></BIF>"


@settings(max_examples=60, deadline=None)
@given(model=models())
def test_reading_undoes_writing(model: SCM) -> None:
    again = model_from_xmlbif(model_to_xmlbif(model))
    assert again.states == model.states
    for v in model.nodes:
        assert again.mechanisms[v].parents == model.mechanisms[v].parents
        assert again.cpt(v) == pytest.approx(model.cpt(v), rel=1e-15)
        own = model.mechanisms[v]
        if isinstance(own, Table):
            assert getattr(again.mechanisms[v], "coupling", "") == own.coupling


def test_the_dog_problem_of_the_format_is_read() -> None:
    model = model_from_xmlbif(DOG)
    assert model.p('"dog-out"=true | "bowel-problem"=false, "family-out"=true') == 0.9
    assert model.mechanisms["dog-out"].parents == ("bowel-problem", "family-out")


def test_names_latents_and_rounded_rows_travel(tmp_path: Path) -> None:
    label = ' <&> "\n\t\r é '
    model = SCM.from_tables(
        states={"U & V": (label, "1"), "X": ("0", "1", "2")},
        tables={"U & V": [0.3, 0.7], "X": [[1 / 3] * 3, [0.1, 0.2, 0.7]]},
        parents={"X": ("U & V",)},
        latent={"U & V"},
    )
    write_xmlbif(model, tmp_path / "m.xmlbif")
    again = read_xmlbif(tmp_path / "m.xmlbif")
    assert again.states == model.states
    assert again.latent == {"U & V"}
    rounded = model_from_xmlbif(network(VARIABLE + FAIR.replace("0.5 0.5", "0.3333333 0.6666666")))
    assert rounded.cpt("X").sum() == pytest.approx(1, abs=1e-15)


def test_a_name_that_xml_cannot_hold_is_refused() -> None:
    model = SCM.from_tables(states={"X": ("\x00", "1")}, tables={"X": [0.5, 0.5]})
    with pytest.raises(FormatError, match="cannot hold"):
        model_to_xmlbif(model)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no xml", "not XML"),
        ('<?xml version="1.0" encoding="klingon"?><BIF/>', "not XML"),
        ("<BIF/>", "no VARIABLE"),
        (network(VARIABLE), "no DEFINITION"),
        (network(VARIABLE + VARIABLE), "declared twice"),
        (network(VARIABLE + FAIR + FAIR), "two definitions"),
        (network(FAIR), "never declared"),
        (network(VARIABLE + FAIR.replace("<TABLE>", "<GIVEN>Q</GIVEN><TABLE>")), "never declared"),
        (network(VARIABLE + FAIR.replace("0.5 0.5", "0.5")), "has 1 numbers and needs 2"),
        (network(VARIABLE + FAIR.replace("0.5 0.5", "0.5 half")), "no number"),
        (network(VARIABLE + FAIR.replace("0.5 0.5", "0.5 0.6")), "no distribution"),
        (network(VARIABLE + FAIR.replace("0.5 0.5", "nan 0.5")), "no distribution"),
        (network(VARIABLE + "<DEFINITION><FOR>X</FOR></DEFINITION>"), "TABLE stands once"),
        (network(VARIABLE.replace("<NAME>X</NAME>", "")), "NAME stands once"),
        (network(VARIABLE + FAIR.replace("</TABLE>", "</TABLE><PROPERTY>coupling odd</PROPERTY>")),
         "coupling is"),
        (network("<A>" * 10 + "</A>" * 10), "deep"),
        (network(VARIABLE.replace("X", "X" * 5000)), "longer than"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        model_from_xmlbif(text)


def test_entity_bombs_are_refused_before_they_grow() -> None:
    bomb = ['<!DOCTYPE BIF [<!ENTITY a "ha">']
    bomb += [
        f'<!ENTITY {b} "{"&" + a + ";" * 1}&{a};">'
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    text = "".join(bomb) + "]><BIF><NETWORK><NAME>&i;</NAME></NETWORK></BIF>"
    with pytest.raises(FormatError, match="entities are refused"):
        model_from_xmlbif(text)
    outside = '<!DOCTYPE BIF [<!ENTITY x SYSTEM "file:///etc/passwd">]><BIF>&x;</BIF>'
    with pytest.raises(FormatError, match="entities are refused"):
        model_from_xmlbif(outside)


def test_documents_that_are_too_long_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xmlbif, "MAX_BYTES", 10)
    with pytest.raises(FormatError, match="more than 10 bytes"):
        model_from_xmlbif(DOG)


def test_numbers_keep_all_their_digits() -> None:
    row = np.random.default_rng(0).dirichlet([1] * 5)
    model = SCM.from_tables(states={"X": tuple("abcde")}, tables={"X": row})
    again = model_from_xmlbif(model_to_xmlbif(model))
    assert again.cpt("X") == pytest.approx(model.cpt("X"), rel=1e-15)
