"""Settings: what a deployment gives, what is filled in, and one clear line for what is wrong."""

import base64
import stat
from pathlib import Path

import pytest

from admin.clock import RunningClock, SystemClock
from admin.errors import SettingsError
from admin.settings import TWILIO, Settings

ACCOUNT = "AC" + "0" * 32
KEYS = [base64.urlsafe_b64encode(bytes([number]) * 32).decode() for number in (1, 2)]
PRODUCTION = {
    "DIGILINJA_DATABASE_URL": "postgresql://linja:word@db.example/linja",
    "DIGILINJA_PUBLIC_URL": "https://linja.example.fi/",
    "DIGILINJA_SECRET_KEY": "s" * 32,
    "DIGILINJA_DATA_KEYS": ",".join(KEYS),
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": "new, old",
}


def test_a_production_environment_is_read_whole() -> None:
    settings = Settings.read(PRODUCTION)
    assert settings.database_url == "postgresql+psycopg://linja:word@db.example/linja"
    assert settings.public_url == "https://linja.example.fi"
    assert settings.twilio_api_url == TWILIO
    assert settings.auth_tokens == ("new", "old")
    assert settings.data_keys == tuple(KEYS)
    assert isinstance(settings.clock_now(), SystemClock)
    settings.require_line()


def test_a_newcomer_sets_nothing_and_secrets_are_made_once(tmp_path: Path) -> None:
    data_dir = tmp_path / "var"
    first = Settings.read({"DIGILINJA_DATA_DIR": str(data_dir)})
    second = Settings.read({"DIGILINJA_DATA_DIR": str(data_dir)})
    assert first == second
    assert first.database_url is None
    assert stat.S_IMODE((data_dir / "secrets.json").stat().st_mode) == 0o600
    assert [path.name for path in data_dir.iterdir()] == ["secrets.json"]


def test_the_numbers_stay_findable_when_the_secret_key_changes_and_the_index_key_does_not() -> None:
    settings = Settings.read({**PRODUCTION, "DIGILINJA_INDEX_KEY": "the old secret"})
    assert settings.index_key == "the old secret"


def test_a_clock_is_shared_with_the_exchange_of_a_demo() -> None:
    settings = Settings.read(
        {
            **PRODUCTION,
            "DIGILINJA_TWILIO_API_URL": "http://127.0.0.1:8001",
            "DIGILINJA_CLOCK": "2026-11-24T09:57:00+02:00@30",
        }
    )
    assert isinstance(settings.clock_now(), RunningClock)
    assert not settings.real_line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DIGILINJA_DATABASE_URL", "sqlite:///linja.db"),
        ("DIGILINJA_PUBLIC_URL", "linja.example.fi"),
        ("DIGILINJA_PUBLIC_URL", "https://linja.example.fi/?a=b"),
        ("DIGILINJA_PUBLIC_URL", "https://linja.example.fi/älä"),
        ("DIGILINJA_TWILIO_API_URL", "api"),
        ("DIGILINJA_SECRET_KEY", ""),
        ("DIGILINJA_SECRET_KEY", "short"),
        ("DIGILINJA_DATA_KEYS", ""),
        ("DIGILINJA_DATA_KEYS", f"{KEYS[0]},not-a-key"),
        ("TWILIO_ACCOUNT_SID", "AC123"),
        ("DIGILINJA_ALLOW_LOOPBACK", "perhaps"),
        ("DIGILINJA_ALLOW_LOOPBACK", "yes"),
        ("DIGILINJA_DEMO", "perhaps"),
        ("DIGILINJA_DEMO", "yes"),
        ("DIGILINJA_CLOCK", "tomorrow"),
        ("DIGILINJA_CLOCK", "2026-11-24T09:57:00+02:00@30"),
    ],
)
def test_a_wrong_or_missing_setting_is_named_in_one_line(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.read({**PRODUCTION, name: value})
    line = str(refusal.value)
    assert line.startswith(name)
    assert "\n" not in line
    assert not value or len(value) < 10 or value not in line or name == "DIGILINJA_CLOCK"


@pytest.mark.parametrize("name", ["DIGILINJA_PUBLIC_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"])
def test_a_line_without_its_account_or_address_says_which_setting_is_missing(name: str) -> None:
    settings = Settings.read({**PRODUCTION, name: ""})
    with pytest.raises(SettingsError, match=name):
        settings.require_line()


MAIL = {
    "DIGILINJA_SMTP_URL": "smtp://linja:w%40rd@mail.example",
    "DIGILINJA_MAIL_FROM": "Digituki <digituki@example.fi>",
}


def test_a_mail_server_is_read_whole_and_none_is_needed() -> None:
    assert Settings.read(PRODUCTION).smtp is None
    server = Settings.read({**PRODUCTION, **MAIL}).smtp
    assert server is not None
    assert (server.host, server.port, server.user, server.password, server.tls) == (
        "mail.example", 587, "linja", "w@rd", False,
    )  # fmt: skip
    secured = Settings.read({**PRODUCTION, **MAIL, "DIGILINJA_SMTP_URL": "smtps://mail.example"}).smtp
    assert secured is not None
    assert (secured.port, secured.user, secured.tls) == (465, None, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DIGILINJA_SMTP_URL", "mail.example:587"),
        ("DIGILINJA_SMTP_URL", "https://mail.example"),
        ("DIGILINJA_SMTP_URL", "smtp://linja@mail.example"),
        ("DIGILINJA_SMTP_URL", "smtp://mail.example:port"),
        ("DIGILINJA_SMTP_URL", "smtp://mail.example/?tls=no"),
        ("DIGILINJA_MAIL_FROM", ""),
        ("DIGILINJA_MAIL_FROM", "Digituki"),
    ],
)
def test_a_wrong_mail_setting_is_named_in_one_line_without_its_password(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.read({**PRODUCTION, **MAIL, name: value})
    line = str(refusal.value)
    assert line.startswith(name)
    assert "w%40rd" not in line
    assert "\n" not in line


def test_damaged_secrets_are_not_silently_replaced(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{}")
    with pytest.raises(SettingsError, match=r"secrets\.json is damaged"):
        Settings.read({"DIGILINJA_DATA_DIR": str(tmp_path)})


def test_how_many_proxies_stand_before_the_web_is_a_small_number() -> None:
    assert Settings.read({**PRODUCTION, "DIGILINJA_TRUSTED_PROXIES": "1"}).proxies == 1
    with pytest.raises(SettingsError, match="DIGILINJA_TRUSTED_PROXIES is how many"):
        Settings.read({**PRODUCTION, "DIGILINJA_TRUSTED_PROXIES": "all"})


OIDC = {
    "DIGILINJA_OIDC_ISSUER": "https://login.example.fi/tenant/v2.0",
    "DIGILINJA_OIDC_CLIENT_ID": "linja",
    "DIGILINJA_OIDC_CLIENT_SECRET": "a secret",
}


def test_an_organisations_sign_in_is_read_whole_and_none_is_needed() -> None:
    assert Settings.read(PRODUCTION).oidc is None
    client = Settings.read({**PRODUCTION, **OIDC}).oidc
    assert client is not None
    assert (client.issuer, client.client_id, client.client_secret) == tuple(OIDC.values())


@pytest.mark.parametrize("name", ["DIGILINJA_OIDC_CLIENT_ID", "DIGILINJA_OIDC_CLIENT_SECRET"])
def test_an_organisations_sign_in_that_lacks_a_part_says_which(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.read({**PRODUCTION, **OIDC, name: ""})


@pytest.mark.parametrize(
    "issuer",
    ["login.example.fi", "http://login.example.fi", "https://u:p@login.example.fi", "https://x/?a=b", "https:///x"],
)
def test_an_issuer_that_could_be_anybody_is_refused(issuer: str) -> None:
    with pytest.raises(SettingsError, match="DIGILINJA_OIDC_ISSUER"):
        Settings.read({**PRODUCTION, **OIDC, "DIGILINJA_OIDC_ISSUER": issuer})
