"""Who may see what: every route carries one decision, and a test finds those that carry none."""

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec
from urllib.parse import urlsplit, urlunsplit

from flask import Response, abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin import csrf
from admin.parts import now, transaction
from admin.sign_in.devices import device_of
from admin.wording import choose_language, language_asked_for
from scheduler.grids import grid_with
from scheduler.slots import Grid
from tickets.people import Person
from tickets.rights import Right, Scope
from tickets.sign_ins import How, begin_sign_in, end_sign_in_by, who_is_signed_in
from tickets.tokens import Bearer, verify_token

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]

SIGN_IN: Final = "sign_in"
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
            found = whoever_is_signed_in()
            if found is None or not any(map(found.may, rights)):
                return _to_the_way_in()
            csrf.require_word()
            g.bearer = found
            return view(*args, **kwargs)

        setattr(guarded, csrf.LATER, True)
        return _marked(guarded, "signed in", rights)

    return decide


def anybody_signed_in(view: View[P]) -> View[P]:
    """A page for everybody who has signed in, whatever their role; it shows and changes what is their own."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        found = whoever_is_signed_in()
        if found is None:
            return _to_the_way_in()
        csrf.require_word()
        g.bearer = found
        return view(*args, **kwargs)

    setattr(guarded, csrf.LATER, True)
    return _marked(guarded, "signed in", tuple(Right))


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


def reaches_network(right: Right) -> bool:
    """Whether this right of whoever asks reaches what all organisations share."""
    return holder().may(right) is Scope.NETWORK


def grid() -> Grid:
    """The grid of the network of whoever asks, as it is now."""
    return grid_with(holder().hours)


def let_in(rows: Session, who: Bearer, how: How, *, remembered: bool = False) -> None:
    """Whoever showed who they are is signed in, in this browser; whoever was before them is not any more.

    The browser is given all anew, so that nobody who knew what it held before comes in with them.
    """
    end_sign_in_by(rows, session.get(SIGN_IN, ""), now=now())
    device = device_of(request.user_agent.string)
    secret = begin_sign_in(rows, who, how, device=device, remembered=remembered, now=now())
    session.clear()
    session[SIGN_IN] = secret
    session.permanent = True
    person = None if who.person_id is None else rows.get(Person, who.person_id)
    if person is not None and person.page_language is not None:
        choose_language(person.page_language)


def let_out() -> None:
    """Whoever was signed in in this browser is not any more."""
    with transaction() as rows:
        end_sign_in_by(rows, session.get(SIGN_IN, ""), now=now())
    session.clear()


def whoever_is_signed_in() -> Bearer | None:
    """Who is signed in in this browser, with the rights they have now; a language that they choose is kept for them."""
    if SIGN_IN not in session:
        return None
    asked = language_asked_for()
    with transaction() as rows:
        found = who_is_signed_in(rows, session[SIGN_IN], now=now(), uses=not _asks_by_itself())
        if asked is not None and found is not None and found.person_id is not None:
            rows.get_one(Person, found.person_id).page_language = asked
    return found


def _to_the_way_in() -> ResponseReturnValue:
    """The way in, and back to this page; a part of a page that asks for itself takes the whole page there."""
    way_in = url_for("sign_in.show", to=_page_they_see() or None)
    if "HX-Request" in request.headers:
        return Response(status=204, headers={"HX-Redirect": way_in})
    return redirect(way_in)


def _page_they_see() -> str:
    """The page in their browser: the one they ask for, or the one from which they send something."""
    if request.method == "GET" and "HX-Request" not in request.headers:
        return request.full_path.rstrip("?")
    seen = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    return urlunsplit(("", "", seen.path, seen.query, ""))


def _asks_by_itself() -> bool:
    """Whether a page looks for news, with nobody before it perhaps."""
    return request.method == "GET" and "HX-Request" in request.headers


def _holder_of_the_header() -> Bearer | None:
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        return None
    with transaction() as rows:
        return verify_token(rows, given.token, now=now())
