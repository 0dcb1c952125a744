"""The product under load: its settings, and requests made ready before the clock runs."""

import http.cookiejar
import secrets
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

from load import Connection, post
from servers import free_port
from twilio.request_validator import RequestValidator

from bots import dialogue
from tipline import clock, schema, settings
from tipline.db import db
from tipline.vault import sealing
from tipline.web import create_app
from tipline.web.public import draft
from tipline.web.public.draft import Draft

ACCOUNT, SMS_TOKEN = "AC" + "1" * 32, "2" * 32
ANSWERS = {
    "category": "unlicensed_clinic",
    "division": "440902",
    "address": "官山三路 12 号",
    "landmark": "菜市场斜对面",
    "floor": "4 楼 401",
    "facts": "四楼那家没有牌子，晚上经常有人上去打吊针，垃圾袋里有针头。",
    "when": "每天晚上七点以后",
    "who": "一个五十来岁的男人",
}
CONTACT = {"contact_channel": "sms", "contact_address": "13800138000", "wants_reply": "yes"}


class Product:
    """Settings of a server that is to be started, and what is to be asked of it."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.port, self.provider = free_port(), Provider()
        self.url = f"http://127.0.0.1:{self.port}"
        kind = "sqlite" if database_url.startswith("sqlite") else "postgresql"
        self.environment = {
            "TIPLINE_DATA": str(folder / kind),
            "TIPLINE_DATABASE_URL": database_url,
            "TIPLINE_PUBLIC_URL": self.url,
            "TIPLINE_TWILIO_ACCOUNT_SID": ACCOUNT,
            "TIPLINE_TWILIO_AUTH_TOKEN": SMS_TOKEN,
            "TIPLINE_TWILIO_FROM": "+8610690000000",
            "TIPLINE_TWILIO_BASE_URL": self.provider.url,
        }
        self.app = create_app(settings.read(self.environment), dialogue=dialogue.converse)
        with self.app.app_context():
            schema.upgrade(db.engine)
            db.engine.dispose()
        self.validator, self.visit = RequestValidator(SMS_TOKEN), dict[str, str]()

    def intakes(self, number: int) -> list[bytes]:
        """The last posts of so many reports, each with a code of its own."""
        token, cookie = self._visit()
        with self.app.app_context():
            return [post("/report", self._body(token), {"Cookie": cookie}) for _ in range(number)]

    def _body(self, token: str) -> bytes:
        told = draft.write(Draft(ANSWERS | CONTACT, sealing.mint_code()), now=clock.now())
        form = {"csrf_token": token, "page": "check", "draft": told, "go": "send"}
        return urlencode(form).encode()

    def _visit(self) -> tuple[str, str]:
        """The token and the cookie of one visit, as a browser has them."""
        if not self.visit:
            jar = http.cookiejar.CookieJar()
            browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
            with browser.open(f"{self.url}/report", timeout=30) as answer:
                page = answer.read().decode()
            self.visit["token"] = page.split('name="csrf_token" value="')[1].split('"')[0]
            self.visit["cookie"] = "; ".join(f"{each.name}={each.value}" for each in jar)
        return self.visit["token"], self.visit["cookie"]

    @staticmethod
    def bare_intakes(number: int) -> list[bytes]:
        """The same answers for the floor."""
        return [post("/report", urlencode(ANSWERS).encode(), {})] * number

    def hooks(self, number: int) -> list[bytes]:
        """So many signed text messages, each new."""
        return [self._hook(f"+86138{secrets.randbelow(10**8):08d}") for _ in range(number)]

    def _hook(self, sender: str) -> bytes:
        form = {
            "MessageSid": f"SM{secrets.token_hex(16)}",
            "AccountSid": ACCOUNT,
            "From": sender,
            "To": "+8610690000000",
            "Body": "官山三路 12 号四楼，晚上有人打吊针",
            "NumMedia": "0",
            **{f"From{name}": "" for name in ("City", "State", "Zip", "Country")},
            **{f"To{name}": "" for name in ("City", "State", "Zip", "Country")},
        }
        signed = self.validator.compute_signature(f"{self.url}/hooks/twilio/sms", form)
        body = urlencode(form).encode()
        return post("/hooks/twilio/sms", body, {"X-Twilio-Signature": signed})

    def reply_after(self) -> float:
        """Seconds from a message of somebody new to the reply at the provider."""
        time.sleep(0.3)  # the worker is idle again, and the provider's pace is kept
        sender, before = f"+86139{secrets.randbelow(10**8):08d}", self.provider.heard
        begun = time.perf_counter()
        Connection(self.port).ask(self._hook(sender))
        while self.provider.heard == before and time.perf_counter() < begun + 30:
            time.sleep(0.005)
        return time.perf_counter() - begun


class Provider:
    """Takes whatever it is told to send, and counts."""

    def __init__(self) -> None:
        provider, self.heard = self, 0

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                provider.heard += 1
                body = f'{{"sid": "SM{provider.heard:032d}", "status": "queued"}}'.encode()
                self.send_response(201)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
