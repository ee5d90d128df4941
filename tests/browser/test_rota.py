"""The rota in a browser: a place moves by its own page and by dragging, next week is published with four clicks, a proposal is read."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from scheduler.promises import book
from scheduler.rota.availability import Stated, say
from scheduler.rota.batches import undo
from scheduler.rota.shifts import NewShift, add_shift
from scheduler.rota.wishes import Says
from scheduler.rota.working_out import work_out
from scheduler.slots import Grid, Span
from tests.browser.axe import violations
from tests.browser.office import Office
from tests.browser.steps import in_both, words
from tickets.intake import Matter, open_ticket
from tickets.vocabulary import Channel, Role, Topic
from voice_prompts.language import Language

SATURDAY = timedelta(days=4)


def weekend(office: Office, *helpers: int, hours: int = 3) -> int:
    """A shift of this week's Saturday, which nobody has but these."""
    begins = office.now + SATURDAY + timedelta(minutes=50)
    with office.parts.sessions.begin() as session:
        new = NewShift(Span(begins, begins + timedelta(hours=hours)), most=max(1, len(helpers)))
        made = add_shift(session, office.network, new, now=office.now, helpers=helpers, grid=Grid())
    assert isinstance(made, int)
    return made


def two_of(office: Office) -> tuple[int, int]:
    """Somebody who speaks Swedish too, and somebody who does not."""
    both = next(one.id for one in office.demo.helpers if set(one.languages) == set(Language))
    return both, next(one.id for one in office.demo.helpers if Language.SV not in one.languages)


def name(office: Office, helper: int) -> str:
    return next(one.name for one in office.demo.helpers if one.id == helper)


def who(office: Office, shift: int) -> list[int]:
    with office.parts.sessions() as session:
        held = text("SELECT helper_id FROM place WHERE shift_id = :id AND state = 'held'")
        return list(session.scalars(held, {"id": shift}))


def promise_in_swedish(office: Office) -> None:
    """Somebody has been promised the first time of Saturday, in Swedish."""
    at = office.now + SATURDAY + timedelta(minutes=50)
    with office.parts.sessions.begin() as session:
        told = (office.network, None, Channel.DESK, Language.SV, "+358505550001", "desk:1")
        ticket = open_ticket(session, Matter(*told, topic=Topic.PUHELIN), now=office.now)
        assert book(session, ticket.id, None, at, now=office.now, grid=Grid())


@in_both
def test_next_week_is_published_with_four_clicks_from_the_desks_front_page(office: Office, language: str) -> None:
    with office.parts.sessions.begin() as session:  # as on the day when only this week has been published
        undo(session, office.network, 1, now=office.now, grid=Grid(), actor="test")
    said, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/")
    clicks = [
        page.get_by_role("link", name=said["section\x04rota"], exact=True),
        page.get_by_role("link", name=said["Publish weeks"]).first,
        page.get_by_role("button", name=said["Publish"], exact=True),
    ]
    for link in clicks:
        link.click()
    assert len(clicks) <= 4
    expect(page.get_by_text(said["said\x04rota_published"])).to_be_visible()
    monday = office.now.date() + timedelta(days=6)
    assert f"day={monday}" in page.url
    expect(page.locator(".rota .spot")).to_have_count(60)


@in_both
def test_a_place_is_chosen_its_targets_tell_what_they_break_and_the_move_is_undone(
    office: Office, language: str
) -> None:
    swede, finn = two_of(office)
    shift, said = weekend(office, swede), words(language)
    promise_in_swedish(office)
    page = office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/rota")
    page.locator(f'.rota td[data-helper="{swede}"][data-day="2026-11-28"] .spot').click()
    target = page.locator(".target").filter(has_text=name(office, finn)).first
    expect(target).to_contain_text(said["without speaker\x04sv"])
    expect(target).to_contain_text("28.11. 10.00")
    assert who(office, shift) == [swede]
    target.get_by_role("button").click()
    expect(page.get_by_role("heading", name=said["Move it all the same?"], level=1)).to_be_visible()
    assert who(office, shift) == [swede]  # nobody could keep the promise: asked once more
    page.get_by_role("button", name=said["Move it all the same"]).click()
    expect(page.get_by_role("heading", name=said["The place was moved"])).to_be_visible()
    expect(page.get_by_text(said["%(num)s promise has nobody to keep it now:"] % {"num": 1})).to_be_visible()
    assert who(office, shift) == [finn]
    page.get_by_role("button", name=said["Undo the move"]).click()
    expect(page.get_by_role("status").get_by_text(said["said\x04rota_moved_back"])).to_be_visible()
    expect(page.get_by_role("button", name=said["Undo the move"])).to_have_count(0)
    assert who(office, shift) == [swede]


@in_both
@pytest.mark.mouse("dragging; by keyboard a place moves in the story before")
def test_a_place_is_dragged_to_whom_nothing_keeps_and_asked_about_where_it_breaks_something(
    office: Office, language: str
) -> None:
    (swede, finn), said = two_of(office), words(language)
    third = next(one.id for one in office.demo.helpers if one.id != swede and set(one.languages) == set(Language))
    shift = weekend(office, swede)
    promise_in_swedish(office)
    page = office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/rota")
    drag(page, swede, third, "is-good")
    expect(page.get_by_role("heading", name=said["The place was moved"])).to_be_visible()
    assert who(office, shift) == [third]
    drag(page, third, finn, "is-breaks")
    expect(page.get_by_role("heading", name=said["Move it all the same?"], level=1)).to_be_visible()
    expect(page.get_by_text(said["without speaker\x04sv"])).to_be_visible()
    page.get_by_role("button", name=said["Move it all the same"]).click()
    expect(page.get_by_role("heading", name=said["The place was moved"])).to_be_visible()
    assert who(office, shift) == [finn]


def drag(page: Page, holder: int, taker: int, marked: str) -> None:
    """Take a place of Saturday with the mouse to another's cell, and let go when the cell shows what it would mean."""
    spot = page.locator(f'.rota td[data-helper="{holder}"][data-day="2026-11-28"] .spot')
    cell = page.locator(f'.rota td[data-helper="{taker}"][data-day="2026-11-28"]')
    spot.hover()
    page.mouse.down()
    box = cell.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=10)
    expect(cell).to_have_class(re.compile(marked))
    cell.hover()
    page.mouse.up()


@in_both
def test_a_phone_shows_the_week_as_days_and_a_finger_moves_a_place(office: Office, language: str) -> None:
    first, second = (one.id for one in office.demo.helpers[:2])
    shift = weekend(office, first)
    page = office.page(Role.KOORDINAATTORI, language, width=320)
    page.goto("/admin/rota")
    expect(page.locator(".rota")).to_be_hidden()
    page.locator("section[aria-labelledby='day-2026-11-28']").get_by_role("link", name=name(office, first)).click()
    page.locator(".target").filter(has_text=name(office, second)).get_by_role("button").click()
    expect(page.get_by_role("heading", name=words(language)["The place was moved"])).to_be_visible()
    assert who(office, shift) == [second]


@in_both
def test_a_proposal_stands_beside_the_rota_is_taken_in_part_and_leaves_the_rest(office: Office, language: str) -> None:
    shift, said = weekend(office), words(language)
    with office.parts.sessions.begin() as session:
        session.execute(text("UPDATE shift SET needed = 2, most = 2 WHERE id = :id"), {"id": shift})
        away = Stated(Says.CANNOT, Span(office.now, office.now + timedelta(days=9)))
        say(session, office.network, office.demo.helpers[0].id, away, now=office.now)
    page = office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/rota/proposals")
    for field in (said["First day"], said["Last day"]):
        page.get_by_label(field).fill(str(date(2026, 11, 28)))
    page.get_by_role("button", name=said["Ask for a proposal"]).click()
    expect(page.get_by_text(said["proposal\x04sought"], exact=True)).to_be_visible()
    work_out(office.parts.sessions, 1, now=office.now)
    expect(page.get_by_text("2 → 0")).to_be_visible()  # the page looks again by itself
    assert violations(page) == []
    page.get_by_role("button", name=said["Leave out"]).first.click()
    expect(page.get_by_text("2 → 1")).to_be_visible()
    page.get_by_role("button", name=said["Accept what is proposed"]).click()
    expect(page.get_by_text(said["said\x04rota_proposal_accepted"])).to_be_visible()
    assert len(who(office, shift)) == 1
