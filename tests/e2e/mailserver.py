"""Dovecot with one mailbox of its own, and a server that takes what is sent."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from e2e.service import until

CONFIGURATION = """
protocols = imap
base_dir = {folder}/run
log_path = {folder}/dovecot.log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
first_valid_uid = 1
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


@dataclass
class MailServer:
    """Where mail comes in, and what went out."""

    folder: Path
    port: int
    out_port: int = 0
    sent: list[EmailMessage] = field(default_factory=list)

    def put(self, mail: EmailMessage) -> None:
        """A mail arrives."""
        new = self.folder / "mail" / "new"
        half = self.folder / "mail" / "tmp" / f"{len(list(new.iterdir()))}-{os.urandom(4).hex()}"
        half.write_bytes(mail.as_bytes())
        shutil.chown(half, *_owner())
        half.rename(new / half.name)

    def waiting(self) -> int:
        """How many mails lie in the mailbox."""
        return sum(len(list((self.folder / "mail" / part).iterdir())) for part in ("new", "cur"))

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail."""
        self.sent.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@contextmanager
def running() -> Iterator[MailServer]:
    """Both servers, on loopback, until the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="tipline-mail-"))
    folder.chmod(0o755)
    for part in ("new", "cur", "tmp"):
        (folder / "mail" / part).mkdir(parents=True)
    for path in (folder / "mail", *(folder / "mail").iterdir()):
        shutil.chown(path, *_owner())
    found = MailServer(folder, _free_port())
    user, group = _owner()
    text = CONFIGURATION.format(folder=folder, user=user, group=group, port=found.port)
    (folder / "dovecot.conf").write_text(text)
    dovecot = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", folder / "dovecot.conf"])
    taking = Controller(found, hostname="127.0.0.1", port=_free_port())
    taking.start()
    found.out_port = taking.port
    try:
        until(lambda: _answers(found.port), "dovecot does not start")
        yield found
    finally:
        taking.stop()
        dovecot.terminate()
        dovecot.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> tuple[str, str]:
    """Dovecot opens mailboxes of ordinary users only."""
    if os.getuid() == 0:
        return "nobody", "nogroup"
    person = pwd.getpwuid(os.getuid())
    return person.pw_name, str(person.pw_gid)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            return connection.recv(4) == b"* OK"
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
