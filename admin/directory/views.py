"""Places that people are sent on to, and material that can be trusted: lists, entries, their forms."""

from typing import Final
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.auth import holder, signed_in
from admin.directory.choices import choices
from admin.directory.shelf import MATERIALS, POINTS, Draft, Shelf, draft_of, saved, today
from admin.directory.typed import Typed
from admin.pages import said
from admin.parts import now, transaction
from scheduler.people.cards import people_named
from scheduler.people.organisations import organisation_names
from tickets.browsing import A_PAGE, Sought, overdue, to_review
from tickets.entries import Reviewed, entry_with, retire, reviewed
from tickets.materials import MaterialKind
from tickets.municipalities import municipality_of
from tickets.points import REFERRALS, PointKind
from tickets.rights import Right
from tickets.vocabulary import Topic
from voice_prompts.language import Language

MOST_ROWS: Final = 100_000
KINDS: Final = {"points": PointKind, "materials": MaterialKind}

points = Blueprint("points", __name__, url_prefix="/admin/directory")
materials = Blueprint("materials", __name__, url_prefix="/admin/directory/materials")


@points.get("")
@signed_in(Right.READ_DIRECTORY)
def every_point() -> ResponseReturnValue:
    """Show the places, those first that somebody should have looked at again."""
    return _listed(POINTS)


@materials.get("")
@signed_in(Right.READ_DIRECTORY)
def all_material() -> ResponseReturnValue:
    """Show links and material, those first that somebody should have looked at again."""
    return _listed(MATERIALS)


@points.get("/points/<code>")
@signed_in(Right.READ_DIRECTORY)
def one_point(code: str) -> ResponseReturnValue:
    """Show a place."""
    return _one(POINTS, code)


@materials.get("/<code>")
@signed_in(Right.READ_DIRECTORY)
def one_material(code: str) -> ResponseReturnValue:
    """Show a link or material."""
    return _one(MATERIALS, code)


@points.get("/new-point")
@signed_in(Right.EDIT_DIRECTORY)
def new_point() -> ResponseReturnValue:
    """Show the form for a place."""
    return _form(POINTS, Draft(Typed({"active": "1"}, {}), {}))


@materials.get("/new", endpoint="new_material")
@signed_in(Right.EDIT_DIRECTORY)
def new_material() -> ResponseReturnValue:
    """Show the form for material."""
    return _form(MATERIALS, Draft(Typed({"active": "1", "url": "https://"}, {}), {}))


@points.get("/points/<code>/edit")
@signed_in(Right.EDIT_DIRECTORY)
def edit_point(code: str) -> ResponseReturnValue:
    """Show a place's form as it stands."""
    return _edited(POINTS, code)


@materials.get("/<code>/edit")
@signed_in(Right.EDIT_DIRECTORY)
def edit_material(code: str) -> ResponseReturnValue:
    """Show material's form as it stands."""
    return _edited(MATERIALS, code)


@points.post("/new-point")
@points.post("/points/<code>/edit")
@signed_in(Right.EDIT_DIRECTORY)
def save_point(code: str | None = None) -> ResponseReturnValue:
    """Put a place in, or let it be so from now on."""
    return _saved(POINTS, code)


@materials.post("/new")
@materials.post("/<code>/edit")
@signed_in(Right.EDIT_DIRECTORY)
def save_material(code: str | None = None) -> ResponseReturnValue:
    """Put material in, or let it be so from now on."""
    return _saved(MATERIALS, code)


@points.post("/points/<code>/review")
@signed_in(Right.EDIT_DIRECTORY)
def review_point(code: str) -> ResponseReturnValue:
    """Say that a place is right as it stands."""
    return _reviewed(POINTS, code)


@materials.post("/<code>/review")
@signed_in(Right.EDIT_DIRECTORY)
def review_material(code: str) -> ResponseReturnValue:
    """Say that material is right as it stands."""
    return _reviewed(MATERIALS, code)


@points.post("/points/<code>/retire")
@signed_in(Right.EDIT_DIRECTORY)
def retire_point(code: str) -> ResponseReturnValue:
    """Send nobody there any more."""
    return _retired(POINTS, code)


@materials.post("/<code>/retire")
@signed_in(Right.EDIT_DIRECTORY)
def retire_material(code: str) -> ResponseReturnValue:
    """Give it to nobody any more."""
    return _retired(MATERIALS, code)


def sought_in() -> Sought:
    """What somebody looks for, as the address says it."""
    topic, where = request.args.get("topic", ""), request.args.get("municipality", "")
    first = request.args.get("first", 0, type=int)
    return Sought(
        words=request.args.get("words", "").strip()[:100],
        topic=Topic(topic) if topic in list(Topic) else None,
        municipality=municipality_of(where.strip()) if where.strip() else None,
        due_on=today(now()) if request.args.get("due") else None,
        first=min(max(first, 0), MOST_ROWS),
    )


def pages_of(sought: Sought, *, more: bool) -> tuple[str | None, str | None]:
    """The addresses of the page before and of the one after."""
    asked = request.args.to_dict()
    before, after = (f"?{urlencode(asked | {'first': str(max(0, sought.first + step))})}" for step in (-A_PAGE, A_PAGE))
    return before if sought.first else None, after if more else None


def _listed(shelf: Shelf[Reviewed]) -> ResponseReturnValue:
    sought, network_id = sought_in(), holder().network_id
    with transaction() as session:
        found = to_review(session, shelf.row, network_id, sought)
        due = overdue(session, shelf.row, network_id, today(now()))
        owners = people_named(session, network_id, {one.owner_person_id for one in found.rows if one.owner_person_id})
    return render_template(
        f"directory/{shelf.name}.html",
        rows=found.rows,
        pages=pages_of(sought, more=found.more),
        owners=owners,
        due=due,
        today=today(now()),
        topics=Topic,
        may_edit=Right.EDIT_DIRECTORY in holder().rights,
    )


def _one(shelf: Shelf[Reviewed], code: str) -> ResponseReturnValue:
    network_id = holder().network_id
    with transaction() as session:
        row = entry_with(session, shelf.row, network_id, code) or abort(404)
        owners = people_named(session, network_id, {row.owner_person_id} if row.owner_person_id else ())
        kept_by = organisation_names(session, network_id)
    return render_template(
        f"directory/{shelf.name}_one.html",
        row=row,
        owner=owners.get(row.owner_person_id or 0, ""),
        kept_by=kept_by,
        today=today(now()),
        may_edit=Right.EDIT_DIRECTORY in holder().rights,
    )


def _edited(shelf: Shelf[Reviewed], code: str) -> ResponseReturnValue:
    with transaction() as session:
        row = entry_with(session, shelf.row, holder().network_id, code) or abort(404)
        draft = draft_of(row, shelf.shape)
    return _form(shelf, draft)


def _saved(shelf: Shelf[Reviewed], code: str | None) -> ResponseReturnValue:
    sent = Draft(Typed.sent(request.form), {}, code, request.form.get("seen", ""))
    with transaction() as session:
        answer = saved(session, shelf, holder().network_id, sent, now())
    if isinstance(answer, Draft):
        return _form(shelf, answer), 409 if answer.stale else 422
    said("entry_saved")
    return redirect(_address(shelf.name, answer), 303)


def _reviewed(shelf: Shelf[Reviewed], code: str) -> ResponseReturnValue:
    with transaction() as session:
        found = reviewed(session, shelf.row, holder().network_id, code, on=today(now()), due=None)
    if not found:
        abort(404)
    said("entry_reviewed")
    back = request.form.get("back") == "list"
    return redirect(url_for(_LISTS[shelf.name]) if back else _address(shelf.name, code), 303)


def _retired(shelf: Shelf[Reviewed], code: str) -> ResponseReturnValue:
    with transaction() as session:
        found = retire(session, shelf.row, holder().network_id, code, now=now())
    if not found:
        abort(404)
    said("entry_retired")
    return redirect(_address(shelf.name, code), 303)


def _form(shelf: Shelf[Reviewed], draft: Draft) -> str:
    with transaction() as session:
        chosen = choices(session)
    return render_template(
        f"directory/{shelf.name}_form.html",
        draft=draft,
        choices=chosen,
        kinds=KINDS[shelf.name],
        outcomes=REFERRALS,
        topics=Topic,
        languages=Language,
    )


_LISTS: Final = {"points": "points.every_point", "materials": "materials.all_material"}


def _address(name: str, code: str) -> str:
    return url_for("points.one_point" if name == "points" else "materials.one_material", code=code)


@points.app_template_filter()
def host(address: str) -> str:
    """The part of a web address that says whose it is."""
    return urlsplit(address).hostname or address
