"""``cig backup`` and ``cig db restore``: what is stored, kept elsewhere and put back."""

from pathlib import Path
from typing import Annotated

import typer

from causal_interface_gym.cli.database import DatabaseOption, named
from causal_interface_gym.cli.output import JsonOption, emit_json, say
from causal_interface_gym.ops.backup.drill import drill
from causal_interface_gym.ops.backup.files import FolderSource
from causal_interface_gym.ops.backup.manifest import Manifest
from causal_interface_gym.ops.backup.postgres import PostgresSource
from causal_interface_gym.ops.backup.source import Source
from causal_interface_gym.ops.backup.vault import Vault
from causal_interface_gym.storage.database import database_at, is_file

__all__ = ["app", "restore_command"]

_FINDING = 1

Folder = Annotated[
    Path | None, typer.Option(help="The folder of backups. Default: CIG_BACKUP_FOLDER, /backups.")
]
Runs = Annotated[
    Path, typer.Option(help="The folder of runs, which is backed up where no database is named.")
]
Name = Annotated[
    str, typer.Argument(help="A backup's name or path. Default: latest.dump, the proven one.")
]
NewName = Annotated[str, typer.Argument(help="A backup's name or path. Default: the newest.")]

app: typer.Typer = typer.Typer(
    help="Make backups, prove them by a restore, and rehearse the loss of everything.",
    no_args_is_help=True,
)


@app.command("create")
def create_command(
    folder: Folder = None,
    runs: Runs = Path("runs"),
    database: DatabaseOption = None,
    verify: Annotated[
        bool, typer.Option(help="Restore it beside the real thing and compare; move latest.dump.")
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Back up the database, or the folder of runs where none is named.

    latest.dump moves only after the backup was restored and every table's digest was equal. What
    retention no longer keeps (7 days, 5 weeks, 12 months) is deleted then.
    """
    source, vault = _source(database, runs), _vault(folder)
    backup = vault.create(source)
    gone: tuple[str, ...] = ()
    if verify:
        backup = vault.verify(source, backup.name)
        vault.publish(backup)
        gone = vault.prune()
    if as_json:
        emit_json(_line(backup, vault) | {"deleted": list(gone)})
        return
    say(f"{vault.folder / backup.name}: {_what(backup)}")
    say("restored and equal; latest.dump names it" if verify else "not verified: cig backup verify")
    for name in gone:
        say(f"deleted {name}")


@app.command("list")
def list_command(folder: Folder = None, as_json: JsonOption = False) -> None:
    """List the backups, oldest first."""
    vault = _vault(folder)
    backups = vault.backups()
    if as_json:
        emit_json({"backups": [_line(backup, vault) for backup in backups]})
        return
    for backup in backups:
        proven = (
            f"verified {backup.verified_at:%Y-%m-%d %H:%M}" if backup.verified_at else "unproven"
        )
        latest = ", latest" if backup.name == vault.latest() else ""
        say(f"{backup.name}: {_what(backup)}; {proven}{latest}")
    if not backups:
        say(f"there is no backup in {vault.folder}; make one: cig backup create")


@app.command("verify")
def verify_command(
    name: NewName = "",
    folder: Folder = None,
    runs: Runs = Path("runs"),
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Restore a backup beside the real thing, compare every digest, and move latest.dump to it."""
    source, vault = _source(database, runs), _vault(folder)
    backups = vault.backups()
    chosen = Path(name).name if name else backups[-1].name if backups else ""
    backup = vault.verify(source, chosen)
    vault.publish(backup)
    if as_json:
        emit_json(_line(backup, vault))
    else:
        say(f"{backup.name}: restored and equal: {_what(backup)}")


@app.command("drill")
def drill_command(
    name: Name = "",
    folder: Folder = None,
    runs: Runs = Path("runs"),
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rehearse the loss of everything: restore the backup elsewhere and check all that it holds.

    Every digest is compared and every stored run is checked: truths are derived, scores computed
    and logs walked again. It says how long that took and how old the data would be. Exit code 1: a
    run in the backup is damaged.
    """
    report = drill(_vault(folder), _source(database, runs), Path(name).name)
    if as_json:
        emit_json(report.to_json())
    else:
        say(f"{report.backup}: restored in {report.restore_s:.1f} s, {report.n_rows} rows equal")
        say(f"what was done in the last {report.age_s / 3600:.1f} hours would be lost")
        for finding in report.findings:
            say(finding)
        say(f"{report.n_runs} runs checked: {len(report.findings)} findings")
    if report.findings:
        raise typer.Exit(_FINDING)


def restore_command(
    name: Name = "",
    folder: Folder = None,
    runs: Runs = Path("runs"),
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a backup in the place of the database (or of the folder of runs), in one step.

    It is restored beside the real one first and compared with its manifest; then both change
    places. Killed at any moment, the old one or the new one is there. The old one is kept under
    another name, which is printed.
    """
    source, vault = _source(database, runs), _at(name, folder)
    backup = vault.find(Path(name).name)
    old = vault.restore(source, backup.name)
    if as_json:
        emit_json({"restored": backup.name, "before": old})
    else:
        say(f"restored {backup.name}: {_what(backup)}")
        say(f"what was there before is kept as {old}")


def _at(name: str, folder: Path | None) -> Vault:
    """Open the folder of backups that a path names, else the one that is set."""
    if folder is None and "/" in name:
        return Vault(Path(name).parent)
    return _vault(folder)


def _vault(folder: Path | None) -> Vault:
    if folder is not None:
        return Vault(folder)
    from causal_interface_gym.settings import load_settings  # noqa: PLC0415 - slow to load

    return Vault(load_settings().backup_folder)


def _source(database: str | None, runs: Path) -> Source:
    from causal_interface_gym.settings import load_settings  # noqa: PLC0415 - slow to load

    address = named(database)
    if not address:
        return FolderSource(runs)
    engine = database_at(address)
    try:
        if is_file(engine):
            return FolderSource(Path(str(engine.url.database)).parent)
    finally:
        engine.dispose()
    return PostgresSource(address, load_settings().postgres_bin)


def _what(backup: Manifest) -> str:
    n = len(backup.contents.tables)
    return f"{backup.size:,} bytes, {n} tables, {backup.contents.n_rows:,} rows"


def _line(backup: Manifest, vault: Vault) -> dict[str, object]:
    return {
        "name": backup.name,
        "path": str(vault.folder / backup.name),
        "kind": backup.kind,
        "made_at": backup.made_at.isoformat(),
        "verified_at": backup.verified_at.isoformat() if backup.verified_at else None,
        "size": backup.size,
        "sha256": backup.sha256,
        "revision": backup.contents.revision,
        "n_rows": backup.contents.n_rows,
        "is_latest": backup.name == vault.latest(),
    }
