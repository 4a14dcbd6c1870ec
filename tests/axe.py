"""axe-core, asked in the browser itself: what the page's tests hold its accessibility to."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import platformdirs
import pytest

from browser import Browser

AXE, AXE_SHA256 = "axe-core@4.14.1", "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core (MPL-2.0, for tests alone) from the npm registry, kept beside the test models."""
    kept = Path(os.environ.get("OWNMIND_CACHE") or platformdirs.user_cache_dir("ownmind", appauthor=False)) / "tests" / f"{AXE}.min.js"
    if not kept.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("axe-core comes from npm, which is not here")
        kept.parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run([npm, "pack", "--silent", AXE], cwd=kept.parent, capture_output=True, text=True, timeout=120)
        if done.returncode:
            pytest.skip("the npm registry does not answer")
        package = kept.parent / done.stdout.split()[-1]
        with tarfile.open(fileobj=io.BytesIO(package.read_bytes())) as archive:
            member = archive.extractfile("package/axe.min.js")
            assert member is not None
            kept.write_bytes(member.read())
        package.unlink()
    source = kept.read_bytes()
    assert hashlib.sha256(source).hexdigest() == AXE_SHA256
    return source.decode("utf-8")


def violations(window: Browser, axe: str, *rules: str) -> list[str]:
    """What axe-core finds, each with the first element it means. Every impact counts, not only the serious ones. ``rules``: only these.
    Where a dialog is open it looks at that alone: what lies behind cannot be reached."""
    if not window.run("return Boolean(window.axe)"):
        window.run(axe)  # half a megabyte: once a document
    script = """const [rules] = arguments;
        const more = rules.length ? {runOnly: {type: 'rule', values: rules}} : {};
        const on = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document;
        return axe.run(on, {resultTypes: ['violations'], ...more}).then(found => found.violations)"""
    found = window.run(script, list(rules))
    assert isinstance(found, list)
    return [f"{each['impact']} {each['id']}: {each['nodes'][0]['html'][:120]} {each['nodes'][0]['failureSummary']}" for each in found]


def sideways(window: Browser) -> int:
    """CSS pixels the page is wider than its window."""
    wider = window.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert isinstance(wider, int)
    return wider
