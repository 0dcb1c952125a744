"""Published cases played from the tip to the last fen: story 1 (Maoming), 2 (Bian), 4 (Taicang) and
5 (Gaoming)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import given
import pytest
from flask import Flask

from tipline.domain.actors import Actor, NotThere
from tipline.models import Case, Clock, Notice, Party, PartyRecord, Transfer
from tipline.queries.course import ledger, transfers_of
from tipline.services import answers, casework, legal, parties, revisits, transferring
from tipline.services.legal import Decided, NotPossible
from tipline.services.measures import Imposed
from tipline.services.parties import Described
from tipline.services.transferring import NotComplete
from tipline.services.visits import NotEnough, Seen

SHANGHAI = ZoneInfo("Asia/Shanghai")
PAPERS = frozenset({"letter", "report", "goods"})


@pytest.fixture
def head(app: Flask) -> Actor:
    return given.staff("supervisor")


def at(day: str, hour: int = 10) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=SHANGHAI).astimezone(UTC)


def fine(yuan: int) -> Imposed:
    return Imposed(kind="fine", amount_fen=yuan * 100)


def taken(yuan: int) -> Imposed:
    return Imposed(kind="confiscate_income", amount_fen=yuan * 100)


def opened(office: Actor, inspector: Actor, day: str, **said: object) -> Case:
    """A case about a tip of this day, claimed on the same day."""
    tip = given.tip(now=at(day), **said)
    return given.claimed(tip.id, office=office, inspector=inspector, now=at(day, 11))


def behind(case: Case, by: Actor, name: str, role: str = "practitioner", *, day: str) -> int:
    described = Described(kind="person", name=name, identity=name)
    return parties.add(case.clinic_id, by=by, described=described, role=role, now=at(day))


def raided(case: Case, by: Actor, day: str, *, hour: int = 10, **told: object) -> None:
    given.visit(case.id, by=by, now=at(day, hour), **told)  # type: ignore[arg-type]
    casework.record_finding(case.id, by=by, finding="substantiated", note="", now=at(day, hour))


def decided(
    case: Case, by: Actor, day: str, *measures: Imposed, party: int | None, paper: str = "罚〔1〕号"
) -> int:
    decision = Decided(document=paper, made_at=at(day), party_id=party, measures=measures)
    return legal.decide(case.id, by=by, decided=decision, now=at(day))


def served_and_paid(decision_id: int, by: Actor, *, served: str, paid: str, yuan: int) -> None:
    legal.serve(decision_id, by=by, at=at(served), now=at(served))
    legal.pay(
        decision_id,
        by=by,
        amount_fen=yuan * 100,
        paid_on=date.fromisoformat(paid),
        document="票 1",
        now=at(paid),
    )


def clock_of(case_id: int, step: str) -> Clock:
    return next(
        each
        for each in given.every(Clock)
        if each.step == step and (each.about_kind, each.about_id) == ("case", case_id)
    )


def fined_before(office: Actor, inspector: Actor, name: str, day: str, yuan: int) -> Case:
    """A former case that ended with a fine for this practitioner."""
    case = opened(office, inspector, day)
    party = behind(case, inspector, name, day=day)
    casework.file(case.id, by=inspector, now=at(day, 12))
    raided(case, inspector, day, hour=13)
    decision = decided(case, inspector, day, fine(yuan), party=party, paper=f"罚〔{day}〕号")
    served_and_paid(decision, inspector, served=day, paid=day, yuan=yuan)
    casework.conclude(case.id, by=inspector, now=at(day, 20))
    answers.release(case.tips[0].id, by=office, body="已处理。", now=at(day, 21))
    return case


def test_maoming_2020_from_the_tip_to_the_fine_of_sixty_one_thousand_eight_hundred(
    office: Actor, inspector: Actor
) -> None:
    case = opened(office, inspector, "2020-06-12", contact=("sms", "+8613800138000"))
    casework.file(case.id, by=inspector, now=at("2020-06-15"))
    given.visit(case.id, by=inspector, kind="stake_out", now=at("2020-06-30", 6))
    raided(case, inspector, "2020-07-02", kind="joint", partners="河西派出所", people=6, vehicles=2)
    party = behind(case, inspector, "罗某", day="2020-07-02")
    document = "茂卫医罚〔2020〕1号"
    decision = decided(
        case,
        inspector,
        "2020-07-17",
        taken(10_300),
        fine(51_500),
        Imposed(kind="ban"),
        party=party,
        paper=document,
    )
    (row,) = ledger(case.id, today=date(2020, 7, 17))
    assert (row.owed_fen, row.state) == (6_180_000, "unserved")
    assert (row.decision.made_at - case.visits[-1].at).days == 15
    assert clock_of(case.id, "service").due_on == date(2020, 7, 28)  # seven workdays
    served_and_paid(decision, inspector, served="2020-07-20", paid="2020-07-31", yuan=61_800)
    (row,) = ledger(case.id, today=date(2020, 8, 1))
    assert (row.state, row.left_fen, row.late_fen) == ("paid", 0, 0)
    assert clock_of(case.id, "payment").state == "met"
    casework.conclude(case.id, by=inspector, now=at("2020-08-03"))
    assert given.case_of(case.tips[0].id).status == "concluded"  # a reporter still waits
    answers.release(case.tips[0].id, by=office, body="已处理。", now=at("2020-08-04"))
    assert given.case_of(case.tips[0].id).status == "closed"
    assert [each.kind for each in given.every(Notice)][-1] == "news"
    assert {each.kind for each in given.every(PartyRecord)} == {"penalty"}


def test_bian_is_transferred_at_the_third_finding_and_penalised_when_the_police_send_it_back(
    office: Actor, inspector: Actor, head: Actor
) -> None:
    fined_before(office, inspector, "边某", "2006-05-26", 3_000)
    fined_before(office, inspector, "边某", "2007-05-23", 6_000)
    case = opened(office, inspector, "2008-06-11")
    party = behind(case, inspector, "边某", day="2008-06-11")
    casework.file(case.id, by=inspector, now=at("2008-06-11", 12))
    raided(case, inspector, "2008-06-11", hour=15)
    (task,) = given.every(Transfer)  # nobody had to think of it
    assert (task.ground, task.party_id, task.proposed_by_id) == ("two_penalties", party, None)
    assert clock_of(case.id, "transfer_decision").due_on == date(2008, 6, 14)  # three days
    transferring.decide(task.id, by=head, granted=True, now=at("2008-07-24"))
    with pytest.raises(NotComplete, match="documents"):
        transferring.hand_over(task.id, by=inspector, at=at("2008-07-25"), now=at("2008-07-25"))
    with pytest.raises(NotPossible, match="with_police"):
        decided(case, inspector, "2008-07-25", fine(9_800), party=party)
    transferring.tick(task.id, by=inspector, documents=PAPERS, now=at("2008-07-25", 9))
    transferring.hand_over(task.id, by=inspector, at=at("2008-07-25"), now=at("2008-07-25", 11))
    assert clock_of(case.id, "police_decide").due_on == date(2008, 7, 28)
    casework.record_finding(
        case.id, by=inspector, finding="suspected_crime", note="", now=at("2008-07-28")
    )
    casework.conclude(case.id, by=inspector, now=at("2008-07-28", 12))
    answers.release(case.tips[0].id, by=office, body="已移送。", now=at("2008-07-29"))
    returned = at("2008-12-16")
    transferring.note_answer(
        task.id, by=inspector, accepted=False, document="不立案", at=returned, now=returned
    )
    (view,) = transfers_of(case.id)
    assert (view.transfer.status, view.transfer.answered_at) == ("returned", returned)
    assert (returned - at("2008-07-25")).days == 144
    again = given.case_of(case.tips[0].id)
    assert (again.status, again.tips[0].status) == ("claimed", "accepted")
    decision = decided(case, inspector, "2009-03-05", fine(9_800), party=party)
    served_and_paid(decision, inspector, served="2009-03-05", paid="2009-03-10", yuan=9_800)
    fines = [each.on.isoformat() for each in given.every(PartyRecord)]
    assert fines == ["2006-05-26", "2007-05-23", "2009-03-05"]
    (row,) = ledger(case.id, today=date(2009, 3, 10))
    assert (row.owed_fen, row.state) == (980_000, "paid")


def test_taicang_2022_landlord_and_doctor_each_have_their_own_decision_and_the_hotline_its_reply(
    office: Actor, inspector: Actor
) -> None:
    case = opened(office, inspector, "2022-11-07", source="hotline_12345")
    hotline = [each for each in given.every(Clock) if each.step == "interim_reply_12345"]
    assert [each.due_on for each in hotline] == [date(2022, 11, 14)]  # five workdays
    casework.file(case.id, by=inspector, now=at("2022-11-08"))
    given.visit(case.id, by=inspector, kind="stake_out", now=at("2022-11-09", 5))
    doctor = behind(case, inspector, "张某", day="2022-11-10")
    landlord = behind(case, inspector, "房东李某", "venue_provider", day="2022-11-10")
    raided(case, inspector, "2022-11-10")
    paper = {"doctor": "太卫罚〔2022〕7号", "landlord": "太卫罚〔2022〕8号"}
    one = decided(case, inspector, "2022-12-20", fine(13_000), party=doctor, paper=paper["doctor"])
    other = decided(
        case, inspector, "2022-12-20", fine(50_810), party=landlord, paper=paper["landlord"]
    )
    legal.serve(one, by=inspector, at=at("2022-12-22"), now=at("2022-12-22"))
    states = [each.state for each in given.every(Clock) if each.step == "service"]
    assert states == ["met", "running"]  # the landlord's is not served yet
    casework.conclude(case.id, by=inspector, now=at("2022-12-23"))
    served_and_paid(other, inspector, served="2022-12-23", paid="2023-01-05", yuan=50_810)
    paid = date(2023, 1, 4)
    legal.pay(
        one, by=inspector, amount_fen=1_300_000, paid_on=paid, document="", now=at("2023-01-04")
    )
    rows = ledger(case.id, today=date(2023, 1, 6))
    assert [(row.party, row.paid_fen, row.state) for row in rows] == [
        ("张某", 1_300_000, "paid"),
        ("房东李某", 5_081_000, "paid"),
    ]
    assert sum(row.paid_fen for row in rows) == 6_381_000


def test_taicang_li_was_banned_twice_before_and_counts_as_found_for_the_third_time(
    office: Actor, inspector: Actor
) -> None:
    for day, yuan in (("2016-05-10", 20_000), ("2018-09-12", 50_000)):
        fined_before(office, inspector, "李某", day, yuan)
    case = opened(office, inspector, "2022-12-01")
    party = behind(case, inspector, "李某", day="2022-12-01")
    casework.file(case.id, by=inspector, now=at("2022-12-01", 12))
    raided(case, inspector, "2022-12-02")
    given.fresh()
    li = next(each for each in given.every(Party) if each.id == party)
    assert len(li.records) == 2
    assert [each.ground for each in given.every(Transfer)] == ["two_penalties"]
    head = given.staff("supervisor")
    transferring.decide(given.every(Transfer)[0].id, by=head, granted=False, now=at("2022-12-03"))
    decision = decided(case, inspector, "2022-12-20", fine(200_000), party=party)
    served_and_paid(decision, inspector, served="2022-12-21", paid="2023-01-03", yuan=200_000)
    assert ledger(case.id, today=date(2023, 1, 4))[0].paid_fen == 20_000_000


def test_gaoming_registered_evidence_is_decided_within_seven_workdays_of_the_night_raid(
    office: Actor, inspector: Actor, head: Actor
) -> None:
    case = opened(office, inspector, "2026-09-10", wants_reward=True)
    raided(case, inspector, "2026-09-14", hour=22, kind="joint", people=15, vehicles=4)
    night = at("2026-09-14", 23)
    legal.hold(
        case.id,
        by=inspector,
        kind="registration",
        document="先保〔2026〕3号",
        goods="药品 34 种，输液架 4 个",
        began_at=night,
        now=night,
    )
    # 20 September is a Sunday on which people work.
    assert clock_of(case.id, "evidence_registration").due_on == date(2026, 9, 22)
    legal.release(
        case.id, by=inspector, kind="registration", fate="handed_over", now=at("2026-09-21")
    )
    assert clock_of(case.id, "evidence_registration").state == "met"
    party = behind(case, inspector, "陈某", day="2026-09-15")
    transferring.propose(case.id, by=inspector, kind="crime", party_id=party, now=at("2026-09-15"))
    (task,) = given.every(Transfer)
    transferring.decide(task.id, by=head, granted=True, now=at("2026-09-16"))
    transferring.tick(task.id, by=inspector, documents=PAPERS, now=at("2026-09-16", 11))
    transferring.hand_over(task.id, by=inspector, at=at("2026-09-16", 12), now=at("2026-09-16", 12))
    helper = behind(case, inspector, "帮手", "helper", day="2026-09-16")
    casework.file(case.id, by=inspector, now=at("2026-09-16", 15))
    decision = decided(case, inspector, "2026-09-25", fine(20_000), taken(3_040), party=helper)
    served_and_paid(decision, inspector, served="2026-09-25", paid="2026-09-28", yuan=23_040)
    assert ledger(case.id, today=date(2026, 9, 29))[0].paid_fen == 2_304_000
    assert max(visit.people for visit in given.case_of(case.tips[0].id).visits) == 15
    accepted = at("2026-09-18")
    transferring.note_answer(
        task.id, by=inspector, accepted=True, document="立案〔9〕号", at=accepted, now=accepted
    )
    casework.conclude(case.id, by=inspector, now=at("2026-09-29"))
    answers.release(case.tips[0].id, by=office, body="已处理。", now=at("2026-09-30"))
    assert clock_of(case.id, "reward_start").due_on == date(2026, 10, 27)


def test_a_criminal_record_for_the_offence_means_a_transfer_at_once(
    office: Actor, inspector: Actor
) -> None:
    case = opened(office, inspector, "2026-07-01")
    party_id = behind(case, inspector, "黄某", day="2026-07-01")
    link = given.case_of(case.tips[0].id).clinic.parties[0].id
    parties.note_record(
        case.clinic_id,
        link,
        by=inspector,
        kind="criminal_penalty",
        on=date(2024, 3, 1),
        note="",
        here=False,
        now=at("2026-07-01"),
    )
    raided(case, inspector, "2026-07-02")
    found = [(each.ground, each.party_id) for each in given.every(Transfer)]
    assert found == [("criminal_record", party_id)]


def test_who_is_back_after_the_ban_gets_a_new_case_that_knows_the_former_one(
    office: Actor, inspector: Actor
) -> None:
    case = opened(office, inspector, "2026-07-01")
    casework.file(case.id, by=inspector, now=at("2026-07-01", 12))
    raided(case, inspector, "2026-07-02")
    decided(case, inspector, "2026-07-03", Imposed(kind="ban"), party=None)
    casework.conclude(case.id, by=inspector, now=at("2026-07-06"))
    answers.release(case.tips[0].id, by=office, body="已取缔。", now=at("2026-07-07"))
    assert [clock_of(case.id, f"reinspect_{n}").due_on for n in (30, 90, 180)] == [
        date(2026, 8, 2),
        date(2026, 10, 1),
        date(2026, 12, 30),
    ]
    other, day = given.staff("inspector", username="other"), at("2026-08-01", 19)
    partner = (given.partner(),)
    seen = Seen(
        kind="reinspection", at=day, others=partner, note="又在输液", purpose="reinspect_30"
    )
    new = revisits.record(case.id, by=other, seen=seen, back=True, now=day)
    assert clock_of(case.id, "reinspect_30").state == "met"
    again = next(each for each in given.every(Case) if each.id == new)
    assert (again.status, again.clinic_id, again.brief) == ("queued", case.clinic_id, "又在输液")
    assert given.case_of(case.tips[0].id).status == "closed"


def test_a_decision_is_revoked_and_made_again_and_only_the_second_counts(
    office: Actor, inspector: Actor
) -> None:
    case = opened(office, inspector, "2026-07-01")
    party = behind(case, inspector, "吴某", day="2026-07-01")
    casework.file(case.id, by=inspector, now=at("2026-07-01", 12))
    raided(case, inspector, "2026-07-02")
    first = decided(case, inspector, "2026-07-10", fine(60_000), party=party)
    legal.serve(first, by=inspector, at=at("2026-07-13"), now=at("2026-07-13"))
    legal.revoke(first, by=inspector, reason="认定事实有误", now=at("2026-07-20"))
    again = Decided(
        document="罚〔2〕号",
        made_at=at("2026-07-27"),
        party_id=party,
        measures=(fine(50_000),),
        replaces_id=first,
    )
    legal.decide(case.id, by=inspector, decided=again, now=at("2026-07-27"))
    assert [each.on for each in given.every(PartyRecord)] == [date(2026, 7, 27)]
    states = [row.state for row in ledger(case.id, today=date(2026, 7, 28))]
    assert states == ["revoked", "unserved"]


def test_a_fine_that_is_not_paid_grows_by_three_per_cent_a_day_until_the_court_is_asked(
    office: Actor, inspector: Actor
) -> None:
    case = opened(office, inspector, "2026-07-01")
    casework.file(case.id, by=inspector, now=at("2026-07-01", 12))
    raided(case, inspector, "2026-07-02")
    decision = decided(case, inspector, "2026-07-10", fine(50_000), party=None)
    legal.serve(decision, by=inspector, at=at("2026-07-13"), now=at("2026-07-13"))
    (row,) = ledger(case.id, today=date(2026, 7, 28))
    assert (row.decision.pay_by, row.state, row.late_fen) == (date(2026, 7, 28), "due", 0)
    (row,) = ledger(case.id, today=date(2026, 8, 7))
    assert (row.late_days, row.late_fen) == (10, 1_500_000)  # ten days of 1,500 yuan
    (row,) = ledger(case.id, today=date(2026, 12, 31))
    assert row.late_fen == 5_000_000  # never more than the fine
    with pytest.raises(NotPossible, match="not_late"):
        legal.demand(decision, by=inspector, now=at("2026-07-28"))
    legal.demand(decision, by=inspector, now=at("2026-07-29"))
    early = at("2026-07-29") + timedelta(days=14)  # the tenth workday
    with pytest.raises(NotPossible, match="too_early"):
        legal.enforce(decision, by=inspector, document="", now=early)
    legal.enforce(decision, by=inspector, document="申〔1〕号", now=early + timedelta(days=1))
    assert clock_of(case.id, "payment").state in ("running", "missed")


def test_each_of_two_transfers_keeps_its_own_days(
    office: Actor, inspector: Actor, head: Actor
) -> None:
    case = opened(office, inspector, "2026-07-01")
    two = [behind(case, inspector, name, day="2026-07-01") for name in ("甲", "乙")]
    for party in two:
        wish = {"kind": "crime", "party_id": party}
        transferring.propose(case.id, by=inspector, now=at("2026-07-02"), **wish)  # type: ignore[arg-type]
    first, second = [each.id for each in given.every(Transfer)]
    transferring.decide(first, by=head, granted=True, now=at("2026-07-03"))
    assert states(case.id, "transfer_decision") == ["met", "running"]
    transferring.tick(first, by=inspector, documents=PAPERS, now=at("2026-07-03", 12))
    transferring.hand_over(first, by=inspector, at=at("2026-07-03", 13), now=at("2026-07-03", 13))
    transferring.decide(second, by=head, granted=False, now=at("2026-07-04"))
    assert states(case.id, "transfer_decision") == ["met", "met"]
    assert states(case.id, "police_decide") == ["running"]


def states(case_id: int, step: str) -> list[str]:
    clocks = [each for each in given.every(Clock) if each.step == step]
    return [each.state for each in clocks if each.about_id == case_id]


def test_a_stranger_to_the_place_is_not_transferred(office: Actor, inspector: Actor) -> None:
    case = opened(office, inspector, "2026-07-01")
    elsewhere = opened(office, inspector, "2026-07-01", address="站前路 3 号")
    stranger = behind(elsewhere, inspector, "丙", day="2026-07-01")
    for party in (stranger, 999_999):
        with pytest.raises(NotComplete, match="party"):
            transferring.propose(
                case.id, by=inspector, kind="crime", party_id=party, now=at("2026-07-02")
            )


def test_a_revoked_fine_leaves_the_looks_after_a_ban_as_they_are(
    office: Actor, inspector: Actor
) -> None:
    case = opened(office, inspector, "2026-07-01")
    party = behind(case, inspector, "房东", role="landlord", day="2026-07-01")
    casework.file(case.id, by=inspector, now=at("2026-07-01", 12))
    raided(case, inspector, "2026-07-02")
    given.measure(case.id, by=inspector, kind="ban", now=at("2026-07-02", 14))
    fined = decided(case, inspector, "2026-07-10", fine(60_000), party=party)
    legal.revoke(fined, by=inspector, reason="笔误", now=at("2026-07-11"))
    assert states(case.id, "reinspect_30") == ["running"]


def test_who_stepped_aside_neither_looks_again_nor_comes_along(
    office: Actor, inspector: Actor
) -> None:
    aside = given.staff("inspector", username="cousin")
    case = given.claimed(given.tip().id, office=office, inspector=aside)
    casework.hand_back(case.id, by=aside, reason="conflict_of_interest", now=given.NOW)
    casework.claim(case.id, by=inspector, now=given.NOW)
    with pytest.raises(NotEnough, match="not_theirs"):
        given.visit(case.id, by=inspector, others=(aside.id,), now=given.NOW)
    given.measure(case.id, by=inspector, kind="ban", now=given.NOW)
    casework.record_finding(
        case.id, by=inspector, finding="other_authority", note="", now=given.NOW
    )
    casework.conclude(case.id, by=inspector, now=given.NOW)
    seen = Seen(kind="reinspection", at=given.NOW, others=(inspector.id,), purpose="reinspect_30")
    with pytest.raises(NotThere):
        revisits.record(case.id, by=aside, seen=seen, back=False, now=given.NOW)
