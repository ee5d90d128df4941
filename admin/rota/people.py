"""The names that a coordinator sees in the rota, and the organisations and areas to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from admin.api.operations import Asked
from admin.api.reach import confined_to
from admin.rota.view import View
from scheduler.people.organisations import OrganisationCard, organisations_of
from tickets.directory import HelperCard, helpers_of
from tickets.municipalities import by_code
from tickets.network import Line
from tickets.rights import Right
from voice_prompts.language import Language

LINE = "line-"


@dataclass(frozen=True, slots=True)
class People:
    """Everybody whom this coordinator sees: helpers by number, in the order of names, and their organisations."""

    helpers: Mapping[int, HelperCard]
    organisations: Mapping[int, OrganisationCard]

    def name(self, helper_id: int) -> str:
        """A helper's name; nothing for another organisation's."""
        helper = self.helpers.get(helper_id)
        return "" if helper is None else helper.name

    def organisation(self, organisation_id: int | None) -> str:
        """An organisation's name; nothing for what all share."""
        found = self.organisations.get(organisation_id or 0)
        return "" if found is None else found.area.name

    def serving(self, helper: HelperCard, municipality: str | None) -> bool:
        """Whether this helper's organisation serves the people of a municipality."""
        area = self.organisations[helper.organisation_id].area
        return municipality is None or not area.serves or municipality in (*area.serves, *area.agreed)


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line to choose by, under its name in the reader's language."""

    key: str
    names: Mapping[Language, str]
    municipality: str | None


def people_of(asked: Asked, right: Right = Right.SEE_ROTA) -> People:
    """Those whom this right of theirs reaches."""
    own = confined_to(asked, right)
    helpers = [one for one in helpers_of(asked.session, asked.network_id) if own in (None, one.organisation_id)]
    ordered = sorted(helpers, key=lambda one: (one.name.casefold(), one.id))
    organisations = organisations_of(asked.session, asked.network_id)
    return People({one.id: one for one in ordered}, {one.id: one for one in organisations})


def choosable(asked: Asked, people: People) -> list[OrganisationCard]:
    """The organisations whose shifts they may keep."""
    own = confined_to(asked, Right.KEEP_ROTA)
    return [one for one in people.organisations.values() if own in (None, one.id)]


def lines_shown(asked: Asked) -> tuple[LineShown, ...]:
    """The lines in use."""
    found = asked.session.scalars(
        select(Line).where(Line.network_id == asked.network_id, Line.active).order_by(Line.id)
    )
    return tuple(
        LineShown(f"{LINE}{one.id}", {language: one.name_in(language) for language in Language}, one.municipality)
        for one in found
    )


def areas_of(people: People) -> list[str]:
    """The municipalities that organisations have as their own, by code."""
    codes = {code for one in people.organisations.values() for code in one.area.serves if by_code(code)}
    return sorted(codes)


def municipality_of(view: View, lines: tuple[LineShown, ...]) -> str | None:
    """The municipality whose callers are looked at: the one that was chosen, or the line's."""
    if view.area.startswith(LINE):
        return next((one.municipality for one in lines if one.key == view.area), None)
    return view.area if by_code(view.area) else None
