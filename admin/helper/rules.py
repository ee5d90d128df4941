"""The network's common rules, read and accepted by whoever helps; and how their badge stands."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.auth import holder, signed_in
from admin.helper.day import papers_of
from admin.helper.said import HelperSaid, tell
from admin.helper.training import training_needs
from admin.helper.who import doing, helper, own_card
from admin.parts import now, transaction
from admin.people.reading import number_of
from scheduler.people.reach import PeopleRefusal
from scheduler.people.rules import accept_rules, accepted_by, rules_of
from tickets.network import Helper
from tickets.rights import Right
from tickets.tokens import actor_of


@helper.get("/rules")
@signed_in(Right.TAKE_PLACES)
def rules() -> ResponseReturnValue:
    """Show the rules that hold, which versions one has accepted, and until when the badge holds, and what one would like to learn."""
    person_id = holder().person_id
    with transaction() as session:
        card = own_card(session)
        versions = rules_of(session, card.network_id)
        mine = () if person_id is None else accepted_by(session, card.network_id, person_id)
        row = session.get_one(Helper, card.id)
        papers = papers_of(row, now())
        needs = training_needs(session, card.id, person_id, actor_of(holder()))
    accepted = {one.version: one.accepted_at for one in mine}
    shown = {"papers": papers, "badge": row.badge_expires_on, "needs": needs}
    return render_template("helper/rules.html", versions=versions, accepted=accepted, **shown)


@helper.post("/rules")
@signed_in(Right.TAKE_PLACES)
def accept() -> ResponseReturnValue:
    """Say that one keeps to the rules as they are now; if they have changed meanwhile, they are shown first."""
    version, does = number_of(request.form.get("version", ""), 1, 10**8), doing()
    with transaction() as session:
        own_card(session)
        done = accept_rules(session, holder(), version or 0, **does.by, grid=does.grid)
    tell(HelperSaid.RULES_CHANGED if isinstance(done, PeopleRefusal) else HelperSaid.RULES_ACCEPTED)
    return redirect(url_for(".rules"), 303)
