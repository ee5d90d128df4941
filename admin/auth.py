"""Who may see what: every route carries one decision, and a test finds those that carry none."""

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec

from flask import abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select

from admin.parts import now, transaction
from tickets.tokens import ApiToken, Bearer, verify_token
from tickets.vocabulary import Role

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]

COORDINATORS: Final = frozenset({Role.KOORDINAATTORI, Role.NEUVOJA})
ROTA_KEEPERS: Final = frozenset({Role.KOORDINAATTORI, Role.ALUEKOORDINAATTORI, Role.PAAKAYTTAJA})
HELPERS: Final = frozenset({Role.OPASTAJA, Role.DIGITUKIJA})
KEY_ID: Final = "key_id"
DECISION: Final = "auth_decision"


def open_to_all(view: View[P]) -> View[P]:
    """Anyone may see this; it shows nothing of anybody."""
    setattr(view, DECISION, "open")
    return view


def signed_in(*roles: Role) -> Callable[[View[P]], View[P]]:
    """A page for people who signed in with a token of one of these roles; others are shown the way in."""

    def decide(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            holder = _holder_of_the_session()
            if holder is None or holder.role not in roles:
                return redirect(url_for("sign_in.show", to=request.path))
            g.bearer = holder
            return view(*args, **kwargs)

        setattr(guarded, DECISION, "signed in")
        return guarded

    return decide


def bearer(*roles: Role) -> Callable[[View[P]], View[P]]:
    """An answer for programs that send a token of one of these roles."""

    def decide(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            holder = _holder_of_the_header()
            if holder is None:
                abort(401)
            if holder.role not in roles:
                abort(403)
            g.bearer = holder
            return view(*args, **kwargs)

        setattr(guarded, DECISION, "bearer")
        return guarded

    return decide


def holder() -> Bearer:
    """Who asks; only behind `signed_in` or `bearer`."""
    assert isinstance(g.bearer, Bearer)
    return g.bearer


def remember(token: str) -> Bearer | None:
    """Sign in with a token: the cookie keeps only its number, so that a revoked one opens nothing."""
    with transaction() as rows:
        found = verify_token(rows, token.strip(), now=now())
    session.clear()
    if found is not None:
        session[KEY_ID] = found.token_id
        session.permanent = True
    return found


def _holder_of_the_session() -> Bearer | None:
    if KEY_ID not in session:
        return None
    valid = (
        ApiToken.id == session[KEY_ID],
        ApiToken.revoked_at.is_(None),
        or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now()),
    )
    with transaction() as rows:
        token = rows.scalars(select(ApiToken).where(*valid)).one_or_none()
        return None if token is None else Bearer(token.id, token.network_id, token.role, token.helper_id)


def _holder_of_the_header() -> Bearer | None:
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        return None
    with transaction() as rows:
        return verify_token(rows, given.token, now=now())
