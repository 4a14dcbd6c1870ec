"""``ownmind models``: which there are, fetching them, choosing one, and whether their bytes are the pinned ones."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from ... import config as settings
from ...egress.door import Outlet
from ...errors import BadInput, HomeInUse
from ...messages import Progress
from ...models import catalogue, fetch
from ...paths import Paths, find
from ..doctor import Check, Verdict, hashed
from .opening import unlocked
from .options import HERE, Everywhere
from .output import bold, dim, print_json


def models(
    action: Annotated[
        Literal["list", "fetch", "use", "verify"],
        Parameter(help="list them, fetch them, use one from the next start on, or verify those that are here."),
    ] = "list",
    /,
    *ids: Annotated[str, Parameter(help="Models by id; the ones the settings name when left out.")],
    source: Annotated[Path | None, Parameter(name="--from", help="Fetch from this file or folder instead of the network.")] = None,
    everywhere: Everywhere = HERE,
) -> int:
    """List, fetch, choose and verify the models.

    Using another embedding model has everything read again in the background; the one before serves until that is done. A
    fetch goes on where it was cut, and every byte is checked against the pinned sha256. Exit code 1 when verify finds
    a damaged file.

    Example: ownmind models list
    """
    paths = find(everywhere.home)
    match action:
        case "list":
            return _list(paths, as_json=everywhere.json)
        case "fetch":
            return _fetch(paths, _chosen(paths, ids), source, as_json=everywhere.json)
        case "use":
            return _use(paths, ids, source, as_json=everywhere.json)
        case "verify":
            return _verify(paths, ids, as_json=everywhere.json)


def _list(paths: Paths, *, as_json: bool) -> int:
    rows = [(entry, fetch.present(entry, paths=paths) is not None) for entry in catalogue.entries()]
    used = _named(paths)
    if as_json:
        told = [
            {"id": e.id, "role": e.role, "title": e.title, "bytes": e.bytes, "licence": e.licence, "here": here, "used": e.id in used}
            for e, here in rows
        ]
        print_json({"models": told, "folder": str(paths.models)})
        return 0
    for entry, here in rows:
        marks = ", ".join(word for word, holds in (("here", here), ("in use", entry.id in used)) if holds)
        print(f"{bold(entry.id)}  {entry.bytes / 1e6:,.0f} MB, {entry.licence}" + (f"  ({marks})" if marks else ""))
        print(dim(f"    {entry.role}: {entry.about}"))
    return 0


def _fetch(paths: Paths, ids: list[str], source: Path | None, *, as_json: bool) -> int:
    """From a file nothing leaves. From the network every request has its row in the ledger first, so the home is opened for it."""
    if source is not None and not source.expanduser().exists():
        raise BadInput(f"there is nothing at {source}", hint="--from takes a model file, or a folder of them")
    if source is not None:
        sources: tuple[fetch.Source, ...] = (fetch.FromFile(source.expanduser().absolute()),)
        fetched = [_one(id, paths, sources, None) for id in ids]
    else:
        with _ledger(paths) as outlet:
            fetched = [_one(id, paths, fetch.SOURCES, outlet) for id in ids]
    if as_json:
        print_json({"fetched": [{"id": one.id, "files": {name: str(path) for name, path in one.files.items()}} for one in fetched]})
        return 0
    for one in fetched:
        print(f"{bold(one.id)} is here and right: {one.folder}")
    return 0


def _use(paths: Paths, ids: tuple[str, ...], source: Path | None, *, as_json: bool) -> int:
    """Writes the choice into the settings, once the model is here."""
    if len(ids) != 1:
        raise BadInput("name one model to use", hint="`ownmind models` lists them")
    entry = catalogue.entry(ids[0])
    if not entry.runs_with:
        raise BadInput(f"nothing here runs {entry.id} yet", hint="`ownmind models` says which run")
    if fetch.present(entry, paths=paths) is None:
        _fetch(paths, [entry.id], source, as_json=False)
    key = "embedder" if entry.role.startswith("embedding") else "brain"
    settings.write(paths.config, key, entry.id)
    if as_json:
        print_json({"setting": key, "id": entry.id, "config": str(paths.config)})
        return 0
    print(f"{bold(entry.id)} is the {key} from the next start on ({paths.config}).")
    if key == "embedder":
        print("Everything is then read again in the background; until that is done the one before goes on serving.")
    return 0


def _one(id: str, paths: Paths, sources: tuple[fetch.Source, ...], outlet: Outlet | None) -> fetch.Fetched:
    with _bar(id) as moved:
        return fetch.ensure(id, paths=paths, sources=sources, on_progress=moved, outlet=outlet)


@contextmanager
def _ledger(paths: Paths) -> Iterator[Outlet]:
    """A way out that writes each request down first."""
    from ...egress.door import Door
    from ...store.opening import open_store

    try:
        store = unlocked(lambda given: open_store(paths, given))
    except HomeInUse as error:
        raise HomeInUse(
            error.message, hint="a running Ownmind fetches what it needs itself; see `ownmind status`", pid=error.pid
        ) from error
    with store:
        door = Door(store, keep_days=settings.read(paths.config).keep_sent)
        try:
            yield door.outlet(consent="ownmind models fetch")
        finally:
            door.close()


def _verify(paths: Paths, ids: tuple[str, ...], *, as_json: bool) -> int:
    """Reads and hashes every file that is here; touches nothing."""
    chosen = [catalogue.entry(id) for id in ids] if ids else [e for e in catalogue.entries() if (paths.models / e.id).is_dir()]
    checks = [hashed(entry, paths) for entry in chosen]
    if as_json:
        from ..wire import encode

        print_json({"ok": all(check.verdict is Verdict.OK for check in checks), "models": encode(checks)})
    else:
        for check in checks:
            _show(check)
        if not checks:
            print(f"No models are in {paths.models} yet.")
    return 0 if all(check.verdict is Verdict.OK for check in checks) else 1


def _show(check: Check) -> None:
    print(f"{check.verdict:<5} {bold(check.name)}: {check.detail}")
    if check.hint:
        print(f"      → {check.hint}")


def _chosen(paths: Paths, ids: tuple[str, ...]) -> list[str]:
    """The ids asked for, checked before anything is fetched; else those of the settings."""
    for id in ids:
        catalogue.entry(id)
    return list(ids) or sorted(_named(paths))


def _named(paths: Paths) -> set[str]:
    """The catalogue's models that the settings name; a path to a file of the person's own is not one."""
    config = settings.read(paths.config)
    return {config.brain, config.embedder} & {entry.id for entry in catalogue.entries()}


@contextmanager
def _bar(name: str) -> Iterator[Callable[[Progress], None]]:
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield lambda step: bar.update(task, completed=step.done, total=step.total or None)
