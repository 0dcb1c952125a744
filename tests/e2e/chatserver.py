"""A Bot API server that we did not write (telemelya), with what it needs, on loopback.

It lives in an environment of its own, `.venv/telemelya`, which `make e2e` fills; its webhook calls
lack the secret header, which a small doorkeeper in front of ours adds.
"""

import json
import os
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from e2e.service import CHAT_SECRET, CHAT_TOKEN, until

PYTHON = Path(__file__).parents[2] / ".venv" / "telemelya" / "bin" / "python"
NEEDS = """
import sys, threading, time
from fakeredis import TcpFakeServer
from moto.server import ThreadedMotoServer
redis = TcpFakeServer(("127.0.0.1", int(sys.argv[1])), server_type="redis")
threading.Thread(target=redis.serve_forever, daemon=True).start()
ThreadedMotoServer(ip_address="127.0.0.1", port=int(sys.argv[2])).start()
time.sleep(3600)
"""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class ChatServer:
    """Speaks as people in chats do, and shows what the bot said."""

    url: str
    ours: str = ""  # the address of our webhook
    statuses: list[int] = field(default_factory=list)

    def say(self, chat: int, text: str = "", **more: Any) -> None:
        """A message of a person; it reaches our webhook."""
        self._control("send_update", {"chat_id": chat, "text": text, **more})

    def picture(self, content: bytes) -> str:
        """Upload a picture; returns its file id."""
        mark = "boundary0"
        part = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
        body = part.encode() + b"Content-Type: image/jpeg\r\n\r\n" + content
        body += f"\r\n--{mark}--\r\n".encode()
        answer = self._call("upload_media", body, f"multipart/form-data; boundary={mark}")
        return str(answer["file_id"])

    def said(self) -> list[dict[str, Any]]:
        """What the bot did, in its order."""
        found: list[dict[str, Any]] = self._call("responses")["responses"]
        return found

    def tell_where(self, doorkeeper: str) -> None:
        """The webhook, as the bot's owner sets it."""
        body = json.dumps({"url": doorkeeper}).encode()
        _fetch(f"{self.url}/bot{CHAT_TOKEN}/setWebhook", body, "application/json")

    def _control(self, name: str, content: dict[str, Any]) -> None:
        self._call(name, json.dumps(content).encode(), "application/json")

    def _call(self, name: str, body: bytes | None = None, kind: str = "") -> dict[str, Any]:
        url = f"{self.url}/api/v1/test/{name}?bot_token={CHAT_TOKEN}&session_id=default"
        return _fetch(url, body, kind)


def _fetch(url: str, body: bytes | None = None, kind: str = "") -> dict[str, Any]:
    headers = {"Authorization": "Bearer x"} | ({"Content-Type": kind} if kind else {})
    request = urllib.request.Request(url, body, headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        found: dict[str, Any] = json.loads(answer.read() or b"{}")
        return found


@contextmanager
def running() -> Iterator[ChatServer]:
    """The server, its store and its doorkeeper, until the end of the block."""
    port, redis, store = (_free_port() for _ in range(3))
    environment = os.environ | {
        "MOCK_SERVER_HOST": "127.0.0.1",
        "MOCK_SERVER_PORT": str(port),
        "MOCK_SERVER_URL": f"http://127.0.0.1:{port}",
        "REDIS_URL": f"redis://127.0.0.1:{redis}/0",
        "MINIO_ENDPOINT": f"127.0.0.1:{store}",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    server = ChatServer(f"http://127.0.0.1:{port}")
    needs = _started(["-c", NEEDS, str(redis), str(store)], environment)
    processes = [needs]
    door = ThreadingHTTPServer(("127.0.0.1", 0), _doorkeeper(server))
    threading.Thread(target=door.serve_forever, daemon=True).start()
    try:
        until(lambda: _listens(redis) and _listens(store), "its store does not start")
        processes.append(_started(["-m", "telemelya.server.app"], environment))
        until(lambda: _listens(port), "the chat server does not start")
        server.tell_where(f"http://127.0.0.1:{door.server_address[1]}")
        yield server
    finally:
        door.shutdown()
        door.server_close()
        for process in processes:
            process.kill()
            process.wait()


def _started(words: list[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    quiet = subprocess.DEVNULL
    return subprocess.Popen([str(PYTHON), *words], env=environment, stdout=quiet, stderr=quiet)


def _doorkeeper(server: ChatServer) -> type[BaseHTTPRequestHandler]:
    """Brings each update to our webhook, with the secret that the real provider sends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {"Content-Type": "application/json", SECRET_HEADER: CHAT_SECRET}
            request = urllib.request.Request(server.ours, body, headers)
            with urllib.request.urlopen(request, timeout=20) as answer:
                said = answer.read()
            server.statuses.append(answer.status)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    return Handler


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
