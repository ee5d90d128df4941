"""What is known of a matter, refined on a page of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import holder, signed_in
from admin.cases.blueprint import cases
from admin.cases.doing import CaseMistake, Sent, do, kind_of, reached, sent
from admin.cases.typed import plain
from admin.parts import now, transaction
from admin.wording import municipality_name, spoken_language
from scheduler.cases import CaseRefusal, Doing
from scheduler.refining import Refinement, refine
from scheduler.sight import not_hidden
from tickets.e_services import e_services_of
from tickets.municipalities import municipality_of
from tickets.rights import Right
from tickets.ticket import Ticket
from tickets.view_log import Seen, note_view
from tickets.vocabulary import AccessNeed, Device, HeardOfUs, HelpForm, Topic
from voice_prompts.language import Language

C = TypeVar("C", bound=StrEnum)
FIELDS: Final = frozenset(
    {
        "language",
        "topic",
        "topics",
        "municipality",
        "device",
        "e_service",
        "on_behalf",
        "access_needs",
        "wished_form",
        "heard_of_us",
        "non_disclosure",
        "training_need",
    }
)
YES, NO = "1", "0"


@dataclass(frozen=True, slots=True)
class Fields:
    """The form as it stands: what the ticket says, or what was typed."""

    one: Mapping[str, str]
    several: Mapping[str, tuple[str, ...]]
    seen: str


@cases.get("/tickets/<code>/refine")
@signed_in(Right.WORK_TICKETS)
def refining(code: str) -> ResponseReturnValue:
    """Show the form with what is known."""
    return _form(code)


@cases.post("/tickets/<code>/refine")
@signed_in(Right.WORK_TICKETS)
def refined(code: str) -> ResponseReturnValue:
    """Refine it; a promised time that could then not be kept stands in the way."""
    told, mistakes = _read(), _mistakes()
    if told is None or mistakes:
        return _form(code, sent("refined", mistakes))

    def change(session: Session, ticket: Ticket, doing: Doing) -> CaseRefusal | None:
        return refine(session, ticket, told, doing, seen=ticket.updated_at)

    return do(code, "refined", (Right.WORK_TICKETS,), change, _form)


def _form(code: str, came: Sent | None = None) -> ResponseReturnValue:
    with transaction() as session:
        ticket = reached(session, code, Right.WORK_TICKETS)
        note_view(session, holder(), Seen.TICKET, ticket.id, now=now())
        services = e_services_of(session, holder().network_id)
        fields = _of(ticket) if came is None else Fields(came.typed, came.lists, _seen(ticket, came))
    language = spoken_language()
    names = {code: one.name_in(language) for code, one in services.items() if one.active or code == ticket.e_service}
    page = render_template(
        "cases/refine.html",
        ticket=ticket,
        hidden=not not_hidden(ticket, holder()),
        came=came,
        kind_of=kind_of,
        typed=fields,
        e_services=sorted(names.items(), key=lambda pair: pair[1].casefold()),
        lists={"topic": Topic, "device": Device, "wished_form": HelpForm, "heard_of_us": HeardOfUs},
        languages=Language,
        needs=AccessNeed,
    )
    return page, 200 if came is None else came.status


def _seen(ticket: Ticket, came: Sent) -> str:
    """Whoever was told that it has changed sends it again knowing that."""
    return ticket.updated_at.isoformat() if came.refusal is not None else came.typed.get("seen", "")


def _of(ticket: Ticket) -> Fields:
    behalf = {None: "", True: YES, False: NO}[ticket.on_behalf]
    boxes = {name: YES for name in ("non_disclosure", "training_need") if getattr(ticket, name)}
    codes = {name: getattr(ticket, name) or "" for name in ("language", "topic", "device", "e_service")}
    wishes = {name: getattr(ticket, name) or "" for name in ("wished_form", "heard_of_us")}
    town = {"municipality": municipality_name(ticket.municipality), "on_behalf": behalf}  # shown to who may know it
    several = {"topics": tuple(ticket.topics), "access_needs": tuple(ticket.access_needs)}
    return Fields({**codes, **wishes, **town, **boxes}, several, ticket.updated_at.isoformat())


def _read() -> Refinement | None:
    language = _one_of(Language, "language")
    if language is None:
        return None
    behalf = plain(request.form, "on_behalf")
    town = plain(request.form, "municipality")
    named = FIELDS if "municipality" in request.form else FIELDS - {"municipality"}  # hidden from whoever refines it
    return Refinement(
        named,
        language=language,
        topic=_one_of(Topic, "topic"),
        topics=_several(Topic, "topics"),
        municipality=municipality_of(town) if town else None,
        device=_one_of(Device, "device"),
        e_service=plain(request.form, "e_service") or None,
        on_behalf=None if behalf not in (YES, NO) else behalf == YES,
        access_needs=_several(AccessNeed, "access_needs"),
        wished_form=_one_of(HelpForm, "wished_form"),
        heard_of_us=_one_of(HeardOfUs, "heard_of_us"),
        non_disclosure="non_disclosure" in request.form,
        training_need="training_need" in request.form,
    )


def _mistakes() -> dict[str, str | None]:
    """What is none of the codes, by field; empty where nothing is wrong."""
    kinds: Mapping[str, type[StrEnum]] = {
        "topic": Topic,
        "device": Device,
        "wished_form": HelpForm,
        "heard_of_us": HeardOfUs,
    }
    town = plain(request.form, "municipality")
    wrong = [name for name, kind in kinds.items() if plain(request.form, name) not in ("", *kind)]
    wrong += [] if _one_of(Language, "language") is not None else ["language"]
    mistakes: dict[str, str | None] = dict.fromkeys(wrong, CaseMistake.NOT_IN_LIST)
    return (
        {**mistakes, "municipality": CaseMistake.MUNICIPALITY} if town and municipality_of(town) is None else mistakes
    )


def _one_of(kind: type[C], name: str) -> C | None:
    return next((code for code in kind if code == plain(request.form, name)), None)


def _several(kind: type[C], name: str) -> tuple[C, ...]:
    sent_in = set(request.form.getlist(name))
    return tuple(code for code in kind if code in sent_in)
