"""Where somebody may go: the pages by the rights that open them, in the order in which a day needs them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final

from flask import Flask, g, request, url_for

from tickets.rights import Right
from tickets.tokens import Bearer

_R = Right


class Section(StrEnum):
    """What belongs together; the header shows these, and below it the pages of the one that is open."""

    MINE = "mine"
    DAY = "day"
    ROTA = "rota"
    PEOPLE = "people"
    LINE = "line"
    DIRECTORY = "directory"
    REPORTS = "reports"
    PRIVACY = "privacy"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that is gone to by name, `word('page', endpoint)`; one of the rights is enough. `rings`: only for helpers."""

    section: Section
    endpoint: str
    rights: tuple[Right, ...]
    rings: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """An entry, or a section by its first entry, as this reader sees it: what it is called, where it leads."""

    name: str
    address: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Ways:
    """Where the reader of this page may go."""

    sections: Sequence[Way]
    pages: Sequence[Way]


# The pages of a section stand together. A page that stands not here belongs to that of its blueprint under whose address
# it lies, or to the first one.
ENTRIES: Final = (
    Entry(Section.MINE, "helper.today", (_R.TAKE_PLACES,), rings=True),
    Entry(Section.MINE, "helper.own_shifts", (_R.TAKE_PLACES,), rings=True),
    Entry(Section.MINE, "helper.openings", (_R.TAKE_PLACES,), rings=True),
    Entry(Section.MINE, "helper.own_time", (_R.TAKE_PLACES,), rings=True),
    Entry(Section.MINE, "helper.rules", (_R.TAKE_PLACES,), rings=True),
    Entry(Section.MINE, "helper.board", (_R.READ_BOARD,), rings=True),
    Entry(Section.DAY, "desk.now", (_R.LIST_TICKETS, _R.WATCH_PROMISES)),
    Entry(Section.DAY, "cases.board", (_R.LIST_TICKETS, _R.READ_TICKETS)),
    Entry(Section.DAY, "logging.blank", (_R.LOG_MATTERS,)),
    Entry(Section.DAY, "calls.listed", (_R.LIST_TICKETS,)),
    Entry(Section.DAY, "insight.asked", (_R.SEE_ROTA,)),
    Entry(Section.DAY, "relay.cases", (_R.READ_RELAY,)),
    Entry(Section.ROTA, "rota.week", (_R.SEE_ROTA,)),
    Entry(Section.ROTA, "rota_openings.coming", (_R.SEE_ROTA,)),
    Entry(Section.ROTA, "rota_weeks.batches", (_R.SEE_ROTA,)),
    Entry(Section.ROTA, "rota_templates.every", (_R.SEE_ROTA,)),
    Entry(Section.ROTA, "rota_proposals.every", (_R.SEE_ROTA,)),
    Entry(Section.ROTA, "rota_closures.every", (_R.SEE_ROTA,)),
    Entry(Section.PEOPLE, "people.everybody", (_R.SEE_PEOPLE,)),
    Entry(Section.PEOPLE, "organisations.everything", (_R.SEE_PEOPLE,)),
    Entry(Section.PEOPLE, "boundaries.matrix", (_R.EDIT_BOUNDARIES, _R.SEE_PEOPLE)),
    Entry(Section.PEOPLE, "rights.matrix", (_R.EDIT_BOUNDARIES, _R.KEEP_SETTINGS)),
    Entry(Section.PEOPLE, "rules.everything", (_R.KEEP_PEOPLE, _R.LOG_MATTERS, _R.POST_ON_BOARD)),
    Entry(Section.PEOPLE, "board.everything", (_R.POST_ON_BOARD, _R.LOG_MATTERS)),
    Entry(Section.LINE, "prompts.everything", (_R.EDIT_PROMPTS,)),
    Entry(Section.LINE, "bulletins.everything", (_R.EDIT_PROMPTS,)),
    Entry(Section.LINE, "lines.everything", (_R.EDIT_PROMPTS, _R.KEEP_SETTINGS)),
    Entry(Section.DIRECTORY, "points.every_point", (_R.READ_DIRECTORY,)),
    Entry(Section.DIRECTORY, "gatherings.every_gathering", (_R.READ_DIRECTORY,)),
    Entry(Section.DIRECTORY, "materials.all_material", (_R.READ_DIRECTORY,)),
    Entry(Section.DIRECTORY, "nearest.near", (_R.READ_DIRECTORY,)),
    Entry(Section.DIRECTORY, "directory_lists.blank", (_R.EDIT_DIRECTORY,)),
    Entry(Section.REPORTS, "reports.figures", (_R.READ_STATISTICS,)),
    Entry(Section.REPORTS, "campaign_calendar.weeks", (_R.READ_STATISTICS,)),
    Entry(Section.REPORTS, "between.municipalities", (_R.READ_STATISTICS,)),
    Entry(Section.REPORTS, "between.languages", (_R.READ_STATISTICS,)),
    Entry(Section.REPORTS, "campaigns.every_campaign", (_R.READ_STATISTICS,)),
    Entry(Section.REPORTS, "indicators.every_indicator", (_R.READ_STATISTICS,)),
    Entry(Section.SETTINGS, "settings.show", (_R.KEEP_SETTINGS,)),
    Entry(Section.SETTINGS, "connections.everything", (_R.KEEP_SETTINGS,)),
    Entry(Section.PRIVACY, "cases.view_log", (_R.READ_VIEW_LOG,)),
    Entry(Section.PRIVACY, "cases.registered", (_R.EXPORT_PERSON, _R.ERASE_PERSON)),
    Entry(Section.PRIVACY, "cases.erasures", (_R.ERASE_PERSON,)),
    Entry(Section.PRIVACY, "cases.holds", (_R.HOLD_TICKETS,)),
    Entry(Section.PRIVACY, "cases.retention", (_R.SET_RETENTION,)),
    Entry(Section.PRIVACY, "cases.changes", (_R.KEEP_PEOPLE,)),
)


def show_the_ways(app: Flask) -> None:
    """Let templates show where their reader may go."""
    app.jinja_env.globals["ways"] = ways


def ways() -> Ways:
    """What the reader of this page may go to; nothing for whoever is not signed in."""
    open_to_them = [entry for entry in ENTRIES if _opens(entry)]
    here = _here(open_to_them)
    by_section = {section: list(several) for section, several in groupby(open_to_them, key=lambda one: one.section)}
    sections = [
        Way(section, url_for(several[0].endpoint), here is not None and section is here.section)
        for section, several in by_section.items()
    ]
    pages = by_section[here.section] if here is not None else []
    return Ways(sections, [Way(one.endpoint, url_for(one.endpoint), one is here) for one in pages])


def _opens(entry: Entry) -> bool:
    who = g.get("bearer")
    if not isinstance(who, Bearer) or (entry.rings and who.helper_id is None):
        return False
    return any(map(who.may, entry.rights))


def _here(entries: Sequence[Entry]) -> Entry | None:
    exact = next((one for one in entries if one.endpoint == request.endpoint), None)
    return exact or _belongs([one for one in entries if one.endpoint.split(".")[0] == request.blueprint])


def _belongs(entries: Sequence[Entry]) -> Entry | None:
    """The page under whose address this one lies, such as that of a form that is told what is wrong."""
    addresses = [(one, url_for(one.endpoint).rstrip("/") + "/") for one in entries]
    above = [(len(address), one) for one, address in addresses if request.path.startswith(address)]
    return max(above, key=lambda found: found[0])[1] if above else next(iter(entries), None)
