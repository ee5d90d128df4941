"""What the line says, side by side in both languages, with a play button each; and the form that rewrites one sentence."""

import io
import re
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import Final

from flask import Blueprint, Response, abort, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import holder, signed_in
from admin.headers import ALWAYS
from admin.pages import said
from admin.parts import now, transaction
from admin.prompts.typed import Typed, folded, unfolded
from admin.studio.hearing import Hearing, sound_of
from admin.studio.recordings import Recorder, RecordingRefusal, forget_stale, stale_pieces, take_in
from admin.studio.sentences import (
    Editor,
    Sentence,
    Worded,
    WordingRefusal,
    line_of,
    lines_of,
    one_sentence,
    reword,
    sentences,
)
from admin.studio.takes import LARGEST_TAKE, NoStudioError, TakeError, TakeFault
from tickets.line_wording import history_of, recorded_on
from tickets.network import Line
from tickets.rights import Right, Scope
from tickets.tokens import actor_of
from voice_prompts.catalogue import Catalogue
from voice_prompts.faults import Fault
from voice_prompts.language import Language

ROOM_FOR_FIELDS: Final = 10_000
prompts = Blueprint("prompts", __name__, url_prefix="/admin/prompts")


@prompts.after_request
def _lend_the_microphone(response: Response) -> Response:
    """Where a sentence is recorded, and nowhere else, a page may ask for the microphone."""
    if request.endpoint in ("prompts.one", "prompts.change", "prompts.record"):
        response.headers["Permissions-Policy"] = ALWAYS["Permissions-Policy"].replace(
            "microphone=()", "microphone=(self)"
        )
    return response


@prompts.before_request
def _make_room() -> None:
    """A recording is larger than any form."""
    if request.endpoint == "prompts.record":
        request.max_content_length = LARGEST_TAKE + ROOM_FOR_FIELDS


@prompts.get("")
@signed_in(Right.EDIT_PROMPTS)
def everything() -> ResponseReturnValue:
    """Show every sentence of a line, in the order of a call."""
    with transaction() as session:
        lines = lines_of(session, holder().network_id)
        chosen = request.args.get("line", type=int)
        line = next((one for one in lines if one.id == chosen), lines[0] if lines and chosen is None else None)
        if line is None and (chosen is not None or not lines):
            abort(404)
        assert line is not None
        told = sentences(session, Catalogue.load(), line)
        stale = stale_pieces(session, Catalogue.load(), holder().network_id)
    chapters = [(chapter, list(several)) for chapter, several in groupby(told, key=lambda one: one.note.chapter)]
    own = [one for one in told if any(worded.own or worded.passed_over for worded in one.worded.values())]
    return render_template("prompts/all.html", line=line, lines=lines, chapters=chapters, own=own, stale=stale)


@prompts.get("/<int:line_id>/<language>/<key>")
@signed_in(Right.EDIT_PROMPTS)
def one(line_id: int, language: str, key: str) -> ResponseReturnValue:
    """Show one sentence: what it says now, the form, its history, what is to be recorded."""
    return _shown(line_id, _where(language, key))


@prompts.post("/<int:line_id>/<language>/<key>")
@signed_in(Right.EDIT_PROMPTS)
def change(line_id: int, language: str, key: str) -> ResponseReturnValue:
    """Let other words be heard, save them, or let the line speak as all lines do; what was typed stays where it is wrong."""
    where, typed = _where(language, key), Typed.sent(request.form)
    if "listen" in request.form:
        return _heard(line_id, where, typed)
    _require_reach()
    entry = None if "common" in request.form else typed.entry
    with transaction() as session:
        line = _line(session, line_id)
        editor = Editor(actor_of(holder()), now(), request.form.get("version", type=int))
        answer = reword(session, Catalogue.load(), line, where, entry, editor)
    match answer:
        case WordingRefusal():
            return _shown(line_id, where, typed, refusal=answer)
        case None:
            said("sentence_kept")
            return redirect(url_for(".one", line_id=line_id, language=language, key=key), 303)
        case faults:
            return _shown(line_id, where, typed, faults)


@prompts.get("/<int:line_id>/<language>/<key>/sound")
@signed_in(Right.EDIT_PROMPTS)
def sound(line_id: int, language: str, key: str) -> ResponseReturnValue:
    """How it sounds: as the line says it now, or in words that are not saved yet."""
    where, words = _where(language, key), request.args.get("words")
    entry = None if words is None else unfolded(words) or abort(404)
    if entry is not None and Catalogue.load().faults_of(*where, entry):
        abort(404)
    with transaction() as session:
        hearing = Hearing(*where, "repeat" in request.args, entry)
        content = sound_of(session, Catalogue.load(), _line(session, line_id), hearing, now=now())
    return send_file(io.BytesIO(content or abort(404)), mimetype="audio/wav", max_age=0)


@prompts.post("/<int:line_id>/<language>/<key>/recording")
@signed_in(Right.EDIT_PROMPTS)
def record(line_id: int, language: str, key: str) -> ResponseReturnValue:
    """Take in what somebody recorded for a piece of this sentence."""
    where = _where(language, key)
    _require_reach()
    refusal = _taken_in(line_id)
    if refusal is not None:
        return _shown(line_id, where, refusal=refusal)
    said("recording_kept")
    return redirect(url_for(".one", line_id=line_id, language=language, key=key, _anchor="pieces"), 303)


@prompts.post("/stale")
@signed_in(Right.EDIT_PROMPTS)
def forget() -> ResponseReturnValue:
    """Throw away recordings of what no line says any more."""
    _require_reach()
    with transaction() as session:
        forget_stale(session, Catalogue.load(), holder().network_id)
    said("recordings_forgotten")
    return redirect(url_for(".everything"), 303)


@prompts.app_template_filter()
def filled(told: str, words: Mapping[str, str]) -> str:
    """A sentence with what it names: %(word)s."""
    return re.sub(r"%\((\w+)\)s", lambda found: words.get(found[1], ""), told)


def _heard(line_id: int, where: tuple[Language, str], typed: Typed) -> ResponseReturnValue:
    faults, words = Catalogue.load().faults_of(*where, typed.entry), folded(typed.entry)
    refusal = WordingRefusal.TOO_LONG_TO_HEAR if words is None and not faults else None
    return _shown(line_id, where, typed, faults, refusal=refusal, words=None if faults else words)


def _taken_in(line_id: int) -> TakeFault | RecordingRefusal | None:
    sent = request.files.get("recording")
    content = b"" if sent is None else sent.read()
    try:
        with transaction() as session:
            line = _line(session, line_id)
            recorder = Recorder(line if "alone" in request.form else None, actor_of(holder()), now())
            piece = request.form.get("piece", "")
            taken = take_in(session, Catalogue.load(), holder().network_id, piece, content, recorder)
    except TakeError as error:
        return error.fault
    except NoStudioError:
        return RecordingRefusal.NO_STUDIO
    return taken if isinstance(taken, RecordingRefusal) else None


def _shown(
    line_id: int,
    where: tuple[Language, str],
    typed: Typed | None = None,
    faults: Sequence[Fault] = (),
    *,
    refusal: WordingRefusal | TakeFault | RecordingRefusal | None = None,
    words: str | None = None,
) -> ResponseReturnValue:
    language, key = where
    with transaction() as session:
        line = _line(session, line_id)
        sentence = one_sentence(session, Catalogue.load(), line, key) or abort(404)
        history = history_of(session, line.id, language, key)
        recorded = recorded_on(session, line.id)
    worded = sentence.worded[language]
    page = render_template(
        "prompts/one.html",
        line=line,
        sentence=sentence,
        said=worded,
        recorded=recorded,
        next_piece=_next_piece(worded, recorded),
        common=Catalogue.load().entry(language, key),
        other=sentence.worded[Language.SV if language is Language.FI else Language.FI],
        history=history,
        typed=typed or Typed.of(worded.entry),
        faults=faults,
        refusal=refusal,
        refusal_kind=_kind_of(refusal),
        words=words,
        has=_fields_of(sentence),
    )
    return page, 200 if not faults and refusal is None else 422


def _next_piece(worded: Worded, recorded: Collection[str]) -> str | None:
    """The first piece that nobody has recorded yet; where all are there, the first one."""
    missing = (piece.name for piece in worded.pieces if piece.name not in recorded)
    return next(missing, worded.pieces[0].name if worded.pieces else None)


def _kind_of(refusal: WordingRefusal | TakeFault | RecordingRefusal | None) -> str:
    if isinstance(refusal, WordingRefusal):
        return "wording refusal"
    return "take fault" if isinstance(refusal, TakeFault) else "recording refusal"


def _fields_of(sentence: Sentence) -> frozenset[str]:
    """The fields that the form of a sentence has: a text message is not spoken, and only a word has all."""
    entry = sentence.worded[Language.FI].entry
    return frozenset(name for name in ("say", "again", "text") if getattr(entry, name))


def _where(language: str, key: str) -> tuple[Language, str]:
    known = Catalogue.load().keys()
    if language not in list(Language) or key not in known:
        abort(404)
    return Language(language), key


def _line(session: Session, line_id: int) -> Line:
    return line_of(session, holder().network_id, line_id) or abort(404)


def _require_reach() -> None:
    """Lines belong to the network: who works for one organisation may read and hear them."""
    who = holder()
    if who.may(Right.EDIT_PROMPTS) is not Scope.NETWORK and who.organisation_id is not None:
        abort(403)
