"""The reports' pages: the picture and its table say the same, what is small is told in neither, each by its right."""

import re
from datetime import datetime
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from admin.demo.data import DemoData
from admin.parts import Parts
from admin.reports.chart import MOST_BARS, Point, bars, line
from tests.integration.test_api_statistics import _event
from tests.integration.test_desk_page import hidden
from tests.integration.test_roles_and_routes import signed_in
from tickets.network import Network, Organisation
from tickets.people import Person
from tickets.statistics.sums import sum_due_months
from tickets.store import cipher_of
from tickets.tokens import issue_token
from tickets.vocabulary import Role
from voice_prompts.language import Language

BASE = "/admin/reports"
CAMPAIGN = {
    "name": "Digiviikko",
    "begins": "2026-11-09",
    "ends": "2026-11-15",
    "medium": "advert",
    "municipalities": "Turku, Åbo",
}
FIGURE = {
    "name": "Digitaaliset yhteydenotot", "value": "27,8", "unit": "%", "begins": "2026-01-01", "ends": "2026-12-31",
    "source": "Hyvinvointialue", "source_date": "2026-10-01",
}  # fmt: skip


class Reader:
    """Somebody who reads the reports, in the first organisation or in the whole network."""

    def __init__(self, app: Flask, parts: Parts, role: Role, network: int, *, of_an_organisation: bool = False) -> None:
        now = parts.clock.now()
        with parts.sessions.begin() as session:
            organisation = session.scalars(select(Organisation.id).order_by(Organisation.id)).first()
            person = Person(
                network_id=network,
                organisation_id=organisation if of_an_organisation else None,
                role=role,
                name_sealed=cipher_of(session).seal("Kaija"),
                created_at=now,
            )
            session.add(person)
            session.flush()
            token = issue_token(session, network, role, now=now, person_id=person.id)
        self.parts, self.client = parts, signed_in(app, parts, token)
        self.csrf = hidden(self.client.get("/sign-in?lang=fi"), "csrf")

    def sees(self, path: str = "", status: int = 200) -> str:
        page = self.client.get(f"{BASE}{path}")
        assert page.status_code == status, page.text
        return unescape(page.text)

    def sends(self, path: str, **typed: str) -> TestResponse:
        return self.client.post(f"{BASE}{path}", data={"csrf": self.csrf, **typed})

    def count(self, table: str) -> int:
        with self.parts.sessions() as session:
            return int(session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


@pytest.fixture
def network(parts: Parts, demo: DemoData) -> int:
    """The demo's network with matters in November and October: of Turku in Finnish and Swedish, and a few of Pargas."""
    with parts.sessions.begin() as session:
        network = session.scalars(select(Network.id)).one()
        first = session.scalars(select(Organisation.id).order_by(Organisation.id)).first()
        for times, language, place in ((30, Language.FI, "853"), (12, Language.SV, "853"), (2, Language.SV, "445")):
            session.add_all(_event(network, language, place, first) for _ in range(times))
        october = [_event(network, Language.FI, "853", first) for _ in range(8)]
        for event in october:
            event.day = event.day.replace(month=10)
        session.add_all(october)
        for month in ("2026-10-01", "2026-11-01"):
            session.execute(text("INSERT INTO support_month_due VALUES (:n, :m, true)"), {"n": network, "m": month})
            session.flush()
            sum_due_months(session)
    return network


@pytest.fixture
def coordinator(app: Flask, parts: Parts, network: int) -> Reader:
    return Reader(app, parts, Role.KOORDINAATTORI, network)


def in_table(page: str) -> list[tuple[str, str]]:
    """The names and the first figure of the table's lines."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return re.findall(r'<th scope="row">([^<]*)</th><td class="number">([^<]*)</td>', body)


def in_picture(page: str) -> list[tuple[str, str]]:
    """The names and figures of the picture."""
    picture = page.partition("<svg role=")[2].partition("</svg>")[0]
    names = re.findall(r'class="chart__name"[^>]*>([^<]*)</text>', picture)
    return list(zip(names, re.findall(r'class="chart__number"[^>]*>([^<]*)</text>', picture), strict=True))


@pytest.mark.parametrize(
    "by", ["language", "channel", "outcome", "topic", "organisation", "municipality", "subregion", "wellbeing_county"]
)
@pytest.mark.parametrize("measure", ["events", "kept_share", "median_wait"])
def test_the_picture_says_what_the_table_says(coordinator: Reader, by: str, measure: str) -> None:
    page = coordinator.sees(f"?period=2026-11&by={by}&measure={measure}")
    assert sorted(in_picture(page)) == sorted(in_table(page))
    assert in_table(page)


def test_a_line_over_time_stands_at_the_numbers_of_its_table(coordinator: Reader) -> None:
    page = coordinator.sees("?period=2026&by=month&measure=events")
    assert [cell for _, cell in in_table(page)] == ["8", "44"]
    assert re.findall(r'class="chart__number"[^>]*>([^<]*)</text>', page) == ["8", "44"]
    assert page.count("chart__dot") == 2


def test_what_is_of_fewer_than_five_stands_in_neither(coordinator: Reader) -> None:
    page = coordinator.sees("?period=2026-11&by=municipality&measure=events")
    assert not re.search(r">\s*2\s*<", page.partition('id="report"')[2].partition("</section>")[0])
    assert "..." in page


@pytest.mark.parametrize("wrong", ["period=2026-13", "period=next", "by=horoscope", "by=month&period=2026-11%00"])
def test_a_report_that_is_not_known_is_said_and_a_usual_one_shown(coordinator: Reader, wrong: str) -> None:
    page = coordinator.sees(f"?{wrong}", 422)
    assert "Tätä raporttia ei tunneta" in page
    assert in_table(page)


def test_all_years_are_told_like_any_other_period(coordinator: Reader) -> None:
    page = coordinator.sees("?period=all&by=language")
    assert sorted(in_picture(page)) == sorted(in_table(page))
    assert in_table(page)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fi", ("loka–joulukuu 2026", "marraskuu 2026", "Kaikki vuodet")),
        ("sv", ("oktober–december 2026", "november 2026", "Alla år")),
        ("en", ("October–December 2026", "November 2026", "All years")),
    ],
)
def test_a_period_is_chosen_by_its_name(coordinator: Reader, language: str, told: tuple[str, ...]) -> None:
    page = coordinator.sees(f"?period=2026-Q4&by=language&lang={language}")
    offered = dict(re.findall(r'<option value="(2026[^"]*|all)"[^>]*>([^<]*)</option>', page))
    assert (offered["2026-Q4"], offered["2026-11"], offered["all"]) == told
    assert f"{told[0]}</h2>" in page
    assert "Q4" not in re.sub(r'"[^"]*"', "", page.partition("<main")[2])
    for path in ("/help", "/parity"):
        assert told[0] in coordinator.sees(f"{path}?period=2026-Q4")


def test_a_report_says_up_to_when_it_is_counted(coordinator: Reader, parts: Parts) -> None:
    assert "Laskettu" not in coordinator.sees("?period=2026")
    rounds = [(9_999_998, "2026-11-22 00:10Z", "done"), (9_999_997, "2026-11-22 00:05Z", "done"),
              (9_999_999, "2026-11-22 00:15Z", "running")]  # fmt: skip
    with parts.sessions.begin() as session:
        for number, at, state in rounds:
            row = "INSERT INTO job (key, kind, payload, run_at, state, attempts) VALUES (:key, 'count', '{}', :at, :state, 1)"
            session.execute(text(row), {"key": f"count:all:{number}", "at": at, "state": state})
    assert "Laskettu su 22.11.2026 klo 2.10 asti." in coordinator.sees("?period=2026")


def test_the_files_hold_the_same_table(coordinator: Reader) -> None:
    for suffix, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("parquet", b"PAR1")):
        answer = coordinator.client.get(f"{BASE}/figures.{suffix}?period=2026-11&by=language&lang=fi")
        assert answer.data.startswith(begins), suffix
        assert f'digilinja-language-2026-11.{suffix}"' in answer.headers["Content-Disposition"]
    csv = coordinator.client.get(f"{BASE}/figures.csv?period=2026-11&by=language").data.decode("utf-8-sig")
    assert "suomi;30;" in csv
    assert coordinator.client.get(f"{BASE}/figures.exe?period=2026-11").status_code == 404


def test_the_weeks_stand_under_their_campaigns(coordinator: Reader) -> None:
    coordinator.sends("/campaigns", **CAMPAIGN)
    coordinator.sends("/indicators", **FIGURE)
    page = coordinator.sees("/calendar?year=2026")
    assert 'class="chart__band"' in page
    assert "Digiviikko" in page
    assert "27,8 %" in page
    assert [cell for _, cell in in_table(page)][-1] == "44"
    coordinator.sees("/calendar?year=1812")


def test_a_campaign_is_entered_changed_and_removed(coordinator: Reader) -> None:
    made = coordinator.sends("/campaigns", **CAMPAIGN)
    assert (made.status_code, made.location) == (303, f"{BASE}/campaigns?year=2026")
    page = coordinator.sees("/campaigns?year=2026")
    assert "Digiviikko" in page
    number = re.search(r"/campaigns/(\d+)", page)
    assert number
    form = coordinator.client.get(f"{BASE}/campaigns/{number[1]}")
    assert 'value="Turku"' in form.text
    changed = CAMPAIGN | {"name": "Uusi viikko", "seen": hidden(form, "seen")}
    assert coordinator.sends(f"/campaigns/{number[1]}", **changed).status_code == 303
    late = coordinator.sends(f"/campaigns/{number[1]}", **changed | {"name": "Myöhässä"})
    assert late.status_code == 409
    assert "Joku on muuttanut tätä sillä välin" in late.text
    assert 'value="Myöhässä"' in late.text
    assert "Uusi viikko" in late.text
    assert coordinator.sends(f"/campaigns/{number[1]}/remove").status_code == 303
    assert coordinator.sends(f"/campaigns/{number[1]}/remove").status_code == 404
    assert coordinator.count("campaign") == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"), ({"name": "x" * 10_000}, "name"), ({"name": "a\x00"}, "name"), ({"begins": "eilen"}, "begins"),
        ({"ends": "2026-11-01"}, "ends"), ({"medium": "horoskooppi"}, "medium"), ({"municipalities": "Atlantis"}, "municipalities"),
        ({"begins": ""}, "begins"), ({"begins": "0001-01-01"}, "begins"),
    ],
)  # fmt: skip
def test_a_campaign_typed_wrongly_is_told_beside_the_field(
    coordinator: Reader, typed: dict[str, str], field: str
) -> None:
    refused = coordinator.sends("/campaigns", **CAMPAIGN | {"name": "<script>x</script>"} | typed)
    assert refused.status_code == 422
    assert f'id="{field}-mistake"' in refused.text
    assert "<script>x" not in refused.text
    assert coordinator.count("campaign") == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"value": "paljon"}, "value"), ({"value": "nan"}, "value"), ({"value": ""}, "value"), ({"source": ""}, "source"),
        ({"source": "   "}, "source"), ({"ends": "2025-12-31"}, "ends"), ({"source_date": "joskus"}, "source_date"),
        ({"name": "x" * 10_000}, "name"), ({"unit": "x" * 41}, "unit"), ({"area": "a\x00"}, "area"),
    ],
)  # fmt: skip
def test_a_figure_without_a_number_or_a_source_is_none(coordinator: Reader, typed: dict[str, str], field: str) -> None:
    refused = coordinator.sends("/indicators", **FIGURE | typed)
    assert refused.status_code == 422
    assert f'id="{field}-mistake"' in refused.text
    assert coordinator.count("indicator") == 0


def test_a_figure_is_entered_with_its_source_and_taken_back(coordinator: Reader) -> None:
    assert coordinator.sends("/indicators", **FIGURE).status_code == 303
    page = coordinator.sees("/indicators?year=2026")
    assert all(told in page for told in ("27,8 %", "Hyvinvointialue", "1.10.2026", "Koko verkosto"))
    number = re.search(r"/indicators/(\d+)", page)
    assert number
    assert coordinator.sends(f"/indicators/{number[1]}/remove").status_code == 303
    assert coordinator.sends(f"/indicators/{number[1]}/remove").status_code == 404


@pytest.fixture
def figure(coordinator: Reader) -> str:
    """The page of a figure that was entered."""
    coordinator.sends("/indicators", **FIGURE)
    found = re.search(r"/indicators/\d+", coordinator.sees("/indicators?year=2026"))
    assert found
    return found[0]


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return found[1]


def test_a_figure_is_corrected_and_the_log_keeps_what_it_was(coordinator: Reader, figure: str) -> None:
    page = coordinator.sees(figure)
    assert 'value="27,8"' in page
    changed = coordinator.sends(figure, **FIGURE | {"value": "28,5", "unit": "", "seen": seen_in(page)})
    assert changed.status_code == 303
    assert "28,5" in coordinator.sees("/indicators?year=2026")
    with coordinator.parts.sessions() as session:
        (told,) = session.execute(text("SELECT kind, details, actor FROM people_change WHERE kind LIKE 'indicator%'"))
    assert (told.kind, told.details["was"], told.details["became"]) == ("indicator_changed", "27.8", "28.5")
    assert told.actor.startswith("person:")
    assert coordinator.client.get("/admin/changes").text.count("27.8 → 28.5") == 1


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("value", ["1234", "5603851", "0.12345", "-1234567.5"])
def test_a_figure_whose_form_is_sent_as_it_stands_is_the_same_figure(
    coordinator: Reader, language: str, value: str
) -> None:
    coordinator.sends("/indicators", **FIGURE | {"value": value})
    coordinator.client.get(f"/sign-in?lang={language}")
    found = re.search(r"/indicators/\d+", coordinator.sees("/indicators?year=2026"))
    assert found
    page = coordinator.sees(found[0])
    shown = re.search(r'<input[^>]*name="value"[^>]*value="([^"]*)"', page)
    assert shown, page
    assert coordinator.sends(found[0], **FIGURE | {"value": shown[1], "seen": seen_in(page)}).status_code == 303
    with coordinator.parts.sessions() as session:
        assert session.scalar(text("SELECT value FROM indicator")) == float(value)
        told = session.execute(text("SELECT details FROM people_change WHERE kind = 'indicator_changed'")).scalar_one()
    assert (told["was"], told["became"]) == (value, value)


def test_of_two_who_correct_a_figure_the_second_sees_the_firsts(coordinator: Reader, figure: str) -> None:
    seen = seen_in(coordinator.sees(figure))
    assert coordinator.sends(figure, **FIGURE | {"value": "28,5", "seen": seen}).status_code == 303
    late = coordinator.sends(figure, **FIGURE | {"value": "29,9", "seen": seen})
    assert late.status_code == 409
    assert 'value="29,9"' in late.text
    assert "28,5 %" in unescape(late.text)
    assert "28,5" in coordinator.sees("/indicators?year=2026")
    assert coordinator.sends(figure, **FIGURE | {"value": "29,9", "seen": seen_in(late.text)}).status_code == 303


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("value", ""),
        ("value", "<script>"),
        ("name", "x" * 10_000),
        ("source", ""),
        ("ends", "2025-01-01"),
        ("name", "a\x00"),
    ],
)
def test_a_figure_that_is_corrected_wrongly_stays_as_it_was(
    coordinator: Reader, figure: str, field: str, typed: str
) -> None:
    seen = seen_in(coordinator.sees(figure))
    refused = coordinator.sends(figure, **FIGURE | {field: typed, "seen": seen})
    assert refused.status_code == 422
    assert f'id="{field}-mistake"' in refused.text
    assert "<script>" not in refused.text.partition("<main")[2]
    assert "27,8" in coordinator.sees("/indicators?year=2026")


def test_who_only_reads_corrects_no_figure(app: Flask, parts: Parts, network: int, figure: str) -> None:
    reader = Reader(app, parts, Role.ALUEKOORDINAATTORI, network)
    assert figure not in reader.sees("/indicators?year=2026")
    assert reader.client.get(f"{BASE}{figure}").status_code == 302
    assert reader.sends(figure, **FIGURE).status_code == 302


def test_help_and_languages_are_told_of_the_whole_network(coordinator: Reader) -> None:
    assert "Yhteensä" in coordinator.sees("/help?period=2026-11")
    page = coordinator.sees("/parity?period=2026-11")
    assert "Turku" in page
    assert "svenska" not in page.partition("<table")[2].partition("</table>")[0]
    for odd in ("/help?period=all", "/parity?period=x"):
        coordinator.sees(odd)


def test_who_sees_one_organisations_statistics_sees_those_and_is_told_what_is_not_theirs(
    app: Flask, parts: Parts, network: int
) -> None:
    reader = Reader(app, parts, Role.YHDYSHENKILO, network, of_an_organisation=True)
    assert in_table(reader.sees("?period=2026-11&by=language"))
    for path in ("/help", "/parity"):
        assert "Tämä raportti on koko verkostosta" in reader.sees(path, 403)
    assert "Uusi kampanja" not in reader.sees("/campaigns")
    assert reader.sends("/campaigns", **CAMPAIGN).status_code in (302, 403)
    assert reader.sends("/indicators", **FIGURE).status_code in (302, 403)
    assert reader.count("campaign") == 0


@pytest.mark.parametrize("role", [Role.NEUVOJA, Role.OPASTAJA, Role.JASEN, Role.PAAKAYTTAJA])
def test_who_has_no_part_in_the_statistics_is_shown_the_way_in(
    app: Flask, parts: Parts, network: int, role: Role
) -> None:
    reader = Reader(app, parts, role, network)
    for path in ("", "/figures.csv", "/calendar", "/help", "/parity", "/campaigns", "/indicators"):
        assert reader.client.get(BASE + path).status_code in (302, 403)


def test_another_networks_campaign_is_not_there(app: Flask, parts: Parts, coordinator: Reader, now: datetime) -> None:
    coordinator.sends("/campaigns", **CAMPAIGN)
    number = re.search(r"/campaigns/(\d+)", coordinator.sees("/campaigns?year=2026"))
    assert number
    with parts.sessions.begin() as session:
        other = Network(name="Toinen", created_at=now)
        session.add(other)
        session.flush()
        elsewhere = other.id
    reader = Reader(app, parts, Role.KOORDINAATTORI, elsewhere)
    assert reader.client.get(f"{BASE}/campaigns/{number[1]}").status_code == 404
    assert reader.sends(f"/campaigns/{number[1]}", **CAMPAIGN).status_code == 404
    assert reader.sends(f"/campaigns/{number[1]}/remove").status_code == 404
    assert "Mitään ei ole vielä laskettu" in reader.sees("?period=all")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_report_can_be_read_in_three_languages_without_a_style_of_its_own(
    coordinator: Reader, language: str
) -> None:
    for path in ("?by=month", "?by=topic", "/calendar", "/help", "/parity", "/campaigns", "/indicators"):
        page = coordinator.sees(f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert f'<html lang="{language}">' in page
        assert " style=" not in page


def test_bars_are_as_long_as_their_numbers_and_what_is_hidden_has_none() -> None:
    picture = bars([Point("a", 10, "10"), Point("b", 5, "5"), Point("c", None, "...")])
    assert [bar.length for bar in picture.bars] == [picture.bars[1].length * 2, picture.bars[1].length, 0]
    assert len(bars([Point(str(at), at, str(at)) for at in range(40)]).bars) == MOST_BARS
    assert bars([]).bars == []


def test_a_line_is_broken_where_nothing_is_told_and_campaigns_do_not_hide_each_other() -> None:
    points = [Point(str(at), number, str(number)) for at, number in enumerate((4, 8, None, 2))]
    picture = line(points, [("one", 0, 2), ("two", 1, 3), ("three", 2.5, 3)])
    assert [len(stroke.split()) for stroke in picture.strokes] == [2, 1]
    assert [band.row for band in picture.bands] == [0, 1, 0]
    low, high = picture.dots[0].y, picture.dots[1].y
    assert picture.base - high == pytest.approx(2 * (picture.base - low))
    assert line([]).dots == []
