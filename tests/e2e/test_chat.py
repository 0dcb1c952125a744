"""A whole dialogue by chat, against a Bot API server that we did not write."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e import chatserver
from e2e.chatserver import ChatServer
from e2e.service import Providers, Service, until

from tipline.domain import receipts

WORDS, CHAT = "官山三路12号四楼晚上有人打吊针，没有牌子", 700001111
PICTURE = b"\xff\xd8\xff\xe0" + b"\x01" * 5000


@pytest.fixture
def chats() -> Iterator[ChatServer]:
    """The server that we did not write."""
    with chatserver.running() as chats:
        yield chats


@pytest.fixture
def service(
    tmp_path: Path, database_url: str, providers: Providers, chats: ChatServer
) -> Iterator[Service]:
    """The running product, whose bot talks to that server."""
    found = Service(tmp_path, database_url, providers)
    found.environment |= {"TIPLINE_TELEGRAM_BASE_URL": chats.url}
    found.start()
    chats.ours = f"{found.url}/hooks/telegram"
    yield found
    found.stop()


def messages(chats: ChatServer) -> list[dict[str, Any]]:
    """What the bot wrote."""
    return [each for each in chats.said() if "sendMessage" in str(each.get("method"))]


@pytest.mark.timeout(240)
def test_a_student_tells_presses_sends_a_picture_and_gets_the_code(
    service: Service, chats: ChatServer, tmp_path: Path
) -> None:
    def answered(number: int) -> str:
        until(lambda: len(messages(chats)) == number, f"no reply {number}: {chats.said()}")
        return str(messages(chats)[-1])

    chats.say(CHAT, WORDS)
    assert "skip" in answered(1)
    chats.say(CHAT, callback_data="address=skip", callback_message_id=1)
    answered(2)
    chats.say(CHAT, photo_file_id=chats.picture(PICTURE), photo_caption="门口")
    assert "收到文件1个" in answered(3)
    chats.say(CHAT, "查询码")
    assert receipts.code_in(answered(4))
    assert set(chats.statuses) == {200}
    until(lambda: list((tmp_path / "evidence").glob("[!.]*")), "the picture was not fetched")
