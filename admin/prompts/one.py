"""One sentence of a line in one language: heard, rewritten, recorded piece by piece, brought back as it was."""

import re
from collections.abc import Mapping, Sequence

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import holder, signed_in
from admin.pages import said
from admin.parts import now, transaction
from admin.prompts.facts import facts_of
from admin.prompts.room import kind_of, known, line_at, may_change, prompts, require_reach, taken_in
from admin.prompts.typed import Typed, folded, unfolded
from admin.sounds import played
from admin.studio.hearing import Hearing, sound_of, sound_of_piece
from admin.studio.recordings import RecordingRefusal
from admin.studio.recordings import forget as forget_recordings
from admin.studio.sentences import Editor, WordingRefusal, reword
from admin.studio.takes import TakeFault
from tickets.line_wording import history_of
from tickets.network import Line
from tickets.rights import Right
from tickets.tokens import actor_of
from voice_prompts.book import Entry
from voice_prompts.catalogue import Catalogue
from voice_prompts.faults import Fault
from voice_prompts.language import Language

Where = tuple[Language, str]


@prompts.get("/<int:line_id>/<language>/<key>")
@signed_in(Right.EDIT_PROMPTS)
def one(line_id: int, language: str, key: str) -> ResponseReturnValue:
    """Show one sentence: what it says now, the form, its history, what is to be recorded."""
    return _shown(line_id, known(language, key))


@prompts.post("/<int:line_id>/<language>/<key>")
@signed_in(Right.EDIT_PROMPTS)
def change(line_id: int, language: str, key: str) -> ResponseReturnValue:
    """Let other words be heard, save them or earlier ones, or let the line speak as all do; what was typed stays where it is wrong."""
    where, typed = known(language, key), Typed.sent(request.form)
    if "listen" in request.form:
        return _heard(line_id, where, typed)
    require_reach()
    with transaction() as session:
        line = line_at(session, line_id)
        entry = _meant(session, line, where, typed)
        editor = Editor(actor_of(holder()), now(), request.form.get("version", type=int))
        answer = reword(session, Catalogue.load(), line, where, entry, editor)
    return _answered(line_id, where, Typed.of(entry) if entry else typed, answer)


@prompts.get("/<int:line_id>/<language>/<key>/sound")
@signed_in(Right.EDIT_PROMPTS)
def sound(line_id: int, language: str, key: str) -> ResponseReturnValue:
    """How it sounds: as the line says it now, or in words that are not saved yet."""
    where, words = known(language, key), request.args.get("words")
    entry = None if words is None else unfolded(words) or abort(404)
    if entry is not None and Catalogue.load().faults_of(*where, entry):
        abort(404)
    with transaction() as session:
        hearing = Hearing(*where, "repeat" in request.args, entry)
        content = sound_of(session, Catalogue.load(), line_at(session, line_id), hearing, now=now())
    return played(content)


@prompts.get("/<int:line_id>/pieces/<piece>/sound")
@signed_in(Right.EDIT_PROMPTS)
def piece_sound(line_id: int, piece: str) -> ResponseReturnValue:
    """How somebody recorded a piece."""
    with transaction() as session:
        content = sound_of_piece(session, line_at(session, line_id), piece)
    return played(content)


@prompts.post("/<int:line_id>/<language>/<key>/recording")
@signed_in(Right.EDIT_PROMPTS)
def record(line_id: int, language: str, key: str) -> ResponseReturnValue:
    """Take in what somebody recorded for a piece of this sentence."""
    where = known(language, key)
    require_reach()
    refusal = taken_in(line_id)
    if refusal is not None:
        return _shown(line_id, where, refusal=refusal)
    said("recording_kept")
    return _back(line_id, where, "pieces")


@prompts.post("/<int:line_id>/<language>/<key>/recording/forgotten")
@signed_in(Right.EDIT_PROMPTS)
def forget_piece(line_id: int, language: str, key: str) -> ResponseReturnValue:
    """Throw away what was recorded for a piece; the machine says it until it is recorded anew."""
    where = known(language, key)
    require_reach()
    with transaction() as session:
        line_at(session, line_id)
        refusal = forget_recordings(session, holder().network_id, request.form.get("piece", ""))
    if refusal is not None:
        return _shown(line_id, where, refusal=refusal)
    said("recordings_forgotten")
    return _back(line_id, where, "pieces")


@prompts.app_template_filter()
def filled(told: str, words: Mapping[str, str]) -> str:
    """A sentence with what it names: %(word)s."""
    return re.sub(r"%\((\w+)\)s", lambda found: words.get(found[1], ""), told)


def _meant(session: Session, line: Line, where: Where, typed: Typed) -> Entry | None:
    """The words to be said: those typed, an earlier version's, or with None those of all lines."""
    if "common" in request.form:
        return None
    wanted = request.form.get("restore", type=int)
    if wanted is None:
        return typed.entry
    versions = history_of(session, line.id, *where)
    return (next((one for one in versions if one.version == wanted), None) or abort(404)).entry


def _answered(
    line_id: int, where: Where, typed: Typed, answer: tuple[Fault, ...] | WordingRefusal | None
) -> ResponseReturnValue:
    match answer:
        case WordingRefusal():
            return _shown(line_id, where, typed, refusal=answer)
        case None:
            said("sentence_kept")
            return _back(line_id, where)
        case faults:
            return _shown(line_id, where, typed, faults)


def _heard(line_id: int, where: Where, typed: Typed) -> ResponseReturnValue:
    faults, words = Catalogue.load().faults_of(*where, typed.entry), folded(typed.entry)
    refusal = WordingRefusal.TOO_LONG_TO_HEAR if words is None and not faults else None
    return _shown(line_id, where, typed, faults, refusal=refusal, words=None if faults else words)


def _back(line_id: int, where: Where, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for(".one", line_id=line_id, language=where[0], key=where[1], _anchor=anchor), 303)


def _shown(
    line_id: int,
    where: Where,
    typed: Typed | None = None,
    faults: Sequence[Fault] = (),
    *,
    refusal: WordingRefusal | TakeFault | RecordingRefusal | None = None,
    words: str | None = None,
) -> ResponseReturnValue:
    with transaction() as session:
        facts = facts_of(session, line_at(session, line_id), *where)
    page = render_template(
        "prompts/one.html",
        facts=facts,
        typed=typed or Typed.of(facts.said.entry),
        faults=faults,
        refusal=refusal,
        refusal_kind=kind_of(refusal),
        words=words,
        may_change=may_change(),
    )
    return page, 200 if not faults and refusal is None else 422
