"""The shape of the code, asserted: ceilings, contracts, names, the lock and the references.

Complexity, relative imports, sorted ``__all__`` and docstrings are ruff's to check; here stands
only that nobody switched those rules off.
"""

import ast
import importlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from importlinter.cli import lint_imports

from causal_interface_gym import scenarios

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
PACKAGE = SOURCE / "causal_interface_gym"
# The values of a TOML file have no static type.
CONFIG: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50
MAX_COMPLEXITY = 10
MAX_MODULES_IN_A_FOLDER = 12
MAX_ROOT_ENTRIES = 20
MAX_PUBLIC_NAMES = 30

LOCKS = (
    ".ci/browser.txt", ".ci/interop.txt", ".ci/model.txt", ".ci/ops.txt",
    "ops/image/build.txt", "ops/image/run.txt",
)  # fmt: skip
VAGUE_NAMES = {"utils", "helpers", "common", "manager", "core"}
PURE_LAYERS = ("errors", "causal", "questions", "scenarios", "gym", "scoring")
EFFECTS = {
    "aiohttp", "asyncio", "fastapi", "http", "httpx", "logging", "prometheus_client", "psycopg",
    "pydantic", "redis", "requests", "rich", "socket", "sqlalchemy", "sqlite3", "starlette",
    "structlog", "subprocess", "typer", "urllib.request", "uvicorn",
}  # fmt: skip
BRACKETED = re.compile(r"\[([^\[\]]*)\]")
BIB_KEY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:1[89]|20)\d\d[a-z]?")


def project_files() -> list[Path]:
    """Every file that is or would be committed."""
    git = shutil.which("git")
    assert git is not None, "the checks read the list of files from git"
    command = [git, "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return sorted(path for path in paths if path.is_file())


FILES = project_files()
PYTHON = [path for path in FILES if path.suffix == ".py"]
MODULES = [path for path in PYTHON if path.is_relative_to(PACKAGE)]
TREES = {path: ast.parse(path.read_text("utf-8")) for path in PYTHON}


def name_of(path: Path) -> str:
    """Write a path relative to the root."""
    return path.relative_to(ROOT).as_posix()


def module_name(path: Path) -> str:
    """Dotted name of a file of the package."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def load(path: Path) -> ModuleType:
    """Import a file of the package by its dotted name."""
    return importlib.import_module(module_name(path))


def imported_names(nodes: Iterator[ast.AST]) -> Iterator[str]:
    """Dotted name of each thing imported among the nodes."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_roots(nodes: Iterator[ast.AST]) -> set[str]:
    """First component of each import among the nodes."""
    return {name.split(".")[0] for name in imported_names(nodes)}


def unguarded(tree: ast.Module) -> Iterator[ast.AST]:
    """Statements that run on import, leaving out functions and blocks for the type checker."""
    queue: list[ast.AST] = list(tree.body)
    while queue:
        node = queue.pop()
        is_lazy = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        is_typing = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if not (is_lazy or is_typing):
            yield node
            queue.extend(ast.iter_child_nodes(node))


def test_files_stay_below_the_ceiling() -> None:
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in PYTHON}
    assert {name: n for name, n in lengths.items() if n > MAX_FILE_LINES} == {}


def test_functions_stay_below_the_ceiling() -> None:
    long = {
        f"{name_of(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    }
    assert long == {}


def test_folders_stay_small() -> None:
    sizes: dict[str, int] = {}
    for path in (path for path in PYTHON if path.name != "__init__.py"):
        sizes[name_of(path.parent)] = sizes.get(name_of(path.parent), 0) + 1
    crowded = {name: n for name, n in sizes.items() if n > MAX_MODULES_IN_A_FOLDER}
    # One file per scenario is the rule of that folder.
    crowded.pop("src/causal_interface_gym/scenarios/library", None)
    assert crowded == {}


def test_the_root_stays_small() -> None:
    entries = {path.relative_to(ROOT).parts[0] for path in FILES}
    assert len(entries) <= MAX_ROOT_ENTRIES, sorted(entries)


def test_ruff_guards_complexity_imports_and_order_everywhere() -> None:
    lint = CONFIG["tool"]["ruff"]["lint"]
    assert lint["mccabe"]["max-complexity"] == MAX_COMPLEXITY
    assert lint["flake8-tidy-imports"]["ban-relative-imports"] == "all"
    assert {"C90", "TID", "RUF", "ANN", "D"} <= set(lint["select"])
    silenced = {code for codes in lint["per-file-ignores"].values() for code in codes}
    assert not {"C901", "TID252", "RUF022", "C90", "TID", "RUF"} & silenced


def test_no_line_switches_a_ceiling_off() -> None:
    pattern = re.compile(r"#\s*(?:ruff:\s*)?noqa(?:\s*$|:.*\b(?:C901|TID252|PLR091[125])\b)", re.M)
    assert [name_of(path) for path in PYTHON if pattern.search(path.read_text("utf-8"))] == []


def test_every_type_exception_gives_its_code_and_reason() -> None:
    pattern = re.compile(r"#\s*type:\s*ignore(?!\[[\w, -]+\]\s+#\s*\S)")
    assert [name_of(path) for path in MODULES if pattern.search(path.read_text("utf-8"))] == []


def test_names_say_what_a_module_is() -> None:
    vague = [name_of(path) for path in PYTHON if {path.stem, path.parent.name} & VAGUE_NAMES]
    assert vague == []


def test_no_module_shares_its_name_with_a_package() -> None:
    assert [name_of(path) for path in MODULES if path.with_suffix("").is_dir()] == []


def test_contracts_of_direction_hold(tmp_path: Path) -> None:
    config = str(ROOT / "pyproject.toml")
    assert lint_imports(config_filename=config, cache_dir=str(tmp_path)) == 0


def test_the_pure_layers_import_no_effects() -> None:
    pure = [
        path
        for path in MODULES
        if path.relative_to(PACKAGE).with_suffix("").parts[0] in PURE_LAYERS
    ]
    found = [
        f"{name_of(path)}: {name}"
        for path in pure
        for name in imported_names(ast.walk(TREES[path]))
        if any(f"{name}.".startswith(f"{effect}.") for effect in EFFECTS)
    ]
    assert found == []


def test_the_engine_imports_only_numpy_and_the_standard_library() -> None:
    allowed = {"numpy", "causal_interface_gym", *sys.stdlib_module_names}
    engine = [path for path in MODULES if path.is_relative_to(PACKAGE / "causal")]
    eager = {(name_of(p), root) for p in engine for root in imported_roots(unguarded(TREES[p]))}
    lazy = {(name_of(p), root) for p in engine for root in imported_roots(ast.walk(TREES[p]))}
    assert [use for use in sorted(eager) if use[1] not in allowed] == []
    assert [use for use in sorted(lazy) if use[1] not in allowed | {"scipy", "networkx"}] == []


def test_importing_the_engine_loads_no_heavy_library() -> None:
    code = (
        "import sys, causal_interface_gym.causal; "
        "print(*sorted({'scipy', 'networkx', 'matplotlib', 'typer', 'rich'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.split() == []


def test_the_environment_is_read_in_settings_only() -> None:
    pattern = re.compile(r"\bos\.environ|\bgetenv\b|\bfrom os import .*environ")
    readers = [p for p in MODULES if pattern.search(p.read_text("utf-8"))]
    assert [name_of(path) for path in readers if path != PACKAGE / "settings.py"] == []


@pytest.mark.parametrize("path", [p for p in MODULES if p.name == "__init__.py"], ids=name_of)
def test_a_package_exports_what_it_names(path: Path) -> None:
    package = load(path)
    exported = getattr(package, "__all__", None)
    if exported is None:
        assert [node for node in TREES[path].body if isinstance(node, ast.ImportFrom)] == []
        return
    assert [name for name in exported if not hasattr(package, name)] == []
    imported = {
        alias.asname or alias.name
        for node in unguarded(TREES[path])
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(package.__name__)
        for alias in node.names
    }
    assert {name for name in imported if not name.startswith("_")} - set(exported) == set()


def test_the_root_package_exports_few_names() -> None:
    assert len(load(PACKAGE / "__init__.py").__all__) <= MAX_PUBLIC_NAMES


def drawn_tree(text: str) -> dict[str, str]:
    """Read child -> parent from a tree drawn with box characters."""
    parents: dict[str, str] = {}
    open_at: list[tuple[int, str]] = []
    for line in text.splitlines():
        match = re.fullmatch(r"[\s│├└─]*?(\w+)", line)
        if match is None or not ("─" in line or not open_at):
            continue
        if "─" not in line and match[1] != "CausalGymError":
            continue
        column = match.start(1)
        while open_at and open_at[-1][0] >= column:
            open_at.pop()
        if open_at:
            parents[match[1]] = open_at[-1][1]
        open_at.append((column, match[1]))
    return parents


def test_the_drawn_error_tree_is_the_real_one() -> None:
    errors = load(PACKAGE / "errors.py")
    classes = [v for v in vars(errors).values() if isinstance(v, type)]
    real = {
        c.__name__: c.__bases__[0].__name__
        for c in classes
        if issubclass(c, errors.CausalGymError) and c is not errors.CausalGymError
    }
    assert drawn_tree(errors.__doc__ or "") == real


def test_errors_are_defined_in_one_module() -> None:
    strays = [
        f"{name_of(path)}: {node.name}"
        for path in MODULES
        if path != PACKAGE / "errors.py"
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.ClassDef)
        and any(re.search(r"(Error|Exception|Violation)$", ast.unparse(b)) for b in node.bases)
    ]
    assert strays == []


def test_the_lock_holds_names_versions_and_hashes_only() -> None:
    line = re.compile(r"[a-z0-9][a-z0-9.-]*==[\w.+!]+ \\|    --hash=sha256:[0-9a-f]{64}(?: \\)?")
    for name in ("requirements.lock", *LOCKS):
        lock = (ROOT / name).read_text("utf-8").splitlines()
        assert [text for text in lock if not line.fullmatch(text)] == []


def test_the_lock_of_the_pages_holds_names_versions_and_hashes_only() -> None:
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text("utf-8"))
    allowed = {
        "bin", "cpu", "dependencies", "dev", "devOptional", "engines", "hasInstallScript",
        "integrity", "libc", "license", "optional", "optionalDependencies", "os", "peer",
        "peerDependencies", "peerDependenciesMeta", "version",
    }  # fmt: skip
    entries = {name: entry for name, entry in lock["packages"].items() if name}
    assert {name: keys for name in entries if (keys := set(entries[name]) - allowed)} == {}
    unpinned = [n for n, e in entries.items() if not e.get("integrity", "").startswith("sha512-")]
    assert unpinned == []
    assert "://" not in json.dumps(lock)


def test_the_lock_covers_every_declared_dependency() -> None:
    texts = [(ROOT / name).read_text("utf-8") for name in ("requirements.lock", ".ci/interop.txt")]
    locked = {name for text in texts for name in re.findall(r"^([a-z0-9.-]+)==", text, re.M)}
    declared = [
        *CONFIG["project"]["dependencies"],
        *CONFIG["dependency-groups"]["dev"],
        *CONFIG["build-system"]["requires"],
        *(name for names in CONFIG["project"]["optional-dependencies"].values() for name in names),
    ]
    assert {re.split(r"[\[<>=~!]", text)[0] for text in declared} - locked == set()


def test_nothing_names_a_machine_or_a_package_index() -> None:
    pattern = re.compile(
        rb"(?<![\w./-])/(?:work|root|home|Users)/|py" + rb"pi\.org|python" + rb"hosted"
    )
    assert [name_of(path) for path in FILES if pattern.search(path.read_bytes())] == []


def cited_keys(paths: list[Path]) -> dict[str, set[str]]:
    """Bibliography keys in square brackets, by file."""
    found: dict[str, set[str]] = {}
    for path in paths:
        groups = (text.split(",") for text in BRACKETED.findall(path.read_text("utf-8")))
        keys = {part.strip() for group in groups for part in group}
        found[name_of(path)] = {key for key in keys if BIB_KEY.fullmatch(key)}
    return found


def test_every_reference_resolves_and_every_entry_is_cited() -> None:
    entries = set(re.findall(r"^@\w+\{([^,]+),", (ROOT / "docs/references.bib").read_text(), re.M))
    pages = [path for path in FILES if path.suffix == ".md" and path.parent != ROOT]
    in_code = cited_keys(MODULES)
    assert {name: keys - entries for name, keys in in_code.items() if keys - entries} == {}
    curated = {c.key for name in scenarios.ids() for c in scenarios.get(name).citations}
    assert curated - entries == set()
    cited = curated.union(*in_code.values(), *cited_keys(pages).values())
    assert entries - cited == set()
