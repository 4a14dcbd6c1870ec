"""``ownmind models``: what runs, what this machine could run and how well; fetching, choosing, adding, checking and removing models."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput, BrainNotReady, DownloadFailed
from ...models.shelf import catalogue, fetch
from ...paths import Paths, find
from ..doctor import Check, Verdict, hashed
from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, day, dim, joined, print_encoded, print_json, slowly

if TYPE_CHECKING:
    from ...models.shelf.book import Added, Model, Models
    from ...models.shelf.checked import Checked
    from ...models.shelf.machine import Machine
    from ...models.shelf.servers import Found
    from ...models.shelf.underway import Underway

_LOOK = 0.2  # seconds between two looks at how far it is


def models(
    action: Annotated[
        Literal["list", "machine", "fetch", "use", "add", "remove", "check", "checked", "servers", "connect", "update", "verify", "stop"],
        Parameter(
            help="list them; show this machine; fetch some; use one from now on; add a file of yours or one of the hub; remove one; check "
            "how good one is; show what checks found; look for servers here; connect one; update the catalogue; verify bytes; "
            "stop what is under way."
        ),
    ] = "list",
    /,
    *words: Annotated[
        str, Parameter(help="Models by id (the ones of the settings when left out); a file, OWNER/NAME[:QUANT], an address.")
    ],
    source: Annotated[Path | None, Parameter(name="--from", help="To fetch: from this file or folder instead of the network.")] = None,
    force: Annotated[bool, Parameter(help="To use: also one that is too large for the memory.", negative="")] = False,
    kind: Annotated[str, Parameter(help="To list: only chat, vision, embedding, reranker, speech, voice, translation or image.")] = "",
    everywhere: Everywhere = HERE,
) -> int:
    """Show, fetch, choose, add, check and remove the models.

    Another chat model answers without a restart; another embedding model has everything read again in the background. A fetch goes on
    where it was cut, and every byte is checked against its sha256. Exit code 1 when verify finds a damaged file.

    Example: ownmind models add Qwen/Qwen3-4B-GGUF:Q4_K_M
    """
    as_json = everywhere.json
    paths = find(everywhere.home)
    if action == "verify":
        return _verify(paths, words, as_json=as_json)
    if source is not None:
        _from_files(paths, words, source)
    if action == "fetch" and source is not None:
        return _there(paths, words, as_json=as_json)
    with opened(everywhere, make=action in ("fetch", "use", "add", "update")) as face:
        shelf = face.models
        match action, words:
            case "list", ():
                return _list(shelf.all(kind), as_json=as_json)
            case "machine", ():
                return _machine(shelf.machine(), as_json=as_json)
            case "fetch", _:
                for id in _chosen(shelf, words):
                    _finish(shelf, shelf.fetch(id), as_json=as_json)
                return 0
            case "use", (id,):
                return _finish(shelf, shelf.use(id, force), as_json=as_json)
            case "add", (what,):
                path = Path(what).expanduser()
                with slowly("looking"):
                    added = shelf.add(str(path.absolute()) if path.is_file() else what)
                return _added(added, as_json=as_json)
            case "remove", (id,):
                removed = shelf.remove(id)
                print_encoded(removed) if as_json else print(clean(removed.note))
                return 0
            case "check", () | (_,):
                id = words[0] if words else shelf.using().id
                ended = _finish(shelf, shelf.check(id), as_json=False, quiet=as_json)
                return ended or _checked(shelf.checked(id)[:1], as_json=as_json)
            case "checked", () | (_,):
                return _checked(shelf.checked(*words), as_json=as_json)
            case "servers", () | (_,):
                with slowly("looking"):
                    found = shelf.servers(*words)
                return _servers(found, as_json=as_json)
            case "connect", (url, model):
                said = shelf.connect(url, model)
                print_json({"connected": said}) if as_json else print(clean(said))
                return 0
            case "update", (where,):
                path = Path(where).expanduser()
                updated = shelf.update(str(path.absolute()) if path.is_file() else where)
                if as_json:
                    print_encoded(updated)
                else:
                    print(f"{updated.models} models: {joined(f'{len(updated.new)} new', f'{len(updated.changed)} changed')}.")
                return 0
            case "stop", ():
                return _told(shelf.stop(), as_json=as_json)
    raise BadInput(
        f"{action} takes other words",
        hint="ownmind models fetch|use|remove|check ID; add FILE or OWNER/NAME:QUANT; connect URL MODEL; update FILE",
    )


def _list(found: Sequence[Model], *, as_json: bool) -> int:
    if as_json:
        print_encoded({"models": found})
        return 0
    for here in (True, False):
        rows = [one for one in found if one.here is here]
        if rows:
            print(bold("Here" if here else "To be had"))
        for one in rows:
            size = f"{one.bytes / 1e9:,.2f} GB" if one.bytes else "size by the hub"
            print(f"  {bold(clean(one.id))}  {joined(size, clean(one.licence), 'in use' if one.in_use else '', one.verdict)}")
            print(dim(f"      {one.role}: {clean(one.about)}" + (f" {clean(one.languages)}." if one.languages else "")))
            if one.measured and one.checked is not None:
                print(dim(f"      measured here on {day(one.checked.at)}: {clean(one.measured)}"))
            elif one.runs and one.verdict != "fits":
                print(dim(f"      {clean(one.why)}"))
    return 0


def _machine(found: Machine, *, as_json: bool) -> int:
    if as_json:
        print_encoded(found)
        return 0
    bound = " (a limit set from outside)" if found.is_bound else ""
    print(f"memory  {found.available / 1e9:.1f} of {found.memory / 1e9:.1f} GB can be had{bound}")
    print(f"cores   {found.cores}, {found.system}")
    print(f"disk    {found.disk_free / 1e9:.1f} GB free in {found.folder}")
    for gpu in found.gpus:
        print(f"gpu     {clean(gpu.name)}: {gpu.free / 1e9:.1f} of {gpu.memory / 1e9:.1f} GB free")
    if not found.gpus:
        print("gpu     " + (f"{clean(found.unused_gpu)}, which the installed llama.cpp cannot use" if found.unused_gpu else "none"))
    return 0


def _added(added: Added, *, as_json: bool) -> int:
    if as_json:
        print_encoded(added)
        return 0
    one = added.model
    print(f"{bold(clean(one.id))}  {joined(clean(one.title), one.quantisation, one.verdict)}")
    print(clean(added.note))
    print(dim(clean(one.why)))
    if added.others:
        print(dim(f"There is also: {clean(', '.join(added.others))}"))
    print(f"→ ownmind models {'use' if one.here else 'fetch'} {one.id}")
    return 0


def _checked(found: Sequence[Checked], *, as_json: bool) -> int:
    if as_json:
        print_encoded({"checked": found})
        return 0
    for one in found:
        print(f"{bold(clean(one.id))}  {day(one.at)}, {one.seconds:.0f} s" + (f": {clean(one.note)}" if one.note else ""))
        print(f"  speaks {one.speed:.0f} and reads {one.prompt_speed:.0f} tokens a second; first word after {one.first_word:.1f} s")
        if one.memory:
            print(f"  {one.memory / 1e9:.2f} GB of memory")
        for score in one.scores:
            print(f"  {score.name:<28} {score.right} of {score.of}")
    if not found:
        print("Nothing was checked on this machine yet: ownmind models check")
    return 0


def _servers(found: Sequence[Found], *, as_json: bool) -> int:
    if as_json:
        print_encoded({"servers": found})
        return 0
    for one in found:
        print(f"{bold(one.kind)}  {one.url}")
        for name in one.models:
            print(f"  ownmind models connect {one.url} {clean(name)}")
        if one.note:
            print(dim(f"  {one.note}"))
    if not found:
        print("No server of models answers on this machine at ports 11434, 1234, 8080 or 8000; name another: ownmind models servers PORT")
    return 0


def _finish(shelf: Models, now: Underway, *, as_json: bool, quiet: bool = False) -> int:
    """Waits until it is done, showing how far it is; Ctrl-C stops it. Raises what it failed with."""
    with _bar(f"{now.what} {now.id}") as moved:
        try:
            while now.state == "running":
                moved(now)
                time.sleep(_LOOK)
                now = shelf.progress()
        except KeyboardInterrupt:
            shelf.stop()
            raise
    if now.state == "failed":
        raise (DownloadFailed if now.what == "fetch" else BrainNotReady)(now.note, hint=now.hint)
    return 0 if quiet else _told(now, as_json=as_json)


def _told(now: Underway, *, as_json: bool) -> int:
    if as_json:
        print_encoded(now)
    else:
        print(clean(joined(f"{now.what} {now.id}".strip() or "nothing", now.state, now.note)))
    return 0


def _from_files(paths: Paths, ids: Sequence[str], source: Path) -> None:
    """Takes models from files the person has; nothing leaves."""
    if not source.expanduser().exists():
        raise BadInput(f"there is nothing at {source}", hint="--from takes a model file, or a folder of them")
    for id in ids:
        fetch.ensure(id, paths=paths, sources=(fetch.FromFile(source.expanduser().absolute()),))


def _there(paths: Paths, ids: Sequence[str], *, as_json: bool) -> int:
    here = [one for id in ids if (one := fetch.present(id, paths=paths)) is not None]
    if as_json:
        print_json({"fetched": [{"id": one.id, "files": {name: str(path) for name, path in one.files.items()}} for one in here]})
        return 0
    for one in here:
        print(f"{bold(one.id)} is here and right: {one.folder}")
    return 0


def _chosen(shelf: Models, ids: Sequence[str]) -> list[str]:
    """The ids asked for, checked before anything is fetched; else those of the settings."""
    known = {one.id for one in shelf.all()}
    now = shelf.using()
    return list(ids) or [id for id in (now.embedder, now.chosen) if id in known]


def _verify(paths: Paths, ids: Sequence[str], *, as_json: bool) -> int:
    """Reads and hashes every file that is here; touches nothing."""
    known = catalogue.entries(paths.home)
    chosen = (
        [catalogue.entry(id, paths.home) for id in ids] if ids else [e for e in known if e.is_own_file or (paths.models / e.id).is_dir()]
    )
    checks = [hashed(entry, paths) for entry in chosen if entry.files]
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


@contextmanager
def _bar(name: str) -> Iterator[Callable[[Underway], None]]:
    if not sys.stderr.isatty():
        yield lambda now: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    count = MofNCompleteColumn() if name.startswith("check") else DownloadColumn()
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), count, TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield lambda now: bar.update(task, completed=now.done, total=now.total or None, description=f"{name} {now.detail}".strip())
