"""The notice board: what the network's people tell one another."""

from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from admin.auth import holder, reaches_network, signed_in
from admin.once import only_once
from admin.pages import said
from admin.parts import transaction
from admin.people.doing import by
from admin.people.reading import Fields, as_typed, row_of
from admin.people.views import today
from tickets.board import (
    BoardPost,
    Notice,
    NoticeCard,
    board_of,
    notice_of,
    pinned_on,
    post_of,
    put_up,
    reword,
    take_down,
)
from tickets.rights import Right
from tickets.tokens import actor_of

LONGEST_TITLE, LONGEST_NOTICE = 200, 10_000
A_PAGE: Final = 20
board = Blueprint("board", __name__, url_prefix="/admin/board")


@board.get("")
@signed_in(Right.READ_BOARD)
def everything() -> ResponseReturnValue:
    """Show the notices: the pinned ones, then the others, the newest first."""
    before, network = row_of(request.args.get("before", "")), holder().network_id
    with transaction() as session:
        pinned = () if before else pinned_on(session, network, today())
        loose = board_of(session, network, today(), before=before, limit=A_PAGE + 1)
        mine = {card.id for card in (*pinned, *loose) if _is_mine(session, card)}
    older = url_for(".everything", before=loose[A_PAGE - 1].id) if len(loose) > A_PAGE else None
    shown = {
        "pinned": pinned,
        "notices": loose[:A_PAGE],
        "older": older,
        "mine": mine,
        "keeper": reaches_network(Right.KEEP_PEOPLE),
    }
    return render_template("people/board.html", before=before, may=_may_post(), **shown)


@board.get("/new")
@signed_in(Right.POST_ON_BOARD)
def blank() -> ResponseReturnValue:
    """Show the form for a notice."""
    return render_template("people/notice.html", post=None, typed=as_typed({}), mistakes={})


@board.post("/new")
@signed_in(Right.POST_ON_BOARD)
def add() -> ResponseReturnValue:
    """Hang a notice on the board."""
    notice, mistakes = _read(request.form)
    if notice is None:
        return render_template("people/notice.html", post=None, typed=request.form, mistakes=mistakes), 422
    with transaction() as session:
        put_up(session, holder().network_id, notice, person_id=holder().person_id, **by())
        only_once(session, "people_notice_up", url_for(".everything"))
    return _done("people_notice_up")


@board.get("/<int:post>")
@signed_in(Right.POST_ON_BOARD)
def one(post: int) -> ResponseReturnValue:
    """Show the form of one's own notice."""
    with transaction() as session:
        notice = notice_of(session, _own(session, post))
    typed = as_typed({"title": notice.title, "text": notice.text, "pinned_until": notice.pinned_until})
    return render_template("people/notice.html", post=post, typed=typed, mistakes={})


@board.post("/<int:post>")
@signed_in(Right.POST_ON_BOARD)
def change(post: int) -> ResponseReturnValue:
    """Let one's own notice say something else."""
    notice, mistakes = _read(request.form)
    with transaction() as session:
        row = _own(session, post)
        if notice is not None:
            reword(session, row, notice, now=by()["now"])
    if notice is None:
        return render_template("people/notice.html", post=post, typed=request.form, mistakes=mistakes), 422
    return _done("people_notice_up")


@board.post("/<int:post>/removal")
@signed_in(Right.POST_ON_BOARD)
def remove(post: int) -> ResponseReturnValue:
    """Take down one's own notice, or whoever keeps the network's people anybody's."""
    with transaction() as session:
        row = post_of(session, holder().network_id, post)
        if row is None:  # somebody has taken it down meanwhile: it is gone, as was wished
            return _done("people_notice_down")
        if not (row.author == actor_of(holder()) or reaches_network(Right.KEEP_PEOPLE)):
            abort(403)
        take_down(row, now=by()["now"])
    return _done("people_notice_down")


def _read(form: MultiDict[str, str]) -> tuple[Notice | None, dict[str, str]]:
    fields = Fields(form)
    notice = Notice(
        fields.text("title", LONGEST_TITLE, needed=True),
        fields.text("text", LONGEST_NOTICE, needed=True),
        fields.day("pinned_until"),
    )
    return None if fields.mistakes else notice, fields.mistakes


def _own(session: Session, post: int) -> BoardPost:
    row = post_of(session, holder().network_id, post) or abort(404)
    return row if row.author == actor_of(holder()) else abort(403)


def _is_mine(session: Session, card: NoticeCard) -> bool:
    who = holder()
    if who.person_id is not None:
        return card.person_id == who.person_id
    row = post_of(session, who.network_id, card.id)
    return row is not None and row.author == actor_of(who)


def _may_post() -> bool:
    return holder().may(Right.POST_ON_BOARD) is not None


def _done(code: str) -> ResponseReturnValue:
    said(code)
    return redirect(url_for(".everything"), 303)
