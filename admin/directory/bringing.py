"""A list is brought in: read, foreseen row by row, and only then put in, whole; and the present one is taken home as a file."""

from contextlib import closing
from typing import Final

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from admin.auth import holder, signed_in
from admin.directory.lists import Fate, Plan, listed, put_list
from admin.directory_file import SHAPES, DirectoryFileError, Kind, Sheet, SheetFault, read_sheet, write_directory
from admin.pages import said
from admin.parts import now, transaction
from tickets.rights import Right

LARGEST: Final = 300_000  # bytes of UTF-8: some seven hundred entries
MOST_ROWS: Final = 500
MOST_SENT: Final = 12_000_000  # so that a file that is too large is told so in words
SHOWN: Final = 100
lists = Blueprint("directory_lists", __name__, url_prefix="/admin/directory/lists")
BACK: Final = {
    Kind.POINTS: "points.every_point",
    Kind.GATHERINGS: "gatherings.every_gathering",
    Kind.MATERIALS: "materials.all_material",
}


@lists.before_request
def _make_room() -> None:
    """A list is larger than any other form."""
    request.max_content_length, request.max_form_memory_size = MOST_SENT, 2 * LARGEST


@lists.get("")
@signed_in(Right.EDIT_DIRECTORY)
def blank() -> ResponseReturnValue:
    """Show where a list is chosen, and which columns it has."""
    return _form()


@lists.post("")
@signed_in(Right.EDIT_DIRECTORY)
def foresee() -> ResponseReturnValue:
    """Tell row by row what a list would do; nothing of it is kept."""
    sent = request.files.get("file")
    text = text_of(_read(sent))
    if isinstance(text, SheetFault):
        return _form(text), 422
    return _foreseen(text)


@lists.post("/accept")
@signed_in(Right.EDIT_DIRECTORY)
def accept() -> ResponseReturnValue:
    """Put the list in that was looked at, if it still does what was shown; else show what it would do now."""
    text = text_of(request.form.get("text", "").encode("utf-8", "replace"))
    if isinstance(text, SheetFault):
        return _form(text), 422
    sheet = _sheet(text)
    if isinstance(sheet, DirectoryFileError):
        return _form(sheet.fault, sheet.columns), 422
    with transaction() as session:
        kept = session.begin_nested()
        plan = put_list(session, holder().network_id, sheet, now())
        if plan.of(Fate.WRONG) or (plan.does_something and plan.mark != request.form.get("mark")):
            kept.rollback()
            return _shown(text, plan, stale=True), 409
    said("list_taken")
    return redirect(url_for(BACK[plan.kind]), 303)


@lists.get("/<kind>.csv")
@signed_in(Right.READ_DIRECTORY)
def taken_home(kind: str) -> ResponseReturnValue:
    """All entries of a kind, as a file that can be brought in again."""
    if kind not in list(Kind):
        abort(404)
    with transaction() as session:
        content = write_directory(Kind(kind), listed(session, Kind(kind), holder().network_id, now()))
    named = {"Content-Disposition": f'attachment; filename="digilinja-{kind}.csv"'}
    return Response(content.encode("utf-8-sig"), mimetype="text/csv", headers=named)


def text_of(content: bytes) -> str | SheetFault:
    """What a spreadsheet has written: UTF-8, UTF-16 with its mark, or as an older Windows writes it; or why it is no list."""
    if not content.strip():
        return SheetFault.NONE
    if len(content) > 2 * LARGEST:
        return SheetFault.TOO_LARGE
    try:
        text = _decoded(content).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return SheetFault.NO_LIST
    if "\x00" in text:
        return SheetFault.NO_LIST
    return SheetFault.TOO_LARGE if len(text.encode("utf-8", "replace")) > LARGEST else text


def _read(sent: FileStorage | None) -> bytes:
    if sent is None:
        return b""
    with closing(sent):
        content: bytes = sent.read()
    return content


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _foreseen(text: str) -> ResponseReturnValue:
    sheet = _sheet(text)
    if isinstance(sheet, DirectoryFileError):
        return _form(sheet.fault, sheet.columns), 422
    with transaction() as session:
        kept = session.begin_nested()
        plan = put_list(session, holder().network_id, sheet, now())
        kept.rollback()
    return _shown(text, plan), 422 if plan.of(Fate.WRONG) else 200


def _sheet(text: str) -> Sheet | DirectoryFileError:
    try:
        sheet = read_sheet(text)
    except DirectoryFileError as error:
        return error
    if len(sheet.rows) + len(sheet.wrong) > MOST_ROWS:
        return DirectoryFileError("", SheetFault.TOO_MANY)
    return sheet if sheet.rows or sheet.wrong else DirectoryFileError("", SheetFault.NONE)


def _form(fault: SheetFault | None = None, columns: tuple[str, ...] = ()) -> str:
    needed = {
        kind: [name for name, of in shape.model_fields.items() if of.is_required()] for kind, shape in SHAPES.items()
    }
    others = {kind: [name for name in shape.model_fields if name not in needed[kind]] for kind, shape in SHAPES.items()}
    return render_template(
        "directory/list_form.html",
        mistakes={} if fault is None else {"file": fault},
        columns=columns,
        needed=needed,
        others=others,
        most=MOST_ROWS,
    )


def _shown(text: str, plan: Plan, *, stale: bool = False) -> str:
    lines = [one for fate in (Fate.WRONG, Fate.CHANGED, Fate.ADDED) for one in plan.of(fate)]
    counted = [(fate, len(plan.of(fate))) for fate in Fate]
    shown = {"lines": lines[:SHOWN], "more": len(lines) - SHOWN, "counted": counted, "back": url_for(BACK[plan.kind])}
    return render_template("directory/list_plan.html", text=text, plan=plan, stale=stale, **shown)
