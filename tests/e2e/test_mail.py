"""The same questionnaire by mail, through a mail server that nobody here wrote."""

from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

import pytest
from e2e import mailserver
from e2e.mailserver import MailServer
from e2e.service import Providers, Service, until

from tipline.domain import receipts

SENDER = "zhang@example.cn"
WORDS = "官山三路12号四楼晚上有人打吊针，没有牌子"


@pytest.fixture
def post() -> Iterator[MailServer]:
    """Servers for both directions."""
    with mailserver.running() as post:
        yield post


@pytest.fixture
def service(
    tmp_path: Path, database_url: str, providers: Providers, post: MailServer
) -> Iterator[Service]:
    """The running product with a mailbox."""
    found = Service(tmp_path, database_url, providers)
    found.environment |= {
        "TIPLINE_SMTP_URL": f"smtp://127.0.0.1:{post.out_port}?from=tips@example.cn",
        "TIPLINE_IMAP_URL": f"imap://tips:secret@127.0.0.1:{post.port}/INBOX",
    }
    found.start()
    yield found
    found.stop()


def write(post: MailServer, body: str, *, subject: str = "有件事", reply_to: str = "") -> str:
    """Put a mail into the mailbox; returns its id."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = SENDER, "tips@example.cn", subject
    mail["Message-ID"] = make_msgid(domain="example.cn")
    if reply_to:
        mail["In-Reply-To"] = reply_to
    mail.set_content(body)
    if not reply_to:
        mail.add_attachment(b"\xff\xd8photo", maintype="image", subtype="jpeg", filename="a.jpg")
    post.put(mail)
    return str(mail["Message-ID"])


@pytest.mark.timeout(240)
def test_a_reporter_tells_answers_and_gets_the_code_by_mail(
    service: Service, post: MailServer, tmp_path: Path
) -> None:
    told = [WORDS, "人民路菜市场后面\n\n> 请问在什么地方？", "晚上", "1", "查询码"]
    written: list[str] = []
    for number, body in enumerate(told):
        last = str(post.sent[-1]["Message-ID"]) if post.sent else ""
        written.append(write(post, body, reply_to=last))
        until(lambda n=number: len(post.sent) == n + 1, f"no reply to mail {number}")
    said = [mail.get_content().strip() for mail in post.sent]
    assert "请问在什么地方？" in said[0]
    assert said[1].startswith("一般什么时候有人？")
    assert said[2].endswith("1 是\n2 不")
    assert said[3].startswith("谢谢，都记下了")
    assert receipts.code_in(said[4])
    assert [str(mail["In-Reply-To"]) for mail in post.sent] == written
    assert {str(mail["To"]) for mail in post.sent} == {SENDER}
    until(lambda: post.waiting() == 0, "the mails are still there")
    until(lambda: list((tmp_path / "evidence").glob("[!.]*")), "the photo was not fetched")
