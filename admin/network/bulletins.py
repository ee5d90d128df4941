"""The urgent bulletin: written in both languages, heard by ear, put on a line or on all; taken off at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from admin.auth import holder, signed_in
from admin.network.bulletin_words import (
    LONGEST,
    Ready,
    Written,
    ends_in,
    ready_in_both,
    sounds_of,
    spoken,
)
from admin.pages import said
from admin.parts import now, transaction
from admin.people.doing import FORM, by
from admin.people.marks import mark_of
from admin.people.reading import Fields, as_typed
from admin.prompts.room import may_change, require_reach
from admin.prompts.typed import unfolded
from admin.sounds import played
from admin.studio.machine import Espeak
from admin.wording import spoken_language
from scheduler.slots import HELSINKI
from tickets.bulletins import BulletinCard, BulletinRefusal, earlier, move_end, on_now, put_on, take_off
from tickets.lines import lines_kept
from tickets.rights import Right
from voice_prompts.bulletin import BulletinWords
from voice_prompts.catalogue import Catalogue
from voice_prompts.faults import Fault
from voice_prompts.language import Language
from voice_prompts.ulaw import wav_of

USUAL_LENGTH: Final = timedelta(hours=4)
_B = BulletinRefusal
FIELD_OF: Final[Mapping[BulletinRefusal, str]] = {
    _B.NO_SUCH_LINE: "line",
    _B.SAME_WORDS: "sv",
    _B.NOT_AHEAD: "until_time",
    _B.TOO_LONG_ON: "until_day",
    _B.OVER: "until_time",
}
bulletins = Blueprint("bulletins", __name__, url_prefix="/admin/bulletins")


@dataclass(frozen=True, slots=True)
class Shown:
    """The page as it is shown: what was typed into which form (`of`: the bulletin whose end it moves), and what is wrong with it."""

    typed: MultiDict[str, str]
    mistakes: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[Language, Sequence[Fault]] = field(default_factory=dict)
    heard: BulletinWords | None = None
    filled: Language | None = None
    of: int | None = None


@bulletins.get("")
@signed_in(Right.EDIT_PROMPTS)
def everything() -> ResponseReturnValue:
    """Show what is on, the form for another one, and what was."""
    return _page(Shown(_blank(ready_in_both(request.args.get("ready")))))


@bulletins.post("")
@signed_in(Right.EDIT_PROMPTS)
def write() -> ResponseReturnValue:
    """Let it be heard; and once these very words have been heard, put it on."""
    require_reach()
    fields = Fields(request.form)
    written, ends_at, line = Written.read(fields), ends_in(fields), fields.row("line")
    faults = {} if fields.mistakes else written.words.faults()
    if fields.mistakes or faults or ends_at is None:
        typed = request.form if fields.mistakes else written.typed
        return _page(Shown(typed, fields.mistakes, faults)), 422
    if request.form.get("heard") != mark_of(written.words):
        return _page(Shown(written.typed, heard=written.words, filled=written.filled))
    with transaction() as session:
        seen = request.form.get("seen", type=int)
        made = put_on(session, holder().network_id, line, written.words, ends_at=ends_at, seen=seen, **by())
    if isinstance(made, BulletinRefusal):
        return _page(Shown(request.form, {FIELD_OF.get(made, FORM): f"bulletin_{made}"})), 422
    said("bulletin_on")
    return redirect(url_for(".everything"), 303)


@bulletins.post("/<int:bulletin>/until")
@signed_in(Right.EDIT_PROMPTS)
def move(bulletin: int) -> ResponseReturnValue:
    """Let one that is on go off at another time."""
    require_reach()
    fields = Fields(request.form)
    ends_at = ends_in(fields)
    if fields.mistakes or ends_at is None:
        return _page(Shown(request.form, fields.mistakes, of=bulletin)), 422
    with transaction() as session:
        refusal = move_end(session, holder().network_id, bulletin, ends_at, **by())
    if refusal is BulletinRefusal.NOT_FOUND:
        abort(404)
    if refusal is not None:
        mistakes = {FIELD_OF.get(refusal, FORM): f"bulletin_{refusal}"}
        return _page(Shown(request.form, mistakes, of=bulletin)), 422
    said("bulletin_moved")
    return redirect(url_for(".everything"), 303)


@bulletins.post("/<int:bulletin>/end")
@signed_in(Right.EDIT_PROMPTS)
def end(bulletin: int) -> ResponseReturnValue:
    """No call that begins from now on tells it."""
    require_reach()
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
    parts = Catalogue.load().spoken(said_in, "bulletin", bulletin=spoken(entry.say[0]))
    return played(wav_of(Espeak().say(parts, said_in)))


def _blank(words: Mapping[str, str]) -> MultiDict[str, str]:
    """The form before anybody has typed."""
    ends = (now() + USUAL_LENGTH).astimezone(HELSINKI)
    return as_typed({"until_day": ends.date(), "until_time": f"{ends:%H}:00", **words})


def _page(shown: Shown) -> str:
    network = holder().network_id
    with transaction() as session:
        lines = lines_kept(session, network)
        on, over = on_now(session, network, now=now()), earlier(session, network, now=now())
    return render_template(
        "network/bulletins.html",
        lines={row.id: row.terms.name_in(spoken_language()) for row in lines},
        in_use=[(row.id, row.terms.name_in(spoken_language())) for row in lines if row.terms.active],
        on=[(one, sounds_of(one.words), _end_of(one) if one.id != shown.of else shown.typed) for one in on],
        earlier=over,
        typed=shown.typed if shown.of is None else _blank({}),
        shown=shown,
        heard_print="" if shown.heard is None else mark_of(shown.heard),
        sounds=[] if shown.heard is None else sounds_of(shown.heard),
        seen=_seen(shown.typed, on),
        ready=list(Ready),
        may=may_change(),
    )


def _end_of(one: BulletinCard) -> MultiDict[str, str]:
    ends = one.ends_at.astimezone(HELSINKI)
    return as_typed({"until_day": ends.date(), "until_time": f"{ends:%H:%M}"})


def _seen(typed: MultiDict[str, str], on: Sequence[BulletinCard]) -> int:
    """The bulletin in whose place this one goes: the one that was shown when these words were heard."""
    told = typed.get("seen", type=int)
    line = typed.get("line", type=int)
    return told if told is not None and "heard" in typed else next((one.id for one in on if one.line_id == line), 0)
