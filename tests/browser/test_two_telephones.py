"""Two browsers play the whole day of a matter: one is the resident's telephone, the other is a helper's."""

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from admin.wording import CONTEXT
from tests.browser.conftest import Demo
from tests.browser.steps import in_both, words

PATIENCE_MS = 120_000
LINE = {
    "fi": {"call": "Soita", "answer": "Vastaa", "hang_up": "Lopeta puhelu", "say": "Sano", "rings": "Soi nyt",
           "booked": "Aika on varattu", "code": "Tunnuslukunne on", "bye": "Kuulemiin", "due": r"klo (\d+)\.(\d+)",
           "clock": "klo {:02}.{:02}", "usual": "tavallinen", "fast": "{}-kertainen",
           "promised": "Digituki soittaa takaisin, kuten lupasimme"},
    "sv": {"call": "Ring", "answer": "Svara", "hang_up": "Avsluta samtalet", "say": "Säg", "rings": "Ringer nu",
           "booked": "Tiden är bokad", "code": "Er kod är", "bye": "Hej då", "due": r"(\d+):(\d+)$",
           "clock": "{:02}:{:02}", "usual": "vanlig", "fast": "{} gånger",
           "promised": "Digitalt stöd ringer upp er, som vi lovade"},
}  # fmt: skip
THANKS = {
    "fi": ("Nyt se toimii, kiitos!", "Kiitos, nyt löytyi.", "Kiitos, heti autettu."),
    "sv": ("Nu fungerar den, tack!", "Tack, nu hittade jag.", "Tack, det gick snabbt."),
}
CHOOSES = {"fi": "1", "sv": "2"}  # at the line's first question
# A helper is spoken to in a language of their own, whatever the caller's is.
TAKES = re.compile("Jos otatte soiton: painakaa yksi|Om ni tar samtalet: tryck ett")
SOLVED = re.compile("Asia ratkesi: painakaa yksi|Saken löstes: tryck ett")
WRITTEN = re.compile("Tieto on tallessa|Uppgiften är sparad")
pytestmark = pytest.mark.xdist_group("demo")  # one demo runs for all of them


class Telephones:
    """The telephones of one browser, in one language."""

    def __init__(self, demo: Demo, context: BrowserContext, language: str) -> None:
        self.demo, self.language, self._context = demo, language, context
        self.words: Mapping[str, str] = LINE[language]

    def of(self, name: str) -> Page:
        """The telephone of somebody of the list."""
        page = self._list()
        page.get_by_role("link", name=re.compile(name)).click()
        expect(page.get_by_role("heading", name=name)).to_be_visible()
        return page

    def that_rings(self) -> Page:
        """Whichever telephone rings next."""
        page = self._list()
        rung = page.get_by_role("link", name=re.compile(self.words["rings"]))
        expect(rung.first).to_be_visible(timeout=2 * PATIENCE_MS)
        rung.first.click()
        return page

    def press(self, page: Page, key: str) -> None:
        page.locator(f"[data-key='{key}']").click()

    def answer(self, page: Page) -> None:
        page.get_by_role("button", name=self.words["answer"]).click(timeout=PATIENCE_MS)

    def hang_up(self, page: Page) -> None:
        page.get_by_role("button", name=self.words["hang_up"]).click()

    def say(self, page: Page, told: str) -> None:
        page.locator("#words").fill(told)
        page.get_by_role("button", name=self.words["say"], exact=True).click()

    def ring_the_line(self, caller: Page) -> None:
        """Choose the language, say what is wrong, and take the first of everything, until the line says goodbye."""
        caller.locator("#dial").get_by_role("button", name=self.words["call"]).click()
        expect(caller.locator("#want")).not_to_be_empty(timeout=PATIENCE_MS)
        self.press(caller, CHOOSES[self.language])
        goodbye = _heard(caller).get_by_text(self.words["bye"])
        for _ in range(180):  # a busy machine speaks slowly
            if goodbye.count():
                return
            if caller.locator("#speak").is_visible():
                self.say(caller, "Puhelimeni ei enää soi. Den ringer inte mera.")
                expect(caller.locator("#speak")).to_be_hidden(timeout=PATIENCE_MS)
            elif caller.locator("#live").is_visible():
                self.press(caller, "1")
            caller.wait_for_timeout(1000)
        raise AssertionError(f"the call does not end: {_heard(caller).inner_text()}")

    def wait_until_due(self, caller: Page) -> str:
        """Take the clock to just before the promised time; that time, as the page writes it."""
        expect(caller.locator("#live")).to_be_hidden(timeout=PATIENCE_MS)
        if not caller.locator("#next").is_visible():
            caller.locator("#time summary").click()
        expect(caller.locator("#next")).to_be_visible()
        due = caller.locator("#next time").inner_text()
        caller.locator("#next").click()
        return due

    def both_talk(self, caller: Page, helper: Page, thanks: str) -> None:
        """The helper answers and takes the call, then the caller does; the helper hears the caller's thanks."""
        self.answer(helper)
        expect(_last_heard(helper)).to_contain_text(TAKES, timeout=PATIENCE_MS)
        self.press(helper, "1")
        caller.bring_to_front()
        self.answer(caller)
        expect(_last_heard(caller)).to_contain_text(self.words["promised"], timeout=PATIENCE_MS)
        self.press(caller, "1")
        self.say(caller, thanks)
        expect(_heard(helper)).to_contain_text(thanks, timeout=PATIENCE_MS)

    def _list(self) -> Page:
        page = self._context.new_page()
        page.goto(f"{self.demo.exchange}/phone?lang={self.language}")
        return page


@in_both
def test_two_tabs_keep_a_promise_together(demo: Demo, context: BrowserContext, language: str) -> None:
    telephones, solved_before = Telephones(demo, context, language), _solved(demo)
    caller = telephones.of("Rauha Soittaja")
    telephones.ring_the_line(caller)
    expect(_heard(caller)).to_contain_text(telephones.words["booked"])
    expect(caller.locator("#texts")).to_contain_text(telephones.words["code"], timeout=PATIENCE_MS)
    telephones.wait_until_due(caller)
    helper = telephones.that_rings()
    telephones.both_talk(caller, helper, THANKS[language][0])
    telephones.hang_up(caller)

    helper.bring_to_front()
    expect(_last_heard(helper)).to_contain_text(SOLVED, timeout=PATIENCE_MS)
    written = _heard(helper).get_by_text(WRITTEN)
    before = written.count()
    telephones.press(helper, "1")
    expect(written).to_have_count(before + 1, timeout=PATIENCE_MS)
    assert _solved(demo) == solved_before + 1


@in_both
def test_a_resident_at_the_telephone_and_a_helper_at_their_pages_keep_a_promise_together(
    demo: Demo, context: BrowserContext, browser: Browser, language: str
) -> None:
    telephones, solved_before, reads = Telephones(demo, context, language), _solved(demo), words(language)
    caller = telephones.of("Ture Uppringare")
    telephones.ring_the_line(caller)
    telephones.wait_until_due(caller)
    helper = telephones.that_rings()
    theirs = browser.new_context(
        base_url=demo.web, viewport={"width": 320, "height": 700}, locale={"fi": "fi-FI", "sv": "sv-FI"}[language]
    )
    page = theirs.new_page()
    page.goto("/sign-in")
    page.get_by_role("button", name=re.compile(helper.get_by_role("heading", level=1).inner_text())).click()
    telephones.both_talk(caller, helper, THANKS[language][1])
    helper.bring_to_front()
    telephones.hang_up(helper)

    page.goto("/helper/")
    page.get_by_role("link", name=reads["Say how it went"]).first.click()
    for told in (reads[f"result{CONTEXT}solved"], reads[f"did themselves{CONTEXT}yes"]):
        page.locator("label", has_text=re.compile(f"^{told}$", re.IGNORECASE)).click()
    page.get_by_role("button", name=reads["Save"]).click()
    expect(page.get_by_role("status")).to_be_visible()
    assert _solved(demo) == solved_before + 1
    theirs.close()


@in_both
def test_nobody_waits_for_the_next_promised_call_and_the_clock_runs_slowly_once_it_comes(
    demo: Demo, context: BrowserContext, language: str
) -> None:
    telephones = Telephones(demo, context, language)
    caller, told = telephones.of("Taimi Lankapuhelin"), telephones.words
    caller.locator("#time summary").click()
    for speed, shown in ((60, told["fast"].format(60)), (1, told["usual"]), (30, told["fast"].format(30))):
        caller.locator(f"[data-speed='{speed}']").click()
        expect(caller.locator("#speed")).to_have_text(shown)
    telephones.ring_the_line(caller)
    expect(caller.locator("#live")).to_be_hidden(timeout=PATIENCE_MS)
    caller.locator("[data-speed='1']").click()
    expect(caller.locator("#speed")).to_have_text(told["usual"])
    due = re.search(told["due"], telephones.wait_until_due(caller))
    assert due is not None
    before = int(due[1]) * 60 + int(due[2]) - 1
    expect(caller.locator("#clock")).to_contain_text(told["clock"].format(*divmod(before, 60)))
    telephones.both_talk(caller, telephones.that_rings(), THANKS[language][2])
    telephones.hang_up(caller)
    caller.locator("[data-speed='30']").click()
    expect(caller.locator("#speed")).to_have_text(told["fast"].format(30))


def _solved(demo: Demo) -> int:
    return demo.command("tickets").count("RATKAISTU")


def _heard(page: Page) -> Locator:
    """All that this telephone has heard, in earlier calls too."""
    return page.locator("#heard")


def _last_heard(page: Page) -> Locator:
    """What was said last; a key that is pressed because of an earlier call's words comes too soon."""
    return page.locator("#latest")
