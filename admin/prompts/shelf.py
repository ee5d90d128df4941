"""A line's whole voice, piece after piece: what is not recorded yet is recorded and taken in, and the next one comes."""

from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.auth import holder, signed_in
from admin.pages import said
from admin.parts import transaction
from admin.prompts.room import kind_of, line_at, may_change, prompts, require_reach, spoken, taken_in
from admin.studio.recordings import RecordingRefusal, Shelf, shelf_of
from admin.studio.takes import TakeFault
from admin.wording import spoken_language
from tickets.rights import Right
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language
from voice_prompts.pieces import Piece

COMING: Final = 10  # pieces that are shown beforehand


@prompts.get("/<int:line_id>/<language>")
@signed_in(Right.EDIT_PROMPTS)
def shelf(line_id: int, language: str) -> ResponseReturnValue:
    """Show the next piece that nobody has recorded, and how much is left."""
    return _shown(line_id, spoken(language), request.args.get("after", ""))


@prompts.post("/<int:line_id>/<language>")
@signed_in(Right.EDIT_PROMPTS)
def record_next(line_id: int, language: str) -> ResponseReturnValue:
    """Take in what somebody recorded, and go on to the next piece."""
    of, piece = spoken(language), request.form.get("piece", "")
    require_reach()
    refusal = taken_in(line_id)
    if refusal is not None:
        return _shown(line_id, of, request.form.get("after", ""), refusal=refusal)
    said("recording_kept")
    return redirect(
        url_for(".shelf", line_id=line_id, language=of, after=piece, alone="1" if "alone" in request.form else None),
        303,
    )


def missing_of(shelf: Shelf, after: str) -> tuple[Piece, ...]:
    """The pieces that nobody has recorded, in the order in which they are read; those that follow another one first."""
    pieces = [one.piece for one in shelf.wanted]
    start = next((number for number, piece in enumerate(pieces, start=1) if piece.name == after), 0)
    return tuple(piece for piece in (*pieces[start:], *pieces[:start]) if piece not in shelf.recorded)


def _shown(
    line_id: int, language: Language, after: str, *, refusal: TakeFault | RecordingRefusal | None = None
) -> ResponseReturnValue:
    with transaction() as session:
        line = line_at(session, line_id)
        kept = shelf_of(session, Catalogue.load(), holder().network_id, line, language)
    missing = missing_of(kept, after)
    page = render_template(
        "prompts/shelf.html",
        line=line,
        line_name=line.name_in(spoken_language()),
        language=language,
        languages=tuple(Language),
        after=after,
        alone="alone" in request.values,
        missing=missing,
        coming=missing[1 : 1 + COMING],
        there=len(kept.wanted) - len(missing),
        all=len(kept.wanted),
        refusal=refusal,
        refusal_kind=kind_of(refusal),
        may_change=may_change(),
    )
    return page, 200 if refusal is None else 422
