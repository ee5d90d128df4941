"""Figures from elsewhere: entered with their source, corrected under the eyes of the log, taken back."""

import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import text

from admin.parts import Parts
from tests.integration.report_room import BASE, FIGURE, Reader, coordinator, network
from tests.integration.signed_in_people import field
from tickets.vocabulary import Role

__all__ = ["coordinator", "network"]


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


@pytest.mark.parametrize(
    ("language", "typed", "kept"),
    [
        ("fi", "1,234", 1.234),
        ("fi", "1 234,5", 1234.5),
        ("en", "1,234", 1234),
        ("en", "12,345.6", 12345.6),
        ("en", "18,4", 18.4),
        ("en", "0,125", 0.125),
    ],
)
def test_a_number_is_read_as_the_reader_of_the_page_writes_it(
    coordinator: Reader, language: str, typed: str, kept: float
) -> None:
    assert coordinator.sends(f"/indicators?lang={language}", **FIGURE | {"value": typed}).status_code == 303
    with coordinator.parts.sessions() as session:
        assert session.scalars(text("SELECT value FROM indicator")).one() == kept


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


def test_a_figure_is_corrected_and_the_log_keeps_what_it_was(coordinator: Reader, figure: str) -> None:
    page = coordinator.sees(figure)
    assert 'value="27,8"' in page
    changed = coordinator.sends(figure, **FIGURE | {"value": "28,5", "unit": "", "seen": field(page, "seen")})
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
    assert coordinator.sends(found[0], **FIGURE | {"value": shown[1], "seen": field(page, "seen")}).status_code == 303
    with coordinator.parts.sessions() as session:
        assert session.scalar(text("SELECT value FROM indicator")) == float(value)
        told = session.execute(text("SELECT details FROM people_change WHERE kind = 'indicator_changed'")).scalar_one()
    assert (told["was"], told["became"]) == (value, value)


def test_of_two_who_correct_a_figure_the_second_sees_the_firsts(coordinator: Reader, figure: str) -> None:
    seen = field(coordinator.sees(figure), "seen")
    assert coordinator.sends(figure, **FIGURE | {"value": "28,5", "seen": seen}).status_code == 303
    late = coordinator.sends(figure, **FIGURE | {"value": "29,9", "seen": seen})
    assert late.status_code == 409
    assert 'value="29,9"' in late.text
    assert "28,5 %" in unescape(late.text)
    assert "28,5" in coordinator.sees("/indicators?year=2026")
    assert coordinator.sends(figure, **FIGURE | {"value": "29,9", "seen": field(late.text, "seen")}).status_code == 303


@pytest.mark.parametrize(
    ("name", "typed"),
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
    coordinator: Reader, figure: str, name: str, typed: str
) -> None:
    seen = field(coordinator.sees(figure), "seen")
    refused = coordinator.sends(figure, **FIGURE | {name: typed, "seen": seen})
    assert refused.status_code == 422
    assert f'id="{name}-mistake"' in refused.text
    assert "<script>" not in refused.text.partition("<main")[2]
    assert "27,8" in coordinator.sees("/indicators?year=2026")


def test_who_only_reads_corrects_no_figure(app: Flask, parts: Parts, network: int, figure: str) -> None:
    reader = Reader(app, parts, Role.ALUEKOORDINAATTORI, network)
    assert figure not in reader.sees("/indicators?year=2026")
    assert reader.client.get(f"{BASE}{figure}").status_code == 302
    assert reader.sends(figure, **FIGURE).status_code == 302
