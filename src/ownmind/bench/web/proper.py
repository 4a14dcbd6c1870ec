"""The proper request for every route, as the page or a command sends it: the positive control, and what each attack bends.

The routes come from the server's own tables. One that is missing here is attacked all the same, and counted as unproven.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.routing import Route

from ...channels.attach import Attached
from ...channels.card import is_question
from ...channels.web import server
from ...channels.web.fence import is_for_programs
from ...errors import OwnmindError
from ...guard.clients import Scope
from ...models.embedding.embedder import HashEmbedder
from ..requests import Answer, Request, exchange
from ..served import VOUCHED, Served

_CARDS = """BEGIN:VCARD
VERSION:4.0
UID:1
FN:Ana Novak
EMAIL:ana@example.org
END:VCARD
BEGIN:VCARD
VERSION:4.0
UID:2
FN:Ana Novak
EMAIL:ana@example.org
END:VCARD
BEGIN:VCARD
VERSION:4.0
UID:3
FN:Tom Baker
EMAIL:tom@example.org
END:VCARD
"""
JSON = "application/json"
BYTES = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Known:
    """What a proper request may name: ids of things that are there, and a folder of files to give."""

    item: str
    fact: str
    conversation: str
    receipt: str
    permission: str
    action: str
    value: str  # that is vouched for
    row: str  # of the ledger
    goal: str  # that is planned
    other: str  # likewise, to be let go
    person: str
    link: str
    promise: str
    outside: Path


# (method, path of the route) -> (target, body). A {name} stands for a field of Known, in both.
_ROWS: dict[tuple[str, str], tuple[str, object]] = {
    ("GET", "/api/status"): ("/api/status", None),
    ("GET", "/api/events"): ("/api/events", None),
    ("POST", "/api/turn"): ("/api/turn", {"text": "Good morning.", "conversation": "{conversation}", "now": "2026-05-01T10:00:00+02:00"}),
    ("GET", "/api/ongoing/{id}"): ("/api/ongoing/none?after=1", None),
    ("POST", "/api/ongoing/{id}/stop"): ("/api/ongoing/none/stop", {}),
    ("GET", "/api/conversations"): ("/api/conversations", None),
    ("GET", "/api/conversations/{id:path}"): ("/api/conversations/{conversation}", None),
    ("GET", "/api/recall"): ("/api/recall?q=vegetarian&k=3&now=2026-05-01", None),
    ("GET", "/api/find"): ("/api/find?q=vegetar&k=3", None),
    ("GET", "/api/facts"): ("/api/facts?about=Ana&at=2026-05-01", None),
    ("GET", "/api/timeline"): ("/api/timeline?about=Ana&from=2026-01-01&to=2026-12-01&k=5", None),
    ("POST", "/api/facts/{id}/keep"): ("/api/facts/{fact}/keep", {}),
    ("POST", "/api/facts/{id}/fix"): ("/api/facts/{fact}/fix", {"text": "Ben is vegan"}),
    ("POST", "/api/forget"): ("/api/forget", {"target": {"topic": "Porto"}, "also": ["{item}"], "dry_run": True, "near": True}),
    ("POST", "/api/redact"): ("/api/redact", {"item": "{item}", "words": "the sea"}),
    ("POST", "/api/withhold"): ("/api/withhold", {"ids": ["{item}"], "undo": True}),
    ("GET", "/api/withheld"): ("/api/withheld", None),
    ("POST", "/api/label"): ("/api/label", {"ids": ["{item}"], "confidentiality": "sensitive"}),
    ("POST", "/api/expire"): ("/api/expire", {"ids": ["{item}"], "at": "2099-01-01"}),
    ("GET", "/api/receipts"): ("/api/receipts", None),
    ("POST", "/api/allow-again"): ("/api/allow-again", {"which": "{receipt}"}),
    ("POST", "/api/verify"): ("/api/verify", {"said": "quillfeather"}),
    ("GET", "/api/permissions"): ("/api/permissions?all=1", None),
    ("POST", "/api/permissions"): ("/api/permissions", {"destination": "api.example.org", "purpose": "answer", "once": True}),
    ("POST", "/api/permissions/revoke"): ("/api/permissions/revoke", {"id": "{permission}"}),
    ("POST", "/api/permissions/cap"): ("/api/permissions/cap", {"id": "{permission}", "cap": 5}),
    ("GET", "/api/sources"): ("/api/sources?q=note&k=5", None),
    ("POST", "/api/sources"): ("/api/sources", {"source": "https://example.org/page", "trust": "default"}),
    ("POST", "/api/preview"): ("/api/preview", {"text": "Good morning.", "destination": "api.example.org", "purpose": "answer", "k": 2}),
    ("GET", "/api/offline"): ("/api/offline", None),
    ("POST", "/api/offline"): ("/api/offline", {"offline": False}),
    ("GET", "/api/ledger"): ("/api/ledger?k=5&skip=1", None),
    ("GET", "/api/ledger/words"): ("/api/ledger/words?days=7", None),
    ("GET", "/api/ledger/named"): ("/api/ledger/named", None),
    ("GET", "/api/ledger/export"): ("/api/ledger/export?format=csv&purpose=answer", None),
    ("GET", "/api/ledger/verify"): ("/api/ledger/verify", None),
    ("GET", "/api/ledger/{row:int}"): ("/api/ledger/{row}", None),
    ("GET", "/api/ledger/{row:int}/exact"): ("/api/ledger/{row}/exact", None),
    ("GET", "/api/actions"): ("/api/actions?state=waiting&k=5", None),
    ("GET", "/api/actions/{id}"): ("/api/actions/{action}", None),
    ("GET", "/api/actions/{id}/preview"): ("/api/actions/{action}/preview", None),
    ("POST", "/api/actions/{id}/allow"): ("/api/actions/{action}/allow", {"vouch": False}),
    ("POST", "/api/actions/{id}/deny"): ("/api/actions/{action}/deny", {}),
    ("POST", "/api/actions/{id}/undo"): ("/api/actions/{action}/undo", {}),
    ("GET", "/api/vouched"): ("/api/vouched", None),
    ("POST", "/api/vouched/{id}/revoke"): ("/api/vouched/{value}/revoke", {}),
    ("GET", "/api/tried"): ("/api/tried?k=5", None),
    ("GET", "/api/mcp/servers"): ("/api/mcp/servers", None),
    ("GET", "/api/mcp/tools"): ("/api/mcp/tools?server=none", None),
    ("POST", "/api/mcp/add"): ("/api/mcp/add", {"name": "", "url": "https://tools.example.org/mcp"}),
    ("POST", "/api/mcp/remove"): ("/api/mcp/remove", {"name": "none"}),
    ("POST", "/api/mcp/refresh"): ("/api/mcp/refresh", {"name": "none"}),
    ("POST", "/api/mcp/set_effect"): ("/api/mcp/set_effect", {"server": "none", "tool": "count", "effect": "reads"}),
    ("POST", "/api/mcp/disallow"): ("/api/mcp/disallow", {"server": "none", "tool": "count"}),
    ("POST", "/api/mcp/add_program"): ("/api/mcp/add_program", {"name": "", "command": ["true"], "folder": "", "reads": []}),
    ("POST", "/api/mcp/set_key"): ("/api/mcp/set_key", {"name": "none", "key": "-"}),
    ("GET", "/api/calendar/appointments"): ("/api/calendar/appointments?start=2026-05-01T00:00Z&end=2026-05-08T00:00Z", None),
    ("GET", "/api/calendar/sources"): ("/api/calendar/sources", None),
    ("POST", "/api/calendar/fetch"): ("/api/calendar/fetch", {"source": "calendar:99"}),
    ("POST", "/api/calendar/remove"): ("/api/calendar/remove", {"source": "calendar:99"}),
    ("POST", "/api/calendar/publish"): ("/api/calendar/publish", {"goal": "", "source": "calendar:99"}),
    ("POST", "/api/calendar/connect"): ("/api/calendar/connect", {"url": "", "user": "ana", "password": "-"}),
    ("GET", "/api/providers/all"): ("/api/providers/all", None),
    ("GET", "/api/providers/get"): ("/api/providers/get?name=nobody", None),
    ("GET", "/api/providers/presets"): ("/api/providers/presets", None),
    ("GET", "/api/providers/rules"): ("/api/providers/rules", None),
    ("GET", "/api/providers/costs"): ("/api/providers/costs", None),
    ("POST", "/api/providers/set"): ("/api/providers/set", {"name": "spare", "url": "https://api.example.org/v1", "model": "small-one"}),
    ("POST", "/api/providers/forget"): ("/api/providers/forget", {"name": "nobody"}),
    ("POST", "/api/providers/cap"): ("/api/providers/cap", {"name": "", "amount": 5}),
    ("POST", "/api/providers/set_rules"): ("/api/providers/set_rules", {"lines": []}),
    ("POST", "/api/providers/use"): ("/api/providers/use", {"name": "local"}),
    ("POST", "/api/providers/explain"): ("/api/providers/explain", {"text": "Why is the sky blue?"}),
    ("POST", "/api/providers/test"): ("/api/providers/test", {"name": "nobody"}),
    ("POST", "/api/providers/key"): ("/api/providers/key", {"name": "nobody", "key": ""}),
    ("POST", "/api/providers/models"): ("/api/providers/models", {"name": "nobody"}),
    ("GET", "/api/search/engine"): ("/api/search/engine", None),
    ("POST", "/api/search/set"): ("/api/search/set", {"url": "https://searx.example.org"}),
    ("POST", "/api/search/ask"): ("/api/search/ask", {"words": "open days of the harbour museum"}),
    ("POST", "/api/search/key"): ("/api/search/key", {"key": ""}),
    ("POST", "/api/search/forget"): ("/api/search/forget", {}),
    ("GET", "/api/goals/all"): ("/api/goals/all?states=active&states=draft", None),
    ("GET", "/api/goals/get"): ("/api/goals/get?goal={goal}", None),
    ("GET", "/api/goals/draft"): ("/api/goals/draft?goal={goal}", None),
    ("GET", "/api/goals/steps"): ("/api/goals/steps?goal={goal}", None),
    ("GET", "/api/goals/next"): ("/api/goals/next", None),
    ("GET", "/api/goals/review"): ("/api/goals/review?day=2026-05-01", None),
    ("GET", "/api/goals/progress"): ("/api/goals/progress?goal={goal}", None),
    ("GET", "/api/goals/week"): ("/api/goals/week?day=2026-11-23", None),
    ("GET", "/api/goals/templates"): ("/api/goals/templates", None),
    ("GET", "/api/goals/ics"): ("/api/goals/ics?goal={goal}", None),
    ("POST", "/api/goals/add"): ("/api/goals/add", {"statement": "Swim once a week for 30 minutes", "template": "habit"}),
    ("POST", "/api/goals/answer"): ("/api/goals/answer", {"goal": "{goal}", "slot": "why", "value": "to sleep better"}),
    ("POST", "/api/goals/change"): ("/api/goals/change", {"goal": "{goal}", "slot": "minutes", "value": "20 min"}),
    ("POST", "/api/goals/confirm"): ("/api/goals/confirm", {"goal": "{goal}"}),
    ("POST", "/api/goals/plan"): ("/api/goals/plan", {"weeks": 1}),
    ("POST", "/api/goals/take"): ("/api/goals/take", {"offer": "o99"}),
    ("POST", "/api/goals/move"): ("/api/goals/move", {"step": "s99", "day": "2030-01-01", "clock": "10:00"}),
    ("POST", "/api/goals/unpin"): ("/api/goals/unpin", {"step": "s99"}),
    ("POST", "/api/goals/check_in"): ("/api/goals/check_in", {"step_or_goal": "{goal}", "words": "done"}),
    ("POST", "/api/goals/attach"): ("/api/goals/attach", {"goal": "{goal}", "item": "{item}", "value": "3"}),
    ("POST", "/api/goals/pause"): ("/api/goals/pause", {"goal": "{goal}"}),
    ("POST", "/api/goals/resume"): ("/api/goals/resume", {"goal": "{goal}"}),
    ("POST", "/api/goals/drop"): ("/api/goals/drop", {"goal": "{other}"}),
    ("POST", "/api/goals/reach"): ("/api/goals/reach", {"goal": "{other}"}),
    ("POST", "/api/goals/undo"): ("/api/goals/undo", {}),
    ("GET", "/api/people/all"): ("/api/people/all?query=Ben", None),
    ("GET", "/api/people/card"): ("/api/people/card?person={person}", None),
    ("GET", "/api/people/links"): ("/api/people/links?state=proposed", None),
    ("GET", "/api/people/promises"): ("/api/people/promises?states=open&states=found", None),
    ("GET", "/api/people/waiting"): ("/api/people/waiting", None),
    ("GET", "/api/people/birthdays"): ("/api/people/birthdays?days=30", None),
    ("GET", "/api/people/reconnect"): ("/api/people/reconnect", None),
    ("POST", "/api/people/merge"): ("/api/people/merge", {"first": "{person}", "second": "{person}"}),
    ("POST", "/api/people/split"): ("/api/people/split", {"link": "{link}"}),
    ("POST", "/api/people/join"): ("/api/people/join", {"link": "{link}"}),
    ("POST", "/api/people/refuse"): ("/api/people/refuse", {"link": "{link}"}),
    ("POST", "/api/people/rename"): ("/api/people/rename", {"person": "{person}", "name": "Benjamin"}),
    ("POST", "/api/people/me"): ("/api/people/me", {"person": "Tom Baker"}),
    ("POST", "/api/people/confirm"): ("/api/people/confirm", {"promise": "{promise}"}),
    ("POST", "/api/people/keep"): ("/api/people/keep", {"promise": "{promise}"}),
    ("POST", "/api/people/drop"): ("/api/people/drop", {"promise": "{promise}"}),
    ("GET", "/api/today/due"): ("/api/today/due?now=2026-05-01T10:00Z", None),
    ("GET", "/api/today/brief"): ("/api/today/brief?day=2026-05-01", None),
    ("GET", "/api/today/review"): ("/api/today/review?day=2026-05-01", None),
    ("GET", "/api/today/receipts"): ("/api/today/receipts?days=7", None),
    ("GET", "/api/today/preferences"): ("/api/today/preferences", None),
    ("POST", "/api/today/seen"): ("/api/today/seen", {"key": "brief:2026-05-01"}),
    ("POST", "/api/today/decline"): ("/api/today/decline", {"key": "brief:2026-05-01", "days": 7}),
    ("POST", "/api/today/set"): ("/api/today/set", {"name": "nudges_a_day", "value": "2"}),
    ("GET", "/api/models/all"): ("/api/models/all?kind=chat", None),
    ("GET", "/api/models/machine"): ("/api/models/machine", None),
    ("GET", "/api/models/using"): ("/api/models/using", None),
    ("GET", "/api/models/progress"): ("/api/models/progress", None),
    ("GET", "/api/models/checked"): ("/api/models/checked?id=none", None),
    ("POST", "/api/models/fetch"): ("/api/models/fetch", {"id": "none"}),
    ("POST", "/api/models/stop"): ("/api/models/stop", {}),
    ("POST", "/api/models/use"): ("/api/models/use", {"id": "none", "force": False}),
    ("POST", "/api/models/remove"): ("/api/models/remove", {"id": "none"}),
    ("POST", "/api/models/add"): ("/api/models/add", {"what": "{outside}/none.gguf"}),
    ("POST", "/api/models/check"): ("/api/models/check", {"id": "none"}),
    ("POST", "/api/models/servers"): ("/api/models/servers", {"port": "none"}),
    ("POST", "/api/models/connect"): ("/api/models/connect", {"url": "", "model": "none"}),
    ("POST", "/api/models/update"): ("/api/models/update", {"where": "{outside}/none.json"}),
    ("GET", "/api/library/sources"): ("/api/library/sources?sort=name&limit=5", None),
    ("GET", "/api/library/get"): ("/api/library/get?source=none", None),
    ("GET", "/api/library/read"): ("/api/library/read?source=none&start=0&count=5", None),
    ("GET", "/api/library/around"): ("/api/library/around?item=i0&count=5", None),
    ("GET", "/api/library/find"): ("/api/library/find?source=none&words=harbour", None),
    ("GET", "/api/library/citations"): ("/api/library/citations?source=none", None),
    ("GET", "/api/memories/all"): ("/api/memories/all?about=Ben&state=now&since=2020-01-01&words=veg&limit=5", None),
    ("GET", "/api/memories/choices"): ("/api/memories/choices?topic=food&until=2099-01-01", None),
    ("GET", "/api/memories/why"): ("/api/memories/why?fact={fact}", None),
    ("POST", "/api/memories/unkeep"): ("/api/memories/unkeep", {"fact": "{fact}"}),
    ("GET", "/api/memories/timeline"): ("/api/memories/timeline?ahead=false&limit=5", None),
    ("GET", "/api/growth/all"): ("/api/growth/all?kind=fix&limit=5", None),
    ("GET", "/api/growth/get"): ("/api/growth/get?change=fix:i0", None),
    ("GET", "/api/growth/weeks"): ("/api/growth/weeks?count=4", None),
    ("POST", "/api/growth/undo"): ("/api/growth/undo", {"change": "fix:i0"}),
    ("POST", "/api/growth/redo"): ("/api/growth/redo", {"change": "fix:i0"}),
    ("GET", "/api/connections/all"): ("/api/connections/all", None),
    ("GET", "/api/connections/get"): ("/api/connections/get?connection=none", None),
    ("POST", "/api/connections/check"): ("/api/connections/check", {"connection": "none"}),
    ("POST", "/api/connections/switch"): ("/api/connections/switch", {"connection": "none", "on": False}),
    ("POST", "/api/given"): ("/api/given", {"name": "diary.md", "size": 3, "mark": "diary.md 3 1"}),
    ("POST", "/api/given/{id}/read"): ("/api/given/none/read", {}),
    ("POST", "/api/given/{id}/drop"): ("/api/given/none/drop", {}),
    ("PUT", "/api/pieces/{id}"): ("/api/pieces/none?at=0", b"We walked along the harbour wall."),
    ("GET", "/api/skills/all"): ("/api/skills/all", None),
    ("GET", "/api/skills/get"): ("/api/skills/get?name=none", None),
    ("GET", "/api/skills/permissions"): ("/api/skills/permissions?name=none", None),
    ("GET", "/api/skills/changes"): ("/api/skills/changes?name=none", None),
    ("GET", "/api/skills/look"): ("/api/skills/look?path=none", None),
    ("POST", "/api/skills/install"): ("/api/skills/install", {"path": "none"}),
    ("POST", "/api/skills/update"): ("/api/skills/update", {"path": "none"}),
    ("POST", "/api/skills/remove"): ("/api/skills/remove", {"name": "none"}),
    ("POST", "/api/skills/enable"): ("/api/skills/enable", {"name": "none", "on": True}),
    ("POST", "/api/skills/run"): ("/api/skills/run", {"name": "none", "request": "Go on.", "text": "A text."}),
    ("POST", "/api/skills/export"): ("/api/skills/export", {"name": "none", "folder": "{outside}"}),
    ("GET", "/api/talk/feedback"): ("/api/talk/feedback", None),
    ("POST", "/api/talk/choose"): ("/api/talk/choose", {"item": "i0"}),
    ("POST", "/api/talk/rate"): ("/api/talk/rate", {"reply": "i0", "good": True}),
    ("POST", "/api/talk/undo"): ("/api/talk/undo", {"reply": "i0"}),
    ("POST", "/api/talk/remember"): ("/api/talk/remember", {"reply": "i0"}),
    ("GET", "/api/traces/recent"): ("/api/traces/recent?limit=5", None),
    ("GET", "/api/traces/turn"): ("/api/traces/turn?reply=i0", None),
    ("GET", "/api/traces/summary"): ("/api/traces/summary?days=7", None),
    ("GET", "/api/traces/background"): ("/api/traces/background?days=7", None),
    ("GET", "/api/traces/seen"): ("/api/traces/seen?reply=i0", None),
    ("GET", "/api/privacy/protection"): ("/api/privacy/protection", None),
    ("GET", "/api/privacy/encrypted"): ("/api/privacy/encrypted", None),
    ("GET", "/api/privacy/backups"): ("/api/privacy/backups", None),
    ("GET", "/api/privacy/wiping"): ("/api/privacy/wiping?models=false", None),
    ("POST", "/api/privacy/protect"): ("/api/privacy/protect", {"passphrase": ""}),
    ("POST", "/api/privacy/unprotect"): ("/api/privacy/unprotect", {"current": ""}),
    ("POST", "/api/privacy/recovery"): ("/api/privacy/recovery", {"current": ""}),
    ("POST", "/api/privacy/confirm"): ("/api/privacy/confirm", {"words": []}),
    ("POST", "/api/privacy/back_up"): ("/api/privacy/back_up", {}),
    ("POST", "/api/privacy/wipe"): ("/api/privacy/wipe", {"typed": "{item}"}),
    ("GET", "/api/welcome/offers"): ("/api/welcome/offers", None),
    ("POST", "/api/welcome/done"): ("/api/welcome/done", {"offer": "import"}),
    ("GET", "/api/clients/all"): ("/api/clients/all", None),
    ("POST", "/api/clients/add"): ("/api/clients/add", {"name": "program of {item}", "scopes": ["talk"]}),
    ("POST", "/api/clients/revoke"): ("/api/clients/revoke", {"client": "k0"}),
    ("POST", "/api/clients/rename"): ("/api/clients/rename", {"client": "k0", "name": "another"}),
    ("POST", "/api/clients/scopes"): ("/api/clients/scopes", {"client": "k0", "scopes": ["model"]}),
    ("POST", "/api/clients/footnotes"): ("/api/clients/footnotes", {"client": "k0", "show": True}),
    ("GET", "/api/openapi.json"): ("/api/openapi.json", None),
    ("GET", "/api/devices/all"): ("/api/devices/all", None),
    ("GET", "/api/devices/listening"): ("/api/devices/listening", None),
    ("POST", "/api/devices/pair"): ("/api/devices/pair", {"address": "127.0.0.2"}),
    ("POST", "/api/devices/cancel"): ("/api/devices/cancel", {}),
    ("POST", "/api/devices/confirm"): ("/api/devices/confirm", {"waiting": "w0", "number": "000000"}),
    ("POST", "/api/devices/refuse"): ("/api/devices/refuse", {"waiting": "w0"}),
    ("POST", "/api/devices/rename"): ("/api/devices/rename", {"device": "d0", "name": "another"}),
    ("POST", "/api/devices/revoke"): ("/api/devices/revoke", {"device": "d0"}),
    ("POST", "/api/devices/listen"): ("/api/devices/listen", {"on": False}),
    ("GET", "/api/session"): ("/api/session", None),
    ("POST", "/api/session"): ("/api/session", {"token": ""}),  # a fresh token is put in when it is sent
    ("GET", "/api/export/archive"): ("/api/export/archive", None),
    ("PUT", "/api/import/{name:path}"): ("/api/import/diary.md", b"We walked along the harbour wall."),
    ("GET", "/{path:path}"): ("/", None),
    ("POST", "/api/address"): ("/api/address", {}),
    ("POST", "/api/import"): ("/api/import", {"paths": ["{outside}/note.md"]}),
    ("POST", "/api/remember"): ("/api/remember", {"rows": [{"text": "Ben plays the cello", "speaker": "Ben"}], "conversation": "c1"}),
    ("POST", "/api/backup"): ("/api/backup", {"path": "{outside}/{item}.ownmind-backup"}),
    ("POST", "/api/export"): ("/api/export", {"folder": "{outside}/export-{item}"}),
    ("GET", "/api/doctor"): ("/api/doctor", None),
}

_ASKED = {"model": "brain", "messages": [{"role": "user", "content": "Good morning."}]}
# What programs ask with a key: their own fence.
_PROGRAMS: dict[tuple[str, str], tuple[str, object]] = {
    ("GET", "/v1/models"): ("/v1/models", None),
    ("GET", "/v1/models/{id:path}"): ("/v1/models/brain", None),
    ("POST", "/v1/chat/completions"): ("/v1/chat/completions", _ASKED),
    ("POST", "/v1/responses"): ("/v1/responses", {"model": "ownmind", "input": "Good morning."}),
    ("POST", "/v1/messages"): ("/v1/messages", {**_ASKED, "max_tokens": 20}),
    ("POST", "/v1/messages/count_tokens"): ("/v1/messages/count_tokens", _ASKED),
    ("POST", "/v1/embeddings"): ("/v1/embeddings", {"model": HashEmbedder().id, "input": "Good morning."}),
}

# What is asked for here is not there: the route itself says so, in its own words (404), and so an attack that reaches it is seen.
_ABSENT = frozenset(
    {
        "/api/calendar/fetch", "/api/calendar/publish", "/api/today/seen", "/api/today/decline", "/api/goals/take", "/api/calendar/remove",
        "/api/goals/move", "/api/goals/unpin",
        "/api/providers/get", "/api/providers/forget", "/api/providers/test", "/api/providers/models", "/api/providers/key",
        "/api/mcp/tools", "/api/mcp/remove", "/api/mcp/refresh", "/api/mcp/set_effect", "/api/mcp/disallow", "/api/mcp/set_key",
        "/api/skills/get", "/api/skills/permissions", "/api/skills/changes", "/api/skills/remove", "/api/skills/enable", "/api/skills/run",
        "/api/library/get", "/api/library/read", "/api/library/around", "/api/library/find", "/api/library/citations",
        "/api/connections/get", "/api/connections/check", "/api/connections/switch", "/api/given/{id}/read", "/api/pieces/{id}",
        "/api/skills/export", "/api/traces/turn", "/api/traces/seen",
        "/api/devices/confirm", "/api/devices/refuse", "/api/devices/rename", "/api/devices/revoke",
        "/api/growth/get", "/api/growth/undo", "/api/growth/redo",
        "/api/talk/choose", "/api/talk/rate", "/api/talk/undo", "/api/talk/remember",
        "/api/clients/revoke", "/api/clients/rename", "/api/clients/scopes", "/api/clients/footnotes",
        "/api/ongoing/{id}", "/api/ongoing/{id}/stop",
    }
)  # fmt: skip
# Likewise of an address that is none, a model nobody knows, a file that is not there (400).
_REFUSED = frozenset(
    {
        "/api/calendar/connect", "/api/search/key", "/api/privacy/protect", "/api/privacy/confirm", "/api/privacy/wipe",
        "/api/mcp/add", "/api/mcp/add_program", "/api/models/fetch", "/api/models/use", "/api/models/remove",
        "/api/models/add", "/api/models/check", "/api/models/servers", "/api/models/connect", "/api/models/update", "/api/skills/look",
        "/api/skills/install", "/api/skills/update",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """One route with one method: where it is served, and the request that must be answered."""

    method: str
    path: str
    proper: Request
    is_proven: bool  # there is a row for it
    on_socket: bool

    def is_answered(self, answer: Answer) -> bool:
        """Whether the route itself answered, as it answers the proper request."""
        if self.path in _ABSENT:
            return answer.status == 404 and b'"type":"NotFound"' in answer.body
        if self.path in _REFUSED:
            return answer.status == 400 and b'"type":"BadInput"' in answer.body
        return answer.status == 200 and bool(answer.body)

    @property
    def is_for_programs(self) -> bool:
        return is_for_programs(self.path)

    @property
    def needs_session(self) -> bool:
        return not self.on_socket and self.path.startswith("/api/") and self.path != "/api/session"

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}{' (socket)' if self.on_socket else ''}"


def ways(running: Served, cookie: str) -> list[Way]:
    """Every method of every route the application has, on the page's port and on the socket, with requests that name things which
    are there now. The key's own route comes last: each session taken there ends an older one."""
    found: list[Way] = []
    for on_socket, held in ((False, (*server.ROUTES, *server.WEB_ROUTES)), (True, (*server.ROUTES, *server.SOCKET_ROUTES))):
        known = told(running, running.home.parent)
        for route, method in ((each, method) for each in held for method in _methods(each)):
            is_key = (method, route.path) == ("POST", "/api/session")  # with a cookie it would end that session
            proper = request(method, route.path, running.port, "" if on_socket or is_key else cookie, known)
            found.append(Way(method, route.path, proper, (method, route.path) in _ROWS, on_socket))
    return sorted(found, key=lambda way: (way.method, way.path) == ("POST", "/api/session"))


def of_programs(running: Served) -> list[Way]:
    """What a key opens, with a key that may do all of it."""
    with Attached(running.socket) as mind:
        key = mind.clients.add(f"bench {time.time_ns()}", tuple(Scope)).key
    host = f"127.0.0.1:{running.port}"
    found = []
    for (method, path), (target, body) in _PROGRAMS.items():
        plain = Request(method, target, (("host", host), ("connection", "close"), ("authorization", f"Bearer {key}")))
        proper = plain if body is None else plain.with_header("content-type", JSON).with_body(json.dumps(body).encode())
        found.append(Way(method, path, proper, True, False))
    return found


def request(method: str, path: str, port: int, cookie: str, known: Known) -> Request:
    """The proper request for this route. One without a row gets its own path and an empty object."""
    target, body = _ROWS.get((method, path), (path, None if method == "GET" else {}))
    headers = [("host", f"127.0.0.1:{port}"), ("connection", "close"), ("sec-fetch-site", "same-origin")]
    if cookie:
        headers.append(("cookie", cookie))
    plain = Request(method, _filled(target, known), tuple(headers))
    if method == "GET":
        return plain
    sent = body if isinstance(body, bytes) else _filled(json.dumps(body), known).encode()
    kind = BYTES if isinstance(body, bytes) else JSON
    return plain.with_header("origin", f"http://127.0.0.1:{port}").with_header("content-type", kind).with_body(sent)


def opened(running: Served, token: str) -> str:
    """A session's cookie in exchange for ``token``; "" when it is not taken."""
    asked = Request("POST", "/api/session", own(running.port)).with_body(json.dumps({"token": token}).encode())
    answers = exchange(running.port, asked.raw())
    return answers[0].header("set-cookie").partition(";")[0] if answers and answers[0].status == 200 else ""


def own(port: int) -> tuple[tuple[str, str], ...]:
    """The headers our own page sends."""
    host = f"127.0.0.1:{port}"
    return (
        ("host", host),
        ("connection", "close"),
        ("origin", f"http://{host}"),
        ("sec-fetch-site", "same-origin"),
        ("content-type", JSON),
    )


def fresh_token(running: Served) -> str:
    """A token as another command of the same person asks for it."""
    with Attached(running.socket) as mind:
        return mind.address().partition("#")[2]


def told(running: Served, outside: Path) -> Known:
    """Something remembered of each sort, so that proper requests have something to name; new each time it is called."""
    (outside / "note.md").write_text("The boat is painted blue.\n", encoding="utf-8")
    with Attached(running.socket) as mind:
        known = len(mind.receipts())
        told, item, gone, _ = mind.remember_many(
            [
                {"text": f"Ben{known} is vegetarian."},
                {"text": f"We love the sea at Porto, for the {known}th time."},
                {"text": f"The code is quillfeather{known}."},
                {"text": "I will send Ana the photos by Friday."},
            ]
        )
        facts = [fact.id for fact in mind.facts() if fact.item_id == told]
        if not facts:
            raise OwnmindError("no fact was learnt from a plain statement", hint="run the tests of memory/rules")
        receipt = mind.forget(gone).id
        permission = mind.allow("api.example.org", "answer", once=True).id
        if not mind.sent(limit=1):
            mind.approve(mind.say(f"Read http://127.0.0.1:{running.port}/").actions[0].id)
        row, action = str(mind.sent(limit=1)[0].id), mind.actions(limit=1)[0].id
        with contextlib.suppress(OwnmindError):  # what the brain of the bench says does not matter; the conversation does
            mind.say("Hello there.", conversation="c1")
        wanted = _wanted(mind, outside)
    return Known(item, facts[0], "c1", receipt, permission, action, VOUCHED, row, *wanted, outside)


def _wanted(mind: Attached, outside: Path) -> tuple[str, str, str, str, str]:
    """A goal and another, a person, a link that made two one, and a promise."""
    (outside / "people.vcf").write_text(_CARDS, encoding="utf-8")
    mind.import_paths([outside / "people.vcf"])
    goals = []
    for statement in ("Meditate every day for 10 minutes", "Stretch every day for 10 minutes"):
        draft = mind.goals.add(statement, "habit").goal
        assert draft is not None
        goals.append(mind.goals.resume(mind.goals.confirm(draft.id).id).id)
    while not (promises := mind.people.promises()):  # they are read in the background
        time.sleep(0.1)
    return goals[0], goals[1], mind.people.all("Ana")[0].id, mind.people.links()[0].id, promises[0].id


def _question(mind: Attached) -> str:
    """A question that waits to be sent to a model elsewhere, where nothing else may go. Nobody says yes to it."""
    waiting = [one.id for one in mind.actions(["waiting"]) if is_question(one)]
    if not waiting:
        mind.providers.set("remote", url="https://models.example.org/v1", model="small-one")
        mind.providers.use("remote")
        waiting = [one.id for one in mind.say("Why is the sky blue?").actions]
        mind.providers.use("local")
    return waiting[0]


def decided(running: Served, path: str) -> str:
    """The path of a route that decides an action, with one that can be decided so now: a yes, a no and an undo are used up by one."""
    with Attached(running.socket) as mind:
        if path.endswith("/preview"):
            return path.replace("{id}", _question(mind))
        if path.endswith("/undo"):
            found = [one.id for one in mind.actions(["done"]) if one.can_undo]
            said = f'Write "milk" to a file called list{mind.actions(limit=1)[0].id}.md'
        else:
            found = [one.id for one in mind.actions(["waiting"]) if not is_question(one) and one.tool != "search_web"]
            said = f"Read http://{mind.actions(limit=1)[0].id}.invalid/"  # a server nobody allowed yet, and there is none
        return path.replace("{id}", (found or [mind.say(said).actions[0].id])[0])


def methods_at(path: str) -> set[str]:
    """What is taken at this path: another route may be there for another method."""
    every = (*server.ROUTES, *server.WEB_ROUTES, *server.SOCKET_ROUTES)
    return {method for route in every if route.path == path for method in _methods(route)}


def _methods(route: Route) -> Iterator[str]:
    yield from sorted((route.methods or {"GET"}) - {"HEAD"})


def _filled(text: str, known: Known) -> str:
    for name in (field.name for field in dataclasses.fields(known)):
        text = text.replace(f"{{{name}}}", str(getattr(known, name)))
    return text


def leaves(body: object) -> Sequence[str]:
    """The texts anywhere in a body."""
    if isinstance(body, str):
        return [body]
    inner = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    return [text for each in inner for text in leaves(each)]
