"""Ending somebody else's sign-ins and keys: a phone was lost, a key has got about, or somebody is not to be let in for now."""

import structlog
from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import holder, signed_in
from admin.pages import said
from admin.parts import now, transaction
from scheduler.people.doors import end_all_sign_ins, end_key
from scheduler.people.persons import person_within
from scheduler.people.reach import PeopleRefusal
from tickets.people import Person
from tickets.rights import Right
from tickets.tokens import actor_of

sign_ins = Blueprint("sign_ins", __name__)
log = structlog.get_logger()


@sign_ins.post("/admin/people/<int:person>/sign-ins/end")
@signed_in(Right.KEEP_PEOPLE)
def end_all_of(person: int) -> ResponseReturnValue:
    """Sign somebody out wherever they are signed in; their keys for programs stay."""
    who = holder()
    with transaction() as rows:
        found = _within_reach(rows, person)
        ended = end_all_sign_ins(rows, found, now=now(), actor=actor_of(who))
    log.info("sign_ins_ended", person=person, ended=ended, by=actor_of(who))
    said("signed_out_everywhere")
    return redirect(url_for("people.one", person=person), 303)


@sign_ins.post("/admin/people/<int:person>/keys/<int:key>/end")
@signed_in(Right.KEEP_PEOPLE)
def end_key_of(person: int, key: int) -> ResponseReturnValue:
    """End one of somebody's keys; who has been quicker has done the same."""
    who = holder()
    with transaction() as rows:
        found = _within_reach(rows, person)
        end_key(rows, who.network_id, key, now=now(), actor=actor_of(who), person_id=found.id)
    log.info("key_ended", person=person, key=key, by=actor_of(who))
    said("key_ended")
    return redirect(url_for("people.one", person=person), 303)


def _within_reach(rows: Session, person: int) -> Person:
    found = person_within(rows, holder().network_id, person, holder())
    if isinstance(found, PeopleRefusal):
        abort(404 if found is PeopleRefusal.NOT_FOUND else 403)
    return found
