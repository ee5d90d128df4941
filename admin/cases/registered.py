"""The rights of the registered: what there is of somebody, a copy of it, and its erasure; for the data protection officer."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flask import redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.api.rights_shapes import e164_of
from admin.auth import grid, holder, signed_in
from admin.cases.blueprint import MOST_AT_ONCE, cases
from admin.cases.story import who_did
from admin.cases.typed import plain
from admin.copy_file import written
from admin.pages import said
from admin.parts import now, transaction
from admin.people.choosing import choice_of
from admin.people.reading import row_of
from admin.wording import page_language, word
from scheduler.erasing import EraseRefusal, Refusal, erase
from scheduler.people.names import everybody, names_of
from tickets.copies import copy_of
from tickets.email_addresses import plain_address
from tickets.erasures import erasures_of
from tickets.holds import held
from tickets.registered import Found, Whose, codes_of, find
from tickets.rights import Right
from tickets.tokens import actor_of
from tickets.view_log import Seen, note_view

WAYS: Final = ("phone", "email", "ticket", "person")
ERASES: Final = "erase"


class WhoseMistake(StrEnum):
    """What is wrong with the form that says whose data is meant; the page has the words."""

    ONE = "whose_one"
    PHONE = "whose_phone"
    EMAIL = "whose_email"
    PERSON = "whose_person"
    CONFIRM = "whose_confirm"


@dataclass(frozen=True, slots=True)
class There:
    """What there is of somebody: nothing is shown of it but the codes of tickets."""

    tickets: tuple[str, ...]
    held: tuple[str, ...]
    calls: int
    person: bool
    anything: bool


@cases.get("/registered")
@signed_in(Right.EXPORT_PERSON, Right.ERASE_PERSON)
def registered() -> ResponseReturnValue:
    """Show the form that asks whose data is meant."""
    return _page({})


@cases.post("/registered")
@signed_in(Right.EXPORT_PERSON, Right.ERASE_PERSON)
def search_registered() -> ResponseReturnValue:
    """Show what there is of somebody; that one looked is written down."""
    if "look" in request.form:
        return _page({})
    whose, mistakes = _whose()
    if whose is None:
        return _page(mistakes)
    with transaction() as session:
        there = _there(session, find(session, whose))
        note_view(session, holder(), Seen.SEARCH, None, now=now())
    return _page({}, there)


@cases.post("/registered/copy")
@signed_in(Right.EXPORT_PERSON)
def copy_registered() -> ResponseReturnValue:
    """Make the copy of all that is kept of somebody; that it was made is written down, ticket by ticket."""
    whose, mistakes = _whose()
    if whose is None:
        return _page(mistakes)
    with transaction() as session:
        found = find(session, whose)
        for ticket_id in found.tickets or ((None,) if found else ()):
            note_view(session, holder(), Seen.EXPORT, ticket_id, now=now())
        file = written(copy_of(session, found), page_language(), now=now()) if found else None
    if file is None:
        return _page({}, refusal=Refusal(EraseRefusal.NOBODY))
    name = f"digilinja-{now():%Y-%m-%d}.zip"
    answer = send_file(io.BytesIO(file), mimetype="application/zip", as_attachment=True, download_name=name, etag=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@cases.post("/registered/erasure")
@signed_in(Right.ERASE_PERSON)
def erase_registered() -> ResponseReturnValue:
    """Erase everything of somebody, once it is said in words that this is meant; what must be kept is refused by name."""
    whose, mistakes = _whose()
    if whose is None:
        return _page(mistakes)
    if plain(request.form, "confirm").casefold() != word("confirm", ERASES).casefold():
        with transaction() as session:
            note_view(session, holder(), Seen.SEARCH, None, now=now())
            there = _there(session, find(session, whose))
        return _page({"confirm": WhoseMistake.CONFIRM}, there)
    with transaction() as session:
        note_view(session, holder(), Seen.SEARCH, None, now=now())
        erased = erase(session, whose, now=now(), grid=grid(), actor=actor_of(holder()))
    if isinstance(erased, Refusal):
        return _page({}, refusal=erased)
    said("registered_erased")
    return redirect(url_for(".erasures"), 303)


@cases.get("/erasures")
@signed_in(Right.ERASE_PERSON)
def erasures() -> ResponseReturnValue:
    """Show how much was erased, when and by whom; never whose it was."""
    before = request.args.get("before", type=int)
    with transaction() as session:
        rows = erasures_of(session, holder().network_id, limit=MOST_AT_ONCE + 1, before=before)
        told = [(row.id, row.at, row.actor, dict(row.counts)) for row in rows[:MOST_AT_ONCE]]
        names = names_of(session, holder().network_id, (actor for _, _, actor, _ in told))
    older = url_for(".erasures", before=told[-1][0]) if len(rows) > MOST_AT_ONCE else None
    newer = None if before is None else url_for(".erasures")
    who = {actor: who_did(actor, names) for _, _, actor, _ in told}
    return render_template("cases/erasures.html", told=told, who=who, older=older, newer=newer)


def _page(
    mistakes: Mapping[str, WhoseMistake], there: There | None = None, refusal: Refusal | None = None
) -> ResponseReturnValue:
    with transaction() as session:
        everyone = everybody(session, holder().network_id)
    people = choice_of(everyone, plain(request.form, "person_sought"), plain(request.form, "person"))
    page = render_template(
        "cases/registered.html",
        typed={name: plain(request.form, name) for name in (*WAYS, "confirm")},
        mistakes=mistakes,
        people=people,
        there=there,
        refusal=refusal,
        erasing=word("confirm", ERASES),
        may_copy=holder().may(Right.EXPORT_PERSON) is not None,
        may_erase=holder().may(Right.ERASE_PERSON) is not None,
    )
    return page, 422 if mistakes else 200 if refusal is None else 409


def _there(session: Session, found: Found) -> There:
    must_stay = held(session, found.tickets, now=now())
    codes = codes_of(session, found.tickets)
    return There(codes, codes_of(session, must_stay), len(found.calls), bool(found.persons), bool(found))


def _whose() -> tuple[Whose | None, Mapping[str, WhoseMistake]]:
    """Whose data is meant, where exactly one thing of theirs is told."""
    told = {name: value for name in WAYS if (value := plain(request.form, name))}
    if len(told) != 1:
        return None, {"phone": WhoseMistake.ONE}
    (way, value), network_id = next(iter(told.items())), holder().network_id
    match way:
        case "phone":
            number = e164_of(value)
            return (None, {way: WhoseMistake.PHONE}) if number is None else (Whose(network_id, phone=number), {})
        case "email":
            address = plain_address(value)
            return (None, {way: WhoseMistake.EMAIL}) if address is None else (Whose(network_id, email=address), {})
        case "ticket":
            return Whose(network_id, code=value.upper()), {}
        case _:
            person = row_of(value)
            return (None, {way: WhoseMistake.PERSON}) if person is None else (Whose(network_id, person_id=person), {})
