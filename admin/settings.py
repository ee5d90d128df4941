"""The environment, read once into a frozen value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

from admin.clock import RunningClock, SystemClock
from admin.errors import SettingsError
from admin.mail_settings import SmtpServer, smtp_server
from admin.oidc_settings import OidcClient, oidc_client
from admin.secrets_file import Secrets, secrets_in
from admin.shared_clock import PREFIX, SharedClock
from admin.transcriber import Writer, writer
from tickets.email_addresses import plain_address

TWILIO = "https://api.twilio.com"
ACCOUNT_SID = re.compile(r"AC[0-9a-f]{32}")
SHORTEST_SECRET = 32


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a deployment chooses; docs/operating.md explains each."""

    database_url: str | None
    data_dir: Path
    public_url: str | None
    twilio_api_url: str
    account_sid: str | None
    auth_tokens: tuple[str, ...]
    secret_key: str
    data_keys: tuple[str, ...]
    index_key: str
    clock: RunningClock | SharedClock | None
    proxies: int = 0
    loopback: bool = False
    smtp: SmtpServer | None = None
    export_url: str | None = None
    writer: Writer | None = None
    contact: str | None = None
    demo: bool = False
    oidc: OidcClient | None = None

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Read and check every setting; SettingsError names the first that is missing or wrong."""
        env = {name: value.strip() for name, value in environment.items() if value.strip()}
        data_dir = Path(env.get("DIGILINJA_DATA_DIR", "var")).absolute()
        secrets = _secrets(env, data_dir)
        settings = cls(
            database_url=_database_url(env),
            data_dir=data_dir,
            public_url=_public_url(env),
            twilio_api_url=_web_address(env, "DIGILINJA_TWILIO_API_URL") or TWILIO,
            account_sid=_account_sid(env),
            auth_tokens=_several(env.get("TWILIO_AUTH_TOKEN", "")),
            secret_key=secrets.secret_key,
            data_keys=secrets.data_keys,
            index_key=secrets.index_key,
            clock=_clock(env),
            proxies=_proxies(env),
            loopback=_yes_or_no(env, "DIGILINJA_ALLOW_LOOPBACK", "whether webhooks may lead to this machine"),
            smtp=smtp_server(env),
            export_url=_export_url(env),
            writer=writer(env),
            contact=_contact(env),
            oidc=oidc_client(env),
            demo=_yes_or_no(env, "DIGILINJA_DEMO", "whether its people may be clicked on to sign in"),
        )
        _refuse_pretence_on_a_real_line(settings)
        return settings

    @property
    def real_line(self) -> bool:
        """Whether calls go to Twilio itself, and so to real people."""
        host = urlsplit(self.twilio_api_url).hostname or ""
        return self.account_sid is not None and (host == "twilio.com" or host.endswith(".twilio.com"))

    def clock_now(self) -> RunningClock | SharedClock | SystemClock:
        """The clock that every process of this run shares."""
        return self.clock or SystemClock()

    def require_line(self) -> None:
        """Make sure that the line can be reached and can trust who rings; SettingsError names what is missing."""
        if self.public_url is None:
            raise SettingsError(
                "DIGILINJA_PUBLIC_URL is not set: give the address that Twilio calls, such as https://linja.example.fi"
            )
        if self.account_sid is None:
            raise SettingsError(
                "TWILIO_ACCOUNT_SID is not set: copy it from the Twilio console (or run `digilinja demo`, which needs none)"
            )
        if not self.auth_tokens:
            raise SettingsError(
                "TWILIO_AUTH_TOKEN is not set: copy it from the Twilio console; without it no webhook can be trusted"
            )


def _database_url(env: Mapping[str, str]) -> str | None:
    url = env.get("DIGILINJA_DATABASE_URL")
    if url is None:
        return None
    scheme, colon, rest = url.partition("://")
    if not colon or scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise SettingsError(
            "DIGILINJA_DATABASE_URL is not a PostgreSQL address: write postgresql://user:password@host/database"
        )
    return f"postgresql+psycopg://{rest}"


def _public_url(env: Mapping[str, str]) -> str | None:
    url = _web_address(env, "DIGILINJA_PUBLIC_URL")
    if url is not None and not url.isascii():
        raise SettingsError("DIGILINJA_PUBLIC_URL must be plain ASCII: Twilio signs it byte by byte")
    return url


def _web_address(env: Mapping[str, str], name: str) -> str | None:
    url = env.get(name)
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(
            f"{name} is not a web address: write it as https://host or http://host:port, without a query"
        )
    return url.rstrip("/")


def _proxies(env: Mapping[str, str]) -> int:
    count = env.get("DIGILINJA_TRUSTED_PROXIES", "0")
    if count not in ("0", "1", "2", "3"):
        raise SettingsError(
            "DIGILINJA_TRUSTED_PROXIES is how many proxies of your own stand before the web: 0, 1, 2 or 3"
        )
    return int(count)


def _account_sid(env: Mapping[str, str]) -> str | None:
    # An exchange of one's own may name its accounts as it likes.
    sid, elsewhere = env.get("TWILIO_ACCOUNT_SID"), "DIGILINJA_TWILIO_API_URL" in env
    if sid is not None and not ACCOUNT_SID.fullmatch(sid) and not (elsewhere and sid.isalnum()):
        raise SettingsError("TWILIO_ACCOUNT_SID is not an account SID: it is AC and 32 hexadecimal digits")
    return sid


def _secrets(env: Mapping[str, str], data_dir: Path) -> Secrets:
    """The secrets given; what is not given is made once beside the embedded database, never beside a real one."""
    secret_key = env.get("DIGILINJA_SECRET_KEY")
    data_keys = _several(env.get("DIGILINJA_DATA_KEYS", ""))
    if secret_key is not None and len(secret_key) < SHORTEST_SECRET:
        raise SettingsError(f"DIGILINJA_SECRET_KEY is too short: give at least {SHORTEST_SECRET} random characters")
    _check_data_keys(data_keys)
    if "DIGILINJA_DATABASE_URL" in env:
        _require_secrets(secret_key, data_keys)
    if secret_key is None or not data_keys:
        kept = secrets_in(data_dir)
        secret_key, data_keys = secret_key or kept.secret_key, data_keys or kept.data_keys
    return Secrets(secret_key, data_keys, env.get("DIGILINJA_INDEX_KEY", secret_key))


def _require_secrets(secret_key: str | None, data_keys: tuple[str, ...]) -> None:
    if secret_key is None:
        raise SettingsError(
            "DIGILINJA_SECRET_KEY is not set: give the same long random text to every process (`openssl rand -hex 32`)"
        )
    if not data_keys:
        raise SettingsError(
            "DIGILINJA_DATA_KEYS is not set: give one Fernet key or more, separated by commas (docs/operating.md shows how to make one)"
        )


def _check_data_keys(keys: tuple[str, ...]) -> None:
    for place, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            raise SettingsError(
                f"DIGILINJA_DATA_KEYS: key {place} is not a Fernet key (32 bytes in URL-safe base64)"
            ) from None


def _clock(env: Mapping[str, str]) -> RunningClock | SharedClock | None:
    text = env.get("DIGILINJA_CLOCK")
    if text is None:
        return None
    try:
        if text.startswith(PREFIX):
            return SharedClock.at(Path(text.removeprefix(PREFIX)))
        return RunningClock.parse(text, real_now=datetime.now(UTC))
    except ValueError as error:
        raise SettingsError(f"DIGILINJA_CLOCK is wrong: {error}; write 2026-11-24T09:57:00+02:00@30") from None


def _refuse_pretence_on_a_real_line(settings: Settings) -> None:
    _refuse_a_false_clock_on_a_real_line(settings)
    _refuse_loopback_on_a_real_line(settings)
    _refuse_a_demo_on_a_real_line(settings)


def _refuse_a_false_clock_on_a_real_line(settings: Settings) -> None:
    if settings.clock is not None and settings.real_line:
        raise SettingsError(
            "DIGILINJA_CLOCK is set together with a real Twilio account: unset it, or people are rung at false times"
        )


def _yes_or_no(env: Mapping[str, str], name: str, what: str) -> bool:
    said = env.get(name, "no")
    if said not in ("yes", "no"):
        raise SettingsError(f"{name} is {what}: yes or no")
    return said == "yes"


def _refuse_loopback_on_a_real_line(settings: Settings) -> None:
    if settings.loopback and settings.real_line:
        raise SettingsError(
            "DIGILINJA_ALLOW_LOOPBACK is set together with a real Twilio account: unset it, it is for tests and demos"
        )


def _refuse_a_demo_on_a_real_line(settings: Settings) -> None:
    if settings.demo and settings.real_line:
        raise SettingsError(
            "DIGILINJA_DEMO is set together with a real Twilio account: unset it, or anybody signs in as anybody"
        )


def _export_url(env: Mapping[str, str]) -> str | None:
    url = env.get("DIGILINJA_EXPORT_URL")
    if url is not None and (not urlsplit(url).scheme or not urlsplit(url).path.strip("/") + urlsplit(url).netloc):
        raise SettingsError(
            "DIGILINJA_EXPORT_URL is no place for files: write file:///srv/tilastot, s3://bucket/prefix or the like"
        )
    return None if url is None else url.rstrip("/")


def _contact(env: Mapping[str, str]) -> str | None:
    address = env.get("DIGILINJA_CONTACT")
    if address is not None and plain_address(address) is None:
        raise SettingsError(
            "DIGILINJA_CONTACT is no e-mail address: residents write there about their data and these pages"
        )
    return plain_address(address or "")


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
