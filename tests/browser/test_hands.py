"""The hands that play a story by keyboard alone fail where somebody without a mouse would."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.hands import keyboard_alone

FORM = """<!doctype html><title>.</title><style>:focus-visible { outline: 3px solid } .bare:focus-visible { outline: none }
  .over { position: fixed; inset: 0; background: white } .off { position: absolute; left: -99rem }</style>
<a href="#one">one</a><button id="first">first</button> <input type="date" id="day"> <input type="time" id="at">
<fieldset><input type="radio" name="r" id="red"><label for="red">red</label><input type="radio" name="r" id="blue"><label for="blue">blue</label>
<input type="radio" name="r" id="pink"></fieldset><input type="checkbox" id="tick"><input id="words" value="before">
<select id="place">""" + "".join(f"<option>place {number:02}</option>" for number in range(40)) + """</select>
<details><summary>more</summary><b><a href="#inside">in</a>side</b></details><input type="file" id="file">"""  # fmt: skip
OUT_OF_REACH = {
    "it is neither a link nor a button": '<div id="it" onclick="this.textContent = 1">press me</div>',
    "it is passed over": '<button id="it" tabindex="-1">press me</button>',
    "nothing marks the focus": '<button id="it" class="bare">press me</button>',
    "it is not on the screen": '<button id="it" class="off">press me</button>',
    "something lies over it": '<button id="it">press me</button><div class="over">news</div>',
    "do not lead to": '<input onkeydown="event.preventDefault()" autofocus><button id="it">press me</button>',
}


@pytest.fixture
def page(context: BrowserContext, monkeypatch: pytest.MonkeyPatch) -> Page:
    """A page of somebody without a mouse."""
    keyboard_alone(monkeypatch)
    page = context.new_page()
    page.set_content(FORM)
    return page


def test_what_is_in_a_form_is_filled_in_by_keyboard(page: Page) -> None:
    page.locator("#file").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    page.locator("#day").fill("2026-11-24")
    page.locator("#at").fill("14:07")
    page.get_by_text("blue").click()
    page.locator("#tick").check()
    page.locator("#words").fill("after")
    page.locator("#words").press_sequentially("wards")
    page.locator("#place").select_option(label="place 31")
    for field, value in {"day": "2026-11-24", "at": "14:07", "words": "afterwards", "place": "place 31"}.items():
        expect(page.locator(f"#{field}")).to_have_value(value)
    expect(page.locator("#blue")).to_be_checked()
    expect(page.locator("#tick")).to_be_checked()
    assert page.locator("#file").evaluate("field => field.files[0].name") == "a.txt"
    for field in ("day", "at", "words"):
        page.locator(f"#{field}").clear()
        expect(page.locator(f"#{field}")).to_have_value("")
    page.locator("#red").check()
    page.locator("#tick").uncheck()
    expect(page.locator("#blue")).not_to_be_checked()
    expect(page.locator("#tick")).not_to_be_checked()
    page.locator("summary").click()
    page.get_by_text("in", exact=True).click()
    assert page.url.endswith("#inside")


@pytest.mark.parametrize("why", OUT_OF_REACH)
def test_what_no_key_reaches_or_nobody_sees_fails_the_story(page: Page, why: str) -> None:
    page.set_content(FORM + OUT_OF_REACH[why])
    with pytest.raises(AssertionError, match=why):
        page.locator("#it").click(timeout=2_000)


MOUSE: dict[str, Callable[[Page], object]] = {
    "a tap": lambda page: page.locator("#first").tap(),
    "hovering": lambda page: page.locator("#first").hover(),
    "dragging": lambda page: page.locator("#first").drag_to(page.locator("#words")),
    "the mouse": lambda page: page.mouse.click(1, 1),
    "a page's own click": lambda page: page.click("#first"),
    "another button": lambda page: page.locator("#first").click(button="right"),
    "an event": lambda page: page.locator("#first").dispatch_event("click"),
}


@pytest.mark.parametrize("deed", MOUSE)
def test_what_only_a_mouse_does_is_refused(page: Page, deed: str) -> None:
    with pytest.raises(AssertionError, match=r"mouse or a finger|no keyboard clicks"):
        MOUSE[deed](page)
