"""The reports' pages: the picture and its table say the same, what is small is told in neither, each by its right."""

import re

import pytest
from flask import Flask
from sqlalchemy import text

from admin.parts import Parts
from tests.integration.report_room import BASE, CAMPAIGN, FIGURE, Reader, coordinator, in_table, network
from tickets.vocabulary import Role

__all__ = ["coordinator", "network"]


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


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_report_can_be_read_in_three_languages_without_a_style_of_its_own(
    coordinator: Reader, language: str
) -> None:
    for path in ("?by=month", "?by=topic", "/calendar", "/help", "/parity", "/campaigns", "/indicators"):
        page = coordinator.sees(f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert f'<html lang="{language}">' in page
        assert " style=" not in page
