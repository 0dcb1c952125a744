"""Settings: what the environment says, checked before anything starts."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from dotenv import dotenv_values

from tipline.vault import keyring

PREFIX = "TIPLINE_"
MOST_SENDERS = 50
ENVIRONMENTS = ("development", "production")
SIMULATED_GATEWAY = Path(__file__).parent / "demo" / "gateway.yaml"
SHORTEST_SECRET = 32
PARTS = ("public", "api", "hooks", "desk", "field", "rewards", "staff", "reveal")
PROVIDERS = {
    "twilio": ("twilio_account_sid", "twilio_auth_token", "twilio_from"),
    "telegram": ("telegram_token", "telegram_secret"),
}


class SettingsError(Exception):
    """A setting is unknown, malformed or missing; the message names it and says what to do."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every setting of docs/operations.md, by its name without the prefix, in lower case."""

    env: str = "development"
    data: str = "./instance"
    database_url: str = ""
    secret_key: str = ""
    pepper: str = ""
    vault_public_key: str = ""
    vault_private_key_file: str = ""
    desk_public_key: str = ""
    payer_public_key: str = ""
    desk_key_file: str = ""
    payer_key_file: str = ""
    public_url: str = "http://127.0.0.1:8000"
    serve: str = ",".join(PARTS)
    policy: str = ""
    twilio_account_sid: str = ""
    twilio_auth_token: str = ""
    twilio_from: str = ""
    twilio_base_url: str = ""
    telegram_token: str = ""
    telegram_secret: str = ""
    telegram_base_url: str = ""
    telegram_mode: str = "webhook"
    sms_gateways: str = ""
    smtp_url: str = ""
    imap_url: str = ""
    evidence_url: str = ""
    metrics_port: str = ""
    workers: str = "2"
    senders: str = "8"
    log_level: str = "INFO"
    timezone: str = "Asia/Shanghai"
    demo: str = ""

    @property
    def production(self) -> bool:
        """Whether unsafe or incomplete settings are refused."""
        return self.env == "production"

    @property
    def secure(self) -> bool:
        """Whether pages are served over TLS, so that cookies may insist on it."""
        return self.public_url.startswith("https://")

    @property
    def folder(self) -> Path:
        """Where the embedded default keeps keys, database and evidence."""
        return Path(self.data).resolve()

    @property
    def policy_folder(self) -> Path:
        """Where files lie that go before the packaged policy; without a setting beside the data."""
        return Path(self.policy) if self.policy else self.folder / "policy"

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which days begin and end."""
        return ZoneInfo(self.timezone)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts this web process mounts."""
        return tuple(part.strip() for part in self.serve.split(",") if part.strip())

    @property
    def embedded(self) -> bool:
        """Whether the database is the SQLite file of the embedded default."""
        return self.database_url.startswith("sqlite")


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; SettingsError on an unknown name. Makes keys in development."""
    given = dict(environment if environment is not None else os.environ)
    if given.get("TIPLINE_ENV", "development") != "production" and environment is None:
        given = {**_from_file(), **given}
    named = {name: value for name, value in given.items() if name.startswith(PREFIX)}
    known = {PREFIX + field.name.upper(): field.name for field in fields(Settings)}
    if unknown := sorted(set(named) - set(known)):
        raise SettingsError(f"{unknown[0]}: unknown setting; see docs/operations.md for the list")
    if named.get("TIPLINE_ENV") == "production":
        _refuse_blanks(named)
    return complete(Settings(**{known[name]: value for name, value in named.items()}))


def _refuse_blanks(named: Mapping[str, str]) -> None:
    """In production a setting that is there but empty is a mistake, never a default."""
    if blank := [name for name, value in sorted(named.items()) if not value.strip()]:
        raise SettingsError("\n".join(f"{name}: is empty; set it or remove it" for name in blank))


def complete(settings: Settings) -> Settings:
    """The same settings with what the embedded default derives; refuses unsafe production.

    What makes no sense is refused everywhere: a misspelt environment is not development.
    """
    settings = _with_public_halves(settings)
    found = problems(settings) if settings.production else _mistakes(settings)
    if found:
        raise SettingsError("\n".join(found))
    return _with_defaults(settings)


def _with_public_halves(settings: Settings) -> Settings:
    """A process that holds a private key need not be told its public half."""
    halves = {
        public: keyring.public_half(path)
        for public, file in (
            ("desk_public_key", "desk_key_file"),
            ("payer_public_key", "payer_key_file"),
        )
        if not getattr(settings, public) and Path(path := getattr(settings, file)).is_file()
    }
    return replace(settings, **halves)


def problems(settings: Settings) -> list[str]:
    """What is missing or unsafe, each line naming the setting."""
    found = _weak_keys(settings)
    if not settings.public_url.startswith("https://"):
        found.append("TIPLINE_PUBLIC_URL: must begin with https://")
    if settings.demo:
        found.append("TIPLINE_DEMO: the demo bureau does not run in production")
    if os.environ.get("FLASK_DEBUG", "0") not in ("", "0"):
        found.append("FLASK_DEBUG: must not be set")
    return found + _mistakes(settings)


def _mistakes(settings: Settings) -> list[str]:
    return _bad_forms(settings) + _half_configured(settings)


def _weak_keys(settings: Settings) -> list[str]:
    found = [
        f"{PREFIX}{name.upper()}: {'is not a key' if getattr(settings, name) else 'is not set'}"
        for name in ("vault_public_key", "desk_public_key")
        if not keyring.is_key(getattr(settings, name))
    ]
    if settings.payer_public_key and not keyring.is_key(settings.payer_public_key):
        found.append("TIPLINE_PAYER_PUBLIC_KEY: is not a key")
    found += [
        f"{PREFIX}{name.upper()}: must have at least {SHORTEST_SECRET} characters"
        for name in ("secret_key", "pepper")
        if len(getattr(settings, name)) < SHORTEST_SECRET
    ]
    if "desk" in settings.parts and not settings.desk_key_file:
        found.append("TIPLINE_DESK_KEY_FILE: is not set, and the desk cannot read without it")
    return found


def _bad_forms(settings: Settings) -> list[str]:
    found = (
        [] if settings.env in ENVIRONMENTS else [f"TIPLINE_ENV: one of {', '.join(ENVIRONMENTS)}"]
    )
    found += [
        f"TIPLINE_SERVE: {part} is not one of {', '.join(PARTS)}"
        for part in settings.parts
        if part not in PARTS
    ]
    if settings.telegram_mode not in ("webhook", "polling"):
        found.append("TIPLINE_TELEGRAM_MODE: must be webhook or polling")
    if not settings.senders.isdigit() or not 1 <= int(settings.senders) <= MOST_SENDERS:
        found.append(f"TIPLINE_SENDERS: takes a number from 1 to {MOST_SENDERS}")
    if not settings.workers.isdigit() or int(settings.workers) < 1:
        found.append("TIPLINE_WORKERS: must be a whole number from 1")
    if settings.metrics_port and not settings.metrics_port.isdigit():
        found.append("TIPLINE_METRICS_PORT: must be the number of a port")
    if not is_zone(settings.timezone):
        found.append("TIPLINE_TIMEZONE: must be a zone such as Asia/Shanghai")
    for name in ("vault_private_key_file", "desk_key_file", "payer_key_file"):
        path = getattr(settings, name)
        if path and not Path(path).is_file():
            found.append(f"{PREFIX}{name.upper()}: no such file")
    return found


def is_zone(name: str) -> bool:
    """Whether there is a time zone of this name."""
    try:
        return bool(ZoneInfo(name))
    except (LookupError, ValueError, OSError):
        return False


def _half_configured(settings: Settings) -> list[str]:
    """A provider named without its secret would let anybody speak in its name."""
    found = []
    for names in PROVIDERS.values():
        missing = [name for name in names if not getattr(settings, name)]
        if missing and len(missing) < len(names):
            found += [f"{PREFIX}{name.upper()}: is empty" for name in missing]
    if settings.imap_url and not settings.imap_url.startswith(("imap://", "imaps://")):
        found.append("TIPLINE_IMAP_URL: must begin with imaps:// or imap://")
    if settings.imap_url and not settings.smtp_url:
        found.append("TIPLINE_SMTP_URL: is empty, and mail that comes in could not be answered")
    return found


def _with_defaults(settings: Settings) -> Settings:
    values = {field.name: getattr(settings, field.name) for field in fields(settings)}
    values["public_url"] = settings.public_url.rstrip("/")
    if not settings.production:
        made = keyring.make_missing(settings.folder / "keys")
        values |= {name: value for name, value in made.items() if not values[name]}
    if settings.demo:
        values |= _simulated_providers(Settings(**values))
    if not settings.database_url:
        values["database_url"] = f"sqlite:///{settings.folder / 'tipline.sqlite3'}"
    return Settings(**values)


def _simulated_providers(settings: Settings) -> dict[str, str]:
    """In the demo, providers without an account are played by the simulator."""
    here = f"{settings.public_url}/simulator"
    secret = sha256(f"simulator {settings.secret_key}".encode()).hexdigest()[:32]
    sms = {
        "twilio_account_sid": f"AC{secret}",
        "twilio_auth_token": secret,
        "twilio_from": "+8610690000000",
        "twilio_base_url": f"{here}/twilio",
    }
    chat = {
        "telegram_token": f"1:{secret}",
        "telegram_secret": secret,
        "telegram_base_url": f"{here}/telegram",
    }
    second = {"sms_gateways": settings.sms_gateways or str(SIMULATED_GATEWAY)}
    return (
        second
        | (sms if not settings.twilio_auth_token else {})
        | (chat if not settings.telegram_token else {})
    )


def _from_file() -> dict[str, str]:
    return {name: value for name, value in dotenv_values(".env").items() if value is not None}
