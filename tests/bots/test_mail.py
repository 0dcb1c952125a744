"""Mail out, against a server that we did not write."""

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from bots.mail import Mail
from tipline.channels import CannotReach, Knock, NotFromProvider, TryLater, Unclear
from tipline.domain.sending import Why
from tipline.settings import Settings

ADDRESS = "someone@example.cn"


class Post:
    """Keeps what it is brought; answers as it is told, or hangs up at the end of the data."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], bytes]] = []
        self.to_recipient = self.to_data = "250 OK"
        self.hangs_up = False

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        self.mails.append((envelope.rcpt_tos, envelope.content))
        if self.hangs_up:
            server.transport.close()  # type: ignore[union-attr]
        return self.to_data


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def mail(post: Post) -> Iterator[Mail]:
    controller = Controller(post, hostname="127.0.0.1", port=_free_port())
    controller.start()
    url = f"smtp://127.0.0.1:{controller.port}?from=office@example.cn"
    yield Mail(Settings(smtp_url=url))
    controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def brought(post: Post) -> EmailMessage:
    [(_, content)] = post.mails
    found = message_from_bytes(content, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_mail_brings_the_words_and_nothing_else(post: Post, mail: Mail) -> None:
    sent_as = mail.speak(ADDRESS, "编号T1有新消息，请凭查询码查看。", reference="17-abc")
    found = brought(post)
    assert post.mails[0][0] == [ADDRESS]
    assert found.get_content().strip() == "编号T1有新消息，请凭查询码查看。"
    assert (found["From"], found["Subject"]) == ("office@example.cn", "您的消息 · Your message")
    assert found["Message-ID"] == sent_as == "<17-abc@example.cn>"
    assert found["Auto-Submitted"] == "auto-replied"


def test_a_reply_is_shown_beneath_what_it_replies_to(post: Post, mail: Mail) -> None:
    mail.follow("<theirs.1@example.cn>", ADDRESS, "x", "17-abc")
    found = brought(post)
    assert found["In-Reply-To"] == found["References"] == "<theirs.1@example.cn>"
    assert found["Message-ID"] == "<17-abc@example.cn>"


@pytest.mark.parametrize("theirs", ["", "no brackets", "<a@b>\r\nBcc: <x@y>", "<a b@c>"])
def test_what_is_no_message_id_is_not_replied_to(post: Post, mail: Mail, theirs: str) -> None:
    mail.follow(theirs, ADDRESS, "x", "17-abc")
    assert "In-Reply-To" not in brought(post)


@pytest.mark.parametrize(
    ("answer", "why"),
    [("550 5.1.1 no such user", Why.NO_SUCH_ADDRESS), ("554 not here", Why.REFUSED)],
)
def test_an_address_that_is_refused_is_given_up(
    post: Post, mail: Mail, answer: str, why: Why
) -> None:
    post.to_recipient = f"{answer} {ADDRESS}"
    with pytest.raises(CannotReach) as refused:
        mail.speak(ADDRESS, "x")
    assert refused.value.why == why
    assert ADDRESS not in str(refused.value)
    assert post.mails == []


@pytest.mark.parametrize("where", ["to_recipient", "to_data"])
def test_a_server_that_is_busy_is_asked_later(post: Post, mail: Mail, where: str) -> None:
    setattr(post, where, "451 try again later")
    with pytest.raises(TryLater):
        mail.speak(ADDRESS, "x")


def test_a_mail_that_is_refused_after_its_data_is_given_up(post: Post, mail: Mail) -> None:
    post.to_data = "554 spam"
    with pytest.raises(CannotReach):
        mail.speak(ADDRESS, "x")


def test_a_mail_may_have_been_sent_when_the_server_hangs_up_after_its_data(
    post: Post, mail: Mail
) -> None:
    post.hangs_up = True
    with pytest.raises(Unclear):
        mail.speak(ADDRESS, "x")


def test_a_mail_was_not_sent_when_nobody_could_be_reached() -> None:
    with pytest.raises(TryLater):
        Mail(Settings(smtp_url=f"smtp://127.0.0.1:{_free_port()}")).speak(ADDRESS, "x")


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
def test_nothing_is_said_in_clear_to_a_server_elsewhere(
    post: Post, mail: Mail, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = mail._port
    here = socket.create_connection
    monkeypatch.setattr(socket, "create_connection", lambda to, *a, **k: here(("127.0.0.1", port)))
    elsewhere = Mail(Settings(smtp_url=f"{scheme}://mail.example.cn:{port}"))
    with pytest.raises(TryLater):
        elsewhere.speak(ADDRESS, "x")
    assert post.mails == []


@pytest.mark.parametrize("address", ["a@b\nBcc: x@y", "a@b\r\n"])
def test_an_address_cannot_bring_a_header_along(post: Post, mail: Mail, address: str) -> None:
    with pytest.raises(CannotReach):
        mail.speak(address, "x")
    assert post.mails == []


def test_nobody_speaks_for_a_mail_server() -> None:
    mail = Mail(Settings(smtp_url="smtp://127.0.0.1"))
    for hook in (mail.hear, mail.hear_status):
        with pytest.raises(NotFromProvider):
            hook(Knock("", {}, {}, b""))
