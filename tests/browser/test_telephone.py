"""The telephone page: a line of two languages rings, is listened to and answered; by hand, by key, by ear and eye."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from flask import Flask, Response, request
from markupsafe import escape
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from werkzeug.serving import make_server

from ivr.exchange.espeak import EspeakVoice
from ivr.exchange.server import RunningExchange, serve_exchange
from tests.browser.axe import violations
from tests.browser.steps import in_both

LINE, CALLER, HELPER = "+358942412345", "+358505550201", "+358405550102"
GREETING = {"fi": "Digituki. Palvelua suomeksi: painakaa yksi.", "sv": "För service på svenska: tryck två."}
WORDS = {
    "fi": {
        "call": "Soita", "answer": "Vastaa", "hang_up": "Lopeta puhelu", "say": "Sano", "pressed": "Näppäin 2", "send": "Lähetä",
        "listen": "Kuuntele", "rings": "Soi nyt", "idle": "Luuri alhaalla", "over": "Puhelu päättyi", "you": "Te · suomi",
        "other": "Toinen · suomi", "microphone": "Puhu mikrofoniin", "done": "Valmis", "engaged": "kun joku on puhelimessa",
        "time": "Ajan kulku", "fast": "60-kertainen", "soon": "aivan kohta",
    },
    "sv": {
        "call": "Ring", "answer": "Svara", "hang_up": "Avsluta samtalet", "say": "Säg", "pressed": "Knapp 2", "send": "Skicka",
        "listen": "Lyssna", "rings": "Ringer nu", "idle": "Luren på", "over": "Samtalet slutade", "you": "Ni · svenska",
        "other": "Den andra · svenska", "microphone": "Tala i mikrofonen", "done": "Klar", "engaged": "när någon är i telefonen",
        "time": "Tidens gång", "fast": "60 gånger", "soon": "alldeles strax",
    },
}  # fmt: skip
SPOKEN = {"fi": "fi-FI", "sv": "sv-SE"}


class Hurried:
    """A clock that a page may turn."""

    def __init__(self) -> None:
        self.speed, self.ahead = 1.0, timedelta()

    def now(self) -> datetime:
        return datetime(2026, 11, 24, 7, 0, tzinfo=UTC) + self.ahead

    def run_at(self, speed: float) -> None:
        self.speed = speed

    def leap(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


@pytest.fixture
def line() -> Iterator[str]:
    """A product that greets in two languages, takes a message, and then rings a helper."""
    app = Flask("product")

    @app.post("/call")
    def call() -> Response:
        said = "".join(f'<Say language="{SPOKEN[one]}">{words}</Say>' for one, words in GREETING.items())
        return _twiml(f'<Gather numDigits="1" timeout="60" action="/key">{said}</Gather>')

    @app.post("/key")
    def key() -> Response:
        return _twiml('<Record action="/helper" timeout="60"/>')

    @app.post("/helper")
    def helper() -> Response:
        return _twiml(f'<Dial callerId="{LINE}"><Number>{HELPER}</Number></Dial>')

    @app.post("/text")
    def text() -> Response:
        return _twiml(f"<Message>{escape(request.form['Body'])} / 4721</Message>")

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def exchange(line: str) -> Iterator[RunningExchange]:
    """An exchange whose calls pass as fast as the voices can speak."""
    clock = Hurried()
    with serve_exchange(0, "AC" + "1" * 32, "token", clock.now, voice=EspeakVoice(), pace=3) as running:
        running.exchange.clockwork = clock
        running.exchange.add_line(LINE, f"{line}/call", name="Digituki", sms_url=f"{line}/text")
        yield running


Telephone = Callable[..., Page]


@pytest.fixture
def telephone(context: BrowserContext, exchange: RunningExchange) -> Telephone:
    """Whoever opens a telephone's page."""

    def open_page(number: str, language: str) -> Page:
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{exchange.url}/phone/{number}?lang={language}")
        return page

    return open_page


@in_both
def test_a_call_is_made_heard_and_written_down_in_the_languages_it_was_held_in(
    telephone: Telephone, language: str
) -> None:
    caller, words = telephone(CALLER, language), WORDS[language]
    expect(caller.locator("html")).to_have_attribute("lang", language)
    expect(caller.locator("#state")).to_have_text(words["idle"])
    caller.locator("#dial").get_by_role("button", name=words["call"]).click()
    for one, greeting in GREETING.items():
        said = caller.locator(f"#heard [lang={SPOKEN[one]}]")
        expect(said).to_have_text(greeting)
    caller.get_by_role("button", name="2", exact=True).click()
    expect(caller.locator("#heard")).to_contain_text(words["pressed"])
    caller.locator("#words").fill("Kiitos, tack!")
    caller.get_by_role("button", name=words["say"], exact=True).click()
    mine = caller.locator("#heard .mine", has_text=words["you"])
    expect(mine.locator(f"[lang={SPOKEN[language]}]")).to_have_text("Kiitos, tack!")
    expect(mine.locator("svg.wave rect")).to_have_count(60)
    assert _heights(mine) > 10, "a voice is louder here and softer there"
    caller.get_by_role("button", name=words["hang_up"]).click()
    expect(caller.locator("#heard")).to_contain_text(words["over"])
    caller.reload()
    expect(caller.locator("#heard .mine", has_text="Kiitos, tack!").locator("svg.wave")).to_be_visible()


@in_both
def test_a_call_is_made_with_the_keys_of_a_computer_and_the_focus_goes_along(
    telephone: Telephone, language: str
) -> None:
    caller, words = telephone(CALLER, language), WORDS[language]
    caller.locator("#to").press("Enter")
    expect(caller.locator("#want")).not_to_be_empty()
    caller.keyboard.press("2")
    expect(caller.locator("#words")).to_be_focused()
    caller.keyboard.type("Hei 112")
    caller.keyboard.press("Enter")
    expect(caller.locator("#heard .mine", has_text="Hei 112")).to_be_visible()
    expect(caller.locator("#heard")).not_to_contain_text("112112")
    caller.get_by_role("button", name=words["hang_up"]).press("Enter")
    expect(caller.locator("#state")).to_have_text(words["idle"])
    expect(caller.locator("#to")).to_be_focused()


@in_both
def test_a_phone_that_rings_is_found_among_the_tabs_and_answered(telephone: Telephone, language: str) -> None:
    caller, words = telephone(CALLER, language), WORDS[language]
    _to_the_helper(caller, words)
    rings = caller.locator("#tabs a", has_text=words["rings"])
    rings.click()
    expect(caller.locator("#with")).to_contain_text("Digituki")
    expect(caller.get_by_role("button", name=words["answer"])).to_be_focused()
    caller.keyboard.press("Enter")
    caller.locator("#language").select_option(SPOKEN[language])
    caller.locator("#words").fill("Puhutaanko? Ska vi tala?")
    caller.get_by_role("button", name=words["say"], exact=True).click()
    caller.locator(f"#tabs a[href$='{CALLER}']").click()
    other = caller.locator("#heard .other", has_text=words["other"])
    expect(other.locator(f"[lang={SPOKEN[language]}]")).to_have_text("Puhutaanko? Ska vi tala?")
    expect(other.get_by_role("button", name=words["listen"])).to_be_visible()


@in_both
def test_what_the_microphone_hears_is_sent_and_drawn(telephone: Telephone, language: str) -> None:
    caller, words = telephone(CALLER, language), WORDS[language]
    caller.locator("#dial").get_by_role("button").click()
    expect(caller.locator("#heard")).to_contain_text(GREETING["fi"])
    caller.get_by_role("button", name="2", exact=True).click()
    caller.get_by_role("button", name=words["microphone"]).click()
    _until_something_is_heard(caller)
    caller.get_by_role("button", name=words["done"]).click()
    mine = caller.locator("#heard .mine", has_text=words["you"])
    expect(mine.locator("svg.wave rect")).to_have_count(60)
    assert _heights(mine) > 3


@in_both
def test_a_text_is_sent_and_answered(telephone: Telephone, language: str) -> None:
    caller = telephone(CALLER, language)
    caller.locator("#text-words").fill("KOODI <b>1</b>")
    caller.locator("#text").get_by_role("button", name=WORDS[language]["send"]).click()
    expect(caller.locator("#texts .mine")).to_contain_text("KOODI <b>1</b>")
    expect(caller.locator("#texts .other")).to_contain_text("4721")


@in_both
def test_time_is_hurried_but_not_under_a_call(telephone: Telephone, exchange: RunningExchange, language: str) -> None:
    caller, words = telephone(CALLER, language), WORDS[language]
    caller.locator("summary", has_text=words["time"]).click()
    caller.locator("[data-speed='60']").click()
    expect(caller.locator("#speed")).to_have_text(words["fast"])
    expect(caller.locator("[data-speed='60']")).to_have_attribute("aria-pressed", "true")
    caller.locator("[data-leap='3600']").click()
    expect(caller.locator("#clock")).to_have_attribute("datetime", "2026-11-24T08:00:00+00:00")
    caller.locator("#dial").get_by_role("button").click()
    expect(caller.locator("#live")).to_be_visible()
    caller.locator("[data-leap='3600']").click()
    expect(caller.get_by_role("alert")).to_contain_text(words["engaged"])
    assert exchange.exchange.office.now().hour == 8


@in_both
def test_the_clock_is_taken_to_just_before_the_next_promised_call(
    telephone: Telephone, exchange: RunningExchange, language: str
) -> None:
    due = {"fi": "klo 11.30", "sv": "11:30"}[language]
    caller, words = telephone(CALLER, language), WORDS[language]
    caller.locator("summary", has_text=words["time"]).click()
    expect(caller.locator("#speed")).not_to_be_empty()
    expect(caller.locator("#next")).to_be_hidden()
    exchange.exchange.ahead = lambda: datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    expect(caller.locator("#next time")).to_contain_text(due)
    caller.locator("#next").click()
    expect(caller.locator("#clock")).to_have_attribute("datetime", "2026-11-24T09:29:30+00:00")
    caller.locator("#next").click()
    expect(caller.get_by_role("alert")).to_contain_text(words["soon"])


@in_both
def test_whoever_is_at_another_telephone_is_told_in_words_which_one_rings(telephone: Telephone, language: str) -> None:
    caller, words = telephone(CALLER, language), WORDS[language]
    _to_the_helper(caller, words)
    expect(caller.locator("#tabs-told")).to_have_text(f"040 555 0102: {words['rings']}")
    caller.locator("#tabs a", has_text=words["rings"]).click()
    expect(caller.locator("#display")).to_have_attribute("aria-live", "assertive")
    expect(caller.locator("#display")).to_contain_text("Digituki, 09 424 123 45")


def test_the_keys_write_a_number_while_the_receiver_is_down(telephone: Telephone) -> None:
    caller = telephone(CALLER, "fi")
    caller.locator("h1").click()
    for key in "0942412346":
        caller.keyboard.press(key)
    caller.get_by_role("button", name="Pyyhi").click()
    caller.get_by_role("button", name="5", exact=True).click()
    expect(caller.locator("#to")).to_have_value("0942412345")
    caller.locator("#to").fill("hei")
    caller.locator("#dial").get_by_role("button").click()
    expect(caller.get_by_role("alert")).to_have_text("Tämä ei ole puhelinnumero.")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_nobody_is_kept_out_of_the_telephone(
    browser: Browser, exchange: RunningExchange, language: str, width: int, dark: bool
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
    try:
        page = context.new_page()
        for path in ("/phone?number=hei&lang=", f"/phone/{CALLER}?lang="):
            page.goto(f"{exchange.url}{path}{language}")
            assert violations(page) == []
            assert _fits(page)
        page.locator("#time summary").click()
        page.locator("#dial").get_by_role("button").click()
        expect(page.locator("#heard")).to_contain_text(GREETING["sv"])
        assert violations(page) == []
        assert _fits(page)
    finally:
        context.close()


def _to_the_helper(caller: Page, words: dict[str, str]) -> None:
    caller.locator("#dial").get_by_role("button").click()
    expect(caller.locator("#heard")).to_contain_text(GREETING["fi"])
    caller.get_by_role("button", name="2", exact=True).click()
    caller.locator("#words").fill("Apua, hjälp")
    caller.get_by_role("button", name=words["say"], exact=True).click()
    expect(caller.locator("#heard .mine", has_text="Apua, hjälp")).to_be_visible()
    caller.locator("[data-key='#']").click()


def _until_something_is_heard(caller: Page) -> None:
    for _ in range(100):
        if caller.locator("#level").evaluate("meter => meter.value") > 0.05:
            return
        caller.wait_for_timeout(50)
    raise AssertionError("the microphone hears nothing")


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def _heights(item: Locator) -> int:
    bars = item.locator("svg.wave rect").evaluate_all("bars => bars.map((bar) => bar.getAttribute('height'))")
    return len(set(bars))


def _twiml(verbs: str) -> Response:
    return Response(f"<Response>{verbs}</Response>", mimetype="text/xml")
