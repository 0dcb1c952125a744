"""Files handed over on the status page: sealed to the tip, within limits, the rest never lost."""

from io import BytesIO
from typing import Any

import given
import pytest
from browsing import Browser, Page, read
from flask import Flask
from nacl.public import PrivateKey, SealedBox
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tipline.models import Entry, Evidence, Tip
from tipline.policy.evidence import MEGABYTE
from tipline.runtime import policy, runtime
from tipline.services import evidence, handing_over
from tipline.vault import sealing
from tipline.web.uploads import LARGEST_UPLOAD

VIDEO = b"\x00\x00\x00\x18ftypmp42" + b"\x07" * (21 * MEGABYTE)


@pytest.fixture
def code() -> str:
    return sealing.mint_code()


@pytest.fixture
def tip(app: Flask, code: str) -> Tip:
    return given.tip(code=code)


def hand_over(app: Flask, code: str, *contents: bytes) -> Page:
    """Choose files on the opened page, and press the button."""
    browser = Browser(app)
    opened = read(browser.post("/status", {"receipt_code": code})).fields["opened"]
    chosen = [FileStorage(BytesIO(content), f"../{n}.mp4") for n, content in enumerate(contents)]
    return read(sent(browser, {"opened": opened, "go": "hand-over", "files": chosen}))


def sent(browser: Browser, form: dict[str, Any]) -> TestResponse:
    """A form with files, put together in memory."""
    boundary, body = encode_multipart(form | {"csrf_token": browser.token()})
    kind = f"multipart/form-data; boundary={boundary}"
    return browser.open("/status", method="POST", data=body, content_type=kind)


def opened_files(tip: Tip) -> list[bytes]:
    """What lies with the tip, opened with the desk's key."""
    key = runtime().desk_words.tip_key(tip.key_for_desk)
    rows = [row for row in given.every(Evidence) if row.tip_id == tip.id]
    lying = [(evidence.folder() / row.file).read_bytes() for row in rows]
    return [SealedBox(PrivateKey(key)).decrypt(each) for each in lying]


def test_a_video_that_no_chat_takes_is_handed_over_and_sealed(
    app: Flask, tip: Tip, code: str
) -> None:
    page = hand_over(app, code, VIDEO, b"a picture")
    assert "收到文件 2 个。" in page.text
    assert opened_files(tip) == [VIDEO, b"a picture"]
    assert all(b"picture" not in path.read_bytes() for path in evidence.folder().iterdir())
    lines = [line for line in given.every(Entry) if line.event == "tip.supplemented"]
    assert [line.facts for line in lines] == [{"files": 2}]


def test_a_file_that_is_too_large_is_named_and_the_rest_taken(
    app: Flask, tip: Tip, code: str
) -> None:
    page = hand_over(app, code, b"x" * (policy().evidence.largest + 1), b"a picture")
    assert "收到文件 1 个。" in page.text
    assert "有 1 个文件超过 50 MB，没有收下。" in page.text
    assert opened_files(tip) == [b"a picture"]


def test_more_files_than_one_go_takes_are_named(app: Flask, tip: Tip, code: str) -> None:
    page = hand_over(app, code, *[b"%d" % number for number in range(13)])
    assert "收到文件 10 个。" in page.text
    assert "有 3 个文件收不下了" in page.text


def test_a_tip_holds_so_much_and_leaves_nothing_lying_about(
    app: Flask, tip: Tip, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(11):
        found = handing_over.hand_over(code, [BytesIO(b"x")] * 10, now=given.NOW)
    assert found == handing_over.HandedOver(taken=0, too_large=0, too_many=10)
    assert len(list(evidence.folder().iterdir())) == len(given.every(Evidence)) == 100
    other = sealing.mint_code()
    given.tip(code=other)
    monkeypatch.setattr(handing_over, "_size", lambda tip: policy().evidence.most_of_a_tip - 1)
    found = handing_over.hand_over(other, [BytesIO(b"x"), BytesIO(b"y")], now=given.NOW)
    assert (found.taken, found.too_many) == (1, 1)
    assert len(list(evidence.folder().iterdir())) == 101


def test_nothing_chosen_is_said_so(app: Flask, tip: Tip, code: str) -> None:
    assert "请先选择照片" in hand_over(app, code).text


def test_a_wrong_code_takes_no_file(app: Flask, tip: Tip) -> None:
    form = {"receipt_code": "1", "go": "hand-over", "files": FileStorage(BytesIO(b"x"), "a.jpg")}
    assert sent(Browser(app), form).status_code == 404
    assert given.every(Evidence) == []


def test_a_request_that_is_far_too_large_is_refused_in_words(
    app: Flask, tip: Tip, code: str
) -> None:
    form = {"files": FileStorage(BytesIO(b"x" * (LARGEST_UPLOAD + 1)), "a.mp4")}
    assert sent(Browser(app), form).status_code == 413
