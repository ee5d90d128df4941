"""What the templates of these pages ask for: words of a vocabulary, what their reader may do, addresses of further pages."""

from collections.abc import Iterable, Sequence
from datetime import date, time
from urllib.parse import urlencode

from flask import Blueprint, current_app, request, url_for

from admin.auth import holder
from admin.people.sought import expires_soon
from admin.people.views import today
from admin.wording import word
from scheduler.people.cards import PersonCard
from tickets.directory import ROLE_OF_KIND
from tickets.rights import Right
from tickets.vocabulary import HelperKind, Role

END_SIGN_INS = "sign_ins.end_all_of"


def furnish(pages: Blueprint) -> None:
    """Give the templates of these pages their words."""
    pages.context_processor(
        lambda: {
            "told": told,
            "reader_may": reader_may,
            "page_url": page_url,
            "helper_role": helper_role,
            "noted_day": date.fromisoformat,
            "wall": wall,
            "expires_soon": _expires_soon,
            "end_sign_ins_url": end_sign_ins_url,
        }
    )


def told(kind: str, codes: Iterable[str]) -> Sequence[tuple[str, str]]:
    """Codes with their words, to choose from."""
    return [(code, word(kind, code)) for code in codes]


def reader_may(right: str) -> bool:
    """Whether whoever reads this has a right at all."""
    return holder().may(Right(right)) is not None


def page_url(page: int) -> str:
    """This list with the same filters, at another page."""
    asked = {name: value for name, value in request.args.items() if name not in ("page", "lang")}
    return f"{request.path}?{urlencode({**asked, 'page': page})}"


def helper_role(kind: HelperKind) -> Role:
    """The role that goes with a kind of helper."""
    return ROLE_OF_KIND[kind]


def end_sign_ins_url(person: int) -> str | None:
    """Where all sign-ins of somebody are ended."""
    return url_for(END_SIGN_INS, person=person) if END_SIGN_INS in current_app.view_functions else None


def wall(at: time) -> str:
    """An hour and minute of any day."""
    return f"{at.hour}.{at:%M}"


def _expires_soon(card: PersonCard) -> bool:
    return expires_soon(card, today())
