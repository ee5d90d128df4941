"""The line's words in a browser: a sentence changed and heard first, and a piece recorded with the microphone."""

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import text

from tests.browser.office import Office
from tests.browser.steps import can_be_read, in_both, words
from tickets.vocabulary import Role
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language, Written

SOUGHT = {"fi": "odotatte vapaata", "sv": "ni väntar ledig plats kön"}
OTHERWISE = {"fi": "Täällä kiirettä ei ole.", "sv": "Här är det ingen brådska."}
LASTS = "one => new Promise(done => { one.onloadedmetadata = () => done(one.duration); one.load() })"


def sentence(office: Office, language: str) -> str:
    """Where the first line's sentence that there is time stands, in this language."""
    with office.parts.sessions() as session:
        line = session.scalar(text("SELECT id FROM line ORDER BY id LIMIT 1"))
    return f"/admin/prompts/{line}/{language}/intro"


def hear_loudness(page: Page) -> None:
    """Wait until the microphone has heard something."""
    loud = page.locator("#level")
    expect(loud).to_be_visible()
    expect(loud).not_to_have_js_property("value", 0)
    page.wait_for_timeout(1200)  # the microphone of a browser without one beeps once a second


def recorded(office: Office) -> int:
    with office.parts.sessions() as session:
        return int(session.scalar(text("SELECT count(*) FROM line_recording")) or 0)


@in_both
def test_a_sentence_is_changed_and_heard_first(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto(sentence(office, language))
    page.locator("#say").fill("Klo 12")
    page.get_by_role("button", name=say["Listen first"]).click()
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.locator("#say")).to_be_focused()
    expect(page.locator("#say")).to_have_value("Klo 12")
    can_be_read(page)
    page.keyboard.press("Control+A")
    page.keyboard.type(OTHERWISE[language])
    page.get_by_role("button", name=say["Listen first"]).click()
    heard = page.get_by_role("status").locator("audio")
    assert heard.evaluate(LASTS) > 0.5
    expect(page.locator("#said-now + .mark")).to_have_count(0)
    page.get_by_role("button", name=say["Save"], exact=True).click()
    expect(page.get_by_role("status").first).to_have_text(say["said\x04sentence_kept"])
    expect(page.locator("section[aria-labelledby=said-now]")).to_contain_text(OTHERWISE[language])
    expect(page.get_by_text(say["In its own words"])).to_be_visible()


@in_both
def test_a_piece_is_recorded_heard_taken_again_and_kept(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto(sentence(office, language))
    page.get_by_role("button", name=say["Record with the microphone"]).click()
    expect(page.get_by_role("button", name=say["Stop recording"])).to_be_focused()
    hear_loudness(page)
    page.get_by_role("button", name=say["Stop recording"]).click()
    first = the_take(page, say["Recorded. Listen to it, and save it if it is good."])
    can_be_read(page)
    page.get_by_role("button", name=say["Record again"]).click()
    expect(page.locator("#take")).to_be_hidden()
    hear_loudness(page)
    page.get_by_role("button", name=say["Stop recording"]).click()
    assert the_take(page, say["Recorded. Listen to it, and save it if it is good."]) != first
    assert recorded(office) == 0
    page.get_by_role("button", name=say["Take the recording in"]).click()
    expect(page.get_by_role("status").first).to_have_text(say["said\x04recording_kept"])
    expect(page.locator("fieldset .hds-status-label")).to_have_text(say["Recorded"])
    assert recorded(office) == 1


@in_both
def test_a_sentence_is_found_by_a_word_as_it_is_typed_and_opened(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/prompts")
    expect(page.locator("#found table")).to_contain_text(say["prompt chapter\x04waiting"])
    page.get_by_label(say["Words of a sentence, or its key"]).fill(SOUGHT[language])
    row = page.locator("#found tbody tr")
    expect(row).to_have_count(1)
    expect(row.get_by_role("rowheader")).to_contain_text(Catalogue.load().note("waiting_still").told[Written(language)])
    can_be_read(page)
    row.locator("td").first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Odotatte vapaata aikaa.")


@in_both
def test_a_chapter_is_read_and_its_next_sentence_opened(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/prompts")
    page.get_by_role("link", name=say["prompt chapter\x04resident"], exact=True).click()
    expect(page.locator("#found tbody tr")).to_have_count(6)
    can_be_read(page)
    page.locator("#callback_connecting td").first.get_by_role("link").click()
    can_be_read(page)
    page.get_by_role("link", name=say["The next sentence"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hyvä on. Pyyntönne on tallessa.")


@in_both
def test_earlier_words_are_brought_back(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto(sentence(office, language))
    for otherwise in (OTHERWISE[language], OTHERWISE[language].replace(".", "!")):
        page.locator("#say").fill(otherwise)
        page.get_by_role("button", name=say["Save"], exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(otherwise)
    page.get_by_role("button", name=say["Say it so again"]).click()
    expect(page.get_by_role("status").first).to_have_text(say["said\x04sentence_kept"])
    expect(page.get_by_role("heading", level=1)).to_have_text(OTHERWISE[language])


@in_both
def test_the_whole_voice_is_recorded_piece_after_piece(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/prompts")
    in_language = say[f"language\x04{language}"]
    page.get_by_role("link", name=f"{say['Record']}: {in_language}").click()
    aloud = page.locator(".aloud")
    first = aloud.inner_text()
    page.get_by_role("button", name=say["Record with the microphone"]).click()
    hear_loudness(page)
    page.get_by_role("button", name=say["Stop recording"]).click()
    the_take(page, say["Recorded. Listen to it, and save it if it is good."])
    can_be_read(page)
    page.get_by_role("button", name=say["Take the recording in"]).click()
    expect(page.get_by_role("status").first).to_have_text(say["said\x04recording_kept"])
    expect(aloud).not_to_have_text(first)
    assert recorded(office) == 1


def the_take(page: Page, told: str) -> str | None:
    """What was just recorded can be heard; its address."""
    take: Locator = page.locator("#take")
    expect(page.locator("#recorder-says")).to_have_text(told)
    assert take.evaluate(LASTS) > 1
    expect(take).to_be_focused()
    return take.get_attribute("src")


def test_every_sentence_can_be_heard_and_read_on_a_phone_without_scrolling_sideways(office: Office) -> None:
    page = office.page(Role.KOORDINAATTORI, "fi", width=320)
    page.goto("/admin/prompts?chapter=hello")
    said = Catalogue.load().entry(Language.FI, "intro").say[0]
    cell = page.locator("#intro td").first
    expect(cell).to_contain_text(said)
    box = cell.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    assert cell.locator("audio").evaluate(LASTS) > 0.5
