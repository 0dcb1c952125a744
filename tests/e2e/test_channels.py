"""The same tip, told by text message and by chat through the real hooks."""

import json
import urllib.error
import urllib.parse
import urllib.request

import pytest
from e2e.service import ACCOUNT, CHAT_SECRET, SMS_TOKEN, Providers, Service, until
from twilio.request_validator import RequestValidator

WORDS = "官山三路12号四楼晚上有人打吊针，没有牌子"
PHONE, CHAT = "+8613900001111", 700001111


def text_message(service: Service, body: str, sid: str) -> int:
    """A signed webhook call of the text message provider."""
    url = f"{service.url}/hooks/twilio/sms"
    form = {"MessageSid": sid, "AccountSid": ACCOUNT, "From": PHONE, "To": "+86106", "Body": body}
    signature = RequestValidator(SMS_TOKEN).compute_signature(url, form)
    data = urllib.parse.urlencode(form).encode()
    return post(url, data, {"X-Twilio-Signature": signature})


def chat_message(service: Service, text: str, update_id: int) -> int:
    """A webhook call of the chat provider, with its secret."""
    message = {
        "message_id": update_id,
        "date": 0,
        "chat": {"id": CHAT, "type": "private"},
        "from": {"id": CHAT, "is_bot": False, "first_name": "A", "language_code": "zh-hans"},
        "text": text,
    }
    data = json.dumps({"update_id": update_id, "message": message}).encode()
    headers = {
        "X-Telegram-Bot-Api-Secret-Token": CHAT_SECRET,
        "Content-Type": "application/json",
    }
    return post(f"{service.url}/hooks/telegram", data, headers)


def post(url: str, data: bytes, headers: dict[str, str]) -> int:
    """The status of the answer."""
    request = urllib.request.Request(url, data, headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


@pytest.mark.timeout(200)
def test_channels_lead_to_the_same_case_flow(service: Service, providers: Providers) -> None:
    assert text_message(service, WORDS, "SM1") == 200
    assert text_message(service, WORDS, "SM1") == 200
    assert chat_message(service, WORDS, 1) == 200
    until(lambda: providers.texts and providers.chats, "no reply")
    assert text_message(service, "查询码", "SM2") == 200
    assert chat_message(service, "查询码", 2) == 200
    until(lambda: len(providers.texts) == 2 and len(providers.chats) == 2, "no code")
    for sent, to in ((providers.texts, PHONE), (providers.chats, str(CHAT))):
        assert [address for address, _ in sent] == [to, to]
        assert "T" in sent[0][1]
        assert "月" in sent[0][1]
        assert "打吊针" not in sent[0][1] + sent[1][1]


@pytest.mark.timeout(200)
def test_hook_refuses_strangers(service: Service, providers: Providers) -> None:
    url = f"{service.url}/hooks/twilio/sms"
    form = urllib.parse.urlencode({"MessageSid": "SM9", "From": PHONE, "Body": "x"}).encode()
    assert post(url, form, {}) == 403
    assert post(url, form, {"X-Twilio-Signature": "AAAA"}) == 403
    assert post(f"{service.url}/hooks/telegram", b"{}", {}) == 403
    assert not providers.texts
