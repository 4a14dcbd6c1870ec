"""Whether anything leaves unseen: four measurements, each with a control that must be seen, or a word why it could not be made here.

- ``sealed_use``: an ordinary use (start, page, import, remember, recall, talk, backup; then commands of their own) in an empty network
  namespace under strace. Calls that name an address of another machine are counted. Control: a connect that is made on purpose.
- ``wire``: two namespaces joined by a cable (veth). A sealed process sends through its broker; the other side's kernel counts. The
  ledger's sum must equal that. Control: bytes sent beside the ledger, which must show as the difference.
- ``order``: every row must be durable before the other side has its first byte (one monotonic clock for all). Control: a row that is
  written after its bytes.
- ``chain``: of ``n`` rows one is edited, deleted, exchanged or forged, all after it are chained anew, the end is cut off, an older
  database is put back, an outcome or a content is changed; each must be found. Control: the untouched ledger, of which nothing may be.

Linux only, with strace, unshare, nsenter and ip; as root or where user namespaces are allowed.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from . import egress_chain, result

ELSEWHERE = "192.0.2.1"  # RFC 5737: nobody's
_ADDRESS = re.compile(r'inet_addr\("([0-9.]+)"\)|inet_pton\(AF_INET6, "([0-9a-fA-F:.]+)"')
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\(")


def run(*, n: int | None = None, seed: int = 11, quick: bool = False, **_: object) -> dict[str, object]:
    """Counts. ``n``: rows of the chain (10,000; 500 when ``quick``)."""
    rows = n or (500 if quick else 10_000)
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as name:
        folder = Path(name)
        use = _sealed_use(folder / "use")
        wire = _wire(folder / "wire", 20 if quick else 200, seed)
        chain, control = egress_chain.measured(folder / "chain", rows, trials=3 if quick else 20, seed=seed)
    figures: dict[str, object] = {"sealed_use": use.get("figures", use), **wire.get("figures", {"wire": wire}), "chain": chain}  # type: ignore[dict-item]
    controls = {"sealed_use": use.get("control"), "wire": wire.get("control"), "chain_untouched": control}
    return result("egress", figures, n=rows, seed=seed, control=controls)


# An ordinary use, watched


def _sealed_use(folder: Path) -> dict[str, object]:
    if missing := _missing("strace", "unshare", "ip"):
        return {"skipped": missing}
    folder.mkdir()
    trace = folder / "trace"
    script = f"ip link set lo up && exec strace -f -qq -e trace=network -o {trace} {sys.executable} -m ownmind.bench.egress_use {folder}"
    done = _in_namespace(["sh", "-c", script], seconds=1200)
    if done.returncode:
        return {"skipped": f"the use did not run here: {done.stderr.strip()[-300:]}"}
    figures: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    lines = trace.read_text(encoding="utf-8", errors="replace")
    deliberate, traced, seen = figures.pop("deliberate"), len(lines.splitlines()), _calls(lines)
    purposely = [call for call in seen if ELSEWHERE in call]
    away = [call for call in seen if call not in purposely]
    return {
        "figures": {**figures, "calls_traced": traced, "calls_to_other_machines": len(away), "the_first_of_them": away[:3]},
        "control": {"deliberate_connects": deliberate, "deliberate_connects_seen": len(purposely)},
    }


def _calls(trace: str) -> list[str]:
    """The traced calls that name an address which is not loopback, also those that were refused."""
    found = []
    for line in trace.splitlines():
        call = _CALL.match(line)
        if call is None or call[1] in ("getsockname", "getpeername", "accept", "accept4", "recvfrom", "recvmsg", "getsockopt"):
            continue
        addresses = ["".join(one) for one in _ADDRESS.findall(line)]
        if any(not one.startswith("127.") and one not in ("::1", "0.0.0.0", "::") for one in addresses):  # noqa: S104  # compared, not bound
            found.append(line)
    return found


# Two machines on one


def _wire(folder: Path, exchanges: int, seed: int) -> dict[str, object]:
    if missing := _missing("unshare", "nsenter", "ip"):
        return {"skipped": missing}
    folder.mkdir()
    done = _in_namespace([sys.executable, "-m", "ownmind.bench.egress_wire", str(folder), str(exchanges), str(seed)], seconds=1200)
    if done.returncode:
        return {"skipped": f"two namespaces could not be joined here: {done.stderr.strip()[-300:]}"}
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def _in_namespace(command: list[str], *, seconds: float) -> subprocess.CompletedProcess[str]:
    """``command`` in a fresh network namespace; as another user in one of users, too."""
    how = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-rn"]
    child = subprocess.Popen(  # noqa: S603  # ourselves
        [*how, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_environment(), start_new_session=True
    )
    try:
        said, wrong = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, 9)
        said, wrong = child.communicate()
        return subprocess.CompletedProcess(command, 124, said, f"it took more than {seconds:.0f} s\n{wrong}")
    return subprocess.CompletedProcess(command, child.returncode, said, wrong)


def _environment() -> dict[str, str]:
    """Ours without proxies: there is nobody to be a proxy in an empty namespace."""
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


def _missing(*programs: str) -> str:
    if sys.platform != "linux":
        return "only Linux has network namespaces"
    absent = [program for program in programs if shutil.which(program) is None]
    return f"not installed: {', '.join(absent)}" if absent else ""
