"""The week: who stands where, by helper and by time."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from admin.auth import holder, signed_in
from admin.parts import now, transaction
from admin.rota.board import A_PAGE, by_helper, by_time, week_of, with_something_left
from admin.rota.moves import last_move
from admin.rota.people import areas_of
from admin.rota.room import asked, rota
from admin.rota.view import By, View, day_of
from tickets.rights import Right


@rota.get("")
@signed_in(Right.SEE_ROTA)
def week() -> ResponseReturnValue:
    """Show a week by helper, or by time."""
    view = View.asked(request.args, now=now())
    with transaction() as session:
        who = asked(session)
        if day_of(request.args.get("day")) is None:
            view = with_something_left(who, view)
        shown = week_of(who, view)
        rows = by_helper(who, shown) if view.by is By.HELPER else ()
        starts = by_time(who, shown) if view.by is By.TIME else {}
        moved = last_move(who, shown.people, request.args.get("moved"))
    may = {"keeps": holder().may(Right.KEEP_ROTA) is not None, "areas": areas_of(shown.people)}
    pages = {
        "this_week": View.asked({}, now=now()).monday,
        "people": shown.people,
        "rows": rows[:A_PAGE],
        "more": len(rows) > A_PAGE,
        "moved": moved,
    }
    return render_template(f"rota/by_{view.by}.html", week=shown, view=view, starts=starts, **pages, **may)
