"""Mail in: what people write is heard without what they quote, and machines are not answered."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from loopback import nobody
from mailboxes import Server, mailbox

from bots import letters
from bots.mail import Mail
from tipline.channels import CannotReach, Heard, TryLater
from tipline.settings import Settings

SENDER = "Zhang San <Zhang.San@example.cn>"
FACTS = "菜市场二楼有人给人拔牙，没有牌子"


@pytest.fixture
def box() -> Iterator[Server]:
    with mailbox() as box:
        yield box


def channel(url: str) -> Mail:
    return Mail(Settings(smtp_url="smtp://127.0.0.1:1", imap_url=url))


def mail(body: str = FACTS, **headers: str) -> EmailMessage:
    """A mail that somebody wrote."""
    message = EmailMessage()
    named = {"From": SENDER, "Subject": "有件事", "Message-ID": "<1@example.cn>"} | headers
    for name, value in named.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message


def heard(box: Server, message: EmailMessage) -> Heard | None:
    box.put(message.as_bytes())
    found = channel(box.url).collect()
    return found[0] if found else None


def test_a_mail_is_heard_with_its_subject(box: Server) -> None:
    expected = Heard(
        "7.101",
        "zhang.san@example.cn",
        f"有件事\n{FACTS}",
        "zh",
        message="<1@example.cn>",
    )
    assert heard(box, mail()) == expected
    assert channel(box.url).collect() == [expected]


ASKED = "> 有了回音，要告诉您吗？\n> 1 是\n"
QUOTES = {
    "gmail": f"1\n\nOn Wed, 1 Jul 2026 at 10:00, Tipline <a@b.cn> wrote:\n{ASKED}",
    "chinese": f"1\n\n在 2026年7月1日 10:00，线索直通 <a@b.cn> 写道：\n{ASKED}",
    "qq": "1\n\n---------- 原始邮件 ----------\n发件人: 线索直通 <a@b.cn>;\n有了回音\n",
    "outlook": "1\n\nFrom: Tipline <a@b.cn>\nSent: Wednesday\n\n有了回音\n",
    "below": f"{ASKED}\n1\n",
    "signed": "1\n-- \n张三\n13800138000\n",
}


@pytest.mark.parametrize("way", QUOTES)
def test_an_answer_is_heard_without_what_it_quotes(box: Server, way: str) -> None:
    found = heard(box, mail(QUOTES[way], In_Reply_To="<x@b.cn>"))
    assert found is not None
    assert found.text == "1"


def test_a_mail_in_markup_is_heard_as_its_words(box: Server) -> None:
    message = mail()
    message.set_content("<p>二楼 &amp; 三楼</p><script>x</script><div>拔牙</div>", subtype="html")
    found = heard(box, message)
    assert found is not None
    assert [line for line in found.text.splitlines() if line.strip()] == [
        "有件事",
        "二楼 & 三楼",
        "拔牙",
    ]


def test_enclosures_are_fetched_one_by_one_and_the_mail_deleted(box: Server) -> None:
    message = mail()
    message.add_attachment(b"\xff\xd8picture", maintype="image", subtype="jpeg", filename="a.jpg")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="b.pdf")
    found = heard(box, message)
    assert found is not None
    reader = channel(box.url)
    assert [reader.fetch(file) for file in found.files] == [b"\xff\xd8picture", b"%PDF"]
    with pytest.raises(CannotReach):
        reader.fetch("7.101/9")
    reader.forget(found.provider_id)
    assert box.letters == []
    assert reader.collect() == []


MACHINES = {
    "auto": {"Auto_Submitted": "auto-replied"},
    "list": {"List_Id": "<news.example.cn>"},
    "bulk": {"Precedence": "bulk"},
    "bounce": {"Return_Path": "<>"},
    "daemon": {"From": "Mail Delivery <MAILER-DAEMON@example.cn>"},
    "noreply": {"From": "no-reply@example.cn"},
    "nobody": {"From": "undisclosed"},
}


@pytest.mark.parametrize("why", MACHINES)
def test_what_a_machine_wrote_is_left_to_people(box: Server, why: str) -> None:
    assert heard(box, mail(**MACHINES[why])) is None
    assert [letter.flags for letter in box.letters] == [{r"\Seen"}]
    assert channel(box.url).collect() == []


def test_a_mail_that_is_too_large_is_heard_by_its_subject(
    box: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bots.mailbox.LARGEST", 100)
    found = heard(box, mail("x" * 1000))
    assert found is not None
    assert (found.text, found.too_large, found.files) == ("有件事", 1, ())


def test_nothing_is_deleted_when_the_folder_was_numbered_anew(box: Server) -> None:
    found = heard(box, mail())
    assert found is not None
    box.validity = 8
    with pytest.raises(CannotReach):
        channel(box.url).forget(found.provider_id)
    assert len(box.letters) == 1


def test_a_mailbox_that_does_not_answer_is_asked_again(box: Server) -> None:
    wrong = box.url.replace("secret", "wrong")
    for url in (wrong, nobody().replace("http", "imap")):
        with pytest.raises(TryLater) as failed:
            channel(url).collect()
        assert "wrong" not in str(failed.value)
        assert "127.0.0.1" not in str(failed.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"From: a@b.cn\nContent-Type: text/plain; charset=nonsense\n\n\xff\xfe",
        b"From: a@b.cn\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n",
        b"From: =?utf-8?b?!!!?= <a@b.cn>\nSubject: =?x?q?\xff?=\n\nx",
        b"From: a@b.cn\nContent-Transfer-Encoding: base64\n\n!!!",
    ],
)
def test_a_mail_that_is_none_is_borne(box: Server, content: bytes) -> None:
    box.put(content)
    channel(box.url).collect()


def test_without_a_mailbox_nothing_is_collected() -> None:
    assert channel("").pause_seconds == 0
    assert channel("").collect() == []
    assert letters.size_in(b"nonsense") == 0
