"""Somebody to be chosen by name: a short list as it is, of a long one those who fit the name that was typed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

AT_ONCE: Final = 50
LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom one may choose, by number; `sought` is the name that was typed, `more` how many fit beside those shown.

    `searches`: there are so many that a name has to be typed.
    """

    found: Mapping[int, str]
    sought: str = ""
    more: int = 0
    searches: bool = False


def choice_of(people: Mapping[int, str], sought: str, *chosen: object) -> Choice:
    """Of these people, in their order, those who fit the name; whoever is chosen already always among them."""
    if len(people) <= AT_ONCE:
        return Choice(people)
    name = name_in(sought)
    kept = {str(one) for one in chosen}
    fitting = [number for number, called in people.items() if fits(name, called) and str(number) not in kept]
    shown = {number for number, _ in zip(fitting, range(AT_ONCE), strict=False)}
    found = {number: called for number, called in people.items() if number in shown or str(number) in kept}
    return Choice(found, name, len(fitting) - len(shown), searches=True)


def name_in(typed: str) -> str:
    """The name, or the part of one, by which somebody is looked for."""
    return typed.replace("\0", "").strip()[:LONGEST_NAME]


def fits(sought: str, name: str) -> bool:
    """Whether somebody is called so: every piece of what was typed is in the name, in any order."""
    called = name.casefold()
    return all(piece in called for piece in sought.casefold().split())
