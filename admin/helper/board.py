"""The network's notice board, as its helpers read it."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.auth import holder, signed_in
from admin.helper.who import helper
from admin.parts import now, transaction
from scheduler.slots import HELSINKI
from tickets.board import board_of, pinned_on
from tickets.rights import Right

MOST = 20


@helper.get("/board")
@signed_in(Right.READ_BOARD)
def board() -> ResponseReturnValue:
    """Show what hangs on the board, the newest first; what is pinned stands above."""
    today, before = now().astimezone(HELSINKI).date(), request.args.get("before", type=int)
    network_id = holder().network_id
    with transaction() as session:
        pinned = () if before is not None else pinned_on(session, network_id, today)
        notices = board_of(session, network_id, today, before=_row(before), limit=MOST + 1)
    more = url_for(".board", before=notices[MOST - 1].id) if len(notices) > MOST else None
    newest = url_for(".board") if before is not None else None
    return render_template("helper/board.html", pinned=pinned, notices=notices[:MOST], more=more, newest=newest)


def _row(number: int | None) -> int | None:
    """A number that a row may have; a larger one is past them all."""
    return None if number is None else max(0, min(number, 2**63 - 1))
