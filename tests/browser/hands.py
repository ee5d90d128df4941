"""Whoever has no mouse: every action of a story, done with the keys that such a person presses.

While `keyboard_alone` holds, a Locator's `click`, `fill`, `check` and their like press Tab until the thing has the focus in truth, see
that the focus can be seen there, and then press Enter, Space, arrows or letters. What only a mouse or a finger does is refused.
"""

from datetime import date, time
from pathlib import Path
from typing import Any, NoReturn

import pytest
from playwright.sync_api import ElementHandle, JSHandle, Locator, Mouse, Page, Touchscreen, expect

FOCUS = (Path(__file__).parent / "focus.js").read_text("utf-8")
MOST_TABS = 200  # a page that needs more of them is not worked by keyboard
PASTED = 300  # characters that nobody types
NEAR = 8  # lines of a list that one goes down to, before one types what is looked for
OPTIONS = "(one) => [...one.options].map(({value, label, disabled}) => ({value, label: label.trim(), disabled}))"

_press, _wait = Locator.press, Locator.wait_for


def in_page(words: str) -> str:
    """A function of a page that may use the words of focus.js."""
    return f"(one, more) => {{ {FOCUS}\n return ({words})(one, more) }}"


WANTED, WAY = in_page("wanted"), in_page("(one) => ({...way(one), before: look(one)})")
HERE = in_page("(one) => !one.isConnected ? 'gone' : same(one, document.activeElement) ? 'here' : 'away'")
UNSEEN = in_page("(one, before) => unseen(document.activeElement, before)")


def keyboard_alone(patch: pytest.MonkeyPatch) -> None:
    """From now on people work without a mouse."""
    for name, deed in DEEDS.items():
        patch.setattr(Locator, name, deed)
    for kind, names in REFUSED.items():
        for name in names:
            patch.setattr(kind, name, _refuse)


def reach(target: Locator, timeout: float | None = None) -> JSHandle:
    """Press Tab until the focus is there, and see that it can be seen; what has the focus."""
    _wait(target, state="visible", timeout=timeout)
    expect(target).to_be_enabled()
    goal = target.evaluate_handle(WANTED)
    assert goal.as_element(), f"no key leads to {target}: it is neither a link nor a button nor a field"
    way = goal.evaluate(WAY)
    if (here := goal.evaluate(HERE)) == "here":
        way["before"] = None
    assert way["round"], f"no key leads to {target}: it is passed over"
    assert way["near"] <= MOST_TABS, f"{way['near']} presses of {way['key']} lead to {target}"
    for _ in range(way["round"]):
        if here != "away":
            break
        target.page.keyboard.press(way["key"])
        here = goal.evaluate(HERE)
    if here == "gone":  # the page was brought up to date meanwhile
        return reach(target, timeout)
    assert here == "here", f"{way['round']} times {way['key']} do not lead to {target}"
    assert not (faults := goal.evaluate(UNSEEN, way["before"])), f"{target}: {faults}"
    return goal


def press(target: Locator, key: str, **how: Any) -> None:
    """Go there, and press a key."""
    reach(target, how.get("timeout"))
    _key(target.page, key)


def click(target: Locator, **how: Any) -> None:
    """Do what a click would do, by Enter, Space or an arrow."""
    assert not how.keys() - {"timeout", "force"}, f"no keyboard clicks like this: {how}"
    goal = reach(target, how.get("timeout"))
    kind = goal.evaluate("(one) => one.localName === 'input' ? one.type : one.localName")
    if kind == "radio":
        _choose(target.page, goal)
    elif kind == "checkbox":
        _key(target.page, "Space")
    elif kind in ("a", "button", "summary", "submit"):
        _key(target.page, "Enter")


def set_checked(target: Locator, checked: bool, **how: Any) -> None:
    """Tick a box, or take the tick away; or choose one of several."""
    goal = reach(target, how.get("timeout"))
    if goal.evaluate("(one) => one.checked") is not checked:
        click(target)
    assert goal.evaluate("(one) => one.checked") is checked, target


def check(target: Locator, **how: Any) -> None:
    set_checked(target, True, **how)


def uncheck(target: Locator, **how: Any) -> None:
    set_checked(target, False, **how)


def fill(target: Locator, value: str, **how: Any) -> None:
    """Write this in a field, instead of what stands there."""
    goal, keyboard = reach(target, how.get("timeout")), target.page.keyboard
    kind = goal.evaluate("(one) => one.type")
    if kind in ("date", "time"):
        _fill_in_parts(target, goal, value)
    else:
        keyboard.press("Control+A")
        keyboard.press("Backspace")
        (keyboard.insert_text if len(value) > PASTED else keyboard.type)(value)
    assert goal.evaluate("(one) => one.value") == value, f"{target} cannot be made to say {value!r} by keyboard"


def clear(target: Locator, **how: Any) -> None:
    fill(target, "", **how)


def write(target: Locator, text: str, **how: Any) -> None:
    """Go there, and type after what stands there."""
    reach(target, how.get("timeout"))
    target.page.keyboard.press("End")
    target.page.keyboard.type(text)


def select_option(
    target: Locator, value: Any = None, *, index: int | None = None, label: str | None = None, **how: Any
) -> None:
    """Choose a line of a list: by arrows if it is near, else by typing its beginning."""
    goal, keyboard = reach(target, how.get("timeout")), target.page.keyboard
    options = goal.evaluate(OPTIONS)
    assert not goal.evaluate("(one) => one.multiple"), "choosing several is not yet done by keyboard here"
    at = index if index is not None else next(
        at for at, one in enumerate(options) if label in (None, one["label"]) and value in (None, one["value"], one["label"])
    )  # fmt: skip
    if abs(at - goal.evaluate("(one) => one.selectedIndex")) > NEAR:
        keyboard.type(options[at]["label"])
    while (now := goal.evaluate("(one) => one.selectedIndex")) != at:
        _key(target.page, "ArrowDown" if now < at else "ArrowUp")
        assert goal.evaluate("(one) => one.selectedIndex") != now, (
            f"the arrows do not lead to {options[at]} of {target}"
        )


def set_input_files(target: Locator, files: Any, **how: Any) -> None:
    """Open the field's chooser by Enter, and choose a file there."""
    with target.page.expect_file_chooser() as chooser:  # on the way there the browser learns that we wait for it
        reach(target, how.get("timeout"))
        target.page.keyboard.press("Enter")
    chooser.value.set_files(files)


def _key(page: Page, key: str) -> None:
    """Press a key where one is, and wait for the page to which it leads."""
    _press(page.locator("*:focus"), key)


def _choose(page: Page, goal: JSHandle) -> None:
    """Of choices that exclude each other: one goes along them by arrows; where none is chosen yet, the first is taken by Space."""
    if goal.evaluate("(one) => one === document.activeElement && !one.checked"):
        _key(page, "Space")
    way = goal.evaluate("(one) => one.compareDocumentPosition(document.activeElement) & 2 ? 'ArrowDown' : 'ArrowUp'")
    for _ in range(MOST_TABS):
        if goal.evaluate("(one) => one.checked"):
            return
        _key(page, way)
    raise AssertionError("no arrow leads to this choice")


def _fill_in_parts(target: Locator, goal: JSHandle, value: str) -> None:
    """A day or a time of day is typed part by part; Debian's Chromium shows them in the order of the United States."""
    keyboard = target.page.keyboard
    while goal.evaluate(HERE) == "here":  # its first part is where Tab leads
        keyboard.press("Shift+Tab")
    keyboard.press("Tab")
    if not value:
        for _ in range(3):
            keyboard.press("Backspace")
            keyboard.press("ArrowRight")
    elif "-" in value:
        keyboard.type(date.fromisoformat(value).strftime("%m%d%Y"))
    else:
        keyboard.type(time.fromisoformat(value).strftime("%I%M%p"))


def _refuse(*what: Any, **how: Any) -> NoReturn:
    raise AssertionError("this is done by a mouse or a finger; whoever has none cannot")


DEEDS = {
    "check": check,
    "clear": clear,
    "click": click,
    "fill": fill,
    "focus": reach,
    "press": press,
    "press_sequentially": write,
    "select_option": select_option,
    "set_checked": set_checked,
    "set_input_files": set_input_files,
    "type": write,
    "uncheck": uncheck,
}
BY_HAND = ("click", "dblclick", "tap", "hover", "check", "uncheck", "set_checked", "fill", "focus", "type", "press", "select_option", "set_input_files", "dispatch_event")  # fmt: skip
REFUSED: dict[type, tuple[str, ...]] = {
    Mouse: ("click", "dblclick", "down", "move", "up", "wheel"),
    Touchscreen: ("tap",),
    Locator: ("dblclick", "tap", "hover", "drag_to", "dispatch_event"),
    Page: (*BY_HAND, "drag_and_drop"),
    ElementHandle: tuple(name for name in BY_HAND if name != "set_checked"),
}
