"""What the hub says of a model: its files, their sizes and hashes, before any of them is fetched.

One request to the hub's own interface (``/api/models/OWNER/NAME/revision/main?blobs=true``) gives the commit, the licence, and for every
large file the sha256 that git-lfs knows it by. The files are then asked for by that commit, so that what is fetched is what was shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ...egress.door import Outlet
from ...egress.download import Downloader, ServerRefused
from ...errors import BadInput, DownloadFailed
from . import catalogue, indexes
from .catalogue import Entry, HubFile, HubRepo, ModelFile

_MOST_LISTING = 8 << 20  # bytes of the hub's answer
_MOST_FILES = 20_000
# What is taken of a repository that has many, where nobody said: what is right for most, first.
_PREFERRED = ("Q4_K_M", "UD-Q4_K_XL", "Q4_K_XL", "Q4_0", "Q4_K_S", "IQ4_XS", "Q5_K_M", "Q8_0", "MXFP4")
_NOT_A_MODEL = re.compile(r"mmproj|imatrix|^mtp[-_]|[-_]mtp[-_.]|draft|vocab", re.IGNORECASE)
_SHARD = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$")
_QUANT = re.compile(r"(?:UD-)?(?:I?Q\d(?:_[0-9A-Z]+)*|T?Q[12]_0|MXFP4(?:_MOE)?|BF16|F16|F32)(?=[-_.]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of a repository."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What a repository holds that can be a model here."""

    repo: str
    commit: str
    licence: str
    is_gated: bool
    files: tuple[Listed, ...]  # GGUF files with a hash, by name


def parse(what: str) -> HubRepo | None:
    """``OWNER/NAME``, ``OWNER/NAME:Q4_K_M``, ``OWNER/NAME:FILE``, or the page's address; None when it is none of these."""
    text = re.sub(r"^(?:https://)?(?:huggingface\.co|hf\.co)/", "", what.strip())
    repo, _, wanted = text.partition(":")
    if "/resolve/" in repo or "/blob/" in repo:
        repo, _, rest = re.sub(r"/(?:resolve|blob)/", "\n", repo, count=1).partition("\n")
        wanted = rest.partition("/")[2].partition("?")[0]
    repo = repo.strip("/").removesuffix("/tree/main")
    return HubRepo(repo, wanted) if catalogue.is_repo(repo) else None


def look(repo: str, outlet: Outlet, *, cancelled: Callable[[], bool] = lambda: False) -> Listing:
    """What the hub says of ``repo`` now. Raises BadInput when there is none or it asks for a login, DownloadFailed when the hub does
    not answer as it should, DoorClosed when nothing may leave."""
    address = indexes.hub()
    with outlet.broker.resting():
        try:
            got = Downloader(outlet, home=address, cancelled=cancelled).read(
                f"{address}/api/models/{repo}/revision/main?blobs=true", accept="application/json", limit=_MOST_LISTING
            )
        except ServerRefused as error:
            raise refused(error, repo) from error
        except DownloadFailed as error:
            raise DownloadFailed(f"the hub cannot be asked: {error.message}", hint="check the connection and try again") from error
    try:
        return _listing(repo, json.loads(got.text))
    except (ValueError, RecursionError) as error:
        raise DownloadFailed("the hub answered with something that is no listing", hint="try again later") from error


def refused(error: ServerRefused, repo: str) -> BadInput | DownloadFailed:
    """A final answer of the hub in words."""
    match error.status:
        case 401 | 403:  # the hub says 401 for what is not there too, lest it tell what is private
            return BadInput(
                f"the hub does not give {repo} to everybody",
                hint="the name is wrong, or its owner wants a login: fetch the file in your browser, then `ownmind models add FILE`",
            )
        case 404:
            return BadInput(f"there is no {repo} on the hub", hint="OWNER/NAME, as its page has it")
    return DownloadFailed(f"the hub refused: {error.message}", hint="try again later")


def chosen(listing: Listing, wanted: str = "") -> tuple[Listed, ...]:
    """The file (or all parts of one that is cut into several) meant by ``wanted``: its name, or a quantisation; of many the usual one.

    Raises BadInput that lists what there is."""
    models = [file for file in listing.files if not _NOT_A_MODEL.search(file.path.rsplit("/", 1)[-1])]
    if not models:
        raise BadInput(f"{listing.repo} has no GGUF file", hint="look for a repository whose name ends in GGUF")
    named = [file for file in models if wanted and wanted.casefold() in (file.path.casefold(), file.path.rsplit("/", 1)[-1].casefold())]
    if named:
        return _with_shards(named[0], models)
    for quant in (wanted,) if wanted else _PREFERRED:
        if found := [file for file in models if quantisation(file.path).casefold() == quant.casefold()]:
            return _with_shards(min(found, key=lambda file: (file.path.count("/"), file.path)), models)
    if not wanted or (len(models) == 1 and not _QUANT.fullmatch(wanted)):
        return _with_shards(models[0], models)
    raise BadInput(f"{listing.repo} has no {wanted[:80]}", hint=f"it has: {', '.join(offered(models))}")


def quantisation(path: str) -> str:
    """How a file's name says it is quantised: Q4_K_M; "" when it does not."""
    found = _QUANT.findall(_SHARD.sub(".gguf", path.rsplit("/", 1)[-1]))
    return str(found[-1]).upper() if found else ""


def offered(files: Sequence[Listed]) -> list[str]:
    """What can be asked for, by quantisation where the name says one, each once."""
    return list(dict.fromkeys(quantisation(file.path) or file.path for file in files))[:40]


def pinned(entry: Entry | None, listing: Listing, files: Sequence[Listed]) -> Entry:
    """An entry whose bytes are pinned to what the hub says now: ``entry`` of the catalogue, or a new one of its name."""
    held = tuple(
        ModelFile(file.path.rsplit("/", 1)[-1], file.bytes, file.sha256, hub=HubFile(listing.repo, file.path, listing.commit))
        for file in files
    )
    if entry is not None:
        return replace(entry, licence=listing.licence or entry.licence, files=held, about_bytes=0)
    stem = _SHARD.sub("", held[0].name).removesuffix(".gguf")
    return Entry(
        id=slug(stem),
        role="chat",
        title=stem,
        about=f"From the hub, added by you: {listing.repo}.",
        runs_with="llama.cpp",
        licence=listing.licence or "see its page on the hub",
        upstream=listing.repo,
        files=held,
        hub=HubRepo(listing.repo, held[0].name),
    )


def slug(name: str) -> str:
    """An id out of a file's name."""
    made = re.sub(r"[^a-z0-9._-]+", "-", name.casefold()).strip("-._")[:100]
    return made if made[:1].isalnum() else f"model-{made}".rstrip("-")


def _with_shards(file: Listed, files: Sequence[Listed]) -> tuple[Listed, ...]:
    """The file, or every part of the model it is the first part of, in order. Raises BadInput when one is missing."""
    shard = _SHARD.search(file.path)
    if shard is None:
        return (file,)
    begins, count = file.path[: shard.start()], int(shard[2])
    parts = {
        int(found[1]): each for each in files if each.path.startswith(begins) and (found := _SHARD.fullmatch(each.path[len(begins) :]))
    }
    if sorted(parts) != list(range(1, count + 1)):
        raise BadInput(f"{file.path} is cut into {count} parts, and {len(parts)} are there", hint="choose another file of it")
    return tuple(parts[number] for number in range(1, count + 1))


def _listing(repo: str, said: object) -> Listing:
    """The hub's answer; every value is checked, for it names files and is shown. Raises ValueError."""
    if not isinstance(said, dict):
        raise ValueError("not an object")
    card, siblings = said.get("cardData"), said.get("siblings")
    licence = card.get("license") if isinstance(card, dict) else None
    commit = said.get("sha")
    if not isinstance(commit, str) or re.fullmatch(r"[0-9a-f]{40}", commit) is None or not isinstance(siblings, list):
        raise ValueError("no commit or no files")
    files = [file for each in siblings[:_MOST_FILES] if (file := _listed(each)) is not None]
    return Listing(
        repo,
        commit,
        licence[:60] if isinstance(licence, str) and licence.isprintable() else "",
        bool(said.get("gated")),
        tuple(sorted(files, key=lambda file: file.path)),
    )


def _listed(said: object) -> Listed | None:
    """A GGUF file with a hash; None for everything else."""
    if not isinstance(said, dict):
        return None
    path, size, lfs = said.get("rfilename"), said.get("size"), said.get("lfs")
    digest = lfs.get("sha256") or lfs.get("oid") if isinstance(lfs, dict) else None
    size = lfs.get("size", size) if isinstance(lfs, dict) else size
    if not (isinstance(path, str) and path.endswith(".gguf") and isinstance(digest, str) and type(size) is int and size > 0):
        return None
    digest = digest.removeprefix("sha256:")
    if re.fullmatch(r"[0-9a-f]{64}", digest) is None or not all(
        re.fullmatch(r"[A-Za-z0-9][\w.+-]{0,199}", part) for part in path.split("/")
    ):
        return None
    return Listed(path, size, digest)
