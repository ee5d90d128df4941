"""The reports in a browser: the picture says what the table says, a file, a campaign over the weeks, a figure from elsewhere."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, text

from tests.browser.office import Office
from tests.browser.steps import can_be_read, in_both, words
from tests.integration.report_room import event_of
from tickets.network import Organisation
from tickets.statistics.sums import sum_due_months
from tickets.vocabulary import HelperKind, Role
from voice_prompts.language import Language

WEEKS = (44, 12, 18, 9, 22)  # matters of the week of 9.11.2026, and of each before it
OF_TURKU, OF_PARGAS = "853", "445"


@pytest.fixture(autouse=True)
def counted(office: Office) -> None:
    """Matters that were closed in five weeks of October and November."""
    with office.parts.sessions.begin() as session:
        first = session.scalars(select(Organisation.id).order_by(Organisation.id)).first()
        for back, count in enumerate(WEEKS):
            for number in range(count):
                spoken, place = (Language.SV, OF_PARGAS) if number % 3 == 0 else (Language.FI, OF_TURKU)
                event = event_of(office.network, spoken, place, first)
                event.day, event.helper_kind = event.day - timedelta(weeks=back), HelperKind.VOLUNTEER
                session.add(event)
        for month in ("2026-10-01", "2026-11-01"):
            due = text("INSERT INTO support_month_due VALUES (:network, :month, true)")
            session.execute(due, {"network": office.network, "month": month})
            session.flush()
            sum_due_months(session)


def in_table(page: Page) -> dict[str, str]:
    """The names of the table's lines and their first figures."""
    lines = page.locator("#report tbody tr")
    names, figures = lines.locator("th"), lines.locator("td:nth-of-type(1)")
    return dict(zip(names.all_text_contents(), figures.all_text_contents(), strict=True))


def in_picture(page: Page) -> dict[str, str]:
    names, figures = page.locator("#report .chart__name"), page.locator("#report .chart__number")
    return dict(zip(names.all_text_contents(), figures.all_text_contents(), strict=True))


@in_both
def test_a_report_is_chosen_its_picture_says_what_its_table_says_and_so_does_the_file(
    office: Office, language: str
) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/reports")
    expect(page.locator(".chart__dot")).to_have_count(2)
    page.locator("#by").select_option(label=say["statistics by\x04municipality"])
    page.get_by_role("button", name=say["Show"]).click()
    page.wait_for_url("**by=municipality*")
    shown = in_table(page)
    assert shown == in_picture(page)
    assert {"Turku", "Åbo"} & shown.keys()
    longest, other = (page.locator(".chart__bar").nth(at).bounding_box() for at in (0, 1))
    assert longest is not None
    assert other is not None
    first, second = (float(number) for number in list(in_picture(page).values())[:2])
    assert longest["width"] / other["width"] == pytest.approx(first / second, rel=0.02)
    can_be_read(page)
    with page.expect_download() as loading:
        page.get_by_role("link", name=say["file\x04csv"]).click()
    assert shown.items() <= figures_of(Path(loading.value.path())).items()


def figures_of(file: Path) -> dict[str, str]:
    """The first figure of each line of a file for Excel."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return {line[0]: line[1] for line in csv.reader(lines, delimiter=";") if len(line) > 1}


@in_both
def test_a_campaign_and_a_figure_from_elsewhere_are_read_beside_the_weeks(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/reports/campaigns")
    page.get_by_role("button", name=say["Save"]).click()
    page.get_by_role("alert").locator('a[href="#name"]').click()
    page.keyboard.type("Digiviikko")
    page.locator("#begins").fill("2026-11-09")
    page.locator("#ends").fill("2026-11-15")
    page.locator("#medium").select_option("advert")
    page.locator("#municipalities").fill("Turku, Pargas")
    page.get_by_role("button", name=say["Save"]).click()
    expect(page.get_by_role("row", name="Digiviikko")).to_contain_text(say["heard of us\x04advert"])
    page.goto("/admin/reports/indicators")
    for field, typed in {
        "name": "Digitaaliset yhteydenotot", "value": "27,8", "unit": "%", "begins": "2026-01-01", "ends": "2026-12-31",
        "source": "Hyvinvointialue", "source_date": "2026-10-01",
    }.items():  # fmt: skip
        page.locator(f"#{field}").fill(typed)
    page.get_by_role("button", name=say["Save"]).click()
    expect(page.get_by_role("status")).to_have_text(say["said\x04indicator_saved"])
    can_be_read(page)
    page.get_by_role("link", name=say["page\x04campaign_calendar.weeks"], exact=True).click()
    expect(page.locator(".chart__number")).to_have_text([str(count) for count in reversed(WEEKS)])
    expect(page.get_by_text("27,8 %")).to_be_visible()
    lies_over_the_last_week(page)
    can_be_read(page)


def lies_over_the_last_week(page: Page) -> None:
    """The campaign's band holds the point of its week, and of no other."""
    band = page.locator(".chart__band").bounding_box()
    assert band is not None
    over = []
    for dot in page.locator(".chart__dot").all():
        box = dot.bounding_box()
        assert box is not None
        over.append(band["x"] < box["x"] + box["width"] / 2 < band["x"] + band["width"])
    assert over == [False, False, False, False, True]


@in_both
def test_all_years_and_the_reports_of_the_whole_network_can_be_read(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/reports?period=all&by=language")
    expect(page.locator("#report tbody tr")).to_have_count(2)
    assert in_table(page) == in_picture(page)
    page.goto("/admin/reports/help?period=2026-11")
    expect(page.locator("main strong")).to_have_text("56")
    can_be_read(page)
    page.goto("/admin/reports/parity?period=2026-11")
    expect(page.locator("tbody").filter(has_text="Pargas" if language == "sv" else "Parainen")).to_be_visible()
    can_be_read(page)
    expect(page.get_by_text(say["statistics\x04note"])).to_be_visible()
