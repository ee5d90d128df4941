"""The nearest place that gives help, or the next stop: heard on the caller's wish, and texted if they like."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, ClassVar

from ivr.conversation import Effect, Script, do
from ivr.dialogue import Paper, choose, choose_after
from ivr.steps import Address, Number, Pause, Say
from tickets.municipalities import by_code
from tickets.near import Named, Near, NearKind, Nearness, Whereabouts
from tickets.phone_numbers import takes_texts
from voice_prompts.language import Language

PEN = 4  # seconds in which one is found, where nothing can be texted


class Wish(StrEnum):
    """What a caller may want who has heard of a place."""

    ENOUGH = "enough"
    TEXT = "text"
    NEXT = "next"


MENUS: Mapping[tuple[Wish, ...], str] = {
    (Wish.ENOUGH,): "nearby_keys",
    (Wish.ENOUGH, Wish.TEXT): "nearby_keys_text",
    (Wish.ENOUGH, Wish.NEXT): "nearby_keys_next",
    (Wish.ENOUGH, Wish.TEXT, Wish.NEXT): "nearby_keys_both",
}


@dataclass(frozen=True, slots=True)
class FindNearby(Effect[tuple[Near, ...]]):
    """What is nearest to the caller, or to where their ticket says: places and next stops by turns, as many as are told."""

    key: ClassVar[str] = "find_nearby"
    result: ClassVar[Any] = tuple[Near, ...]
    here: Whereabouts
    language: Language
    ticket_id: int | None


@dataclass(frozen=True, slots=True)
class TextNearby(Effect[bool]):
    """Let the caller have it as a text, too."""

    key: ClassVar[str] = "text_nearby"
    result: ClassVar[Any] = bool
    ticket_id: int
    kind: NearKind
    id: int


def choose_what_more(paper: Paper, *, nearby: bool) -> Script[str]:
    """1 where that was all, 2 for another matter; the nearest place may be heard before that is asked again."""
    if nearby:
        pressed = yield from choose(paper, "another_matter", paper.says("another_matter_nearby"), "123")
        if pressed != "3":
            return pressed
        yield from hear_nearby(paper)
    return (yield from choose(paper, "another_matter", paper.says("another_matter"), "12"))


def offer_nearby(paper: Paper) -> Script[None]:
    """Somebody waits without a time: meanwhile help may be had nearby."""
    if (yield from choose(paper, "nearby_offer", paper.says("nearby_offer"), "12")) == "2":
        yield from hear_nearby(paper)


def hear_nearby(paper: Paper) -> Script[None]:
    """One place after another, until one will do."""
    here = Whereabouts(paper.postcode, paper.municipality)
    found = yield from do(FindNearby(here, paper.language, paper.ticket_id))
    if not found:
        yield paper.says("nearby_none", whole=True)
        return
    if not _can_text(paper):
        yield paper.says("nearby_pen", whole=True)
        yield Pause(PEN)
    told: set[NearKind] = set()
    for number, near in enumerate(found, start=1):
        wish = yield from hear_one(paper, near, first=near.kind not in told, last=number == len(found))
        if wish is Wish.TEXT and paper.ticket_id is not None:
            yield from do(TextNearby(paper.ticket_id, near.kind, near.id))
            yield paper.says("nearby_text", whole=True)
        if wish is not Wish.NEXT:
            return
        told.add(near.kind)


def hear_one(paper: Paper, near: Near, *, first: bool, last: bool) -> Script[Wish]:
    """What it is called, when and where it is, which number it has; then enough, as a text, or the next one."""
    wishes = [Wish.ENOUGH]
    if _can_text(paper):
        wishes.append(Wish.TEXT)
    if not last:
        wishes.append(Wish.NEXT)
    keys = "".join(str(key) for key in range(1, len(wishes) + 1))
    menu = paper.says(MENUS[tuple(wishes)])
    pressed = yield from choose_after(paper, "nearby", (*_told(paper, near, first=first), menu), keys)
    return wishes[int(pressed) - 1]


def _told(paper: Paper, near: Near, *, first: bool) -> Iterator[Say]:
    if near.starts_at is not None:
        yield paper.says("nearby_stop" if first else "nearby_stop_more", time=near.starts_at)
    elif near.nearness is Nearness.NETWORK:
        yield paper.says("nearby_by_phone")
    else:
        yield paper.says("nearby_point" if first else "nearby_point_more")
    yield _said(paper, "nearby_name", near.name)
    if near.place is not None:
        yield _said(paper, "nearby_place", near.place)
    if near.address is not None:
        yield _address(paper, near.address, near.municipality)
    if near.must_register:
        yield paper.says("nearby_register")
    if near.phone is not None:
        yield paper.says("nearby_phone", number=Number(near.phone))


def _said(paper: Paper, key: str, named: Named) -> Say:
    """A name is read by a voice of its own language."""
    return replace(paper.says(key, place=named.text), language=named.language)


def _address(paper: Paper, named: Named, municipality: str | None) -> Say:
    place = None if municipality is None else by_code(municipality)
    town = "" if place is None else place.name_in(named.language)
    said = paper.says("nearby_address", address=Address(named.text), municipality=town)
    return replace(said, language=named.language)


def _can_text(paper: Paper) -> bool:
    return paper.ticket_id is not None and paper.number is not None and takes_texts(paper.number)
