"""A provider on loopback: records what the official clients send, and answers as it is told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote

HANGS_UP = None


@dataclass(frozen=True)
class Request:
    """One request of a client."""

    path: str
    headers: dict[str, str]
    form: dict[str, str]
    method: str = "POST"


@dataclass
class Provider:
    """Says `answer` (a status and what goes with it) to everybody, or hangs up without a word.

    `routes` have answers of their own, by method and path.
    """

    answer: tuple[int, dict[str, Any] | str | bytes] | None = HANGS_UP
    routes: dict[str, tuple[int, dict[str, Any] | str | bytes]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    heard: list[Request] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    url: str = ""

    def answer_to(self, method: str, path: str) -> tuple[int, dict[str, Any] | str | bytes] | None:
        """What is said to this request."""
        return self.routes.get(f"{method} {unquote(path.partition('?')[0])}", self.answer)


@contextmanager
def listening() -> Iterator[Provider]:
    """A provider that listens until the end of the block."""
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield provider
    server.shutdown()
    server.server_close()
    thread.join()


def nobody() -> str:
    """An address of this machine at which nobody listens."""
    with listening() as gone:
        return gone.url


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            provider.bodies.append(body)
            form = {name: values[0] for name, values in parse_qs(body).items()}
            heard = Request(self.path, dict(self.headers), form, self.command)
            provider.heard.append(heard)
            answer = provider.answer_to(self.command, self.path)
            if answer is HANGS_UP:
                return
            status, content = answer
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            for name, value in provider.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if isinstance(content, dict):
                content = json.dumps(content)
            self.wfile.write(content if isinstance(content, bytes) else content.encode())

        do_GET = do_DELETE = do_POST

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    return Handler
