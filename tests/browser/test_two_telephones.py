"""Two browsers play the whole day of a matter: one is the resident's telephone, the other is a helper's."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Demo

PATIENCE_MS = 120_000
pytestmark = pytest.mark.xdist_group("demo")  # one demo runs for all of them


def test_two_tabs_keep_a_promise_together(demo: Demo, context: BrowserContext) -> None:
    caller = _telephone(context, demo, "Rauha Soittaja")
    _ring_the_line_and_press_one(caller)
    expect(_heard(caller)).to_contain_text("Aika on varattu")
    expect(caller.locator("#texts")).to_contain_text("Tunnuslukunne on", timeout=PATIENCE_MS)
    helper = _whoever_is_rung(context, demo)
    _both_talk(caller, helper, "Nyt se toimii, kiitos!")
    caller.get_by_role("button", name="Lopeta puhelu").click()

    expect(_heard(helper)).to_contain_text("Asia ratkesi: painakaa yksi.", timeout=PATIENCE_MS)
    _press(helper, "1")
    expect(_heard(helper)).to_contain_text("Tieto on tallessa.", timeout=PATIENCE_MS)
    assert _solved(demo) == 1


def test_a_resident_at_the_telephone_and_a_helper_at_their_pages_keep_a_promise_together(
    demo: Demo, context: BrowserContext, browser: Browser
) -> None:
    solved_before = _solved(demo)
    caller = _telephone(context, demo, "Ture Uppringare")
    _ring_the_line_and_press_one(caller)
    helper = _whoever_is_rung(context, demo)
    theirs = browser.new_context(base_url=demo.web, viewport={"width": 320, "height": 700}, locale="fi-FI")
    page = theirs.new_page()
    page.goto("/sign-in")
    page.get_by_role("button", name=re.compile(helper.get_by_role("heading", level=1).inner_text())).click()
    _both_talk(caller, helper, "Kiitos, nyt löytyi.")
    helper.get_by_role("button", name="Lopeta puhelu").click()

    page.goto("/helper/")
    page.get_by_role("link", name="Kerro, miten meni").first.click()
    page.locator("label", has_text=re.compile("^Ratkesi$")).click()
    page.locator("label", has_text=re.compile("^kyllä$", re.IGNORECASE)).click()
    page.get_by_role("button", name="Tallenna").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert _solved(demo) == solved_before + 1
    theirs.close()


def test_nobody_waits_for_the_next_promised_call_and_the_clock_runs_slowly_once_it_comes(
    demo: Demo, context: BrowserContext
) -> None:
    caller = _telephone(context, demo, "Taimi Lankapuhelin")
    caller.locator("#time summary").click()
    caller.locator("[data-speed='60']").click()
    expect(caller.locator("#speed")).to_have_text("60-kertainen")
    caller.locator("[data-speed='30']").click()
    _ring_the_line_and_press_one(caller)
    expect(caller.locator("#live")).to_be_hidden(timeout=PATIENCE_MS)
    caller.locator("[data-speed='1']").click()
    expect(caller.locator("#speed")).to_have_text("tavallinen")
    expect(caller.locator("#next")).to_be_visible()
    due = re.search(r"klo (\d+)\.(\d+)", caller.locator("#next").inner_text())
    assert due is not None
    caller.locator("#next").click()
    before = int(due[1]) * 60 + int(due[2]) - 1
    expect(caller.locator("#clock")).to_contain_text(f"klo {before // 60:02}.{before % 60:02}")
    helper = _whoever_is_rung(context, demo)
    _both_talk(caller, helper, "Kiitos, heti autettu.")
    caller.get_by_role("button", name="Lopeta puhelu").click()
    caller.locator("[data-speed='30']").click()
    expect(caller.locator("#speed")).to_have_text("30-kertainen")


def _both_talk(caller: Page, helper: Page, thanks: str) -> None:
    helper.get_by_role("button", name="Vastaa").click(timeout=PATIENCE_MS)
    expect(_heard(helper)).to_contain_text("Jos otatte soiton: painakaa yksi.", timeout=PATIENCE_MS)
    _press(helper, "1")
    caller.bring_to_front()
    caller.get_by_role("button", name="Vastaa").click(timeout=PATIENCE_MS)
    expect(_heard(caller)).to_contain_text("Digituki soittaa takaisin, kuten lupasimme", timeout=PATIENCE_MS)
    _press(caller, "1")
    caller.locator("#words").fill(thanks)
    caller.get_by_role("button", name="Sano").click()
    expect(_heard(helper)).to_contain_text(thanks, timeout=PATIENCE_MS)


def _solved(demo: Demo) -> int:
    return demo.command("tickets").count("RATKAISTU")


def _telephone(context: BrowserContext, demo: Demo, name: str) -> Page:
    page = context.new_page()
    page.goto(f"{demo.exchange}/phone")
    page.get_by_role("link", name=re.compile(name)).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    return page


def _ring_the_line_and_press_one(caller: Page) -> None:
    caller.locator("#dial").get_by_role("button").click()
    goodbye = _heard(caller).get_by_text("Kuulemiin")
    for _ in range(180):  # a busy machine speaks slowly
        if goodbye.count():
            return
        if caller.locator("#speak").is_visible():
            caller.locator("#words").fill("Puhelimeni ei enää soi.")
            caller.get_by_role("button", name="Sano").click()
            expect(caller.locator("#speak")).to_be_hidden(timeout=PATIENCE_MS)
        elif caller.locator("#live").is_visible():
            _press(caller, "1")
        caller.wait_for_timeout(1000)
    raise AssertionError(f"the call does not end: {_heard(caller).inner_text()}")


def _whoever_is_rung(context: BrowserContext, demo: Demo) -> Page:
    choose = context.new_page()
    choose.goto(f"{demo.exchange}/phone")
    rung = choose.get_by_role("link", name=re.compile("Soi nyt"))
    expect(rung.first).to_be_visible(timeout=2 * PATIENCE_MS)
    rung.first.click()
    return choose


def _heard(page: Page) -> Page:
    return page.locator("#heard")


def _press(page: Page, key: str) -> None:
    page.locator(f"[data-key='{key}']").click()
