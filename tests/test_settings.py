"""Settings: what is unknown, unsafe or half done stops the start and is named, never its value."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest

from tipline import settings
from tipline.settings import Settings, SettingsError
from tipline.vault import keyring, sealing

SECRETS = {"secret_key", "pepper", "vault.key", "desk.key", "payer.key"}


@pytest.fixture
def safe(tmp_path: Path) -> dict[str, str]:
    """The smallest environment that production accepts."""
    made = keyring.make_missing(tmp_path / "keys")
    return {
        "TIPLINE_ENV": "production",
        "TIPLINE_DATA": str(tmp_path),
        "TIPLINE_PUBLIC_URL": "https://tip.example",
        "TIPLINE_SECRET_KEY": made["secret_key"],
        "TIPLINE_PEPPER": made["pepper"],
        "TIPLINE_VAULT_PUBLIC_KEY": made["vault_public_key"],
        "TIPLINE_DESK_PUBLIC_KEY": made["desk_public_key"],
        "TIPLINE_DESK_KEY_FILE": made["desk_key_file"],
    }


def refusal(environment: dict[str, str]) -> str:
    """Why these settings are refused."""
    with pytest.raises(SettingsError) as refused:
        settings.read(environment)
    return str(refused.value)


def test_production_starts_when_everything_is_safe(safe: dict[str, str]) -> None:
    chosen = settings.read(safe)
    assert (chosen.production, chosen.secure, settings.problems(chosen)) == (True, True, [])


@pytest.mark.parametrize("name", ["TIPLINE_DATABSE_URL", "TIPLINE_", "TIPLINE_secret_key"])
@pytest.mark.parametrize("env", ["development", "production"])
def test_an_unknown_setting_is_refused(safe: dict[str, str], env: str, name: str) -> None:
    assert refusal(safe | {"TIPLINE_ENV": env, name: "x"}).startswith(f"{name}: unknown setting")


def test_settings_of_others_are_none_of_ours(tmp_path: Path) -> None:
    assert settings.read({"TIPLINE_DATA": str(tmp_path), "PATH": "/bin", "TIP": "x"})


UNSAFE = {
    "TIPLINE_PUBLIC_URL": "http://tip.example",
    "TIPLINE_SECRET_KEY": "s" * 31,
    "TIPLINE_PEPPER": "p" * 31,
    "TIPLINE_VAULT_PUBLIC_KEY": "no-key-at-all",
    "TIPLINE_DESK_PUBLIC_KEY": "c2hvcnQ=",
    "TIPLINE_DESK_KEY_FILE": "/nowhere/desk.key",
    "TIPLINE_VAULT_PRIVATE_KEY_FILE": "/nowhere/vault.key",
    "TIPLINE_PAYER_KEY_FILE": "/nowhere/payer.key",
    "TIPLINE_DEMO": "1",
    "TIPLINE_SERVE": "public,desks",
    "TIPLINE_WORKERS": "0",
    "TIPLINE_TELEGRAM_MODE": "guessing",
    "TIPLINE_TIMEZONE": "Asia/Nowhere",
}


@pytest.mark.parametrize("name", UNSAFE)
def test_production_refuses_an_unsafe_setting_by_name(safe: dict[str, str], name: str) -> None:
    why = refusal(safe | {name: UNSAFE[name]})
    assert [line.partition(":")[0] for line in why.splitlines()] == [name]
    if name in ("TIPLINE_SECRET_KEY", "TIPLINE_PEPPER"):
        assert UNSAFE[name] not in why


@pytest.mark.parametrize(
    "name",
    [
        "TIPLINE_PUBLIC_URL",
        "TIPLINE_SECRET_KEY",
        "TIPLINE_PEPPER",
        "TIPLINE_VAULT_PUBLIC_KEY",
        "TIPLINE_DESK_KEY_FILE",
    ],
)
def test_production_refuses_to_start_without_what_it_needs(safe: dict[str, str], name: str) -> None:
    del safe[name]
    assert refusal(safe).startswith(f"{name}: ")


@pytest.mark.parametrize("kind", ["desk", "payer"])
def test_a_public_half_is_derived_where_its_private_key_is(
    safe: dict[str, str], tmp_path: Path, kind: str
) -> None:
    made = keyring.make_missing(tmp_path / "keys")
    safe.pop("TIPLINE_DESK_PUBLIC_KEY")
    safe["TIPLINE_PAYER_KEY_FILE"] = made["payer_key_file"]
    assert getattr(settings.read(safe), f"{kind}_public_key") == made[f"{kind}_public_key"]


def test_a_process_without_any_key_of_the_desk_is_told_to_have_its_public_half(
    safe: dict[str, str],
) -> None:
    del safe["TIPLINE_DESK_PUBLIC_KEY"], safe["TIPLINE_DESK_KEY_FILE"]
    assert "TIPLINE_DESK_PUBLIC_KEY: is not set" in refusal(safe | {"TIPLINE_SERVE": "public"})


@pytest.mark.parametrize("name", ["TIPLINE_TWILIO_AUTH_TOKEN", "TIPLINE_SERVE", "TIPLINE_DEMO"])
@pytest.mark.parametrize("blank", ["", " "])
def test_production_takes_no_blank_for_a_default(
    safe: dict[str, str], name: str, blank: str
) -> None:
    assert refusal(safe | {name: blank}).startswith(f"{name}: is empty")


@pytest.mark.parametrize("value", ["1", "true"])
def test_production_refuses_the_debugger(
    safe: dict[str, str], value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", value)
    assert refusal(safe).startswith("FLASK_DEBUG: ")


def test_production_names_every_mistake_at_once(safe: dict[str, str]) -> None:
    why = refusal(safe | UNSAFE)
    assert {line.partition(":")[0] for line in why.splitlines()} == set(UNSAFE)


@pytest.mark.parametrize("env", ["prod", "Production", "production ", "PRODUCTION", ""])
def test_an_environment_that_is_not_one_is_never_taken_for_development(
    safe: dict[str, str], env: str
) -> None:
    assert refusal(safe | {"TIPLINE_ENV": env}).startswith("TIPLINE_ENV: ")


PROVIDERS = [
    {
        "TIPLINE_TWILIO_ACCOUNT_SID": "AC1",
        "TIPLINE_TWILIO_AUTH_TOKEN": "token",
        "TIPLINE_TWILIO_FROM": "+8610690000000",
    },
    {"TIPLINE_TELEGRAM_TOKEN": "1:token", "TIPLINE_TELEGRAM_SECRET": "secret"},
]


@pytest.mark.parametrize("env", ["development", "production"])
@pytest.mark.parametrize("provider", PROVIDERS, ids=["twilio", "telegram"])
def test_a_provider_is_refused_when_only_half_of_it_is_configured(
    safe: dict[str, str], env: str, provider: dict[str, str]
) -> None:
    safe["TIPLINE_ENV"] = env
    assert settings.read(safe | provider).env == env
    for name in provider:
        rest = {other: value for other, value in provider.items() if other != name}
        assert refusal(safe | rest) == f"{name}: is empty"


def test_a_public_address_is_the_same_with_a_slash_at_its_end(safe: dict[str, str]) -> None:
    chosen = settings.read(safe | {"TIPLINE_PUBLIC_URL": "https://tip.example/"})
    assert chosen.public_url == "https://tip.example"


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    environment = {"TIPLINE_DATA": str(tmp_path)}
    assert settings.read(environment) == settings.read(environment)
    folder = tmp_path / "keys"
    assert {path.name for path in folder.iterdir()} == SECRETS
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert (modes, stat.S_IMODE(folder.stat().st_mode)) == ({0o600}, 0o700)


def test_keys_are_made_once_when_many_processes_start_together(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(keyring.make_missing, [tmp_path] * 40))
    assert made == [keyring.make_missing(tmp_path)] * 40
    assert {path.name for path in tmp_path.iterdir()} == SECRETS


def test_keys_that_were_made_belong_together(tmp_path: Path) -> None:
    chosen = settings.read({"TIPLINE_DATA": str(tmp_path)})
    for public, file in (
        (chosen.vault_public_key, chosen.vault_private_key_file),
        (chosen.desk_public_key, chosen.desk_key_file),
    ):
        sealed = sealing.seal(keyring.decode(public), "words")
        assert sealing.unseal(keyring.read(file), sealed) == "words"
    assert chosen.secret_key != chosen.pepper


def test_every_installation_has_keys_of_its_own(tmp_path: Path) -> None:
    one, other = (keyring.make_missing(tmp_path / name) for name in ("one", "other"))
    assert all(one[name] != other[name] for name in one)


def test_production_makes_no_keys(safe: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    settings.read(safe | {"TIPLINE_DATA": str(tmp_path / "elsewhere")})
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_web_process_without_the_desk_needs_no_desk_key(safe: dict[str, str]) -> None:
    del safe["TIPLINE_DESK_KEY_FILE"]
    chosen = settings.read(safe | {"TIPLINE_SERVE": "public, hooks"})
    assert (chosen.parts, chosen.desk_key_file) == (("public", "hooks"), "")


def test_a_file_beside_it_is_read_in_development_and_gives_way_to_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = [name for name in os.environ if name.startswith("TIPLINE_")]
    for name in ours:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("TIPLINE_WORKERS=7\nTIPLINE_LOG_LEVEL=DEBUG\n")
    monkeypatch.setenv("TIPLINE_LOG_LEVEL", "ERROR")
    chosen = settings.read()
    assert (chosen.workers, chosen.log_level) == ("7", "ERROR")


def test_a_file_beside_it_is_not_read_in_production(
    safe: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("TIPLINE_WORKERS=7\n")
    for name, value in safe.items():
        monkeypatch.setenv(name, value)
    assert settings.read().workers == "2"


def test_the_demo_plays_both_providers_itself_unless_there_is_an_account(tmp_path: Path) -> None:
    environment = {"TIPLINE_DATA": str(tmp_path), "TIPLINE_DEMO": "1"}
    played = settings.read(environment)
    assert played.twilio_base_url.startswith(f"{played.public_url}/simulator")
    assert played.telegram_base_url.startswith(f"{played.public_url}/simulator")
    real = settings.read(environment | PROVIDERS[0])
    assert (real.twilio_base_url, real.twilio_account_sid) == ("", "AC1")


def test_every_setting_is_in_the_manual() -> None:
    manual = (Path(__file__).parents[1] / "docs" / "operations.md").read_text(encoding="utf-8")
    names = {f"TIPLINE_{field.name.upper()}" for field in fields(Settings)} - {"TIPLINE_DEMO"}
    shortened = {"TIPLINE_TWILIO_AUTH_TOKEN": "_AUTH_TOKEN", "TIPLINE_TWILIO_FROM": "_FROM"}
    assert [name for name in sorted(names) if f"`{shortened.get(name, name)}`" not in manual] == []
