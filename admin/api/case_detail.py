"""A ticket with all that is said in it, put together for programs; nothing that names the caller."""

from collections.abc import Sequence
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.api.case_shapes import MaterialGivenOut, MessageOut, NoteOut, OfferedOut, TicketDetail
from admin.api.shapes import TicketOut
from admin.ticket_list import with_promises
from scheduler.sight import not_hidden
from tickets.contents import Said, Where, said_in
from tickets.given import materials_given
from tickets.redaction import offered_for_redaction
from tickets.ticket import Recording, Ticket, TicketAccess
from tickets.tokens import Bearer
from tickets.vocabulary import AccessNeed, Device, DidThemselves, HeardOfUs, HelpForm


def detail_of(session: Session, ticket: Ticket, who: Bearer | None = None) -> TicketDetail:
    """The ticket as somebody who may read it is shown it."""
    said = said_in(session, ticket)
    sees = select(TicketAccess.organisation_id).where(TicketAccess.ticket_id == ticket.id)
    return TicketDetail(
        **TicketOut.of(with_promises(session, [ticket])[0], who).model_dump(),
        **_refined(ticket),
        text=next((one.text for one in said if one.where is Where.TEXT), None),
        notes=[NoteOut(id=one.id or 0, text=one.text, by=one.by, at=one.at) for one in said if one.where is Where.NOTE],
        messages=_messages(session, ticket, said),
        materials=[
            MaterialGivenOut(code=one.code, title=one.title, url=one.url, given_at=one.given_at)
            for one in materials_given(session, ticket.id)
        ],
        organisations=sorted(session.scalars(sees)) if not_hidden(ticket, who) else None,
        found=[OfferedOut.of(one) for one in offered_for_redaction(said)],
    )


def _messages(session: Session, ticket: Ticket, said: Sequence[Said]) -> list[MessageOut]:
    written = {one.id: one.text for one in said if one.where is Where.MESSAGE}
    rows = session.scalars(
        select(Recording).where(Recording.ticket_id == ticket.id, Recording.discarded.is_(False)).order_by(Recording.id)
    )
    return [
        MessageOut(
            id=row.id,
            at=row.created_at,
            duration_s=row.duration_s,
            state=row.state,
            transcript=written.get(row.id),
            by_machine=row.transcript_by_machine,
        )
        for row in rows
    ]


class _Refined(TypedDict):
    device: Device | None
    e_service: str | None
    on_behalf: bool | None
    access_needs: list[AccessNeed]
    wished_form: HelpForm | None
    heard_of_us: HeardOfUs | None
    non_disclosure: bool
    training_need: bool
    did_themselves: DidThemselves | None
    minutes: int | None
    feedback: int | None
    anonymised: bool


def _refined(ticket: Ticket) -> _Refined:
    return {
        "device": ticket.device,
        "e_service": ticket.e_service,
        "on_behalf": ticket.on_behalf,
        "access_needs": [AccessNeed(need) for need in ticket.access_needs],
        "wished_form": ticket.wished_form,
        "heard_of_us": ticket.heard_of_us,
        "non_disclosure": ticket.non_disclosure,
        "training_need": ticket.training_need,
        "did_themselves": ticket.did_themselves,
        "minutes": ticket.minutes,
        "feedback": ticket.feedback,
        "anonymised": ticket.anonymised_at is not None,
    }
