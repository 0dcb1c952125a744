"""Text messages: the official client against a provider on loopback, and who may call our hook."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import HANGS_UP, Provider, listening, nobody
from twilio.request_validator import RequestValidator

from bots.sms import SIGNATURE, Sms
from tipline.channels import CannotReach, Heard, Knock, NotFromProvider, Status, TryLater, Unclear
from tipline.domain.sending import Sending, Why
from tipline.settings import Settings

ACCOUNT, TOKEN = "AC" + "1" * 32, "auth-token-of-ours"
PHONE, OURS = "+8613800138000", "+8610690000000"
URL = "https://tipline.test/hooks/twilio/sms"
STATUS_URL = "https://tipline.test/hooks/twilio/status"
MESSAGE = {"MessageSid": "SM1", "AccountSid": ACCOUNT, "From": PHONE, "To": OURS, "Body": "打针"}
NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
FORMS = st.dictionaries(st.text(min_size=1), st.text())


def channel(base_url: str = "") -> Sms:
    return Sms(
        Settings(
            public_url="https://tipline.test",
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=TOKEN,
            twilio_from=OURS,
            twilio_base_url=base_url,
        )
    )


@pytest.fixture
def provider() -> Iterator[Provider]:
    with listening() as provider:
        yield provider


def signature(form: dict[str, str], url: str = URL, token: str = TOKEN) -> str:
    computed: str = RequestValidator(token).compute_signature(url, form)
    return computed


def knock(form: dict[str, str], *, signed: str | None = None, url: str = URL) -> Knock:
    """A request, rightly signed unless said otherwise."""
    right = signature(form, url)
    return Knock(url, {SIGNATURE: right if signed is None else signed}, form, b"")


def test_a_message_goes_to_the_configured_server_in_the_providers_own_words(
    provider: Provider,
) -> None:
    provider.answer = 201, {"sid": "SM42", "status": "queued"}
    assert channel(provider.url).speak(PHONE, "编号 T1 有新消息") == "SM42"
    [request] = provider.heard
    assert request.path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert request.form == {
        "To": PHONE,
        "From": OURS,
        "Body": "编号 T1 有新消息",
        "StatusCallback": STATUS_URL,
    }
    login = b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    assert request.headers["Authorization"] == f"Basic {login}"


def test_a_base_address_with_a_path_keeps_its_path(provider: Provider) -> None:
    provider.answer = 201, {"sid": "SM42", "status": "queued"}
    channel(f"{provider.url}/gateway/").speak(PHONE, "x")
    assert provider.heard[0].path.startswith("/gateway/2010-04-01/")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_message_is_tried_later_when_the_provider_cannot_take_it_now(
    provider: Provider, status: int
) -> None:
    provider.answer = status, {"code": 20429, "message": "not now", "status": status}
    with pytest.raises(TryLater, match=str(status)):
        channel(provider.url).speak(PHONE, "x")
    assert len(provider.heard) == 1


def test_a_message_is_tried_later_when_a_gateway_answers_for_the_provider(
    provider: Provider,
) -> None:
    provider.answer = 502, "<html>Bad Gateway</html>"
    with pytest.raises(TryLater):
        channel(provider.url).speak(PHONE, "x")


def test_a_message_may_have_been_sent_when_the_answer_cannot_be_read(provider: Provider) -> None:
    provider.answer = 200, "<html>Welcome</html>"
    with pytest.raises(Unclear):
        channel(provider.url).speak(PHONE, "x")


@pytest.mark.parametrize("code", [21610, 21211, 21614])
def test_a_message_is_given_up_when_the_provider_will_never_deliver_it(
    provider: Provider, code: int
) -> None:
    provider.answer = 400, {"code": code, "message": f"no: {PHONE}", "status": 400}
    with pytest.raises(CannotReach) as refused:
        channel(provider.url).speak(PHONE, "x")
    assert str(code) in str(refused.value)
    assert PHONE not in str(refused.value)


@pytest.mark.parametrize("status", [401, 403])
def test_a_message_is_tried_later_when_it_is_our_own_account_that_is_refused(
    provider: Provider, status: int
) -> None:
    provider.answer = status, {"code": 20003, "message": "Authenticate", "status": status}
    with pytest.raises(TryLater):
        channel(provider.url).speak(PHONE, "x")


def test_a_message_may_have_been_sent_when_the_provider_hangs_up(provider: Provider) -> None:
    provider.answer = HANGS_UP
    with pytest.raises(Unclear):
        channel(provider.url).speak(PHONE, "x")
    assert len(provider.heard) == 1


def test_a_message_was_not_sent_when_nobody_could_be_reached() -> None:
    with pytest.raises(TryLater):
        channel(nobody()).speak(PHONE, "x")


def test_a_failure_says_nothing_of_the_message_or_of_whom_it_was_for(provider: Provider) -> None:
    provider.answer = HANGS_UP
    for address in (provider.url, nobody()):
        with pytest.raises((Unclear, TryLater)) as lost:
            channel(address).speak(PHONE, "编号 T1")
        assert PHONE not in str(lost.value)
        assert lost.value.__suppress_context__


def test_a_signed_message_is_heard() -> None:
    assert channel().hear(knock(MESSAGE)) == Heard("SM1", PHONE, "打针")


@pytest.mark.parametrize("missing", ["MessageSid", "From"])
def test_a_signed_request_that_brings_no_message_is_let_pass(missing: str) -> None:
    form = {name: text for name, text in MESSAGE.items() if name != missing}
    assert channel().hear(knock(form)) is None


def test_a_message_without_words_is_heard_as_an_empty_one() -> None:
    form = {name: text for name, text in MESSAGE.items() if name != "Body"}
    assert channel().hear(knock(form)) == Heard("SM1", PHONE, "")


FORGED: dict[str, dict[str, Any]] = {
    "no signature": {"signed": ""},
    "garbage": {"signed": "AAAA"},
    "not ascii": {"signed": "签"},
    "a foreign token": {"signed": signature(MESSAGE, token="foreign")},
    "signed without a token": {"signed": signature(MESSAGE, token="")},
    "other words": {"signed": signature(MESSAGE | {"Body": "x"})},
    "fewer fields": {"signed": signature({"MessageSid": "SM1", "From": PHONE})},
    "more fields": {"signed": signature(MESSAGE | {"x": "y"})},
    "another page": {"signed": signature(MESSAGE, STATUS_URL)},
    "without tls": {"signed": signature(MESSAGE, URL.replace("https", "http"))},
    "a query": {"signed": signature(MESSAGE, URL + "?x=1")},
}


@pytest.mark.parametrize("why", FORGED)
def test_a_message_is_refused_when_its_signature_is_not_the_providers(why: str) -> None:
    with pytest.raises(NotFromProvider):
        channel().hear(knock(MESSAGE, **FORGED[why]))
    with pytest.raises(NotFromProvider):
        channel().hear_status(knock(MESSAGE, **FORGED[why]))


def test_a_message_is_refused_when_it_is_of_another_account() -> None:
    with pytest.raises(NotFromProvider):
        channel().hear(knock(MESSAGE | {"AccountSid": "AC" + "2" * 32}))


@given(FORMS, st.text())
def test_no_signature_but_the_providers_opens_the_hook(form: dict[str, str], signed: str) -> None:
    if signed != signature(form):
        with pytest.raises(NotFromProvider):
            channel().hear(knock(form, signed=signed))


@given(FORMS)
def test_any_form_that_is_signed_is_heard_or_let_pass(form: dict[str, str]) -> None:
    heard = channel().hear(knock(form | {"AccountSid": ACCOUNT}))
    assert heard is None or heard.provider_id == form["MessageSid"]


@pytest.mark.parametrize(
    ("reported", "state"),
    [
        ("queued", Sending.ACCEPTED),
        ("sending", Sending.ACCEPTED),
        ("sent", Sending.ACCEPTED),
        ("accepted", Sending.ACCEPTED),
        ("delivered", Sending.DELIVERED),
    ],
)
def test_a_status_report_says_how_far_a_message_came(reported: str, state: Sending) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": reported}
    assert channel().hear_status(knock(form, url=STATUS_URL)) == Status("SM1", state)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("21610", Why.OPTED_OUT),
        ("30004", Why.BLOCKED),
        ("30005", Why.NO_SUCH_ADDRESS),
        ("30003", Why.REFUSED),
        ("", Why.REFUSED),
    ],
)
@pytest.mark.parametrize("reported", ["undelivered", "failed", "canceled"])
def test_a_status_report_says_why_a_message_failed(reported: str, code: str, why: Why) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": reported, "ErrorCode": code}
    status = channel().hear_status(knock(form, url=STATUS_URL))
    assert status == Status("SM1", Sending.FAILED, f"provider error {code}", why)


def test_a_status_report_brings_back_the_reference_that_the_message_was_given(
    provider: Provider,
) -> None:
    provider.answer = 201, {"sid": "SM42", "status": "queued"}
    channel(provider.url).speak(PHONE, "x", reference="17-abc")
    url = provider.heard[0].form["StatusCallback"]
    assert url == f"{STATUS_URL}?reference=17-abc"
    form = {"MessageSid": "SM42", "MessageStatus": "sent"}
    status = channel().hear_status(knock(form, url=url))
    assert status == Status("SM42", Sending.ACCEPTED, reference="17-abc")


@pytest.mark.parametrize("reported", ["", "whatever", "receiving"])
def test_a_status_report_without_a_known_status_says_nothing(reported: str) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": reported}
    assert channel().hear_status(knock(form, url=STATUS_URL)) is None


def test_a_status_report_without_a_message_says_nothing() -> None:
    assert channel().hear_status(knock({"MessageStatus": "failed"}, url=STATUS_URL)) is None


def test_the_wait_that_the_provider_asks_for_is_heeded(provider: Provider) -> None:
    provider.answer, provider.headers = (429, {"code": 20429}), {"Retry-After": "17"}
    with pytest.raises(TryLater) as later:
        channel(provider.url).speak(PHONE, "x")
    assert later.value.after == 17


@pytest.mark.parametrize(
    ("code", "why"),
    [(21610, Why.OPTED_OUT), (21211, Why.NO_SUCH_ADDRESS), (21617, Why.REFUSED)],
)
def test_an_error_for_good_says_what_it_means_for_the_person(
    provider: Provider, code: int, why: Why
) -> None:
    provider.answer = 400, {"code": code, "message": "no", "status": 400}
    with pytest.raises(CannotReach) as refused:
        channel(provider.url).speak(PHONE, "x")
    assert refused.value.why == why


def test_a_redirection_is_not_followed_and_the_message_waits(provider: Provider) -> None:
    provider.answer, provider.headers = (307, {}), {"Location": "http://evil.test/"}
    with pytest.raises(TryLater):
        channel(provider.url).speak(PHONE, "x")
    assert len(provider.heard) == 1


LISTED = {"sid": "SM7", "body": "编号 T1", "date_created": "Wed, 01 Jul 2026 02:00:00 +0000"}


def test_the_provider_is_asked_which_messages_of_these_words_it_has(provider: Provider) -> None:
    older = LISTED | {"sid": "SM6", "date_created": "Wed, 01 Jul 2026 01:00:00 +0000"}
    other = LISTED | {"sid": "SM8", "body": "x"}
    listed = {"messages": [LISTED, older, other], "page": 0, "page_size": 50}
    provider.answer = 200, listed
    assert channel(provider.url).find(PHONE, "编号 T1", NOW) == ["SM7"]
    assert parse_qs(urlsplit(provider.heard[0].path).query)["To"] == [PHONE]


def test_a_provider_that_does_not_answer_cannot_say_what_it_has(provider: Provider) -> None:
    provider.answer = 500, {}
    with pytest.raises(TryLater):
        channel(provider.url).find(PHONE, "x", NOW)


# What came along, and what was missed

MEDIA = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1"
INBOX = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
ROW = {
    "sid": "SM7",
    "from": PHONE,
    "to": OURS,
    "body": "打针",
    "direction": "inbound",
    "num_media": "0",
    "account_sid": ACCOUNT,
    "date_created": "Wed, 01 Jul 2026 02:00:00 +0000",
}


def test_media_are_heard_with_their_addresses() -> None:
    form = MESSAGE | {"NumMedia": "2", "MediaUrl0": "https://a.test/1", "MediaUrl1": "https://b/2"}
    heard = channel().hear(knock(form))
    assert heard is not None
    assert heard.files == ("https://a.test/1", "https://b/2")


@pytest.mark.parametrize("number", ["", "x", "-1", "99999", "１"])
def test_a_number_of_media_that_makes_no_sense_is_borne(number: str) -> None:
    heard = channel().hear(knock(MESSAGE | {"NumMedia": number}))
    assert heard is not None
    assert heard.files == ()


@pytest.mark.parametrize(("kind", "opt"), [("STOP", "stop"), ("START", "start"), ("HELP", "")])
def test_what_the_provider_took_for_a_stop_is_one(kind: str, opt: str) -> None:
    heard = channel().hear(knock(MESSAGE | {"OptOutType": kind, "Body": "END"}))
    assert heard is not None
    assert heard.opt == opt


def test_media_are_fetched_with_our_credentials_from_the_api_alone(provider: Provider) -> None:
    with listening() as elsewhere:
        elsewhere.answer = 200, b"secret"
        provider.routes = {f"GET {MEDIA}": (200, b"picture")}
        assert channel(provider.url).fetch(provider.url + MEDIA) == b"picture"
        assert provider.heard[0].headers["Authorization"].startswith("Basic ")
        provider.headers = {"Location": elsewhere.url + "/x"}
        provider.routes = {f"GET {MEDIA}": (307, b"")}
        with pytest.raises(CannotReach):
            channel(provider.url).fetch(provider.url + MEDIA)
        assert elsewhere.heard == []


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.test/1",
        "https://api.twilio.com.evil.test/1",
        "https://eviltwilio.com/1",
        "http://api.twilio.com/1",
        "https://api.twilio.com@evil.test/1",
        "https://api.twilio.com:8443/1",
        "file:///etc/passwd",
        "http://127.0.0.1:1/x",
        "",
    ],
)
def test_nothing_is_fetched_from_anybody_else(address: str) -> None:
    with pytest.raises(CannotReach):
        channel("http://127.0.0.1:9").fetch(address)


@pytest.mark.parametrize(
    ("status", "error"), [(404, CannotReach), (410, CannotReach), (503, TryLater), (401, TryLater)]
)
def test_media_that_are_gone_are_given_up_and_others_tried_again(
    provider: Provider, status: int, error: type[Exception]
) -> None:
    provider.answer = status, b""
    with pytest.raises(error):
        channel(provider.url).fetch(provider.url + MEDIA)


def test_a_missed_message_is_found_in_the_list_of_the_account(provider: Provider) -> None:
    ours = ROW | {"sid": "SM8", "direction": "outbound-api"}
    media = {"media_list": [{"sid": "ME1", "uri": f"{MEDIA}.json", "account_sid": ACCOUNT}]}
    provider.routes = {
        f"GET {INBOX}": (200, {"messages": [ROW, ours, ROW | {"sid": "MM1", "num_media": "1"}]}),
        f"GET /2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media.json": (200, media),
    }
    missed = channel(provider.url).collect()
    assert missed == [
        Heard("SM7", PHONE, "打针"),
        Heard("MM1", PHONE, "打针", files=(provider.url + MEDIA,)),
    ]
    assert "To=" in provider.heard[0].path


def test_words_and_media_are_deleted_at_the_provider(provider: Provider) -> None:
    base = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1"
    media = {"sid": "ME1", "uri": f"{MEDIA}.json", "account_sid": ACCOUNT, "parent_sid": "MM1"}
    provider.routes = {
        f"GET {base}.json": (200, ROW | {"sid": "MM1", "num_media": "1"}),
        f"GET {base}/Media.json": (200, {"media_list": [media]}),
    }
    provider.answer = 204, b""
    channel(provider.url).forget("MM1")
    deleted = [request.path for request in provider.heard if request.method == "DELETE"]
    assert deleted == [f"{MEDIA}.json", f"{base}.json"]


def test_what_is_gone_at_the_provider_is_forgotten(provider: Provider) -> None:
    provider.answer = 404, {"code": 20404, "message": "not found", "status": 404}
    channel(provider.url).forget("SM1")
    provider.answer = 500, {}
    with pytest.raises(TryLater):
        channel(provider.url).forget("SM1")
