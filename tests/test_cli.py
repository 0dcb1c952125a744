"""Commands: what they say, when they fail, and that nobody ever reads a traceback."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import given
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import create_engine, inspect
from sqlalchemy.pool import NullPool

from bots import dialogue
from tipline import settings
from tipline.cli import tipline
from tipline.db import db
from tipline.models import Entry, Staff
from tipline.policy.loader import DEFAULT
from tipline.vault import keyring
from tipline.web import create_app

PASSWORD = ("--password", given.PASSWORD)
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a command as from a shell, in a folder of its own."""
    made: list[Flask] = []

    def make_app() -> Flask:
        made.append(create_app(settings.read(), dialogue=dialogue.converse))
        return made[-1]

    def run(*words: str, **environment: str) -> Result:
        env = {"TIPLINE_DATA": str(tmp_path)} | environment
        result = CliRunner().invoke(tipline, words, obj=make_app, env=env)
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result

    monkeypatch.chdir(tmp_path)
    for name in ("TIPLINE_DEMO", "TIPLINE_PUBLIC_URL"):  # `run` sets them for its child processes
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    yield run
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def safe(tmp_path: Path) -> dict[str, str]:
    """An environment that production accepts."""
    made = keyring.make_missing(tmp_path / "keys")
    return {
        "TIPLINE_ENV": "production",
        "TIPLINE_PUBLIC_URL": "https://tip.example",
        "TIPLINE_SECRET_KEY": made["secret_key"],
        "TIPLINE_PEPPER": made["pepper"],
        "TIPLINE_VAULT_PUBLIC_KEY": made["vault_public_key"],
        "TIPLINE_DESK_PUBLIC_KEY": made["desk_public_key"],
        "TIPLINE_DESK_KEY_FILE": made["desk_key_file"],
    }


# doctor


def test_doctor_says_what_is_missing_before_production(run: Run) -> None:
    result = run("doctor")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        ".. TIPLINE_PUBLIC_URL: must begin with https://",
        "!! database: run `tipline db upgrade`",
        "2 to mend before production",
    ]


def test_doctor_is_content_in_production_when_everything_is_safe(
    run: Run, safe: dict[str, str]
) -> None:
    assert run("db", "upgrade", **safe).exit_code == 0
    result = run("doctor", **safe)
    assert (result.exit_code, result.output) == (0, "nothing to mend\n")


def test_doctor_fails_in_production_when_the_database_is_not_at_head(
    run: Run, safe: dict[str, str]
) -> None:
    result = run("doctor", **safe)
    assert result.exit_code == 1
    assert "!! database: run `tipline db upgrade`" in result.output


def test_doctor_fails_in_production_when_anything_is_unsafe(run: Run, safe: dict[str, str]) -> None:
    del safe["TIPLINE_PEPPER"]
    result = run("doctor", **safe | {"TIPLINE_PUBLIC_URL": "http://tip.example"})
    assert result.exit_code == 1
    assert [line.split(":")[0] for line in result.output.splitlines()] == [
        "!! TIPLINE_PEPPER",
        "!! TIPLINE_PUBLIC_URL",
    ]


@pytest.mark.parametrize("env", ["development", "production"])
def test_doctor_names_a_setting_that_does_not_exist(
    run: Run, safe: dict[str, str], env: str
) -> None:
    result = run("doctor", **safe | {"TIPLINE_ENV": env, "TIPLINE_SECRT": "x"})
    assert (result.exit_code, result.output.split(": ")[0]) == (1, "!! TIPLINE_SECRT")


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://anna:geheim@127.0.0.1:1/x", "nonsense", "sqlite:////nowhere/x"]
)
def test_doctor_says_that_no_database_answers_and_keeps_its_password_to_itself(
    run: Run, safe: dict[str, str], url: str
) -> None:
    result = run("doctor", **safe | {"TIPLINE_DATABASE_URL": url})
    assert result.exit_code == 1
    assert "!! TIPLINE_DATABASE_URL: no database answers" in result.output
    assert "geheim" not in result.output


def test_doctor_names_the_mistake_when_the_policy_is_broken(
    run: Run, safe: dict[str, str], broken: Path
) -> None:
    result = run("doctor", **safe | {"TIPLINE_POLICY": str(broken)})
    assert result.exit_code == 1
    assert "site.yaml: leave_url: is missing" in result.output


# db


def test_db_upgrade_makes_the_newest_shape_and_check_agrees(run: Run, tmp_path: Path) -> None:
    assert run("db", "check").exit_code == 1
    assert run("db", "upgrade").exit_code == 0
    assert run("db", "upgrade").exit_code == 0
    checked = run("db", "check")
    assert (checked.exit_code, checked.output) == (0, "")
    engine = create_engine(f"sqlite:///{tmp_path / 'tipline.sqlite3'}", poolclass=NullPool)
    assert "tip" in inspect(engine).get_table_names()


def test_db_check_fails_when_somebody_changed_the_database(run: Run, tmp_path: Path) -> None:
    run("db", "upgrade")
    engine = create_engine(f"sqlite:///{tmp_path / 'tipline.sqlite3'}", poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX ix_tip_triage")
    checked = run("db", "check")
    assert checked.exit_code == 1
    assert "ix_tip_triage" in checked.output


# staff


def test_staff_add_makes_an_account_with_roles_that_can_log_in(run: Run, app: Flask) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    words = ("staff", "add", " Anna ", "--name", "安娜", "--role", "inspector", "--role", "auditor")
    result = run(*words, *PASSWORD, TIPLINE_DATABASE_URL=url)
    assert (result.exit_code, result.output) == (0, "")
    [anna] = given.every(Staff)
    assert (anna.username, anna.name) == ("anna", "安娜")
    assert {(grant.role, grant.office_id) for grant in anna.grants} == {
        ("inspector", 1),
        ("auditor", 1),
    }
    assert given.PASSWORD not in anna.password
    assert [(line.event, line.by) for line in given.every(Entry)] == [("staff.added", "command")]


def test_staff_reset_takes_the_password_the_codes_and_the_sessions_away(
    run: Run, app: Flask
) -> None:
    given.staff("inspector", username="anna")
    [before] = given.every(Staff)
    before = (before.password, before.fs_uniquifier)
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    words = ("staff", "reset", "Anna", "--password", "another horse battery")
    assert run(*words, TIPLINE_DATABASE_URL=url).exit_code == 0
    [after] = given.every(Staff)
    assert after.password != before[0]
    assert after.fs_uniquifier != before[1]
    assert after.tf_totp_secret is None


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("add", "anna", "--name", "x", "--role", "king"), "king: not one of operator,"),
        (("add", "anna", "--name", "x", "--role", "inspector", "--office", "9"), "office 9: no"),
        (("add", "taken", "--name", "x", "--role", "inspector"), "taken: this name is taken"),
        (("add", " ", "--name", "x", "--role", "inspector"), "takes 4 to 32 letters or digits"),
        (("reset", "nobody"), "nobody: no such account"),
    ],
)
def test_staff_says_why_an_account_cannot_be_made_or_changed(
    run: Run, words: tuple[str, ...], why: str
) -> None:
    run("db", "upgrade")
    run("staff", "add", "taken", "--name", "x", "--role", "inspector", *PASSWORD)
    result = run("staff", *words, *PASSWORD)
    assert result.exit_code == 1
    assert why in result.output


def test_staff_refuses_a_short_password_and_leaves_no_half_account(run: Run, app: Flask) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    words = ("staff", "add", "anna", "--name", "x", "--role", "inspector", "--password", "short")
    result = run(*words, TIPLINE_DATABASE_URL=url)
    assert (result.exit_code, result.output) == (
        1,
        "Error: the password needs at least 10 characters\n",
    )
    assert given.every(Staff) == []


# run, web and worker


@pytest.mark.parametrize("command", [("run", "--demo"), ("run",), ("web",), ("worker",)])
def test_nothing_starts_in_production_when_it_would_be_unsafe(
    run: Run, command: tuple[str, ...], tmp_path: Path
) -> None:
    result = run(*command, TIPLINE_ENV="production")
    assert result.exit_code == 1
    assert "TIPLINE_PEPPER: must have at least 32 characters" in result.output
    assert not (tmp_path / "tipline.sqlite3").exists()


def test_the_demo_is_refused_in_production_however_safe_it_is(
    run: Run, safe: dict[str, str], tmp_path: Path
) -> None:
    result = run("run", "--demo", **safe)
    assert (result.exit_code, result.output) == (
        1,
        "Error: TIPLINE_DEMO: the demo bureau does not run in production\n",
    )
    assert not (tmp_path / "tipline.sqlite3").exists()


def test_a_worker_does_not_start_without_the_key_it_sends_with(
    run: Run, safe: dict[str, str]
) -> None:
    result = run("worker", **safe)
    assert result.exit_code == 1
    assert result.output.startswith("Error: TIPLINE_VAULT_PRIVATE_KEY_FILE: is not set")


# policy


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A policy folder with two mistakes in one file."""
    folder = tmp_path / "policy"
    folder.mkdir()
    (folder / "site.yaml").write_text("effective_from: 2026-01-01\nhomepage: x\n")
    return folder


def test_policy_check_prints_every_mistake_as_file_key_and_reason(run: Run, broken: Path) -> None:
    result = run("policy", "check", str(broken))
    assert result.exit_code == 1
    assert set(result.output.splitlines()) == {
        "site.yaml: leave_url: is missing",
        "site.yaml: homepage: unknown key",
    }


def test_policy_check_is_content_with_the_packaged_policy(run: Run) -> None:
    result = run("policy", "check")
    assert result.exit_code == 0
    assert result.output.startswith("policy ")


def test_policy_check_says_so_when_there_is_no_such_folder(run: Run) -> None:
    result = run("policy", "check", "nowhere")
    assert result.exit_code == 1
    assert result.output.startswith("nowhere: -: cannot be opened as a folder")


# clock count


VECTORS = [
    ("workday", 7, "2026-02-12", [], "2026-02-28", "2026-02-28", False),
    ("workday", 15, "2026-09-18", [], "2026-10-15", "2026-10-15", False),
    ("calendar_day", 15, "2026-09-16", [], "2026-10-08", "2026-10-01", False),
    ("calendar_day", 15, "2026-09-16", ["--roll", "none"], "2026-10-01", "2026-10-01", False),
    ("month", 1, "2026-01-31", ["--roll", "none"], "2026-02-28", "2026-02-28", False),
    ("year", 1, "2024-02-29", ["--roll", "none"], "2025-02-28", "2025-02-28", False),
    ("workday", 60, "2026-11-02", [], "2027-01-25", "2027-01-25", True),
    # A time with a zone is a date here: half past midnight in Shanghai.
    ("calendar_day", 1, "2026-07-13T16:30:00Z", ["--roll", "none"], "2026-07-15", None, False),
]


@pytest.mark.parametrize(("unit", "n", "start", "more", "due", "raw", "provisional"), VECTORS)
def test_clock_count_says_when_a_period_ends_and_why(
    run: Run,
    unit: str,
    n: int,
    start: str,
    more: list[str],
    due: str,
    raw: str | None,
    provisional: bool,
) -> None:
    words = ("clock", "count", "--unit", unit, "--n", str(n), "--start", start, *more)
    answer = json.loads(run(*words, "--json").output)
    assert (answer["due_on"], answer["due_at"], answer["provisional"]) == (due, None, provisional)
    assert answer["raw_on"] == (raw or due)
    assert answer["lines"][-1]["date"] == due
    assert all(set(line) == {"date", "counted", "why"} for line in answer["lines"])
    spoken = run(*words).output.splitlines()
    assert spoken[-1] == f"due {due}" + (" (provisional)" if provisional else "")
    assert len(spoken) == len(answer["lines"]) + 1


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-02-12T10:00", "2026-02-13T10:00:00+08:00"),
        ("2026-02-12T10:00:00+00:00", "2026-02-13T10:00:00+00:00"),
    ],
)
def test_clock_count_counts_hours_through_rest_days(run: Run, start: str, due: str) -> None:
    words = ("clock", "count", "--unit", "hour", "--n", "24", "--start", start, "--json")
    answer = json.loads(run(*words).output)
    assert (answer["due_at"], answer["due_on"]) == (due, None)


@pytest.mark.parametrize(
    ("unit", "n", "start", "why"),
    [
        ("workday", "1", "tomorrow", "tomorrow is not an ISO date"),
        ("workday", "1", "2026-02-30", "2026-02-30 is not an ISO date"),
        ("workday", "1", "", " is not an ISO date"),
        ("calendar_day", "1", "0001-01-01T00:00+23:00", "is not an ISO date"),
        ("workday", "-1", "2026-01-01", "-1 is not in the range"),
        ("workday", "x", "2026-01-01", "'x' is not a valid integer"),
        ("week", "1", "2026-01-01", "'week' is not one of"),
        ("workday", "9" * 30, "2026-01-01", "takes a number from 0 to"),
        ("hour", "9" * 30, "2026-01-01", "takes a number from 0 to"),
        ("year", "50", "9990-01-01", "runs past the year 9999"),
        ("hour", "48", "9999-12-31T00:00", "runs past the year 9999"),
    ],
)
def test_clock_count_says_what_is_wrong_with_what_was_typed(
    run: Run, unit: str, n: str, start: str, why: str
) -> None:
    result = run("clock", "count", "--unit", unit, "--n", n, "--start", start)
    assert result.exit_code in (1, 2)
    assert why in result.output


def test_clock_count_names_the_setting_when_the_zone_does_not_exist(run: Run) -> None:
    words = ("clock", "count", "--unit", "hour", "--n", "1", "--start", "2026-02-12T10:00")
    result = run(*words, TIPLINE_TIMEZONE="Asia/Nowhere")
    assert result.exit_code == 1
    assert "TIPLINE_TIMEZONE: Asia/Nowhere is not a zone" in result.output


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """What is known about a report that ended with a penalty."""
    path = tmp_path / "facts.json"
    told = {
        "outcome": "penalty",
        "real_name": True,
        "age": 40,
        "evidence_level": 2,
        "joint": [1, 1],
    }
    path.write_text(json.dumps(told | {"in_area": True, "previously_unknown": True}))
    return path


def test_reward_quote_says_what_is_due_and_which_rule_says_so(run: Run, facts: Path) -> None:
    result = run(
        "reward", "quote", "--scheme", "shantou_unlicensed", "--facts", str(facts), "--json"
    )
    said = json.loads(result.output)
    assert (said["eligible"], said["amount_fen"], said["range_fen"]) == (True, 100_000, None)
    assert said["approvals"] == ["reward_approver"]
    assert (said["claim"]["window"], said["claim"]["unit"]) == (30, "workday")
    assert {"rule": "formula.tiers.1", "effect": "the reward is 1000 yuan"} in said["lines"]


def test_reward_quote_takes_a_scheme_from_a_file(run: Run, facts: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    text = (DEFAULT / "rewards" / "changshu_2018.yaml").read_text(encoding="utf-8")
    own.write_text(text.replace("amount_yuan: 500}", "amount_yuan: 700.50}"), encoding="utf-8")
    result = run("reward", "quote", "--scheme", str(own), "--facts", str(facts))
    assert "the reward is 700.50 yuan" in result.output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("no such scheme", "no such scheme is no file and none of"),
        ({"fine_fen": -5}, "facts.json: -: an amount of money cannot be negative"),
        ({"outcome": "magic"}, "facts.json: outcome"),
        ({"colour": "blue"}, "facts.json: colour: unknown key"),
    ],
)
def test_reward_quote_says_what_is_wrong(run: Run, facts: Path, change: object, said: str) -> None:
    scheme = change if isinstance(change, str) else "lianyungang"
    if isinstance(change, dict):
        facts.write_text(json.dumps(change))
    result = run("reward", "quote", "--scheme", scheme, "--facts", str(facts))
    assert result.exit_code == 1
    assert said in result.output


def test_policy_check_names_the_mistake_in_a_reward_scheme(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own" / "rewards").mkdir(parents=True)
    scheme = tmp_path / "own" / "rewards" / "town.yaml"
    scheme.write_text("id: village\nformula: {type: fixed, amount_yuan: many}\n", encoding="utf-8")
    result = run("policy", "check", str(tmp_path / "own"))
    assert result.exit_code == 1
    assert "rewards/town.yaml: formula.fixed.amount_yuan" in result.output
    assert "rewards/town.yaml: claim: is missing" in result.output


EXPLAIN = ("clock", "explain", "--json", "--regime")


def test_clock_explain_names_every_day_with_its_reason(run: Run) -> None:
    words = ("samr_penalty_procedure_2022", "--step", "lead_check", "--start", "2026-09-18")
    answer = json.loads(run(*EXPLAIN, *words).output)
    assert (answer["due_on"], answer["due_at"], answer["provisional"]) == (
        "2026-10-15",
        None,
        False,
    )
    assert answer["lines"][0] == {
        "date": "2026-09-18",
        "counted": False,
        "why": "the first day is not counted",
    }
    assert sum(line["counted"] for line in answer["lines"]) == 15
    assert {line["why"] for line in answer["lines"] if line["date"] == "2026-09-20"} == {
        "make-up workday 1"
    }


@pytest.mark.parametrize(
    ("more", "due"),
    [
        (("--pause", "2026-09-21/2026-09-24"), "2026-10-20"),
        (("--extend", "3"), "2026-10-20"),
        (("--pause", "2026-09-21/2026-09-24", "--extend", "3"), "2026-10-23"),
        (("--pause", "2026-09-19/2026-09-20"), "2026-10-15"),
    ],
)
def test_clock_explain_counts_pauses_and_extensions(
    run: Run, more: tuple[str, ...], due: str
) -> None:
    words = ("samr_penalty_procedure_2022", "--step", "lead_check", "--start", "2026-09-18")
    assert json.loads(run(*EXPLAIN, *words, *more).output)["due_on"] == due


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("nowhere", "--step", "x", "--start", "2026-01-01"), "no nowhere; there are"),
        (("xinfang_2022", "--step", "x", "--start", "2026-01-01"), "has no x; its steps are"),
        (("xinfang_2022", "--step", "conclude", "--start", "soon"), "soon is not an ISO date"),
        (
            ("xinfang_2022", "--step", "conclude", "--start", "2026-01-01", "--extend", "31"),
            "an extension by at most 30 calendar_days",
        ),
        (
            ("xinfang_2022", "--step", "review_reply", "--start", "2026-01-01", "--extend", "1"),
            "this step cannot be extended",
        ),
        (
            ("xinfang_2022", "--step", "conclude", "--start", "2026-01-01", "--pause", "a/b"),
            "this step knows no pause",
        ),
        (
            ("xinfang_2022", "--step", "rereview_reply", "--start", "2026-01-01", "--pause", "a"),
            "a is not two dates",
        ),
        (
            (
                "xinfang_2022",
                "--step",
                "rereview_reply",
                "--start",
                "2026-01-01",
                "--pause",
                "2026-01-05/2026-01-02",
            ),
            "ends before it begins",
        ),
        (
            ("data_incident", "--step", "breach_notice", "--start", "2026-01-01"),
            "the law names no figure for this step",
        ),
    ],
)
def test_clock_explain_says_what_it_cannot_do(
    run: Run, words: tuple[str, ...], reason: str
) -> None:
    result = run(*EXPLAIN, *words)
    assert result.exit_code == 1
    assert reason in result.output


def test_clock_explain_uses_the_folder_that_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own" / "regimes").mkdir(parents=True)
    own = "id: own\ntitle: {zh: 本市, en: Own}\nsource: x\nconfidence: general\nsteps:\n"
    own += "  - {id: a, label: {zh: 核查, en: Check}, duration: 1, unit: workday}\n"
    (tmp_path / "own" / "regimes" / "own.yaml").write_text(own, encoding="utf-8")
    words = ("own", "--step", "a", "--start", "2026-07-03", "--policy", str(tmp_path / "own"))
    assert json.loads(run(*EXPLAIN, *words).output)["due_on"] == "2026-07-06"


def test_clock_explain_warns_when_the_law_did_not_hold_that_day(run: Run) -> None:
    words = ("samr_order_20_2019", "--step", "mediation_end", "--start", "2026-07-03")
    notes = json.loads(run(*EXPLAIN, *words).output)["notes"]
    assert notes == ["in force from 2020-01-01 until 2026-04-14, not on 2026-07-03"]


def test_a_backup_is_restored_on_a_new_machine(run: Run, tmp_path: Path) -> None:
    run("db", "upgrade")
    run("staff", "add", "chenmin", "--name", "陈敏", "--role", "inspector", *PASSWORD)
    file, new = tmp_path / "backup.sqlite3", str(tmp_path / "new")
    assert "rows kept" in run("backup", str(file)).output
    assert "rows restored" in run("restore", str(file), TIPLINE_DATA=new).output
    again = run("restore", str(file), TIPLINE_DATA=new)
    assert again.exit_code == 1
    assert "holds tips or accounts already" in again.output


def test_a_copy_needs_the_address_of_a_database(run: Run) -> None:
    run("db", "upgrade")
    for url in ("nonsense", "postgresql+psycopg://a:geheim@127.0.0.1:1/x"):
        result = run("db", "copy", url)
        assert result.exit_code == 1
        assert "geheim" not in result.output


def test_licences_import_takes_a_list_over_or_names_every_line_that_is_wrong(
    run: Run, app: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        "机构名称,执业许可证号,地址,有效期至\n甲诊所,P1,某路1号,2030年1月1日\n", "gb18030"
    )
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    refused = run("licences", "import", str(file))
    assert refused.exit_code == 1
    assert "line 2, column division" in refused.output
    taken = run("licences", "import", "--division", "440902", str(file), TIPLINE_DATABASE_URL=url)
    assert "1 institutions on the list" in taken.output
