"""What the line says, chapter by chapter, side by side in both languages; looked for by a word or by what is to be done."""

from collections.abc import Sequence
from typing import Final

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.auth import holder, reaches_network, signed_in
from admin.pages import said
from admin.parts import transaction
from admin.prompts.room import may_change, prompts, require_reach
from admin.studio.recordings import forget_stale, stale_pieces
from admin.studio.seeking import ON_A_PAGE, Sought, Standing, counted, found
from admin.studio.sentences import lines_of, sentences
from admin.wording import page_language, spoken_language
from tickets.network import Line
from tickets.rights import Right
from voice_prompts.catalogue import Catalogue
from voice_prompts.chapters import Chapter
from voice_prompts.language import Language, Written

LONGEST_WORDS: Final = 200
FARTHEST: Final = 1000


@prompts.get("")
@signed_in(Right.EDIT_PROMPTS)
def everything() -> ResponseReturnValue:
    """Show the chapters of a line; or the sentences of one, or those that fit what is looked for."""
    sought, page = _sought(), _page()
    with transaction() as session:
        lines = lines_of(session, holder().network_id)
        line = _chosen(lines)
        if line is None:
            return render_template("prompts/no_line.html", may_open=reaches_network(Right.KEEP_SETTINGS))
        told = sentences(session, Catalogue.load(), line)
        stale = stale_pieces(session, Catalogue.load(), holder().network_id) if sought.is_nothing else ()
    fitting = () if sought.is_nothing else found(told, sought, Written(page_language()))
    return render_template(
        "prompts/all.html",
        **_around(line, sought, page, len(fitting)),
        lines=lines,
        spoken=spoken_language(),
        languages=tuple(Language),
        standings=tuple(Standing),
        chapters=tuple(Chapter),
        counts=counted(told),
        fitting=fitting[ON_A_PAGE * (page - 1) : ON_A_PAGE * page],
        count=len(fitting),
        stale=stale,
        may_change=may_change(),
    )


def _around(line: Line, sought: Sought, page: int, count: int) -> dict[str, object]:
    """What is looked at, and the ways to the pages beside it."""
    newer = _address(line, sought, page - 1) if page > 1 else None
    older = _address(line, sought, page + 1) if count > ON_A_PAGE * page else None
    return {"line": line, "sought": sought, "newer": newer, "older": older}


@prompts.post("/stale")
@signed_in(Right.EDIT_PROMPTS)
def forget() -> ResponseReturnValue:
    """Throw away recordings of what no line says any more."""
    require_reach()
    with transaction() as session:
        forget_stale(session, Catalogue.load(), holder().network_id)
    said("recordings_forgotten")
    return redirect(url_for(".everything"), 303)


def _sought() -> Sought:
    """What the address asks for; a chapter or a filter that there is not is none."""
    chapter, standing = request.args.get("chapter", ""), request.args.get("show", "")
    return Sought(
        request.args.get("q", "")[:LONGEST_WORDS].replace("\0", ""),
        Chapter(chapter) if chapter in list(Chapter) else None,
        Standing(standing) if standing in list(Standing) else None,
    )


def _page() -> int:
    return min(max(request.args.get("page", 1, type=int), 1), FARTHEST)


def _chosen(lines: Sequence[Line]) -> Line | None:
    """The line that the address names, else the first; None where none is open yet."""
    chosen = request.args.get("line", type=int)
    if chosen is None and not lines:
        return None
    return next((one for one in lines if chosen in (None, one.id)), None) or abort(404)


def _address(line: Line, sought: Sought, page: int) -> str:
    words = sought.words or None
    return url_for(".everything", line=line.id, q=words, chapter=sought.chapter, show=sought.standing, page=page)
