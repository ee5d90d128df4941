"""digilinja retention and rights, as whoever runs the line uses them."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import text

from admin.demo.data import DemoData
from admin.parts import Parts
from scheduler.erasing import Erased, erase
from scheduler.people.leaving import leave
from scheduler.slots import Grid
from tests.integration.test_cli import Command, digilinja, line_of
from tickets.holds import place_hold
from tickets.intake import Matter, open_ticket
from tickets.registered import Whose
from tickets.vocabulary import Channel, Topic
from voice_prompts.language import Language

__all__ = ["digilinja"]
PHONE, EMAIL = "+358401234567", "aino@example.fi"


@pytest.fixture
def code(parts: Parts, demo: DemoData, now: datetime) -> str:
    assert demo
    with parts.sessions.begin() as session:
        network = session.execute(text("SELECT id FROM network")).scalar_one()
        told = {"name": "Aino Esimerkki", "email": EMAIL, "text": "Kone ei aukea."}
        matter = Matter(network, None, Channel.FORM, Language.FI, PHONE, "form:1", Topic.TIETOKONE, **told)
        return open_ticket(session, matter, now=now).code


def network_of(parts: Parts) -> int:
    with parts.sessions() as session:
        return int(session.execute(text("SELECT id FROM network")).scalar_one())


def left_of(parts: Parts) -> int:
    """How many tickets still know whose they are."""
    with parts.sessions() as session:
        return int(session.execute(text("SELECT count(*) FROM ticket WHERE caller_sealed IS NOT NULL")).scalar_one())


def test_terms_are_shown_chosen_within_bounds_and_put_back(digilinja: Command, code: str) -> None:
    assert "contact" in digilinja("retention", "show").output
    assert digilinja("retention", "set", "contact", "10").exit_code == 0
    assert "10 days" in digilinja("retention", "show").output
    assert "1 to 90 days" in line_of(digilinja("retention", "set", "contact", "91"))
    assert "1 to 90 days" in line_of(digilinja("retention", "set", "contact", "9" * 5000))
    assert "1 to 12 months" in line_of(digilinja("retention", "set", "text", "soon"))
    assert digilinja("retention", "set", "contact", "usual").exit_code == 0
    assert "10 days" not in digilinja("retention", "show").output


def test_what_is_due_is_counted_without_touching_it_and_then_given_to_a_worker(
    digilinja: Command, parts: Parts, code: str
) -> None:
    with parts.sessions.begin() as session:
        session.execute(text("UPDATE ticket SET status = 'closed', closed_at = created_at - interval '31 days'"))
    assert "contact: 1 tickets" in digilinja("retention", "run", "--dry-run").output
    assert left_of(parts) == 1
    assert "a worker does it" in digilinja("retention", "run").output
    with parts.sessions() as session:
        assert session.execute(text("SELECT count(*) FROM job WHERE kind = 'forget_old'")).scalar_one() == 1


def test_a_copy_is_written_for_its_reader_only(digilinja: Command, code: str, tmp_path: Path) -> None:
    out = tmp_path / "aino.zip"
    assert digilinja("rights", "export", "--phone", "040 123 4567", "--out", str(out)).exit_code == 0
    assert out.stat().st_mode & 0o077 == 0
    assert json.loads(ZipFile(out).read("data.json"))["ticket"][0]["name"] == "Aino Esimerkki"
    nobody = digilinja("rights", "export", "--email", "nobody@example.fi", "--out", str(tmp_path / "x.zip"))
    assert "nothing of theirs" in line_of(nobody)
    assert "exactly one" in line_of(digilinja("rights", "export", "--out", str(tmp_path / "x.zip")))
    assert "no phone number" in line_of(digilinja("rights", "erase", "--phone", "soita", "--yes"))


def test_somebody_is_erased_once_and_it_is_said_how_much(digilinja: Command, parts: Parts, code: str) -> None:
    assert "1 tickets" in digilinja("rights", "erase", "--email", EMAIL, "--yes").output
    assert left_of(parts) == 0
    assert "nothing of theirs" in line_of(digilinja("rights", "erase", "--phone", PHONE, "--yes"))


def test_what_is_held_is_named_and_stays(digilinja: Command, parts: Parts, code: str, now: datetime) -> None:
    with parts.sessions.begin() as session:
        ticket = session.execute(text("SELECT id FROM ticket")).scalar_one()
        place_hold(session, ticket, "Kantelu", now + timedelta(days=9), now=now, actor="person:1")
    refused = line_of(digilinja("rights", "erase", "--ticket", code, "--yes"))
    assert code in refused
    assert "must be kept" in refused
    assert left_of(parts) == 1


def test_after_a_restore_the_erased_are_erased_again_and_nobody_else(
    digilinja: Command, parts: Parts, code: str, now: datetime, tmp_path: Path
) -> None:
    network, doing = network_of(parts), {"now": now, "grid": Grid(), "actor": "person:1"}
    with parts.sessions.begin() as session:  # what the backup holds besides
        person = session.execute(text("SELECT min(id) FROM person WHERE helper_id IS NOT NULL")).scalar_one()
        open_ticket(session, Matter(network, None, Channel.FORM, Language.FI, "+358501112229", "form:2"), now=now)
    with parts.sessions() as session:  # erased, then restored: a rollback brings back all but the list of marks
        leave(session, network, person, who=None, **doing)  # type: ignore[arg-type]
        assert isinstance(erase(session, Whose(network, phone=PHONE), **doing), Erased)  # type: ignore[arg-type]
        assert isinstance(erase(session, Whose(network, person_id=person), **doing), Erased)  # type: ignore[arg-type]
        marks = session.execute(text("SELECT mark, erased_at FROM erased_mark")).all()
        session.rollback()
    kept = tmp_path / "erased.json"
    kept.write_text(json.dumps([{"mark": mark.hex(), "at": at.isoformat()} for mark, at in marks]), encoding="utf-8")
    assert left_of(parts) == 2
    assert "1 tickets and 1 people" in digilinja("rights", "reapply", str(kept)).output
    assert left_of(parts) == 1
    assert "0 tickets and 0 people" in digilinja("rights", "reapply", str(kept)).output
    printed = json.loads(digilinja("rights", "erased").output)
    assert {one["mark"] for one in printed} == {mark.hex() for mark, _ in marks}
    assert len(printed) == 2
    kept.write_text("{}[", encoding="utf-8")
    assert "is not what" in line_of(digilinja("rights", "reapply", str(kept)))
