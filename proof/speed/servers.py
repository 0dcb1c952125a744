"""Servers under load: each a group of processes of its own, and what it costs in CPU."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """One running server; `cpu()` is what its processes have used so far, in seconds."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def cpu(self) -> float:
        """User and system time of the whole group."""
        total = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == self.process.pid:
                total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def stop(self) -> None:
        """Ask it to end."""
        os.killpg(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def start(
    name: str, words: list[str], port: int, environment: dict[str, str], folder: Path
) -> Server:
    """Start in a process group of its own, and wait until it answers."""
    log = folder / f"{name}.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    server = Server(name, port, process, log)
    end = time.monotonic() + 60
    while not _answers(port):
        if time.monotonic() > end or process.poll() is not None:
            raise SystemExit(f"{name} does not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.1)
    return server


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
