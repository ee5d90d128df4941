"""Lists that people come back to: saved by a name, called otherwise, dropped."""

from dataclasses import replace

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.auth import holder, signed_in
from admin.cases.blueprint import cases
from admin.cases.board import address_of, page_of
from admin.cases.filters import ListMistake, Typed, kept_as, read, typed_for
from admin.cases.typed import plain
from admin.pages import said
from admin.parts import now, transaction
from tickets.rights import Right
from tickets.saved_views import ViewRefusal, drop_view, rename_view, save_view, views_of

LONGEST_NAME = 100


@cases.get("/tickets/lists")
@signed_in(Right.LIST_TICKETS)
def kept_lists() -> ResponseReturnValue:
    """Show one's own lists and the shared ones."""
    return _lists()


@cases.get("/tickets/lists/<int:view>")
@signed_in(Right.LIST_TICKETS)
def open_list(view: int) -> ResponseReturnValue:
    """Look for what a saved list looks for."""
    with transaction() as session:
        kept = next((one for one in views_of(session, *_mine()) if one.id == view), None)
    if kept is None:
        abort(404)
    return redirect(address_of(typed_for(kept.filters, kept.said)))


@cases.post("/tickets/lists")
@signed_in(Right.LIST_TICKETS)
def save_list() -> ResponseReturnValue:
    """Save what is looked for under a name, for oneself or for all; an own list of that name is replaced."""
    sought = read(Typed.sent(request.form), me=holder().person_id)
    name = plain(request.form, "name")
    shared = _may_share() and ("shared" in request.form or holder().person_id is None)
    if sought.mistakes or (wrong := _wrong_name(name)) is not None:
        return page_of(replace(sought, mistakes=sought.mistakes or {"name": str(wrong)}), name=name)
    if not shared and holder().person_id is None:
        abort(403)
    with transaction() as session:
        filters, words = kept_as(sought.typed), sought.typed.q or None
        whose = (holder().network_id, None if shared else holder().person_id)
        saved = save_view(session, *whose, name, filters, words, now=now())
    if saved is None:
        return page_of(replace(sought, mistakes={"name": ListMistake.TOO_MANY}), name=name)
    said("list_saved")
    return redirect(address_of(sought.typed), 303)


@cases.post("/tickets/lists/<int:view>")
@signed_in(Right.LIST_TICKETS)
def rename_list(view: int) -> ResponseReturnValue:
    """Call a list otherwise."""
    name = plain(request.form, "name")
    if (wrong := _wrong_name(name)) is not None:
        return _lists(view, name, wrong)
    with transaction() as session:
        refusal = rename_view(session, holder().network_id, view, holder().person_id, name, shared_too=_may_share())
    if refusal is ViewRefusal.NO_SUCH_VIEW:
        abort(404)
    if refusal is not None:
        return _lists(view, name, ListMistake.NAME_TAKEN)
    said("list_renamed")
    return redirect(url_for(".kept_lists"), 303)


@cases.post("/tickets/lists/<int:view>/drop")
@signed_in(Right.LIST_TICKETS)
def drop_list(view: int) -> ResponseReturnValue:
    """Forget a list; one that somebody else has dropped meanwhile is gone as well."""
    with transaction() as session:
        drop_view(session, holder().network_id, view, holder().person_id, shared_too=_may_share())
    said("list_dropped")
    return redirect(url_for(".kept_lists"), 303)


def _lists(wrong_at: int | None = None, name: str = "", wrong: ListMistake | None = None) -> ResponseReturnValue:
    with transaction() as session:
        kept = views_of(session, *_mine())
    page = render_template(
        "cases/lists.html", kept=kept, may_share=_may_share(), wrong_at=wrong_at, name=name, wrong=wrong
    )
    return page, 200 if wrong is None else 422


def _wrong_name(name: str) -> ListMistake | None:
    if not name:
        return ListMistake.NO_NAME
    return ListMistake.NAME_TOO_LONG if len(name) > LONGEST_NAME else None


def _may_share() -> bool:
    return holder().may(Right.ASSIGN_TICKETS) is not None


def _mine() -> tuple[int, int | None]:
    return holder().network_id, holder().person_id
