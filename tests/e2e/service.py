"""The whole product as a group of processes, and the providers it talks to, on loopback."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from tipline.policy.loader import DEFAULT

PASSWORD = "correct horse battery"
ACCOUNT, SMS_TOKEN = "AC" + "0" * 32, "1" * 32
CHAT_TOKEN, CHAT_SECRET = "123456:" + "a" * 30, "s" * 32
WAIT_SECONDS = 60


@dataclass
class Providers:
    """Records what the official clients send: text messages and chat messages."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    chats: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        providers = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, answer = providers.answer(self.path, parse_qs(body))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def do_GET(self) -> None:
                """Nothing came in that was not brought to the webhook."""
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps({"messages": [], "num_media": "0"}).encode())

            def do_DELETE(self) -> None:
                """What was kept is forgotten here."""
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path: str, form: dict[str, list[str]]) -> tuple[int, dict[str, object]]:
        """Accept the message, as the provider would."""
        if path.startswith("/2010-04-01/"):
            self.texts.append((form["To"][0], form["Body"][0]))
            return 201, {"sid": f"SM{len(self.texts):032d}", "status": "queued"}
        self.chats.append((form["chat_id"][0], form["text"][0]))
        chat = {"id": int(form["chat_id"][0]), "type": "private"}
        sent = {"message_id": len(self.chats), "date": 0, "chat": chat}
        return 200, {"ok": True, "result": sent}

    def close(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()


class Service:
    """`tipline run` in a process group of its own."""

    def __init__(self, folder: Path, database_url: str, providers: Providers) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        _keep_awake(folder)
        self.environment = os.environ | {
            "TIPLINE_DATA": str(folder),
            "TIPLINE_DATABASE_URL": database_url,
            "TIPLINE_PUBLIC_URL": self.url,
            "TIPLINE_TWILIO_ACCOUNT_SID": ACCOUNT,
            "TIPLINE_TWILIO_AUTH_TOKEN": SMS_TOKEN,
            "TIPLINE_TWILIO_FROM": "+8610690000000",
            "TIPLINE_TWILIO_BASE_URL": providers.url,
            "TIPLINE_TELEGRAM_TOKEN": CHAT_TOKEN,
            "TIPLINE_TELEGRAM_SECRET": CHAT_SECRET,
            "TIPLINE_TELEGRAM_BASE_URL": providers.url,
        }
        self.log = folder / "service.log"

    def start(self) -> None:
        """Start, and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "wsgi", "run", "--port", str(self.port)],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(self.answers, "the service does not start: " + self.log.read_text()[-2000:])

    def answers(self) -> bool:
        """Whether pages are served."""
        try:
            with urllib.request.urlopen(f"{self.url}/livez", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        """SIGKILL to the whole group: pages, worker and all."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end, as Ctrl-C does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.kill()

    def command(self, *words: str) -> str:
        """A tipline command beside the running service."""
        done = subprocess.run(
            [sys.executable, "-m", "wsgi", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def add_staff(self, username: str, role: str, name: str) -> None:
        """An account at the root office."""
        self.command(
            *("staff", "add", username, "--name", name, "--role", role, "--password", PASSWORD)
        )


def until(true: object, otherwise: str, *, seconds: float = WAIT_SECONDS) -> None:
    """Wait for something to become true."""
    assert callable(true)
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, otherwise
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _keep_awake(folder: Path) -> None:
    """No quiet hours, so that the stories end alike by day and by night."""
    text = (DEFAULT / "outbox.yaml").read_text(encoding="utf-8")
    awake = text.replace("channels: [sms, telegram]", "channels: []")
    assert awake != text
    (folder / "policy").mkdir(exist_ok=True)
    (folder / "policy" / "outbox.yaml").write_text(awake, encoding="utf-8")
