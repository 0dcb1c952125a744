"""A provider on loopback: records what the official clients send, and answers as it is told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

HANGS_UP = None


@dataclass(frozen=True)
class Request:
    """One request of a client."""

    path: str
    headers: dict[str, str]
    form: dict[str, str]


@dataclass
class Provider:
    """Says `answer` (a status and what goes with it) to everybody, or hangs up without a word."""

    answer: tuple[int, dict[str, Any] | str] | None = HANGS_UP
    headers: dict[str, str] = field(default_factory=dict)
    heard: list[Request] = field(default_factory=list)
    url: str = ""


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
            form = {name: values[0] for name, values in parse_qs(body).items()}
            provider.heard.append(Request(self.path, dict(self.headers), form))
            if provider.answer is HANGS_UP:
                return
            status, content = provider.answer
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            for name, value in provider.headers.items():
                self.send_header(name, value)
            self.end_headers()
            plain = content if isinstance(content, str) else json.dumps(content)
            self.wfile.write(plain.encode())

        do_GET = do_POST

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    return Handler
