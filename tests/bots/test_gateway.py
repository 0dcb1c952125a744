"""Any HTTP gateway by its description: what is posted, how it is signed, what answers mean."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from loopback import HANGS_UP, Provider, listening, nobody

from bots.gateway import Gateway, configured, described
from tipline.channels import CannotReach, Heard, Knock, NotFromProvider, Status, TryLater, Unclear
from tipline.domain.sending import Sending, Why
from tipline.settings import Settings, SettingsError

PHONE, KEY = "+8613800138000", b"key of the city's gateway"
FIELDS = {"mobile": "{address}", "content": "【茂名】{text}", "ts": "{timestamp}"}
USUAL: dict[str, Any] = {
    "id": "city",
    "fields": FIELDS | {"ext": "{reference}", "report": "{callback}"},
    "success": {"field": "code", "values": ["0"]},
    "id_field": "data.msgid",
    "never": {"opted_out": ["1010"], "no_such_address": ["1008"]},
}


@pytest.fixture
def provider() -> Iterator[Provider]:
    with listening() as provider:
        yield provider


@pytest.fixture
def key_file(tmp_path: Path) -> str:
    path = tmp_path / "city.key"
    path.write_bytes(KEY + b"\n")
    return str(path)


def gateway(tmp_path: Path, **given: object) -> Gateway:
    path = tmp_path / "city.yaml"
    path.write_text(yaml.safe_dump(USUAL | given), encoding="utf-8")
    settings = Settings(public_url="https://tipline.test", sms_gateways=str(path))
    [found] = configured(settings)
    assert isinstance(found, Gateway)
    return found


def signed(*parts: str) -> str:
    return hmac.new(KEY, "".join(parts).encode(), hashlib.sha256).hexdigest()


def test_a_message_is_posted_in_the_fields_of_the_description(
    provider: Provider, tmp_path: Path
) -> None:
    provider.answer = 200, {"code": 0, "data": {"msgid": "G7"}}
    found = gateway(tmp_path, url=f"{provider.url}/send", body="json")
    assert (found.name, found.provider) == ("sms", "city")
    assert found.speak(PHONE, "编号 T1 有新消息", reference="17-abc") == "G7"
    said = json.loads(provider.bodies[0])
    assert said.pop("ts").isdigit()
    assert said == {
        "mobile": PHONE,
        "content": "【茂名】编号 T1 有新消息",
        "ext": "17-abc",
        "report": "https://tipline.test/hooks/gateways/city/status",
    }


@pytest.mark.parametrize("place", ["field", "header"])
def test_a_message_is_signed_over_the_fields_in_their_order(
    provider: Provider, tmp_path: Path, key_file: str, place: str
) -> None:
    provider.answer = 200, {"code": "0", "data": {"msgid": "G7"}}
    rules = {"over": ["ts", "mobile"], "key_file": key_file, place: "X-Sign"}
    gateway(tmp_path, url=provider.url, signature=rules).speak(PHONE, "x")
    [request] = provider.heard
    given = (request.form if place == "field" else request.headers)["X-Sign"]
    assert given == signed(request.form["ts"], PHONE)


@pytest.mark.parametrize(("code", "why"), [("1010", Why.OPTED_OUT), ("1008", Why.NO_SUCH_ADDRESS)])
def test_a_code_for_good_is_never_tried_again(
    provider: Provider, tmp_path: Path, code: str, why: Why
) -> None:
    provider.answer = 200, {"code": code, "msg": PHONE}
    with pytest.raises(CannotReach) as refused:
        gateway(tmp_path, url=provider.url).speak(PHONE, "x")
    assert refused.value.why == why


@pytest.mark.parametrize("code", ["9999", "", PHONE, "x" * 500])
def test_any_other_code_is_tried_later_and_names_nobody(
    provider: Provider, tmp_path: Path, code: str
) -> None:
    provider.answer = 200, {"code": code}
    with pytest.raises(TryLater) as later:
        gateway(tmp_path, url=provider.url).speak(PHONE, "x")
    assert PHONE not in str(later.value)


@pytest.mark.parametrize("status", [302, 401, 403, 404, 429, 500, 503])
def test_a_gateway_that_is_away_is_tried_later(
    provider: Provider, tmp_path: Path, status: int
) -> None:
    provider.answer, provider.headers = (status, {}), {"Retry-After": "7", "Location": "/"}
    with pytest.raises(TryLater) as later:
        gateway(tmp_path, url=provider.url).speak(PHONE, "x")
    assert later.value.after == 7
    assert len(provider.heard) == 1


def test_a_message_may_have_been_sent_when_the_answer_is_lost_or_cannot_be_read(
    provider: Provider, tmp_path: Path
) -> None:
    for answer in (HANGS_UP, (200, "<html>Welcome</html>")):
        provider.answer = answer
        with pytest.raises(Unclear):
            gateway(tmp_path, url=provider.url).speak(PHONE, "x")


def test_a_message_was_not_sent_when_nobody_could_be_reached(tmp_path: Path) -> None:
    with pytest.raises(TryLater):
        gateway(tmp_path, url=nobody()).speak(PHONE, "x")


REPORT = {"id": "msgid", "state": "stat", "delivered": ["DELIVRD"], "failed": ["UNDELIV"]}


def reporting(tmp_path: Path, key_file: str) -> Gateway:
    rules = {"over": ["msgid", "stat"], "key_file": key_file, "field": "sign"}
    report = REPORT | {"reference": "ext", "signature": rules}
    return gateway(tmp_path, url="https://gateway.test", report=report)


def knock(form: dict[str, str], as_json: bool = False) -> Knock:
    body = json.dumps(form).encode() if as_json else b""
    return Knock("https://tipline.test/x", {}, {} if as_json else form, body)


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize(
    ("said", "state", "reason"),
    [("DELIVRD", Sending.DELIVERED, ""), ("UNDELIV", Sending.FAILED, "gateway UNDELIV")],
)
def test_a_signed_report_says_what_became_of_a_message(
    tmp_path: Path, key_file: str, said: str, state: Sending, reason: str, as_json: bool
) -> None:
    form = {"msgid": "G7", "stat": said, "ext": "17-abc", "sign": signed("G7", said)}
    status = reporting(tmp_path, key_file).hear_status(knock(form, as_json))
    assert status == Status("G7", state, reason, reference="17-abc")


@pytest.mark.parametrize("sign", ["", "x", signed("G8", "DELIVRD"), "签"])
def test_a_report_is_refused_when_its_signature_is_not_the_gateways(
    tmp_path: Path, key_file: str, sign: str
) -> None:
    form = {"msgid": "G7", "stat": "DELIVRD", "sign": sign}
    with pytest.raises(NotFromProvider):
        reporting(tmp_path, key_file).hear_status(knock(form))


def hearing(tmp_path: Path, key_file: str) -> Gateway:
    rules = {"over": ["moid", "mobile", "content"], "key_file": key_file, "field": "sign"}
    incoming = {"id": "moid", "sender": "mobile", "text": "content", "signature": rules}
    return gateway(tmp_path, url="https://gateway.test", incoming=incoming)


@pytest.mark.parametrize("as_json", [True, False])
def test_a_signed_message_is_heard_from_its_number(
    tmp_path: Path, key_file: str, as_json: bool
) -> None:
    sign = signed("M1", "13800138000", "打针")
    form = {"moid": "M1", "mobile": "13800138000", "content": "打针", "sign": sign}
    heard = hearing(tmp_path, key_file).hear(knock(form, as_json))
    assert heard == Heard("city:M1", PHONE, "打针")


@pytest.mark.parametrize("changed", [{"content": "拔牙"}, {"mobile": "13900139000"}, {"sign": ""}])
def test_a_message_is_refused_when_its_signature_is_not_the_gateways(
    tmp_path: Path, key_file: str, changed: dict[str, str]
) -> None:
    sign = signed("M1", "13800138000", "打针")
    form = {"moid": "M1", "mobile": "13800138000", "content": "打针", "sign": sign}
    with pytest.raises(NotFromProvider):
        hearing(tmp_path, key_file).hear(knock(form | changed))
    with pytest.raises(NotFromProvider):
        gateway(tmp_path, url="https://gateway.test").hear(knock(form))


def test_every_report_is_refused_when_the_description_says_nothing_of_reports(
    tmp_path: Path,
) -> None:
    found = gateway(tmp_path, url="https://gateway.test")
    for hook in (found.hear, found.hear_status):
        with pytest.raises(NotFromProvider):
            hook(knock({"msgid": "G7", "stat": "DELIVRD", "sign": ""}))


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"url": "http://gateway.test"}, "https"),
        ({"url": "https://g.test", "fields": {"to": "{address}"}}, "{text}"),
        ({"url": "https://g.test", "fields": FIELDS | {"x": "{phone}"}}, "{phone}"),
        ({"url": "https://g.test", "colour": "red"}, "colour"),
        ({"url": "https://g.test", "success": {"field": "code"}}, "success.values"),
        ({"url": "https://g.test", "id": "a city"}, "id"),
        (
            {"url": "https://g.test", "signature": {"over": [], "key_file": "/no", "field": "s"}},
            "key_file",
        ),
    ],
)
def test_a_description_that_is_wrong_is_named(
    tmp_path: Path, change: dict[str, object], key: str
) -> None:
    path = tmp_path / "city.yaml"
    path.write_text(yaml.safe_dump(USUAL | change), encoding="utf-8")
    with pytest.raises(SettingsError) as wrong:
        described(path)
    assert str(wrong.value).startswith("city.yaml: ")
    assert key in str(wrong.value)
