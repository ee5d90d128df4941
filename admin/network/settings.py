"""What holds for the whole network: lengths of calls, what is kept for Swedish, who is texted, whether callers are asked."""

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from admin.auth import holder, signed_in
from admin.network.lines import require_network
from admin.pages import said
from admin.parts import transaction
from admin.people.doing import FORM, by
from admin.people.marks import mark_of
from admin.people.reading import Fields, Slip, as_typed
from tickets.network_settings import (
    LONGEST_CALL,
    LONGEST_RELEASE,
    STEP,
    NetworkTerms,
    SettingsRefusal,
    change_network,
    terms_of_network,
)
from tickets.rights import Right
from tickets.vocabulary import Topic

LONGEST_NUMBER: Final = 40
FIELD_OF: Final = {SettingsRefusal.BAD_RELEASE: "swedish_release_hours", SettingsRefusal.BAD_PHONE: "alert_phone"}
settings = Blueprint("settings", __name__, url_prefix="/admin/settings")


@settings.get("")
@signed_in(Right.KEEP_SETTINGS)
def show() -> ResponseReturnValue:
    """Show the settings."""
    with transaction() as session:
        terms = terms_of_network(session, holder().network_id)
    return _form(_as_form(terms), mark_of(terms), {})


@settings.post("")
@signed_in(Right.KEEP_SETTINGS)
def change() -> ResponseReturnValue:
    """Let them be otherwise from now on; promises that are made keep the length they were given."""
    require_network()
    fields = Fields(request.form)
    terms = _terms_in(fields)
    if fields.mistakes:
        return _form(request.form, request.form.get("seal", ""), fields.mistakes), 422
    with transaction() as session:
        before = terms_of_network(session, holder().network_id)
        stale = mark_of(before) != request.form.get("seal")
        refusal = SettingsRefusal.CHANGED_MEANWHILE if stale else None
        refusal = refusal or change_network(session, holder().network_id, terms, seen=before, **by())
    if refusal is not None:
        return _form(request.form, mark_of(before), {FIELD_OF.get(refusal, FORM): f"settings_{refusal}"}), 422
    said("network_changed")
    return redirect(url_for(".show"), 303)


def _terms_in(fields: Fields) -> NetworkTerms:
    release = fields.number("swedish_release_hours", 0, LONGEST_RELEASE)
    if release is None:
        fields.mistakes.setdefault("swedish_release_hours", Slip.NO_NUMBER)
    lengths = {topic: fields.number(f"minutes-{topic}", STEP, LONGEST_CALL) for topic in Topic}
    for topic, minutes in lengths.items():
        if minutes is not None and minutes % STEP:
            fields.mistakes[f"minutes-{topic}"] = "settings_bad_length"
    lengths |= _one_more(fields)
    return NetworkTerms(
        {topic: minutes for topic, minutes in sorted(lengths.items()) if minutes is not None},
        release or 0,
        "asks_feedback" in fields.sent,
        fields.text("alert_phone", LONGEST_NUMBER) or None,
    )


def _one_more(fields: Fields) -> dict[Topic, int | None]:
    """A topic that takes longer or shorter too, and how long; neither is chosen where there is none to add."""
    topic, minutes = fields.one_of("topic", Topic, needed=False), fields.number("minutes", STEP, LONGEST_CALL)
    if minutes is not None and minutes % STEP:
        fields.mistakes["minutes"] = "settings_bad_length"
    elif topic is not None and minutes is None:
        fields.mistakes.setdefault("minutes", Slip.CHOOSE)
    elif topic is None and minutes is not None:
        fields.mistakes.setdefault("topic", Slip.CHOOSE)
    return {} if topic is None else {topic: minutes}


def _form(typed: MultiDict[str, str], seal: str, mistakes: dict[str, str]) -> str:
    named = [topic for topic in Topic if typed.get(f"minutes-{topic}")]
    lengths = {"choices": range(STEP, LONGEST_CALL + 1, STEP), "named": named}
    others = [topic for topic in Topic if topic not in named]
    told = {**lengths, "longest_release": LONGEST_RELEASE}
    return render_template("network/settings.html", typed=typed, seal=seal, mistakes=mistakes, others=others, **told)


def _as_form(terms: NetworkTerms) -> MultiDict[str, str]:
    minutes = {f"minutes-{topic}": length for topic, length in terms.call_minutes.items()}
    ticked = {"asks_feedback": "1"} if terms.asks_feedback else {}
    told = {"swedish_release_hours": terms.swedish_release_hours, "alert_phone": terms.alert_phone}
    return as_typed({**minutes, **ticked, **told})
