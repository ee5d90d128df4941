"""Who may see what: every route carries one decision, and a test finds those that carry none."""

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec

from flask import abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from admin import csrf
from admin.parts import now, transaction
from tickets.rights import Right
from tickets.tokens import Bearer, bearer_of, verify_token

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]

KEY_ID: Final = "key_id"
DECISION: Final = "auth_decision"
NEEDED: Final = "auth_rights"  # one of these rights opens the route
UNKNOWN: Final = (
    "Authorization: send `Bearer` and a token that still holds; whoever keeps the network's people gives them"
)
NO_RIGHT: Final = (
    "this token's holder lacks the right {rights}; whoever keeps the network's people gives rights to roles"
)


def open_to_all(view: View[P]) -> View[P]:
    """Anyone may see this; it shows nothing of anybody."""
    setattr(view, DECISION, "open")
    return view


def signed_in(*rights: Right) -> Callable[[View[P]], View[P]]:
    """A page for people who signed in and have one of these rights; others are shown the way in."""

    def decide(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            found = _holder_of_the_session()
            if found is None or not any(map(found.may, rights)):
                return redirect(url_for("sign_in.show", to=request.path))
            csrf.require_word()
            g.bearer = found
            return view(*args, **kwargs)

        setattr(guarded, csrf.LATER, True)
        return _marked(guarded, "signed in", rights)

    return decide


def bearer(*rights: Right) -> Callable[[View[P]], View[P]]:
    """An answer for programs that send a token whose holder has one of these rights."""

    def decide(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            found = _holder_of_the_header()
            if found is None:
                abort(401, UNKNOWN)
            if not any(map(found.may, rights)):
                abort(403, NO_RIGHT.format(rights=" or ".join(rights)))
            g.bearer = found
            return view(*args, **kwargs)

        return _marked(guarded, "bearer", rights)

    return decide


def _marked(view: View[P], decision: str, rights: tuple[Right, ...]) -> View[P]:
    setattr(view, DECISION, decision)
    setattr(view, NEEDED, rights)
    return view


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
    with transaction() as rows:
        return bearer_of(rows, session[KEY_ID], now=now())


def _holder_of_the_header() -> Bearer | None:
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        return None
    with transaction() as rows:
        return verify_token(rows, given.token, now=now())
