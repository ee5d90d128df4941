"""A helper's day in the browser of a phone: the call, how it went, the shifts."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from admin.demo.data import DemoHelper
from admin.wording import CONTEXT
from tests.browser.office import Office
from tests.browser.steps import words
from tests.integration.helper_day import HelperDay, Promised
from tickets.vocabulary import HelperKind

LANGUAGES = ("fi", "sv")
PHONE = 320
FEW_TAPS = 6


class Thumb:
    """Somebody at a small telephone, who finds things by their words and counts what they tap."""

    def __init__(self, office: Office, who: DemoHelper, language: str) -> None:
        self.words = words(language)
        self.page: Page = office.page(who.name, language, width=PHONE)
        self.taps = 0

    def reads(self, sentence: str, **places: object) -> str:
        """A sentence of the pages in the reader's language."""
        return self.words[sentence] % places

    def word(self, kind: str, code: str) -> str:
        return self.words[f"{kind}{CONTEXT}{code}"]

    def opens(self, path: str) -> None:
        """Look at a page; nothing sticks out at its side."""
        self.page.goto(path)
        self.fits()

    def fits(self) -> None:
        assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE

    def taps_on(self, found: Locator) -> None:
        found.click()
        self.taps += 1

    def button(self, sentence: str) -> Locator:
        return self.page.get_by_role("button", name=re.compile(f"^{re.escape(self.reads(sentence))}"))

    def link(self, sentence: str) -> Locator:
        return self.page.get_by_role("link", name=self.reads(sentence), exact=True)

    def label(self, told: str) -> Locator:
        return self.page.locator("label", has_text=re.compile(f"^{re.escape(told)}$"))


def helper_of(office: Office, kind: HelperKind) -> DemoHelper:
    return next(one for one in office.demo.helpers if one.kind is kind)


@pytest.fixture
def at_work(office: Office) -> Callable[[HelperKind, str], tuple[Thumb, HelperDay]]:
    """A helper of some kind who reads some language, and their day."""

    def begin(kind: HelperKind, language: str) -> tuple[Thumb, HelperDay]:
        who = helper_of(office, kind)
        return Thumb(office, who, language), HelperDay(office.parts, who.id, office.now)

    return begin


Begin = Callable[[HelperKind, str], tuple[Thumb, HelperDay]]


def how_it_ended(day: HelperDay, promised: Promised) -> tuple[object, ...]:
    (row,) = day.rows("SELECT status, outcome, did_themselves FROM ticket WHERE id = :id", id=promised.ticket)
    return row


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_helper_takes_rings_and_closes_a_case_with_six_taps_or_fewer(at_work: Begin, language: str) -> None:
    thumb, day = at_work(HelperKind.VOLUNTEER, language)
    due = day.promise(5)
    thumb.opens("/helper/")
    thumb.taps_on(thumb.button("Ring now"))
    stage = thumb.page.locator("#stage")
    expect(stage).to_have_text(thumb.word("stage", "asked"))
    attempt = day.rings(due)
    expect(stage).to_have_text(thumb.word("stage", "helper_rung"))
    day.takes(due, attempt)
    thumb.taps += 1  # the key 1 on the telephone
    expect(stage).to_have_text(thumb.word("stage", "talking"))
    day.talked(due)
    expect(thumb.page).to_have_url(re.compile(f"/helper/cases/{due.code}/outcome$"))
    thumb.fits()
    thumb.taps_on(thumb.label(thumb.word("result", "solved")))
    thumb.taps_on(thumb.label(thumb.word("did themselves", "yes")))
    thumb.taps_on(thumb.button("Save"))
    expect(thumb.page.get_by_role("status")).to_have_text(thumb.word("said", "outcome_saved"))
    assert how_it_ended(day, due) == ("closed", "RATKAISTU", "yes")
    assert thumb.taps <= FEW_TAPS


@pytest.mark.parametrize("language", LANGUAGES)
def test_by_their_own_phone_the_code_stands_first_in_big_digits(at_work: Begin, language: str) -> None:
    thumb, day = at_work(HelperKind.STAFF, language)
    due = day.promise(5)
    thumb.opens(f"/helper/cases/{due.code}")
    thumb.taps_on(thumb.button("Ring by my own phone"))
    digits = thumb.page.locator(".digits")
    expect(digits).to_contain_text(" ".join(due.secret))
    assert digits.evaluate("element => parseFloat(getComputedStyle(element).fontSize)") >= 48
    number = thumb.page.locator('a[href="tel:+358401234567"]')
    expect(number).to_be_visible()
    assert digits.bounding_box()["y"] < number.bounding_box()["y"]  # type: ignore[index]
    thumb.fits()
    thumb.taps_on(thumb.button("We talked – say how it went"))
    thumb.taps_on(thumb.label(thumb.word("result", "referred")))
    expect(thumb.page.locator("#point")).to_be_visible()
    thumb.taps_on(thumb.label(thumb.word("did themselves", "no")))
    thumb.taps_on(thumb.button("Save"))
    assert how_it_ended(day, due) == ("closed", "OHJATTU_LAHI", "no")
    assert thumb.taps <= FEW_TAPS


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_forgotten_is_asked_for_and_what_was_said_stays(at_work: Begin, language: str) -> None:
    thumb, day = at_work(HelperKind.VOLUNTEER, language)
    kept = day.kept()
    thumb.opens("/helper/")
    thumb.taps_on(thumb.link("Say how it went"))
    expect(thumb.page.locator(".if-other")).to_be_hidden()
    thumb.label(thumb.word("result", "other")).click()
    thumb.label(thumb.word("did themselves", "no")).click()
    thumb.button("Save").click()
    expect(thumb.page.get_by_role("alert")).to_contain_text(thumb.word("mistake", "no_other"))
    expect(thumb.page.locator("#did-no")).to_be_checked()
    thumb.label(thumb.word("outcome", "HUIJAUSEPAILY")).click()
    thumb.button("Save").click()
    expect(thumb.page.get_by_role("status")).to_have_text(thumb.word("said", "outcome_saved"))
    assert how_it_ended(day, kept) == ("closed", "HUIJAUSEPAILY", "no")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_day_follows_what_happens_without_a_tap(at_work: Begin, language: str) -> None:
    thumb, day = at_work(HelperKind.VOLUNTEER, language)
    thumb.page.clock.install()
    thumb.opens("/helper/")
    due = day.promise(5)
    expect(thumb.button("Ring now")).to_have_count(0)
    thumb.page.clock.run_for(21_000)
    expect(thumb.button("Ring now")).to_be_visible()
    thumb.button("Ring now").focus()
    thumb.page.clock.run_for(21_000)
    expect(thumb.button("Ring now")).to_be_focused()
    day.rings(due)
    thumb.page.clock.run_for(21_000)
    expect(thumb.link("Open the call")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shift_is_given_up_and_taken_back(at_work: Begin, language: str) -> None:
    thumb, day = at_work(HelperKind.VOLUNTEER, language)
    thumb.opens("/helper/shifts")
    third = thumb.page.locator("details").nth(2)
    third.locator("summary").click()
    third.get_by_role("button").first.click()
    expect(thumb.page.get_by_role("status")).to_have_text(thumb.word("said", "left_shift"))
    assert day.one("SELECT count(*) FROM place WHERE state = 'dropped'") == 1
    thumb.opens("/helper/openings")
    thumb.button("I take it").first.click()
    expect(thumb.page.get_by_role("status")).to_have_text(thumb.word("said", "shift_taken"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_away_are_said_and_a_shift_in_them_is_named(at_work: Begin, language: str) -> None:
    thumb, day = at_work(HelperKind.VOLUNTEER, language)
    away = (day.now + timedelta(days=7)).date()
    thumb.opens("/helper/time")
    thumb.page.locator("summary", has_text=thumb.reads("Days when you are away, or free")).click()
    form = thumb.page.locator("#away")
    form.locator("label", has_text=re.compile(f"^{thumb.word('says', 'cannot')}$")).click()
    thumb.page.locator("#a-first").fill(str(away))
    form.get_by_role("button", name=thumb.reads("Say it")).click()
    expect(thumb.page.get_by_role("status")).to_have_text(thumb.word("said", "time_said"))
    expect(thumb.page.get_by_text(thumb.reads("You have a shift when you cannot come"))).to_be_visible()
    thumb.fits()
    thumb.button("Take it back").click()
    expect(thumb.page.get_by_role("status")).to_have_text(thumb.word("said", "time_taken_back"))
    assert day.rows("SELECT 1 FROM availability") == []
