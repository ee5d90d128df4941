"""Every form of every page, sent empty, sent with what nobody means, sent with hidden words that are not ours.

Whatever is refused is told beside its field, keeps what was typed and leaves the network as it was; nothing is ever an error
page; and what was taken is shown as text, never as markup.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from tests.browser.lived_in import LivedIn
from tests.browser.office import Office, cookie_of
from tests.browser.test_every_page import addresses
from tickets.records import Base
from tickets.vocabulary import Role

MARKUP = "<script>alert(7)</script>"
NONSENSE = {
    "markup": MARKUP + "\"'&{{7*7}}",
    "nul": "a\0b",
    "long": "å" * 10_000,
    "number": "-99999999999999999999",
}
OURS = ("csrf", "once")
# What a page that is shown again may write: who looked, and how often somebody tried.
MAY_GROW = frozenset({"view_log", "count", "sign_in", "material_given"})
REFUSED, TAKEN = (400, 403, 404, 409, 413, 422), (200, 302, 303)
FILLS = "input:not([type=hidden]):not([type=file]):not([type=submit]), textarea, select"
# A password that was typed is never written into a page again.
KEPT = "input:not([type=password]), textarea"
TYPED = "input:not([type=hidden]):not([type=file]):not([type=checkbox]):not([type=radio]):not([type=submit]), textarea"


@dataclass(frozen=True, slots=True)
class Sent:
    """A form of a page as it is about to be sent, and what was typed into it."""

    name: str
    action: str
    fields: Mapping[str, str]
    typed: Mapping[str, str] = field(default_factory=dict)


@pytest.mark.parametrize("way", ["empty", "hidden", *NONSENSE])
def test_no_form_is_more_than_refused_and_no_refusal_loses_what_was_typed(office: Office, way: str) -> None:
    lived = LivedIn(office)
    faults = [
        fault
        for reader, name, address in sorted(addresses(office, lived), key=works_on_cases)
        for fault in faults_of_page(office, reader, name, address, way)
    ]
    assert faults == [], "\n" + "\n".join(sorted(set(faults)))
    assert [name for reader, name, page in addresses(office, lived) if MARKUP in shown(office, reader, page)] == []


def works_on_cases(page: tuple[Role | None, str, str]) -> bool:
    """The helper's pages come first: what coordinators send may give their case to somebody else."""
    return page[0] is not Role.DIGITUKIJA


def faults_of_page(office: Office, reader: Role | None, name: str, address: str, way: str) -> Iterator[str]:
    """What is wrong with the answers to its forms, one after the other, each from the page as it is by then."""
    number, page, client, same = 0, BeautifulSoup(), browser_of(office, reader), False
    while True:
        if not same:
            client = browser_of(office, reader)
            opened = client.get(address)
            page = BeautifulSoup(opened.text, "html.parser")
            if opened.status_code != (302 if name == "sign_in.code" else 200):  # nobody was sent one
                yield f"{name} ({address}) answers {opened.status_code}"
        found = forms(page)
        if number >= len(found):
            return
        sent = filled(found[number], name, address, way)
        number, same = number + 1, True
        if sent is not None:
            before = written(office)
            answer = client.post(sent.action, data=sent.fields)
            same = written(office) == before
            yield from (f"{sent.name} ({sent.action}) {fault}" for fault in faults_of(answer, sent, same=same))


def browser_of(office: Office, reader: Role | None) -> FlaskClient:
    client = office.app.test_client()
    client.set_cookie("lang", "fi")
    if reader is not None:
        client.set_cookie("digilinja", cookie_of(office.app, office.person(reader)))
    return client


def shown(office: Office, reader: Role | None, address: str) -> str:
    return browser_of(office, reader).get(address).text


def forms(page: BeautifulSoup) -> list[Tag]:
    """Those that somebody can send; one that is hidden is filled by a script."""
    found = page.find_all("form", hidden=False)
    return [form for form in found if str(form.get("method", "")).lower() == "post"]


def filled(form: Tag, name: str, address: str, way: str) -> Sent | None:
    """The form as somebody sends it in this way; None where the way says nothing new of it."""
    action = str(form.get("action") or address)
    hidden = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[type=hidden][name]")}
    named = {str(one["name"]) for one in form.select(FILLS) if one.get("name")}
    if way == "hidden":
        others = {one: "nonsense" for one in hidden if one not in OURS}
        return Sent(name, action, hidden | others) if others else None
    if not named:
        return None
    if way == "empty":
        return Sent(name, action, hidden)
    typed = {str(one["name"]): NONSENSE[way] for one in form.select(TYPED) if one.get("name")}
    return Sent(name, action, hidden | dict.fromkeys(named, NONSENSE[way]) | typed, typed)


def written(office: Office) -> object:
    """What tells whether anything was written: how many rows each table has, and who wrote the newest of them."""
    tables = sorted(set(Base.metadata.tables) - MAY_GROW)
    each = (f"SELECT '{one}', count(*), max(xmin::text::bigint) FROM \"{one}\"" for one in tables)
    with office.parts.engine.connect() as connection:
        return connection.execute(text(" UNION ALL ".join(each))).all()


def faults_of(answer: TestResponse, sent: Sent, *, same: bool) -> Iterator[str]:
    if answer.status_code not in (*REFUSED, *TAKEN):
        yield f"answers {answer.status_code}"
        return
    if answer.status_code in REFUSED and not same:
        yield f"refuses with {answer.status_code} and has written all the same"
    if answer.status_code == 422 and sent.typed:
        page = BeautifulSoup(answer.text, "html.parser")
        yield from untold(page)
        yield from (f"loses what was typed as {name}" for name in lost(page, sent))


def untold(page: BeautifulSoup) -> Iterator[str]:
    """Where a mistake leads nowhere, or nothing says what is to be mended."""
    links = [str(link["href"]) for link in page.select(".mistakes a[href]")]
    if not links and not page.select_one("[role=alert], .mistake"):
        yield "refuses without a word"
    for link in links:
        if urlsplit(link).fragment and page.find(id=urlsplit(link).fragment) is None:
            yield f"tells of a mistake at {link}, where nothing is"


def lost(page: BeautifulSoup, sent: Sent) -> Iterator[str]:
    kept: dict[str, list[str]] = {}
    for one in page.select(KEPT):
        kept.setdefault(str(one.get("name")), []).append(worth(one))
    for name, value in sent.typed.items():
        # Of a text that no field takes, as much is shown again as a field could ever hold.
        if "\0" not in value and name in kept and not any(one and value.startswith(one) for one in kept[name]):
            yield name


def worth(element: Tag) -> str:
    """What stands in a field as a browser reads it: the first line break of an area is none of its text."""
    return element.get_text().removeprefix("\n") if element.name == "textarea" else str(element.get("value", ""))
