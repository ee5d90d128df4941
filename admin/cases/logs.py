"""What was done, page by page: who looked at what of callers, and what was changed about people and organisations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, Protocol
from urllib.parse import urlencode

from babel.dates import format_date
from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.auth import holder, reaches_network, signed_in
from admin.cases.blueprint import MOST_AT_ONCE, cases
from admin.cases.filters import ListMistake
from admin.cases.story import who_did
from admin.cases.typed import day_typed, plain
from admin.parts import transaction
from admin.people.choosing import choice_of
from admin.people.reading import row_of
from admin.wording import page_language
from scheduler.people.names import everybody, names_of
from scheduler.slots import DAY, HELSINKI
from tickets.network import Organisation
from tickets.people_log import changes_of
from tickets.rights import Right, Scope
from tickets.view_log import Look, views_of
from tickets.vocabulary import PageLanguage

LARGEST: Final = 2**63 - 1


class Numbered(Protocol):
    """A line of a log, by whose number the next page begins."""

    @property
    def id(self) -> int:
        """Its number."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the view log is asked for, as it was typed."""

    person: str = ""
    ticket: str = ""
    since: str = ""
    until: str = ""

    @property
    def address(self) -> dict[str, str]:
        """The same for an address."""
        told = {"person": self.person, "ticket": self.ticket, "since": self.since, "until": self.until}
        return {name: value for name, value in told.items() if value}


@cases.get("/view-log")
@signed_in(Right.READ_VIEW_LOG)
def view_log() -> ResponseReturnValue:
    """Show who has looked at what, the newest first."""
    asked = Asked(*(plain(request.args, name) for name in ("person", "ticket", "since", "until")))
    mistakes = _mistakes(asked)
    with transaction() as session:
        everyone = everybody(session, holder().network_id)
        people = choice_of(everyone, request.args.get("person_sought", ""), asked.person)
        looks = () if mistakes else _looks(session, asked)
        names = names_of(session, holder().network_id, map(_actor, looks))
    page = render_template(
        "cases/view_log.html",
        asked=asked,
        mistakes=mistakes,
        people=people,
        looks=looks[:MOST_AT_ONCE],
        who={look.id: who_did(_actor(look), names) for look in looks},
        newer=_address("cases.view_log", asked.address) if "before" in request.args else None,
        older=_older("cases.view_log", asked.address, looks),
    )
    return page, 422 if mistakes else 200


@cases.get("/changes")
@signed_in(Right.KEEP_PEOPLE)
def changes() -> ResponseReturnValue:
    """Show what was changed about people, organisations and what they may do, the newest first."""
    who = holder()
    if who.may(Right.KEEP_PEOPLE) is Scope.OWN:
        abort(403)
    own = None if reaches_network(Right.KEEP_PEOPLE) else who.organisation_id
    with transaction() as session:
        most = MOST_AT_ONCE + 1
        found = changes_of(session, who.network_id, organisation_id=own, before=_before(), limit=most)
        actors = {one.actor for one in found} | {f"person:{one.person_id}" for one in found if one.person_id}
        names = names_of(session, who.network_id, actors)
        organisations = _organisations(session, who.network_id)
    return render_template(
        "cases/changes.html",
        changes=found[:MOST_AT_ONCE],
        who={actor: who_did(actor, names) for actor in actors},
        organisations=organisations,
        newer=url_for("cases.changes") if "before" in request.args else None,
        older=_older("cases.changes", {}, found),
    )


@cases.app_template_filter()
def logged_day(told: str) -> str:
    """A day that the log keeps as 2026-11-22, as its reader writes it: 22.11.2026."""
    pattern = "d MMM y" if page_language() is PageLanguage.EN else "d.M.y"
    return format_date(date.fromisoformat(told), pattern, locale=str(page_language()))


def _looks(session: Session, asked: Asked) -> tuple[Look, ...]:
    since, until = day_typed(asked.since), day_typed(asked.until)
    return views_of(
        session,
        holder().network_id,
        ticket=asked.ticket.upper() or None,
        person_id=row_of(asked.person),
        since=None if since is None else _midnight(since),
        until=None if until is None else _midnight(until + DAY),
        before=_before(),
        limit=MOST_AT_ONCE + 1,
    )


def _mistakes(asked: Asked) -> Mapping[str, ListMistake]:
    since, until = day_typed(asked.since), day_typed(asked.until)
    wrong = {
        "person": ListMistake.NOT_IN_LIST if asked.person and row_of(asked.person) is None else None,
        "since": ListMistake.DAY if asked.since and since is None else None,
        "until": ListMistake.DAY if asked.until and until is None else None,
    }
    if since is not None and until is not None and since > until:
        wrong["until"] = ListMistake.DAYS
    return {name: mistake for name, mistake in wrong.items() if mistake is not None}


def _before() -> int | None:
    before = request.args.get("before", type=int)
    return None if before is None else min(before, LARGEST)


def _older(endpoint: str, address: Mapping[str, str], rows: Sequence[Numbered]) -> str | None:
    """Where the next page is, if there is one."""
    if len(rows) <= MOST_AT_ONCE:
        return None
    return _address(endpoint, {**address, "before": str(rows[MOST_AT_ONCE - 1].id)})


def _address(endpoint: str, asked: Mapping[str, str]) -> str:
    return url_for(endpoint) + (f"?{urlencode(asked)}" if asked else "")


def _actor(look: Look) -> str:
    if look.person_id is not None:
        return f"person:{look.person_id}"
    return f"key:{look.token_id}" if look.helper_id is None else f"helper:{look.helper_id}"


def _organisations(session: Session, network_id: int) -> Mapping[int, str]:
    of = select(Organisation.id, Organisation.name).where(Organisation.network_id == network_id)
    return dict(session.execute(of).all())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), HELSINKI)
