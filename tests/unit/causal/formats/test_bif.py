"""BIF: labels and digits survive, and a file that lies is refused with its line."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.causal import SCM
from causal_interface_gym.causal.formats.bif import parse_bif, read_bif, write_bif
from causal_interface_gym.causal.mechanism import NoisyOr, Table
from causal_interface_gym.errors import CycleError, FormatError
from tests.oracle.models import random_model

LABELS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\"\\ ,;(){}|[]'/*\n"),
    min_size=1,
    max_size=6,
)

SPRINKLER = """
// A comment; and { more }
network "lawn" { property author nobody; }
variable rain { type discrete [ 2 ] { no, yes }; property position = (1, 2); }
variable "wet grass" {
  type discrete[3] { dry "a bit/so" soaked }
}
/* both
   forms */
probability ( rain ) { table 0.75, 0.25; }
probability ( "wet grass" | rain ) {
  (no) 0.5, .25, 25e-2; // after rain
  ( yes ) 0.0 0.125 0.875;
}
"""


def same(one: SCM, other: SCM) -> bool:
    """Compare states, latents and tables; numbers may lose their last bit."""
    return (
        list(one.states.items()) == list(other.states.items())
        and one.latent == other.latent
        and all(
            m.parents == other.mechanisms[v].parents
            and getattr(m, "coupling", None) == getattr(other.mechanisms[v], "coupling", None)
            and np.allclose(m.cpt, other.mechanisms[v].cpt, rtol=0, atol=1e-15)
            for v, m in one.mechanisms.items()
        )
    )


@pytest.fixture(params=["model.bif", "model.bif.gz"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A file to write, plain and packed."""
    return tmp_path / str(request.param)


def test_a_model_is_read() -> None:
    model = parse_bif(SPRINKLER)
    assert dict(model.states) == {"rain": ("no", "yes"), "wet grass": ("dry", "a bit/so", "soaked")}
    assert model.cpt("wet grass").tolist() == [[0.5, 0.25, 0.25], [0.0, 0.125, 0.875]]


def test_reading_undoes_writing_every_random_model(path: Path) -> None:
    for seed in range(40):
        model = random_model(np.random.default_rng(seed))
        write_bif(model, path)
        assert same(read_bif(path), model)


NAMES = st.lists(LABELS, min_size=2, max_size=2, unique=True)


@given(st.lists(LABELS, min_size=1, max_size=4, unique=True), NAMES)
def test_any_name_and_label_survives(
    tmp_path_factory: pytest.TempPathFactory, labels: list[str], names: list[str]
) -> None:
    cause, effect = names
    n = len(labels)
    model = SCM.from_tables(
        states={cause: labels, effect: labels},
        parents={effect: [cause]},
        tables={cause: np.full(n, 1 / n), effect: np.eye(n)},
        latent=[cause],
        coupling={effect: "independent"},
    )
    path = tmp_path_factory.getbasetemp() / "names.bif"
    write_bif(model, path)
    assert same(read_bif(path), model)


def test_the_child_network_label_with_a_slash_is_read() -> None:
    text = "variable D { type discrete [ 2 ] { Lung, Asy/Patch }; } probability (D) { table 1, 0; }"
    assert parse_bif(text).states["D"] == ("Lung", "Asy/Patch")


def test_numbers_keep_all_their_digits(path: Path) -> None:
    model = SCM.from_tables(states={"X": ("0", "1")}, tables={"X": [0.1 + 2**-50, 0.9 - 2**-50]})
    write_bif(model, path)
    assert read_bif(path).cpt("X").tolist() == model.cpt("X").tolist()


def test_what_is_written_is_the_same_bytes_every_time(path: Path) -> None:
    model = parse_bif(SPRINKLER)
    write_bif(model, path)
    first = path.read_bytes()
    write_bif(model, path)
    assert path.read_bytes() == first


def test_a_noisy_or_is_written_as_its_table(path: Path) -> None:
    bits = ("0", "1")
    coin = Table((), np.array([0.5, 0.5]))
    model = SCM({"X": bits, "Y": bits}, {"X": coin, "Y": NoisyOr(("X",), (0.5,), 0.25)})
    write_bif(model, path)
    assert read_bif(path).cpt("Y").tolist() == model.cpt("Y").tolist()


def test_a_default_fills_the_rows_that_are_not_listed() -> None:
    text = SPRINKLER.replace("(no) 0.5, .25, 25e-2;", "default 0.25, 0.25, 0.5;")
    assert parse_bif(text).cpt("wet grass").tolist()[0] == [0.25, 0.25, 0.5]


def test_the_states_of_a_table_change_slowest() -> None:
    text = SPRINKLER[: SPRINKLER.index('probability ( "wet')]
    text += 'probability ( "wet grass" | rain ) { table 0.5, 0.0, 0.25, 0.125, 0.25, 0.875; }'
    assert parse_bif(text).cpt("wet grass").tolist() == [[0.5, 0.25, 0.25], [0.0, 0.125, 0.875]]


def test_the_last_printed_digit_is_mended_and_no_more() -> None:
    text = SPRINKLER.replace("table 0.75, 0.25;", "table 0.3333333, 0.6666666;")
    assert parse_bif(text).cpt("rain").sum() == pytest.approx(1, abs=1e-15)
    coarse = SPRINKLER.replace("table 0.75, 0.25;", "table 0.33, 0.66;")
    with pytest.raises(FormatError, match=r"the only row sums to 0\.99, off by -0\.01"):
        parse_bif(coarse)
    assert parse_bif(coarse, row_tolerance=0.02).cpt("rain").sum() == pytest.approx(1, abs=1e-15)


LIES = [
    ("table 0.75, 0.25;", "table 0.75, 0.24;", 10, "sums to 0.99, off by -0.01"),
    ("(no) 0.5,", "(no) 0.6,", 12, "row (no) sums to 1.1, off by +0.1"),
    ("(no) 0.5, .25, 25e-2;", "default 0.5, 0.5, 0.5;", 11, "row (no) sums to 1.5"),
    ("(no) 0.5, .25, 25e-2;", "(no) 0.5, 0.5;", 12, "row (no) has 2 numbers and needs 3"),
    ("(no) 0.5, .25, 25e-2;", "default 0.5, 0.5;", 11, "the default of 'wet grass' has 2"),
    ("(no) 0.5, .25, 25e-2;", "", 11, "row (no) is missing"),
    ("(no)", "(maybe)", 12, "'maybe' is none of the states of 'rain': no, yes"),
    ("(no)", "(no, no)", 12, "needs 1 labels"),
    ("( yes )", "(no)", 13, "the row (no) is given twice"),
    ("(no) 0.5", "(no) -0.5", 12, "-0.5 is no probability"),
    ("(no) 0.5", "(no) nan", 12, "expected numbers and ';', got 'nan"),
    ("(no) 0.5", "(no) 0_5", 12, "expected numbers and ';'"),
    ("(no) 0.5", "(no) 1.2.3", 12, "no number"),
    ("(no) 0.5", "(no) 1e999", 12, "off by +inf"),
    ("25e-2;", "25e-2", 12, "expected numbers and ';'"),
    ("table 0.75, 0.25;", "table 0.75;", 10, "has 1 numbers and needs 2"),
    ("table 0.75, 0.25;", "table 1, 0; table 1, 0;", 10, "one table or default"),
    ("table 0.75, 0.25;", "table 1, 0; default 1, 0;", 10, "both a table and rows"),
    ("table 0.75, 0.25;", "default 1, 0; default 1, 0;", 10, "one table or default"),
    ("table 0.75, 0.25;", "entries 1, 0;", 10, "one table or default, or a row"),
    ("discrete [ 2 ]", "discrete [ 3 ]", 4, "announces 3 states and lists 2"),
    ("discrete [ 2 ]", "continuous [ 2 ]", 4, "expected 'discrete', got 'continuous'"),
    ("{ no, yes }", "{ no, no }", 4, "lists a state twice"),
    ('"a bit/so"', '""', 6, "cannot be empty"),
    ('"a bit/so"', '"a bit/so', 11, "expected a label"),
    ("type discrete [ 2 ] { no, yes };", "", 4, "has no states"),
    ("property position", "type discrete [1] { a }; property position", 4, "given twice"),
    ('variable "wet grass"', "variable rain", 5, "'rain' is declared twice"),
    ("probability ( rain )", "probability ( rian )", 10, "'rian' is never declared"),
    ('"wet grass" | rain', '"wet grass" | rian', 11, "'rian' is never declared"),
    ('"wet grass" | rain', "rain", 11, "'rain' has two probability blocks"),
    ('"wet grass" | rain', '"wet grass" | rain, rain', 11, "parent twice"),
    ('"wet grass" | rain', '"wet grass" rain', 11, "stand behind '|'"),
    ('"wet grass" | rain', '"wet grass" | "wet grass"', 11, "itself as a parent"),
    ("probability ( rain ) { table 0.75, 0.25; }", "", 0, "'rain' has no probability block"),
    ("network", "netwerk", 3, "got 'netwerk'"),
    ('network "lawn" {', "network { {", 3, "expected '}'"),
    ('network "lawn"', 'network {} { "lawn"', 3, "expected network, variable or probability"),
    ("( yes ) 0.0 0.125 0.875;\n}", "", 14, "the end of the text"),
]


@pytest.mark.parametrize(("true", "lie", "line", "says"), LIES)
def test_a_file_that_lies_is_refused_with_its_line(
    true: str, lie: str, line: int, says: str
) -> None:
    assert SPRINKLER.count(true) >= 1
    with pytest.raises(FormatError) as caught:
        parse_bif(SPRINKLER.replace(true, lie, 1))
    assert says in str(caught.value)
    assert caught.value.line == line


def test_a_table_whose_states_change_fastest_is_not_guessed_at() -> None:
    text = SPRINKLER[: SPRINKLER.index('probability ( "wet')]
    text += 'probability ( "wet grass" | rain ) { table 0.5, 0.25, 0.25, 0.0, 0.125, 0.875; }'
    with pytest.raises(FormatError, match="write one row for each setting"):
        parse_bif(text)


@pytest.mark.parametrize("text", ["", " // nothing\n", "network x { }"])
def test_a_text_without_variables_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match="no variable is declared"):
        parse_bif(text)


def test_several_missing_rows_are_counted() -> None:
    text = SPRINKLER.replace("( yes ) 0.0 0.125 0.875;", "").replace("(no) 0.5, .25, 25e-2;", "")
    with pytest.raises(FormatError, match=r"row \(no\) is missing and 1 more"):
        parse_bif(text)


def test_a_cycle_is_refused() -> None:
    text = SPRINKLER.replace(
        "probability ( rain ) { table 0.75, 0.25; }",
        'probability ( rain | "wet grass" ) { default 1, 0; }',
    )
    with pytest.raises(CycleError):
        parse_bif(text)


def test_a_few_words_cannot_ask_for_a_giant_table() -> None:
    names = [f"v{i}" for i in range(30)]
    blocks = [f"variable {v} {{ type discrete [2] {{ a b }} }}" for v in names]
    blocks += [f"probability ({v}) {{ table 1, 0; }}" for v in names[1:]]
    blocks.append(f"probability (v0 | {', '.join(names[1:])}) {{ default 1, 0; }}")
    with pytest.raises(FormatError, match="more than 4194304 cells"):
        parse_bif("\n".join(blocks))


@pytest.mark.parametrize(
    "data", [b"\xff\xfe\x00", b"\x1f\x8bnot really", gzip.compress(b"x", mtime=0)[:-4]]
)
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "model.bif"
    path.write_bytes(data)
    with pytest.raises(FormatError, match="neither UTF-8 text nor gzipped"):
        read_bif(path)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_file_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: type[bytes]
) -> None:
    monkeypatch.setattr("causal_interface_gym.causal.formats.bif.MAX_BYTES", 1000)
    path = tmp_path / "model.bif"
    path.write_bytes(pack(b" " * 100_000))
    with pytest.raises(FormatError, match="more than 1,000 bytes"):
        read_bif(path)


def test_a_very_long_name_is_not_repeated_in_full() -> None:
    with pytest.raises(FormatError) as caught:
        parse_bif("x" * 1_000_000)
    assert len(str(caught.value)) < 200
