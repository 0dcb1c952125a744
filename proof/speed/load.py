"""Load from this process against a server in others: closed loop for throughput, open for tails."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

PATIENCE = 30


@dataclass
class Outcome:
    """What came back: seconds of each request, statuses, and how long the whole took."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    lasted: float = 0.0

    @property
    def per_second(self) -> float:
        """Answered requests a second."""
        return len(self.seconds) / self.lasted if self.lasted else 0.0

    def percentile(self, share: float) -> float:
        """The time below which this share of the requests was answered, in milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def closed(port: int, requests: Sequence[bytes], *, clients: int) -> Outcome:
    """Every client sends its next request as soon as the last one was answered."""
    numbers, outcome, lock = count(), Outcome(), threading.Lock()

    def work() -> None:
        connection = Connection(port)
        while (number := _next(numbers, lock)) < len(requests):
            begun = time.perf_counter()
            status = connection.ask(requests[number])
            _note(outcome, lock, status, time.perf_counter() - begun)

    return _together(work, clients, outcome)


def opened(port: int, requests: Sequence[bytes], *, rate: float, clients: int) -> Outcome:
    """Requests leave at a fixed rate, whatever became of those before; waiting counts as time."""
    numbers, outcome, lock = count(), Outcome(), threading.Lock()
    begun = time.perf_counter() + 0.05

    def work() -> None:
        connection = Connection(port)
        while (number := _next(numbers, lock)) < len(requests):
            due = begun + number / rate
            if (early := due - time.perf_counter()) > 0:
                time.sleep(early)
            status = connection.ask(requests[number])
            _note(outcome, lock, status, time.perf_counter() - due)

    return _together(work, clients, outcome)


def _next(numbers: Iterator[int], lock: threading.Lock) -> int:
    with lock:
        return next(numbers)


def _note(outcome: Outcome, lock: threading.Lock, status: int, seconds: float) -> None:
    with lock:
        outcome.seconds.append(seconds)
        outcome.statuses[status] += 1


def _together(work: Callable[[], None], clients: int, outcome: Outcome) -> Outcome:
    threads = [threading.Thread(target=work) for _ in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome.lasted = time.perf_counter() - begun
    return outcome


class Connection:
    """One connection that is kept, and made anew when the server closes it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def ask(self, request: bytes) -> int:
        """The status of the answer, whose body is read to its end."""
        for _ in range(2):
            try:
                return self._ask(request)
            except (OSError, EOFError):
                self.socket = None
        return 0

    def _ask(self, request: bytes) -> int:
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        head, _, body = self._until(b"\r\n\r\n").partition(b"\r\n\r\n")
        left = _length(head) - len(body)
        while left > 0:
            left -= len(self._more())
        return int(head.split(b" ", 2)[1])

    def _until(self, end: bytes) -> bytes:
        found = b""
        while end not in found:
            found += self._more()
        return found

    def _more(self) -> bytes:
        assert self.socket is not None
        chunk = self.socket.recv(65_536)
        if not chunk:
            raise EOFError
        return chunk


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0


def post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """A request as it goes over the wire."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += ["Content-Type: application/x-www-form-urlencoded"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
