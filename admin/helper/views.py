"""What a helper opens before a shift."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from admin.auth import holder, signed_in
from admin.helper.day import callbacks_today
from admin.parts import now, transaction
from scheduler.rota.places import places_of
from tickets.directory import helper_card
from tickets.rights import Right

helper = Blueprint("helper", __name__, url_prefix="/helper")


@helper.get("/")
@signed_in(Right.TAKE_PLACES)
def today() -> ResponseReturnValue:
    """Show the helper's calls of today and their shifts."""
    helper_id = holder().helper_id
    with transaction() as session:
        card = None if helper_id is None else helper_card(session, helper_id)
        if card is None or card.network_id != holder().network_id:
            abort(403)
        callbacks = callbacks_today(session, card.id, now=now())
        shifts = places_of(session, card.id, since=now())
    return render_template("helper/today.html", card=card, callbacks=callbacks, shifts=shifts)
