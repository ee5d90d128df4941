"""Ending somebody else's sign-ins: a phone was lost, or somebody is not to be let in for now."""

import structlog
from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from admin.auth import holder, signed_in
from admin.pages import said
from admin.parts import now, transaction
from scheduler.people.persons import person_within
from scheduler.people.reach import PeopleRefusal
from tickets.rights import Right
from tickets.sign_ins import end_sign_ins
from tickets.tokens import actor_of

sign_ins = Blueprint("sign_ins", __name__)
log = structlog.get_logger()


@sign_ins.post("/admin/people/<int:person>/sign-ins/end")
@signed_in(Right.KEEP_PEOPLE)
def end_all_of(person: int) -> ResponseReturnValue:
    """Sign somebody out wherever they are signed in; their keys for programs stay."""
    who = holder()
    with transaction() as rows:
        found = person_within(rows, who.network_id, person, who)
        if isinstance(found, PeopleRefusal):
            abort(404 if found is PeopleRefusal.NOT_FOUND else 403)
        ended = end_sign_ins(rows, person, now=now())
    log.info("sign_ins_ended", person=person, ended=ended, by=actor_of(who))
    said("signed_out_everywhere")
    return redirect(url_for("people.one", person=person), 303)
