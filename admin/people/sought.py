"""Whom somebody looks for among the people they may see. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

from werkzeug.datastructures import MultiDict

from admin.people.choosing import fits, name_in
from admin.people.reading import row_of
from scheduler.people.cards import PersonCard
from tickets.vocabulary import HelperKind, Role
from voice_prompts.language import Language

EXPIRES_SOON: Final = timedelta(days=60)
A_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Sought:
    """The filters of the list; empty ones ask for nothing."""

    name: str = ""
    organisation: int | None = None
    role: str = ""
    kind: str = ""
    language: str = ""
    expiring: bool = False
    left: bool = False
    page: int = 1

    @classmethod
    def of(cls, asked: MultiDict[str, str]) -> Self:
        """As an address says it; what is no filter of ours asks for nothing."""
        role, kind, language = (asked.get(name, "") for name in ("role", "kind", "language"))
        return cls(
            name_in(asked.get("name", "")),
            row_of(asked.get("organisation", "")),
            role if role in list(Role) else "",
            kind if kind in list(HelperKind) else "",
            language if language in list(Language) else "",
            "expiring" in asked,
            "left" in asked,
            min(row_of(asked.get("page", "")) or 1, 10_000),
        )

    def among(self, people: Iterable[PersonCard], today: date) -> Sequence[PersonCard]:
        """Those who fit, by name; those whose badge runs out by the day on which it does."""
        found = [one for one in people if self._fits(one, today)]
        if self.expiring:
            return sorted(found, key=lambda one: (badge_of(one) or date.max, one.name.casefold()))
        return sorted(found, key=lambda one: one.name.casefold())

    def _fits(self, one: PersonCard, today: date) -> bool:
        papers = one.helper
        return (
            fits(self.name, one.name)
            and (not self.role or one.role == self.role)
            and (not self.kind or (papers is not None and papers.kind == self.kind))
            and (not self.language or (papers is not None and self.language in papers.languages))
            and (self.organisation is None or one.organisation_id == self.organisation)
            and (not self.expiring or expires_soon(one, today))
            and (one.active is not self.left)
        )


def expires_soon(one: PersonCard, today: date) -> bool:
    """Whether their badge runs out within sixty days, or has."""
    expires = badge_of(one)
    return one.active and expires is not None and expires <= today + EXPIRES_SOON


def badge_of(one: PersonCard) -> date | None:
    """Until when somebody's badge holds, where they have one."""
    return None if one.helper is None else one.helper.badge_expires_on
