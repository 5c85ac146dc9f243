"""The reference is complete and equals the code."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, REFERENCE

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("name", "write"), PAGES.items())
def test_a_generated_page_equals_the_code(name: str, write: Callable[[], str]) -> None:
    written = (REFERENCE / name).read_text("utf-8")
    assert written == write(), f"docs/reference/{name} is out of date: run make pages"


def test_every_dependency_has_its_reason_and_nothing_else_has_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *(name for extra in project["project"]["optional-dependencies"].values() for name in extra),
    ]
    names = {re.split(r"[\[<>=~!]", text)[0] for text in declared}
    page = (REFERENCE / "dependencies.md").read_text("utf-8")
    rows = re.findall(r"^\| ([a-z0-9-]+) \|.* (\S[^|]{9,}) \|$", page, re.MULTILINE)
    assert {name for name, _ in rows} == names


def test_every_make_target_named_in_a_page_exists() -> None:
    targets = set(
        re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    )
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    named = {
        (page.name, target)
        for page in pages
        for target in re.findall(r"(?:`|^)make ([a-z0-9-]+)", page.read_text("utf-8"), re.MULTILINE)
    }
    assert {(page, target) for page, target in named if target not in targets} == set()


def test_every_test_named_on_the_page_about_survival_exists() -> None:
    page = (ROOT / "docs" / "explanation" / "survival.md").read_text("utf-8")
    named = set(re.findall(r"`(tests/[a-z_/]+\.py)`", page))
    assert len(named) > 8
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []
