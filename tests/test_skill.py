"""A skill as strangers write it: what of a SKILL.md, a folder and an archive is read, and what is refused, in words."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from ownmind.errors import BadInput, StoreDamaged
from ownmind.guard.declared import Declaration, Effect
from ownmind.skills import bundle, shipped
from ownmind.skills.asked import Sort, asks, change, granted
from ownmind.skills.skill import parse

PLAIN = "---\nname: my-skill\ndescription: Does a thing. Use it for things.\n---\n\n# Do it\n"
DEEDS = {"save_file": Declaration("save_file", Effect.WRITES, says="save {text} as {name}")}


def written(fields: str, body: str = "Do it.") -> str:
    return f"---\n{fields}\n---\n{body}\n"


def folder(at: Path, name: str = "my-skill", text: str = PLAIN, **files: bytes) -> Path:
    made = at / name
    made.mkdir(parents=True)
    (made / "SKILL.md").write_text(text, "utf-8")
    for path, content in files.items():
        (made / path).parent.mkdir(exist_ok=True, parents=True)
        (made / path).write_bytes(content)
    return made


# SKILL.md


def test_every_field_of_the_specification_is_read() -> None:
    """Values are their text: a version stays "1.0", a "no" stays a word."""
    skill = parse(
        written(
            "name: pdf-tools\ndescription: Extract text.\nlicense: Apache-2.0\ncompatibility: Python 3.11\n"
            "metadata:\n  author: no\n  version: 1.0\nallowed-tools: Bash(git add:*) Read recall"
        ),
        "pdf-tools",
    )
    assert (skill.license, skill.compatibility, dict(skill.metadata)) == ("Apache-2.0", "Python 3.11", {"author": "no", "version": "1.0"})
    assert skill.allowed_tools == ("Bash(git add:*)", "Read", "recall")
    listed = parse(written("name: a\ndescription: b\nallowed-tools:\n  - Read\n  - recall"))
    assert listed.allowed_tools == ("Read", "recall")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# no frontmatter", "does not begin"),
        ("---\nname: a\n", "no end"),
        (written(""), "empty"),
        (written("- a\n- b"), "no mapping"),
        (written("name: a"), "no description"),
        (written("description: a"), "no name"),
        (written("name: A\ndescription: b"), "has the name"),
        (written("name: a--b\ndescription: b"), "has the name"),
        (written("name: -a\ndescription: b"), "has the name"),
        (written("name: pаypal\ndescription: b"), "has the name"),  # a Cyrillic а
        (written(f"name: {'a' * 65}\ndescription: b"), "65 characters"),
        (written("name: other\ndescription: b"), "lies in a folder"),
        (written(f"name: my-skill\ndescription: {'b' * 1025}"), "1,025"),
        (written(f"name: my-skill\ndescription: b\ncompatibility: {'c' * 501}"), "501"),
        (written("name: my-skill\ndescription: b\ncompatibility: ''"), "of 0 characters"),
        (written("name: my-skill\ndescription: ''"), "of 0 characters"),
        (written("name: my-skill\ndescription: [a]"), "not text"),
        (written("name: my-skill\ndescription: b\nrun: rm"), "does not know"),
        (written("name: my-skill\ndescription: b\nmetadata: [x]"), "no mapping"),
        (written("name: my-skill\ndescription: b\nmetadata:\n  a: [x]"), "metadata"),
        (written("name: my-skill\ndescription: b\nallowed-tools:\n  a: b"), "allowed-tools"),
        (written("name: my-skill\nname: my-skill\ndescription: b"), "twice"),
        (written("name: &x my-skill\ndescription: b"), "anchors"),
        (written("name: my-skill\ndescription: *x"), "not YAML|anchors"),
        (written("name: my-skill\ndescription: !!python/object/apply:os.system [id]"), "tag"),
        (written("name: my-skill\ndescription: !!binary aGk="), "tag"),
        (written("name: my-skill\ndescription: b\nmetadata: {a: {b: {c: {d: {e: f}}}}}"), "too much|metadata"),
        (written("name: my-skill\ndescription: 'b\u202egpj.exe'"), "nobody can see"),
        (written("name: my-skill\ndescription: b", "Do it.\u200b\U000e0041"), "nobody can see"),
        (written("name: my-skill\ndescription: b: c: d"), "not YAML"),
        (written("name: my-skill\ndescription: b\n" + "x: y\n" * 5000), "longer"),
    ],
)
def test_what_is_not_a_skill_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        parse(text, "my-skill")
    assert refused.value.hint


def test_a_billion_laughs_are_not_laughed() -> None:
    """Aliases are refused when they are met, before anything grows."""
    bomb = "a: &a [x, x]\n" + "\n".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]" for n in range(20))
    with pytest.raises(BadInput, match="anchors"):
        parse(written(bomb))
    with pytest.raises(BadInput):
        parse(written("a: " + "[" * 3000))


# Folders and archives


def test_the_same_skill_has_the_same_hash_however_it_comes(tmp_path: Path) -> None:
    """As a folder, a zip, a tar.gz, and after it was packed and unpacked."""
    made = folder(tmp_path, **{"scripts/run.py": b"1", "references/more.md": b"# more"})
    found = bundle.read(made)
    for name, pack in (("a.zip", zipped), ("a.tar.gz", tarred)):
        (tmp_path / name).write_bytes(pack({f"my-skill/{path}": content for path, content in found.files.items()}))
        assert bundle.read(tmp_path / name).digest == found.digest
    assert bundle.unpack(bundle.pack(found), found.digest).files == found.files
    assert bundle.read(bundle.write(found, tmp_path / "out")).digest == found.digest


def test_a_kept_skill_that_changed_is_damage(tmp_path: Path) -> None:
    found = bundle.read(folder(tmp_path))
    with pytest.raises(StoreDamaged):
        bundle.unpack(bundle.pack(found) + b"x", found.digest)


@pytest.mark.parametrize(
    "name", ["../SKILL.md", "/etc/passwd", "a/../../b", "a\\b", "C:x", "a//b", "x/./y", "con.md", "a/b/c/d/e/f/g/h/i.md", "a\nb"]
)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_paths_that_leave_the_folder_are_refused(name: str, kind: str) -> None:
    content = (zipped if kind == "zip" else tarred)({"SKILL.md": PLAIN.encode(), name: b"x"})
    with pytest.raises(BadInput):
        bundle.of_archive(content, "hostile")


def test_links_and_devices_are_refused(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made / "passwd").symlink_to("/etc/passwd")
    with pytest.raises(BadInput, match="link"):
        bundle.read(made)
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            entry = tarfile.TarInfo("my-skill/SKILL.md")
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
        with pytest.raises(BadInput, match="link"):
            bundle.of_archive(packed.getvalue(), "hostile.tar")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive_:
        linked = zipfile.ZipInfo("my-skill/SKILL.md")
        linked.external_attr = 0o120777 << 16
        archive_.writestr(linked, "/etc/passwd")
    with pytest.raises(BadInput, match="link"):
        bundle.of_archive(packed.getvalue(), "hostile.zip")


def test_what_swells_is_stopped() -> None:
    """A zip of zeros, a tar.gz of zeros, a tar header that claims gigabytes, too many files, a name that is two."""
    with pytest.raises(BadInput, match="more than a skill"):
        bundle.of_archive(zipped({"SKILL.md": PLAIN.encode(), "big": b"\0" * (bundle.LARGEST_FILE + 1)}), "bomb.zip")
    with pytest.raises(BadInput, match="swells"):
        bundle.of_archive(gzip.compress(b"\0" * (64 << 20)), "bomb.tar.gz")
    long_name = tarfile.TarInfo("././@LongLink")
    long_name.type, long_name.size = tarfile.GNUTYPE_LONGNAME, 8 << 30
    with pytest.raises(BadInput):
        bundle.of_archive(long_name.tobuf() + b"\0" * 1024, "bomb.tar")
    with pytest.raises(BadInput, match="more than 200"):
        bundle.of_archive(zipped({"SKILL.md": PLAIN.encode(), **{f"f{n}": b"" for n in range(250)}}), "many.zip")
    with pytest.raises(BadInput, match="twice"):
        bundle.of_archive(zipped({"SKILL.md": PLAIN.encode(), "a.md": b"", "A.md": b""}), "two.zip")


def test_what_is_no_archive_and_no_skill_says_so(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04 not really")
    (tmp_path / "y.tar.gz").write_bytes(os.urandom(400))
    (tmp_path / "empty").mkdir()
    for path in ("x.zip", "y.tar.gz", "empty", "nowhere"):
        with pytest.raises(BadInput):
            bundle.read(tmp_path / path)
    with pytest.raises(BadInput, match="at its root or in its one folder"):
        bundle.of_archive(zipped({"a/SKILL.md": PLAIN.encode(), "b/SKILL.md": PLAIN.encode()}), "two.zip")


# What it asks for


def test_what_a_skill_asks_for_is_listed_plainly(tmp_path: Path) -> None:
    """Reads, deeds, its own Python; programs and what nobody knows are not given."""
    text = PLAIN.replace("---\n\n", "allowed-tools: recall Read Write Bash(rm:*) teleport\n---\n\n")
    found = bundle.read(folder(tmp_path, text=text, **{"scripts/run.py": b"1", "scripts/x.sh": b"rm -rf /"}))
    asked = {one.name: one for one in asks(found, DEEDS)}
    assert {name for name, one in asked.items() if one.given} == {"recall", "documents", "save_file", "scripts/run.py"}
    assert asked["Bash"].sort is asked["scripts/x.sh"].sort is Sort.PROGRAM
    assert asked["teleport"].sort is Sort.UNKNOWN
    assert granted(asks(found, {})) == {"recall", "documents", "scripts/run.py"}  # a deed that is not there is not given


def test_an_update_shows_what_changes(tmp_path: Path) -> None:
    old = bundle.read(folder(tmp_path / "old"))
    more = PLAIN.replace("---\n\n", "allowed-tools: recall\n---\n\n").replace("# Do it", "# Do more")
    new = bundle.read(folder(tmp_path / "new", text=more, **{"scripts/run.py": b"print(1)"}))
    changed = change(old, new, DEEDS)
    assert {one.name for one in changed.more} == {"recall", "scripts/run.py"} and not changed.less
    assert "+# Do more" in changed.text and "-# Do it" in changed.text
    assert changed.files == (("SKILL.md", "changed"), ("scripts/run.py", "added"))


@pytest.mark.parametrize("name", list(shipped.MADE))
def test_built_in_skills_are_skills_like_any_other(name: str) -> None:
    """Each is a folder of the specification, asks only for reads, and says where the starter brain is weak."""
    held = shipped.load(name)
    assert all(one.sort is Sort.READS and one.given for one in asks(held, {}))
    assert held.skill.metadata["ownmind-weak"] and held.skill.metadata["ownmind-example"] and held.skill.body


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.filename = name  # zipfile would tidy it
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
