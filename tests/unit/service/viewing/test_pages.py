"""The document of every page, its files and its policy, built or not."""

import gzip
from pathlib import Path

import pytest

from causal_interface_gym.service.web import pages
from causal_interface_gym.service.web.assets import load_assets
from tests.unit.service.served import Service

PAGES = ("/", "/play", "/play/asia-v1", "/scenarios", "/runs", "/runs/a/e/3", "/leaderboard")


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as the build leaves it."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><p>pages", "utf-8")
    (folder / "assets" / "main-1.js").write_text("let a = 1;" * 50, "utf-8")
    (folder / "assets" / "main-1.js.map").write_text("{}", "utf-8")
    monkeypatch.setattr(pages, "HERE", folder)
    return folder


def test_every_page_is_the_one_document_under_a_strict_policy(
    service: Service, built: Path
) -> None:
    for path in PAGES:
        got = service.get(path)
        assert (got.status, got.body) == (200, (built / "index.html").read_bytes())
        assert got.headers["content-security-policy"] == pages.POLICY
        assert "unsafe" not in got.headers["content-security-policy"]
        assert got.headers["cache-control"] == "no-cache"
    again = service.get("/", If_None_Match=service.get("/").headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_files_are_kept_for_ever_and_sent_small(service: Service, built: Path) -> None:
    plain = service.get("/assets/main-1.js")
    assert plain.body == (built / "assets" / "main-1.js").read_bytes()
    assert "immutable" in plain.headers["cache-control"]
    assert plain.headers["content-type"].startswith("text/javascript")
    small = service.get("/assets/main-1.js", Accept_Encoding="gzip")
    assert gzip.decompress(small.body) == plain.body
    assert len(small.body) < len(plain.body)


def test_only_built_files_are_sent(service: Service, built: Path) -> None:
    assert built.is_dir()
    for name in ("none.js", "main-1.js.map", "..%2findex.html", "%2e%2e/index.html", "a%00"):
        assert service.get(f"/assets/{name}").status == 404, name
    assert service.get("/nowhere").status == 404


def test_pages_that_are_not_built_say_how_to_build_them(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "HERE", tmp_path / "none")
    got = service.get("/")
    assert (got.status, b"make web" in got.body) == (200, True)
    assert got.headers["content-security-policy"] == pages.POLICY
    assert dict(load_assets(tmp_path / "none")) == {}
