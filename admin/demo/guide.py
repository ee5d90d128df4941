"""The made-up directory of the demo, from spreadsheets such as a coordinator keeps; stops lie ahead of the demo's today."""

from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Final

from sqlalchemy.orm import Session

from admin.commands.directory import put_all
from admin.directory_file import Kind, read_sheet
from scheduler.slots import HELSINKI

TOUR, TOUR_AGAIN, ISLANDS = timedelta(days=2), timedelta(days=16), timedelta(days=6)
FOLDER: Final = "directory"


def fill_directory(session: Session, network_id: int, *, now: datetime) -> None:
    """Put the demo's places, gatherings and material in; the same day gives the same ones."""
    today = now.astimezone(HELSINKI).date()
    for kind in Kind:
        text = files("admin.demo").joinpath(FOLDER, f"{kind}.csv").read_text("utf-8")
        put_all(session, network_id, read_sheet(_on(text, today)), now)


def _on(text: str, today: date) -> str:
    days = {"today": today, "tour": today + TOUR, "tour_again": today + TOUR_AGAIN, "islands": today + ISLANDS}
    for name, day in days.items():
        text = text.replace(f"{{{name}}}", day.isoformat())
    return text
