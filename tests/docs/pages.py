"""Reference pages written from the code; ``make pages`` writes them and a test compares."""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import typer.main
from typer.core import TyperGroup

from causal_interface_gym import errors, scenarios, settings
from causal_interface_gym.agents.llm.fake import KINDS, PRESETS
from causal_interface_gym.cli.app import app
from causal_interface_gym.settings import ENV_FILE, MOUNTED, SETTINGS

REFERENCE: Final = Path(__file__).resolve().parents[2] / "docs" / "reference"
NOTE: Final = "<!-- Written by `make pages` from the code. -->"


def table(*rows: tuple[str, ...]) -> str:
    """Lay rows out as a Markdown table; the first is the head."""
    head, *body = [f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |" for row in rows]
    return "\n".join([head, "|" + "---|" * len(rows[0]), *body])


def first_line(text: str | None) -> str:
    """Take the sentence that opens a docstring."""
    return inspect.cleandoc(text or "").split("\n\n")[0].replace("\n", " ")


def error_classes(
    root: type[errors.CausalGymError] = errors.CausalGymError,
) -> Iterator[type[errors.CausalGymError]]:
    """List the tree from its root, a class before its children."""
    yield root
    for child in root.__subclasses__():
        yield from error_classes(child)


def errors_page() -> str:
    """Every error, what it is a kind of, and when it is raised."""
    rows = [
        (f"`{c.__name__}`", f"`{c.__base__.__name__}`", first_line(c.__doc__))
        for c in error_classes()
        if c.__base__ is not None
    ]
    return f"# Errors\n\n{NOTE}\n\n{table(('Error', 'Is a', 'When'), *rows)}\n"


def command_sections(command: object, path: str) -> Iterator[str]:
    """Describe a command, then those below it."""
    text = inspect.cleandoc(str(getattr(command, "help", None) or "")).replace("\b", "").rstrip()
    parts = [f"## {path}", text]
    rows = [
        (f"`{' '.join(p.opts) if p.param_type_name == 'option' else p.name.upper()}`", p.help or "")
        for p in getattr(command, "params", ())
        if p.name != "help" and not getattr(p, "hidden", False)
    ]
    if rows:
        parts.append(table(("Argument or option", "Meaning"), *rows))
    yield "\n\n".join(part for part in parts if part)
    if isinstance(command, TyperGroup):
        for name in sorted(command.commands):
            yield from command_sections(command.commands[name], f"{path} {name}")


def cli_page() -> str:
    """Every command with its arguments and options."""
    sections = "\n\n".join(command_sections(typer.main.get_command(app), "cig"))
    return f"# Command line\n\n{NOTE}\n\n{sections}\n"


def scenario_section(scenario: scenarios.Scenario) -> str:
    """Tell one scenario: its story, variables, questions asked and where its numbers come from."""
    rows = [
        (f"`{v.name}`", v.meaning, "; ".join(f"`{label}` {means}" for label, means in v.states))
        for v in scenario.variables
    ]
    sources = "\n".join(f"- {citation.text} [{citation.key}]" for citation in scenario.citations)
    numbers = [
        f"{name}: {text}"
        for name, text in (
            ("Published", scenario.published),
            ("Chosen here", scenario.illustrative),
        )
        if text
    ]
    parts = [
        f"## {scenario.id}",
        f"**{scenario.title}.** {scenario.story}",
        table(("Variable", "Meaning", "States"), *rows),
        f"`{scenario.treatment}` on `{scenario.outcome}`; structure: {scenario.structure}.",
        *numbers,
        sources,
    ]
    return "\n\n".join(part for part in parts if part)


def scenarios_page() -> str:
    """Every curated scenario."""
    sections = "\n\n".join(scenario_section(scenarios.get(name)) for name in scenarios.ids())
    return f"# Scenarios\n\n{NOTE}\n\n{sections}\n"


def settings_page() -> str:
    """Every variable that the program reads."""
    rows = [
        (
            f"`{s.variable}`",
            s.meaning,
            f"`{s.default}`" if s.default else "none",
            f"secret; also `{s.variable}_FILE`"
            if s.is_secret
            else "at run time"
            if s.is_runtime
            else "at the start",
        )
        for s in SETTINGS.values()
    ]
    head = ("Variable", "Meaning", "Default", "Set")
    own = f"| `{ENV_FILE}` | The mounted file of variables. | `{MOUNTED}` | process only |"
    text = inspect.cleandoc(settings.__doc__ or "")
    return f"# Settings\n\n{NOTE}\n\n{text}\n\n{table(head, *rows)}\n{own}\n"


def faults_page() -> str:
    """Every fault of the fake provider, and its presets."""
    kinds = [
        (f"`{name}`", kind.meaning, ", ".join(f"`{n}={d:g}`" for n, d in kind.defaults.items()))
        for name, kind in KINDS.items()
    ]
    presets = [(f"`{name}`", ", ".join(f"`{text}`" for text in PRESETS[name])) for name in PRESETS]
    use = "How to use them: [Rehearse an outage](../howto/rehearse-an-outage.md)."
    head = ("Kind", "What happens", "Numbers with their defaults")
    return (
        f"# Faults of the fake provider\n\n{NOTE}\n\n{use}\n\n{table(head, *kinds)}\n\n"
        f"## Presets\n\n{table(('Preset', 'Faults'), *presets)}\n"
    )


PAGES: Final[dict[str, Callable[[], str]]] = {
    "cli.md": cli_page,
    "errors.md": errors_page,
    "faults.md": faults_page,
    "scenarios.md": scenarios_page,
    "settings.md": settings_page,
}


if __name__ == "__main__":
    for name, write in PAGES.items():
        (REFERENCE / name).write_text(write(), encoding="utf-8")
