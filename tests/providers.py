"""A provider of text messages on loopback: does as it is scripted, and remembers everything.

It speaks both Twilio's protocol and that of a plain gateway, so that the real clients talk to it.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

TAKEN, BUSY, BROKEN, OPTED_OUT, LOST, GONE = "taken", "busy", "broken", "opted out", "lost", "gone"
ACCEPTS = {TAKEN, LOST}
RETRY_AFTER = 17


@dataclass(frozen=True)
class Asked:
    """One request to send, and what came of it."""

    at: datetime
    reference: str
    to: str
    body: str
    outcome: str
    sid: str = ""


@dataclass
class TextProvider:
    """`script` says what becomes of each request; `asked` holds all of them, in their order."""

    script: Callable[[int], str] = lambda number: TAKEN
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    heard: Callable[[Asked], None] = lambda asked: None
    can_say: bool = True
    inbox: dict[str, dict[str, str]] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    url: str = ""
    turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def accepted(self) -> list[Asked]:
        """What it took, and would have sent."""
        return [each for each in self.asked if each.outcome in ACCEPTS]

    def decide(self, form: dict[str, str], prefix: str) -> Asked:
        """Take the next request as the script says."""
        with self.turn:
            number = len(self.asked)
            outcome = self.script(number)
            sid = f"{prefix}{number:032x}" if outcome in ACCEPTS else ""
            asked = Asked(
                self.now(), _reference(form), _to(form), _body(form), outcome=outcome, sid=sid
            )
            self.asked.append(asked)
        self.heard(asked)
        return asked

    def write(self, sid: str, sender: str, to: str, body: str) -> None:
        """Somebody writes to us."""
        row = {"sid": sid, "from": sender, "to": to, "body": body, "direction": "inbound"}
        self.inbox[sid] = row | {"num_media": "0", "account_sid": "AC"}

    def forget(self, sid: str) -> None:
        """We have one of them deleted."""
        if self.inbox.pop(sid, None) is not None:
            self.deleted.append(sid)

    def told(self, path: str) -> tuple[int, object]:
        """What it answers to a question: one message that somebody wrote, or a list."""
        sid = path.rpartition("/")[2].removesuffix(".json")
        if sid in self.inbox:
            return 200, self.inbox[sid]
        if not self.can_say:
            return 500, {}
        found = self.listed(parse_qs(urlsplit(path).query))
        return 200, {"messages": found, "page": 0, "page_size": 100}

    def listed(self, query: dict[str, list[str]]) -> list[dict[str, str]]:
        """What it says it has for this number."""
        to = query.get("To", [""])[0]
        written = [row for row in self.inbox.values() if row["to"] == to]
        return written + [
            {"sid": each.sid, "body": each.body, "date_created": format_datetime(each.at)}
            for each in self.accepted
            if each.to == to
        ]


def _reference(form: dict[str, str]) -> str:
    callback = parse_qs(urlsplit(form.get("StatusCallback", "")).query)
    return form.get("ext") or callback.get("reference", [""])[0]


def _to(form: dict[str, str]) -> str:
    return form.get("mobile") or form.get("To", "")


def _body(form: dict[str, str]) -> str:
    return form.get("content") or form.get("Body", "")


@contextmanager
def listening(provider: TextProvider, port: int = 0) -> Iterator[TextProvider]:
    """The provider, reachable until the end of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(provider))
    server.daemon_threads = True
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(asked: Asked, plain: bool) -> tuple[int, object, dict[str, str]]:
    if asked.outcome == TAKEN:
        said = {"code": "0", "id": asked.sid} if plain else {"sid": asked.sid}
        return (200 if plain else 201), said, {}
    if asked.outcome == BUSY:
        return 429, {"code": 20429}, {"Retry-After": str(RETRY_AFTER)}
    if asked.outcome == OPTED_OUT:
        return (200 if plain else 400), {"code": 21610}, {}
    return 500, {}, {}


def _handler(provider: TextProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            plain = self.path.endswith("/gateway")
            asked = provider.decide(form, "G" if plain else "SM")
            if asked.outcome not in (LOST, GONE):  # else it hangs up without a word
                self.answer(*_answer(asked, plain))

        def do_GET(self) -> None:
            self.answer(*provider.told(self.path))

        def do_DELETE(self) -> None:
            provider.forget(self.path.rpartition("/")[2].removesuffix(".json"))
            self.send_response(204)
            self.end_headers()

        def answer(self, status: int, said: object, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    return Handler
