"""The statistics for programs: tables, files, the calendar, campaigns and figures from elsewhere; each by its right."""

import csv
import io
from collections.abc import Callable
from datetime import datetime
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from admin.demo.data import DemoData
from admin.parts import Parts
from scheduler.counting import count
from tests.integration.programs import Program, told, why
from tests.integration.report_room import event_of, key_of
from tickets.intake import Matter, open_ticket
from tickets.network import Network, Organisation
from tickets.statistics.sums import sum_due_months
from tickets.view_log import Seen, View
from tickets.vocabulary import Channel, Role, Topic
from voice_prompts.language import Language

As = Callable[..., Program]
NOVEMBER = "period=2026-11"


@pytest.fixture
def network(parts: Parts, demo: DemoData) -> int:
    """The demo's network: thirty matters of Turku in Finnish, two in Swedish, of its first organisation; ten of nobody's."""
    with parts.sessions.begin() as session:
        network = session.scalars(select(Network.id)).one()
        organisation = session.scalars(select(Organisation.id).order_by(Organisation.id)).first()
        for times, language, place, whose in (
            (30, Language.FI, "853", organisation), (2, Language.SV, "853", organisation), (10, Language.FI, None, None)
        ):  # fmt: skip
            session.add_all(event_of(network, language, place, whose) for _ in range(times))
        session.execute(text("INSERT INTO support_month_due VALUES (:n, '2026-11-01', true)"), {"n": network})
        session.flush()
        sum_due_months(session)
    return network


@pytest.fixture
def program(parts: Parts, client: FlaskClient, network: int) -> As:
    """A program of somebody with a role, in the first organisation or in the whole network."""

    def give(role: Role = Role.KOORDINAATTORI, *, of_an_organisation: bool = False) -> Program:
        return Program(client, key_of(parts, network, role, of_an_organisation=of_an_organisation))

    return give


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode())))


def test_a_table_tells_what_is_not_small_and_marks_what_is(program: As) -> None:
    table = told(program()("GET", f"/statistics?{NOVEMBER}&by=language"))
    assert {row["value"]: (row["name"], row["events"]["number"], row["events"]["hidden"]) for row in table["rows"]} == {
        "fi": ("suomi", None, True), "sv": ("ruotsi", None, True)
    }  # fmt: skip
    assert (table["total"]["events"]["number"], table["total"]["median_wait"]["number"]) == (42, 40)


def test_the_file_in_a_spreadsheets_or_a_programs_form_says_the_same(program: As) -> None:
    plain = program()("GET", f"/statistics/file.csv?{NOVEMBER}&by=municipality&language=sv").data
    assert [line[:2] for line in lines(plain)] == [
        ["kommun", "ärenden"],
        ["uppgift saknas", "10"],
        ["Åbo", "32"],
        ["totalt", "42"],
    ]
    for_excel = program()("GET", f"/statistics/file.csv?{NOVEMBER}&by=municipality&excel=true").data
    assert for_excel.startswith("\ufeffkunta;asioita".encode())
    book = program()("GET", f"/statistics/file.xlsx?{NOVEMBER}&by=municipality").data
    with ZipFile(io.BytesIO(book)) as parts:
        assert "Turku" in parts.read("xl/sharedStrings.xml").decode()


def test_a_name_that_a_spreadsheet_would_reckon_stays_a_name(program: As, parts: Parts) -> None:
    with parts.sessions.begin() as session:
        session.execute(text("UPDATE organisation SET name = '=HYPERLINK(\"x\")&' || name"))
    content = program()("GET", f"/statistics/file.csv?{NOVEMBER}&by=organisation").data
    assert lines(content)[2][0].startswith("'=HYPERLINK")
    book = program()("GET", f"/statistics/file.xlsx?{NOVEMBER}&by=organisation").data
    with ZipFile(io.BytesIO(book)) as tabs:
        assert "<f>" not in tabs.read("xl/worksheets/sheet1.xml").decode()


def test_somebody_of_one_organisation_sees_its_own_rows_only(program: As) -> None:
    theirs = program(Role.YHDYSHENKILO, of_an_organisation=True)
    assert told(theirs("GET", f"/statistics?{NOVEMBER}&by=municipality"))["total"]["events"]["number"] == 32
    for path in ("statistics/help", "statistics/parity", "statistics/events.csv"):
        assert why(theirs("GET", f"/{path}?{NOVEMBER}")) == (403, "whole_network_only")


def test_whoever_has_no_part_in_statistics_reads_none(program: As) -> None:
    assert program(Role.NEUVOJA)("GET", f"/statistics?{NOVEMBER}&by=language").status_code == 403
    assert program(Role.ALUEKOORDINAATTORI)("POST", "/campaigns").status_code == 403


@pytest.mark.parametrize("period", ["2026-13", "2026-Q5", "marraskuu", "2026-11-01", "1999"])
def test_a_period_that_is_none_is_told_how_one_is_written(program: As, period: str) -> None:
    answer = program()("GET", f"/statistics?period={period}&by=language")
    assert answer.status_code == 400
    assert "2026-Q4" in (answer.json or {})["detail"]


def test_single_events_are_coarse_where_few_are_alike_and_each_look_is_noted(program: As, parts: Parts) -> None:
    content = program()("GET", f"/statistics/events.csv?{NOVEMBER}").data
    heading, *events = lines(content)
    assert "day" not in heading
    of_language = [dict(zip(heading, line, strict=True)) for line in events]
    assert {line["municipality"] for line in of_language if line["language"] == "fi"} == {"853", ""}
    assert not [line for line in of_language if line["language"] == "sv"]
    assert len(events) == 42
    with parts.sessions() as session:
        assert session.scalars(select(View.seen)).all() == [Seen.EXPORT]
    assert why(program()("GET", "/statistics/events.csv?period=2026"))[1] == "not_a_month"


def test_campaigns_and_figures_from_elsewhere_stand_over_the_weeks(program: As) -> None:
    mine = program()
    campaign = {
        "name": "Kirje",
        "begins": "2026-11-09",
        "ends": "2026-11-15",
        "medium": "letter",
        "municipalities": ["853"],
    }
    number = told(mine("POST", "/campaigns", **campaign))["id"]
    figure = {"name": "Asiakkaita", "value": 27.8, "unit": "%", "begins": "2026-01-01", "ends": "2026-12-31"}
    indicator = told(mine("POST", "/indicators", **figure, source="Vuosikertomus", source_date="2026-06-01"))["id"]
    calendar = told(mine("GET", f"/statistics/calendar?{NOVEMBER}"))
    assert [(row["value"], row["events"]["number"]) for row in calendar["weeks"]["rows"]] == [("2026-11-09", 42)]
    assert [(one["id"], one["name"]) for one in calendar["campaigns"]] == [(number, "Kirje")]
    assert [one["source"] for one in calendar["indicators"]] == ["Vuosikertomus"]
    told(mine("PATCH", f"/campaigns/{number}", **{**campaign, "name": "Toinen"}))
    assert [one["name"] for one in told(mine("GET", f"/campaigns?{NOVEMBER}"))["campaigns"]] == ["Toinen"]
    told(mine("DELETE", f"/campaigns/{number}"))
    told(mine("DELETE", f"/indicators/{indicator}"))
    assert told(mine("GET", f"/indicators?{NOVEMBER}")) == {"indicators": []}
    assert why(mine("DELETE", f"/campaigns/{number}")) == (404, "not_found")
    assert why(mine("POST", "/campaigns", **{**campaign, "ends": "2026-11-01"})) == (409, "ends_before_it_begins")


def test_help_and_parity_are_told_to_whoever_sees_the_whole_network(program: As) -> None:
    mine = program(Role.ALUEKOORDINAATTORI)
    assert told(mine("GET", f"/statistics/help?{NOVEMBER}"))["period"] == "2026-11"
    (turku,) = [one for one in told(mine("GET", f"/statistics/parity?{NOVEMBER}"))["municipalities"]
                if one["municipality"] == "853"]  # fmt: skip
    assert [side["figures"]["events"]["hidden"] for side in turku["sides"]] == [True, True]


def test_nothing_that_a_caller_told_is_in_any_statistics(
    program: As, parts: Parts, network: int, now: datetime
) -> None:
    told_by_them = ("Kyllikki Kanarialintu", "kyllikki@example.fi", "+358409998887", "Kanarian saaret")
    name, email, phone, words = told_by_them
    with parts.sessions.begin() as session:
        for number in range(6):
            matter = Matter(
                network, None, Channel.FORM, Language.FI, phone, f"form:{number}", Topic.KELA, "529",
                text=words, another=True, name=name, email=email,
            )  # fmt: skip
            ticket = open_ticket(session, matter, now=now)
            session.execute(
                text("UPDATE ticket SET status = 'closed', closed_at = :now, outcome = 'RATKAISTU', e_service = :words "
                     "WHERE id = :id"),
                {"now": now, "words": words, "id": ticket.id},
            )  # fmt: skip
            code = ticket.code
    assert count(parts.sessions) == 6
    mine, paths = (
        program(),
        ["statistics/help?", "statistics/parity?", "statistics/calendar?", "statistics/events.csv?"],
    )
    for by in ("municipality", "topic", "e_service", "channel"):
        paths += [f"statistics?by={by}&", f"statistics/file.csv?by={by}&"]
    for path in paths:
        answer = mine("GET", f"/{path}{NOVEMBER}").text
        assert not [secret for secret in (*told_by_them, phone[4:], code) if secret in answer], path
    assert told(mine("GET", f"/statistics?by=topic&{NOVEMBER}"))["total"]["events"]["number"] == 48
