"""Where somebody goes once they are in: back to the page they wanted, else to the first that is theirs."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from flask import current_app, g, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from admin.auth import DECISION, NEEDED, let_in
from admin.navigation import ways
from tickets.rights import Right
from tickets.sign_ins import How
from tickets.tokens import Bearer


def bring_in(rows: Session, who: Bearer, how: How, to: str | None, *, remembered: bool = False) -> ResponseReturnValue:
    """Sign them in, and on to where they go."""
    let_in(rows, who, how, remembered=remembered)
    return redirect(own_page(to, who) or home_of(who), 303)


# What somebody's work begins with, whatever else they may see; of several, the first.
FIRST: Final = (
    ("desk.now", Right.LIST_TICKETS),
    ("people.everybody", Right.SEE_PEOPLE),
    ("relay.cases", Right.READ_RELAY),
)


def home_of(who: Bearer) -> str:
    """The page with which their work begins; whoever has none sees who they are here."""
    if who.helper_id is not None and who.may(Right.TAKE_PLACES):
        return url_for("helper.today")
    first = next((endpoint for endpoint, right in FIRST if who.may(right)), None)
    if first is not None:
        return url_for(first)
    g.bearer = who
    sections = ways().sections
    return sections[0].address if sections else url_for("me.show")


def own_page(path: str | None, who: Bearer | None = None) -> str:
    """A page of ours to go on to; whatever leads elsewhere, or is not open to them, is left out."""
    view = None if path is None else _view_at(path)
    if path is None or getattr(view, DECISION, None) != "signed in":
        return ""
    return path if who is None or any(map(who.may, getattr(view, NEEDED))) else ""


def _view_at(path: str) -> Callable[..., object] | None:
    """What answers at a path of ours; nothing where it would lead a browser to somebody else."""
    if not path.startswith("/") or path.startswith("//") or not path.isprintable() or "\\" in path:
        return None
    try:
        endpoint, _ = current_app.url_map.bind("").match(urlsplit(path).path, method="GET")
    except (HTTPException, RequestRedirect, ValueError):
        return None
    return current_app.view_functions[endpoint]
