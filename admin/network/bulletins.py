"""The urgent bulletin: written in both languages, heard by ear, put on a line or on all; taken off at once."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from admin.auth import holder, signed_in
from admin.pages import said
from admin.parts import now, transaction
from admin.people.doing import FORM, by
from admin.people.reading import Fields, as_typed
from admin.prompts.typed import folded, unfolded
from admin.studio.machine import Espeak
from scheduler.slots import HELSINKI, instant_of
from tickets.bulletins import BulletinCard, BulletinRefusal, earlier, on_now, put_on, take_off
from tickets.lines import lines_kept
from tickets.rights import Right, Scope
from voice_prompts.book import Entry
from voice_prompts.bulletin import BulletinWords
from voice_prompts.catalogue import Catalogue
from voice_prompts.faults import Fault
from voice_prompts.language import Language
from voice_prompts.ulaw import wav_of

LONGEST: Final = 400
USUAL_LENGTH: Final = timedelta(hours=4)
_B = BulletinRefusal
FIELD_OF: Final[Mapping[BulletinRefusal, str]] = {
    _B.NO_SUCH_LINE: "line",
    _B.SAME_WORDS: "sv",
    _B.NOT_AHEAD: "until_time",
    _B.TOO_LONG_ON: "until_day",
}
bulletins = Blueprint("bulletins", __name__, url_prefix="/admin/bulletins")


@bulletins.get("")
@signed_in(Right.EDIT_PROMPTS)
def everything() -> ResponseReturnValue:
    """Show what is on, the form for another one, and what was."""
    ends = (now() + USUAL_LENGTH).astimezone(HELSINKI)
    typed = as_typed({"until_day": ends.date(), "until_time": f"{ends:%H}:00"})
    return _shown(typed, {})


@bulletins.post("")
@signed_in(Right.EDIT_PROMPTS)
def write() -> ResponseReturnValue:
    """Let it be heard; and once these very words have been heard, put it on."""
    _require_network()
    fields = Fields(request.form)
    words = BulletinWords(fields.text("fi", LONGEST, needed=True), fields.text("sv", LONGEST, needed=True)).tidy()
    ends_at, line = _ends_in(fields), fields.row("line")
    faults = {} if fields.mistakes else words.faults()
    if fields.mistakes or faults or ends_at is None:
        return _shown(request.form, fields.mistakes, faults=faults), 422
    if request.form.get("heard") != _print_of(words):
        return _shown(request.form, {}, heard=words)
    with transaction() as session:
        seen = request.form.get("seen", type=int)
        made = put_on(session, holder().network_id, line, words, ends_at=ends_at, seen=seen, **by())
    if isinstance(made, BulletinRefusal):
        return _shown(request.form, {FIELD_OF.get(made, FORM): f"bulletin_{made}"}), 422
    said("bulletin_on")
    return redirect(url_for(".everything"), 303)


@bulletins.post("/<int:bulletin>/end")
@signed_in(Right.EDIT_PROMPTS)
def end(bulletin: int) -> ResponseReturnValue:
    """No call that begins from now on tells it."""
    _require_network()
    with transaction() as session:
        if take_off(session, holder().network_id, bulletin, **by()) is not None:
            abort(404)
    said("bulletin_off")
    return redirect(url_for(".everything"), 303)


@bulletins.get("/sound/<language>/<words>")
@signed_in(Right.EDIT_PROMPTS)
def sound(language: str, words: str) -> ResponseReturnValue:
    """How it sounds on the telephone, with the words before it."""
    entry = unfolded(words)
    if language not in list(Language) or entry is None or len(entry.say) != 1 or len(entry.say[0]) > LONGEST:
        abort(404)
    said_in = Language(language)
    spoken = Catalogue.load().spoken(said_in, "bulletin", bulletin=_spoken(entry.say[0]))
    return send_file(io.BytesIO(wav_of(Espeak().say(spoken, said_in))), mimetype="audio/wav", max_age=0)


def _shown(
    typed: MultiDict[str, str],
    mistakes: Mapping[str, str],
    *,
    faults: Mapping[Language, Sequence[Fault]] | None = None,
    heard: BulletinWords | None = None,
) -> str:
    network = holder().network_id
    with transaction() as session:
        lines = lines_kept(session, network)
        on, over = on_now(session, network, now=now()), earlier(session, network, now=now())
    return render_template(
        "network/bulletins.html",
        lines={row.id: row.terms.name for row in lines},
        on=on,
        earlier=over,
        typed=typed,
        mistakes=mistakes,
        faults=faults or {},
        heard=heard,
        heard_print="" if heard is None else _print_of(heard),
        sound_urls=_sound_urls(heard),
        seen=_seen(typed, on),
        may=_may(),
    )


def _seen(typed: MultiDict[str, str], on: Sequence[BulletinCard]) -> int:
    """The bulletin in whose place this one goes: the one that was shown when these words were heard."""
    told = typed.get("seen", type=int)
    line = typed.get("line", type=int)
    return told if told is not None and "heard" in typed else next((one.id for one in on if one.line_id == line), 0)


def _sound_urls(heard: BulletinWords | None) -> dict[Language, str]:
    if heard is None:
        return {}
    words = {language: folded(Entry(say=(heard.in_language(language),))) for language in Language}
    return {language: url_for(".sound", language=language, words=token) for language, token in words.items() if token}


def _spoken(words: str) -> str:
    if Catalogue.load().placeholders("bulletin") != {"bulletin"} or any(letter.isdigit() for letter in words):
        abort(404)
    return words.rstrip(".")


def _ends_in(fields: Fields) -> datetime | None:
    day, typed = fields.day("until_day"), fields.sent.get("until_time", "")
    if day is None:
        fields.mistakes.setdefault("until_day", "people_no_day")
    try:
        wall = time.fromisoformat(typed)
    except ValueError:
        fields.mistakes["until_time"] = "bulletin_no_time"
        return None
    return None if day is None or wall.tzinfo is not None else instant_of(day, wall.replace(second=0, microsecond=0))


def _print_of(words: BulletinWords) -> str:
    return hashlib.sha256(f"{words.fi}\n{words.sv}".encode()).hexdigest()[:16]


def _may() -> bool:
    who = holder()
    return who.may(Right.EDIT_PROMPTS) is Scope.NETWORK or who.organisation_id is None


def _require_network() -> None:
    """All lines are everybody's: who keeps the words of one organisation reads what is on."""
    if not _may():
        abort(403)
