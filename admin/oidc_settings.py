"""The sign-in of the organisation for which people work, as the environment says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from admin.errors import SettingsError

LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class OidcClient:
    """An OpenID Connect provider, by the very name that stands in what it signs, and what we are called there."""

    issuer: str
    client_id: str
    client_secret: str


def oidc_client(env: Mapping[str, str]) -> OidcClient | None:
    """The provider that DIGILINJA_OIDC_ISSUER names; None where none is set. Raises SettingsError."""
    issuer = env.get("DIGILINJA_OIDC_ISSUER")
    if issuer is None:
        return None
    parts = urlsplit(issuer)
    here = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (parts.scheme == "https" or here) or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise SettingsError(
            "DIGILINJA_OIDC_ISSUER is not an issuer: write it as its discovery document has it, "
            "such as https://login.microsoftonline.com/<tenant>/v2.0"
        )
    return OidcClient(issuer, _needed(env, "DIGILINJA_OIDC_CLIENT_ID"), _needed(env, "DIGILINJA_OIDC_CLIENT_SECRET"))


def _needed(env: Mapping[str, str], name: str) -> str:
    value = env.get(name)
    if value is None:
        raise SettingsError(f"{name} is not set: DIGILINJA_OIDC_ISSUER gave you one when you registered the line there")
    return value
