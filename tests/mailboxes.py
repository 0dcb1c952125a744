"""A mailbox on loopback that speaks just enough IMAP for a reader of mail."""

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Letter:
    """One mail, and what was done to it."""

    number: int
    content: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class Server:
    """The mailbox of user `tips` with the password `secret`."""

    letters: list[Letter] = field(default_factory=list)
    validity: int = 7
    port: int = 0
    said: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """How it is named in the settings."""
        return f"imap://tips:secret@127.0.0.1:{self.port}/INBOX"

    def put(self, content: bytes) -> Letter:
        """A mail arrives."""
        letter = Letter(len(self.letters) + 101, content.replace(b"\n", b"\r\n"))
        self.letters.append(letter)
        return letter

    def answer(self, command: str, rest: str) -> list[bytes]:
        """The lines before the last one."""
        by_name: dict[str, Callable[[str], list[bytes]]] = {
            "CAPABILITY": lambda _: [b"* CAPABILITY IMAP4rev1"],
            "SELECT": lambda _: [b"* %d EXISTS" % len(self.letters), self._validity()],
            "EXPUNGE": self._expunge,
            "UID SEARCH": self._search,
            "UID FETCH": self._fetch,
            "UID STORE": self._store,
            "LOGOUT": lambda _: [b"* BYE"],
        }
        return by_name.get(command, lambda _: [])(rest)

    def _validity(self) -> bytes:
        return b"* OK [UIDVALIDITY %d] valid" % self.validity

    def _search(self, rest: str) -> list[bytes]:
        hidden = {r"\Seen", r"\Deleted"}
        found = [str(each.number) for each in self.letters if not each.flags & hidden]
        return [f"* SEARCH {' '.join(found)}".rstrip().encode()]

    def _fetch(self, rest: str) -> list[bytes]:
        number, _, what = rest.partition(" ")
        found = [each for each in self.letters if each.number == int(number)]
        if not found:
            return []
        content = found[0].content
        if "RFC822.SIZE" in what:
            return [f"* 1 FETCH (UID {number} RFC822.SIZE {len(content)})".encode()]
        if "HEADER" in what:
            content = content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        head = f"* 1 FETCH (UID {number} BODY[] {{{len(content)}}}".encode()
        return [head + b"\r\n" + content + b")"]

    def _store(self, rest: str) -> list[bytes]:
        number, flag = rest.partition(" ")[0], re.findall(r"\\\w+", rest)[0]
        for each in self.letters:
            if each.number == int(number):
                each.flags.add(flag)
        return []

    def _expunge(self, rest: str) -> list[bytes]:
        self.letters = [each for each in self.letters if r"\Deleted" not in each.flags]
        return []


@contextmanager
def mailbox() -> Iterator[Server]:
    """A mailbox that answers until the end of the block."""
    found = Server()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            while line := self.rfile.readline().decode().strip():
                tag, _, command = line.partition(" ")
                name = " ".join(command.split()[: 2 if command.startswith("UID ") else 1])
                found.said.append(name)
                good = name != "LOGIN" or command.endswith('tips "secret"')
                for answer in found.answer(name, command[len(name) + 1 :]):
                    self.wfile.write(answer + b"\r\n")
                self.wfile.write(f"{tag} {'OK' if good else 'NO'} done\r\n".encode())
                if name == "LOGOUT":
                    return

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()
