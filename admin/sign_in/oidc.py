"""The sign-in of the organisation for which one works (OpenID Connect): code flow with PKCE, state and nonce.

Believed is what the one issuer has signed for us, and of it the subject; an address of e-mail only where the issuer says that
it has verified it. What a person or a guest's home may write there, such as `preferred_username`, is shown to themselves only.
An account that finds nobody so is joined to its person by a code (`joining`): Entra ID vouches for no address by itself.
"""

from collections.abc import Mapping
from typing import Any, Final

import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError
from requests import RequestException
from sqlalchemy.orm import Session

from admin.auth import open_to_all
from admin.oidc_settings import OidcClient
from admin.parts import now, parts, transaction
from admin.sign_in.joining import join_page, keep_account, kept_account
from admin.sign_in.ways import bring_in, own_page
from scheduler.people.doors import join_account
from tickets.outside_accounts import Account, people_with
from tickets.sign_ins import How
from tickets.tokens import actor_of, bearer_of_person

oidc = Blueprint("oidc", __name__)
log = structlog.get_logger()
NAME: Final = "organisation"
PATIENCE_S: Final = 8
LONGEST_TOLD: Final = 100
TO, STATES = "to", f"_state_{NAME}_"
SIGNED_WITH: Final = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
# Somebody else's mistake, or their network's: told to whoever signs in, and written down.
FAILED: Final = (AuthlibBaseError, JoseError, RequestException, LookupError, RuntimeError, TypeError, ValueError)


def offer_organisation(app: Flask, client: OidcClient | None) -> None:
    """Let people come in by their organisation's sign-in, where this deployment has one."""
    if client is None:
        return
    OAuth(app).register(
        NAME,
        client_id=client.client_id,
        client_secret=client.client_secret,
        server_metadata_url=f"{client.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": PATIENCE_S,
        },
    )


@oidc.get("/sign-in/organisation")
@open_to_all
def go() -> ResponseReturnValue:
    """Send somebody to their organisation's sign-in."""
    client = _client()
    for left_over in [key for key in session if key.startswith(STATES)]:
        del session[left_over]
    session[TO] = own_page(request.args.get("to"))
    try:
        _trust(client)
        answer: ResponseReturnValue = client.authorize_redirect(f"{parts().settings.public_url}{url_for('oidc.back')}")
    except FAILED as error:
        return _sorry("away", error)
    return answer


@oidc.get("/sign-in/organisation/back")
@open_to_all
def back() -> ResponseReturnValue:
    """Take what the organisation's sign-in says of somebody."""
    client = _client()
    try:
        account = _account(client)
    except RequestException as error:
        return _sorry("away", error)
    except FAILED as error:
        return _sorry("refused", error)
    return _whoever_has(*account)


@oidc.post("/sign-in/organisation/choose")
@open_to_all
def choose() -> ResponseReturnValue:
    """Come in as one of several: whoever works in more than one network."""
    person_id = request.form.get("person", 0, type=int)
    with transaction() as rows:
        account = kept_account(rows)
        if account is None:
            return redirect(url_for("sign_in.show"), 303)
        if person_id not in {one.person_id for one in people_with(rows, account)}:
            return _sorry("unknown")
        return _come_in(rows, account, person_id)


def _whoever_has(account: Account, told: str) -> ResponseReturnValue:
    """One person comes in; one of several chooses as whom, and whoever is not known shows who they are, within a while."""
    with transaction() as rows:
        known = people_with(rows, account)
        if len(known) == 1:
            return _come_in(rows, account, known[0].person_id)
        keep_account(rows, account)
    if known:
        return render_template("sign_in/choose.html", known=known, own=False, at=url_for("oidc.choose"))
    log.info("organisation_sign_in_unknown", verified_email=account.verified_email is not None)
    return join_page(session.get(TO, ""), told), 403


def _client() -> Any:
    """Authlib's client of the provider, which carries no types."""
    if parts().settings.oidc is None:
        abort(404)
    return current_app.extensions["authlib.integrations.flask_client"].create_client(NAME)


def _trust(client: Any) -> OidcClient:
    """The provider says of itself who we were told it is, and signs with a key of its own; ValueError if not."""
    settings = parts().settings.oidc
    assert settings is not None
    said: dict[str, Any] = client.load_server_metadata()
    if said.get("issuer") != settings.issuer:
        raise ValueError("the discovery document is another issuer's")
    signs_with = sorted(SIGNED_WITH.intersection(said.get("id_token_signing_alg_values_supported") or ["RS256"]))
    if not signs_with:
        raise ValueError("the issuer signs with nothing that can be checked")
    said["id_token_signing_alg_values_supported"] = signs_with
    return settings


def _account(client: Any) -> tuple[Account, str]:
    """What the provider has signed of somebody, for us and for this very browser; and what they are called there."""
    settings = _trust(client)
    expected = {
        "iss": {"essential": True, "value": settings.issuer},
        "aud": {"essential": True, "value": settings.client_id},
        "sub": {"essential": True},
    }
    claims: Mapping[str, Any] = client.authorize_access_token(claims_options=expected)["userinfo"]
    told = str(claims.get("preferred_username") or claims.get("email") or claims.get("name") or "")
    return Account(settings.issuer, str(claims["sub"]), _verified_email(claims)), told[:LONGEST_TOLD]


def _verified_email(claims: Mapping[str, Any]) -> str | None:
    """Entra ID says `xms_edov` where others say `email_verified`: the owner of the address's domain vouches for it."""
    vouched = (claims.get("email_verified"), claims.get("xms_edov"))
    is_verified = any(said is True or said in ("true", "1", 1) for said in vouched)
    return str(claims["email"]) if is_verified and claims.get("email") else None


def _come_in(rows: Session, account: Account, person_id: int) -> ResponseReturnValue:
    who = bearer_of_person(rows, person_id)
    if who is None or not join_account(rows, account, person_id, now=now(), actor=actor_of(who)):
        return _sorry("unknown")
    return bring_in(rows, who, How.ORGANISATION, session.get(TO))


def _sorry(why: str, error: Exception | None = None) -> ResponseReturnValue:
    log.info("organisation_sign_in_failed", why=why, error=None if error is None else type(error).__name__)
    return render_template("sign_in/organisation.html", why=why), 502 if why == "away" else 403
