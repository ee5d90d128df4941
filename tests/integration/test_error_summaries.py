"""What is said above a form names its field, as the field is labelled below; one fault is told once."""

import re
from datetime import datetime
from html import unescape

import pytest
from flask import Flask

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.rota_desk import RotaDesk


@pytest.fixture
def desk(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> RotaDesk:
    return RotaDesk(app, parts, demo, now)


def told_above(page: str) -> list[str]:
    """The lines of the summary."""
    summary = page.partition('class="mistakes')[2].partition("</section>")[0]
    return [unescape(line) for line in re.findall(r"<li><a [^>]*>([^<]*)</a>", summary)]


FORMS = (
    ("/admin/reports/campaigns", {}),
    ("/admin/directory/new-point", {}),
    ("/admin/rota/templates", {}),
    ("/admin/organisations/new", {}),
    ("/admin/desk", {}),
)


@pytest.mark.parametrize(("path", "typed"), FORMS)
def test_an_empty_form_is_told_field_by_field(desk: RotaDesk, path: str, typed: dict[str, object]) -> None:
    page = desk.gets_back(path, 422, **typed)
    told = told_above(page)
    assert told, path
    for line in told:
        assert re.match(r".+: .+", line), line
    assert len(set(told)) == len(told)
    assert "<!--field:" not in page


def test_digits_in_a_bulletin_are_told_once_under_the_language(desk: RotaDesk) -> None:
    typed = {"fi": "Soitamme 205.", "sv": "Vi ringer.", "until_day": "2026-11-24", "until_time": "23:00"}
    page = desk.gets_back("/admin/bulletins", 422, **typed)
    assert told_above(page) == ["suomi: Ääni ei osaa lukea tätä oikein: ”0, 2, 5”. Kirjoita se sanoin."]


def test_swedish_writes_its_weekdays_alike_in_the_rota(desk: RotaDesk) -> None:
    page = desk.sees("/admin/rota?lang=sv")
    assert re.search(r"\bmå 2[0-9]\.11\.", page)
    assert not re.search(r"\b(mån|tis|ons|tors|fre)\b", page)
