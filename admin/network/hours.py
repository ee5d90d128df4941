"""When the network rings back: the hours, how soon at the earliest and how far ahead, changed by whoever keeps the settings."""

from datetime import time

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from admin.auth import holder, signed_in
from admin.network.lines import require_network
from admin.pages import said
from admin.parts import transaction
from admin.people.doing import FORM, by
from admin.people.marks import mark_of
from admin.people.reading import Fields, Slip, as_typed, time_of
from scheduler.grids import change_hours
from tickets.network_hours import (
    LONGEST_NOTICE,
    MOST_DAYS,
    SHORTEST_NOTICE,
    HoursRefusal,
    NetworkHours,
    hours_of,
)
from tickets.rights import Right

FIELD_OF = {
    HoursRefusal.OFF_QUARTER: "opens",
    HoursRefusal.TOO_SHORT: "closes",
    HoursRefusal.BAD_NOTICE: "notice_minutes",
    HoursRefusal.BAD_WINDOW: "working_days",
}
hours = Blueprint("hours", __name__, url_prefix="/admin/lines/hours")


@hours.get("")
@signed_in(Right.KEEP_SETTINGS)
def show() -> ResponseReturnValue:
    """Show the hours, to be changed."""
    require_network()
    with transaction() as session:
        kept = hours_of(session, holder().network_id)
    return _form(kept, _as_form(kept), {})


@hours.post("")
@signed_in(Right.KEEP_SETTINGS)
def change() -> ResponseReturnValue:
    """Let them be otherwise from now on; what is promised stands."""
    require_network()
    fields = Fields(request.form)
    after = _hours_in(fields)
    with transaction() as session:
        kept = hours_of(session, holder().network_id)
        refusal = _stale(kept)
        if after is not None and refusal is None:
            refusal = change_hours(session, holder().network_id, after, seen=kept, **by())
    if after is None or refusal is not None:
        told = {} if refusal is None else {FIELD_OF.get(refusal, FORM): f"hours_{refusal}"}
        return _form(kept, request.form, fields.mistakes | told), 422
    said("network_changed")
    return redirect(url_for("lines.everything"), 303)


def _stale(kept: NetworkHours) -> HoursRefusal | None:
    return None if request.form.get("seen") == mark_of(kept) else HoursRefusal.CHANGED_MEANWHILE


def _hours_in(fields: Fields) -> NetworkHours | None:
    opens, closes = _wall(fields, "opens"), _wall(fields, "closes")
    notice = fields.number("notice_minutes", SHORTEST_NOTICE, LONGEST_NOTICE)
    days = fields.number("working_days", 1, MOST_DAYS)
    for name, found in (("notice_minutes", notice), ("working_days", days)):
        if found is None:
            fields.mistakes.setdefault(name, Slip.NO_NUMBER)
    if opens is None or closes is None or notice is None or days is None:
        return None
    return NetworkHours(opens, closes, notice, days)


def _wall(fields: Fields, name: str) -> time | None:
    found = time_of(fields.sent.get(name, ""))
    if found is None:
        fields.mistakes[name] = "hours_no_time"
    return found


def _form(kept: NetworkHours, typed: MultiDict[str, str], mistakes: dict[str, str]) -> str:
    limits = {"notice": (SHORTEST_NOTICE, LONGEST_NOTICE), "days": (1, MOST_DAYS)}
    shown = {"kept": kept, "seen": mark_of(kept), "typed": typed, "mistakes": mistakes}
    return render_template("network/hours.html", **shown, limits=limits)


def _as_form(kept: NetworkHours) -> MultiDict[str, str]:
    walls = {"opens": f"{kept.opens:%H:%M}", "closes": f"{kept.closes:%H:%M}"}
    return as_typed({**walls, "notice_minutes": kept.notice_minutes, "working_days": kept.working_days})
