"""The directory for programs: where people are sent on to, what they can come to, material that can be trusted."""

from datetime import date

from admin.api.directory_out import (
    DirectionsIn,
    DirectionsOut,
    GatheringOut,
    GatheringsOut,
    GatheringsQuery,
    MaterialOut,
    MaterialsOut,
    MaterialsQuery,
    NearbyOut,
    NearbyQuery,
    NearOut,
    PointOut,
    PointsOut,
    PointsQuery,
    PtvQuery,
    ReportOut,
    ReportsOut,
    ReportsQuery,
)
from admin.api.directory_shapes import DayIn, GatheringIn, MaterialIn, PointIn, ReportIn, ReviewIn
from admin.api.operations import Asked, Operations, Refused
from admin.api.rota_shapes import Made
from admin.parts import parts
from admin.ptv import ServiceDescription
from admin.service_description import describe_service
from scheduler.directions import Texted, text_directions
from scheduler.gatherings import call_off, cancel_gathering, put_gathering, report
from scheduler.rota.recurrence import RuleRefused
from scheduler.sight import ticket_for
from scheduler.slots import HELSINKI
from tickets.entries import EntryRefusal, put_material, put_point, retire, reviewed
from tickets.gatherings import Gathering
from tickets.listed import listed, next_days, reports_between
from tickets.materials import Material
from tickets.near import Whereabouts
from tickets.nearby import nearest_points, next_gatherings
from tickets.points import ReferralPoint
from tickets.rights import Right

operations = Operations()


@operations.get("/directory/points", Right.READ_DIRECTORY)
def points(asked: Asked, query: PointsQuery) -> PointsOut:
    """Where people are sent on to, by code."""
    rows, following = listed(asked.session, ReferralPoint, asked.network_id, query.wanted(_today(asked)))
    return PointsOut(points=[PointOut.of(row, _today(asked)) for row in rows], next=following)


@operations.post("/directory/points", Right.EDIT_DIRECTORY)
def put_a_point(asked: Asked, body: PointIn) -> Made:
    """Put a referral point in, or let the one of this code be so from now on."""
    return _made(put_point(asked.session, asked.network_id, body.facts(_today(asked)), now=asked.now))


@operations.delete("/directory/points/{code}", Right.EDIT_DIRECTORY)
def retire_a_point(asked: Asked, code: str) -> None:
    """Send nobody there any more."""
    _known(retire(asked.session, ReferralPoint, asked.network_id, code, now=asked.now))


@operations.post("/directory/points/{code}/review", Right.EDIT_DIRECTORY)
def review_a_point(asked: Asked, code: str, body: ReviewIn) -> None:
    """Say that a referral point is right as it stands."""
    _known(reviewed(asked.session, ReferralPoint, asked.network_id, code, on=_today(asked), due=body.review_due))


@operations.get("/directory/materials", Right.READ_DIRECTORY)
def materials(asked: Asked, query: MaterialsQuery) -> MaterialsOut:
    """Links and material that can be trusted, by code."""
    rows, following = listed(asked.session, Material, asked.network_id, query.wanted(_today(asked)))
    return MaterialsOut(materials=[MaterialOut.of(row, _today(asked)) for row in rows], next=following)


@operations.post("/directory/materials", Right.EDIT_DIRECTORY)
def put_material_in(asked: Asked, body: MaterialIn) -> Made:
    """Put a link or material in, or let that of this code be so from now on."""
    return _made(put_material(asked.session, asked.network_id, body.facts(_today(asked)), now=asked.now))


@operations.delete("/directory/materials/{code}", Right.EDIT_DIRECTORY)
def retire_material(asked: Asked, code: str) -> None:
    """Give it to nobody any more."""
    _known(retire(asked.session, Material, asked.network_id, code, now=asked.now))


@operations.post("/directory/materials/{code}/review", Right.EDIT_DIRECTORY)
def review_material(asked: Asked, code: str, body: ReviewIn) -> None:
    """Say that material is right as it stands."""
    _known(reviewed(asked.session, Material, asked.network_id, code, on=_today(asked), due=body.review_due))


@operations.get("/directory/gatherings", Right.READ_DIRECTORY)
def gatherings(asked: Asked, query: GatheringsQuery) -> GatheringsOut:
    """What people can come to, by code, with its next days."""
    rows, following = listed(asked.session, Gathering, asked.network_id, query.wanted(_today(asked)))
    days = next_days(asked.session, [row.id for row in rows], now=asked.now)
    return GatheringsOut(gatherings=[GatheringOut.of(row, days.get(row.id, ())) for row in rows], next=following)


@operations.post("/directory/gatherings", Right.EDIT_DIRECTORY)
def put_a_gathering(asked: Asked, body: GatheringIn) -> Made:
    """Put a gathering in, or let the one of this code be so from now on; days that are over stay as they were."""
    made = put_gathering(asked.session, asked.network_id, body.facts(), now=asked.now)
    if isinstance(made, RuleRefused):
        raise Refused(made.fault, f"rrule: {made.part}")
    return _made(made)


@operations.delete("/directory/gatherings/{code}", Right.EDIT_DIRECTORY)
def cancel_a_gathering(asked: Asked, code: str) -> None:
    """Hold it no more."""
    _known(cancel_gathering(asked.session, asked.network_id, code, now=asked.now))


@operations.post("/directory/gatherings/{code}/days", Right.EDIT_DIRECTORY)
def call_a_day_off(asked: Asked, code: str, body: DayIn) -> None:
    """Call one day off, or hold it after all."""
    _done(call_off(asked.session, asked.network_id, code, body.day, now=asked.now, off=body.called_off))


@operations.post("/directory/gatherings/{code}/reports", Right.ENTER_STATISTICS)
def report_a_day(asked: Asked, code: str, body: ReportIn) -> None:
    """Write down how a day went, in numbers only."""
    _done(report(asked.session, asked.network_id, code, body.day, body.held, **asked.by))


@operations.get("/directory/reports", Right.READ_STATISTICS, Right.ENTER_STATISTICS)
def reports(asked: Asked, query: ReportsQuery) -> ReportsOut:
    """How the days of a stretch went."""
    rows = reports_between(asked.session, asked.network_id, query.since, query.until)
    return ReportsOut(reports=[ReportOut.of(*row) for row in rows])


@operations.get("/directory/nearby", Right.READ_DIRECTORY)
def nearby(asked: Asked, query: NearbyQuery) -> NearbyOut:
    """What is nearest to a postcode: places to go to, and the next days of gatherings."""
    where = (asked.session, asked.network_id, Whereabouts(query.postcode, query.municipality), query.language)
    coming = next_gatherings(*where, now=asked.now, limit=query.limit)
    return NearbyOut(
        points=[NearOut.of(near) for near in nearest_points(*where, limit=query.limit)],
        gatherings=[NearOut.of(near) for near in coming],
    )


@operations.post("/tickets/{code}/directions", Right.WORK_TICKETS)
def text_where_to_go(asked: Asked, code: str, body: DirectionsIn) -> DirectionsOut:
    """Text the caller of a ticket where to go; asked twice on a day, it is one text."""
    ticket = ticket_for(asked.session, asked.holder, code, Right.WORK_TICKETS, now=asked.now)
    if ticket is None:
        raise Refused("unknown_ticket", f"{code}: there is no such ticket for you", status=404)
    asked_in = f"{asked.actor}-{_today(asked)}".replace(":", "-")
    answer = text_directions(asked.session, ticket.id, body.kind, body.id, asked_in=asked_in, now=asked.now)
    if answer is Texted.UNKNOWN:
        raise Refused(answer, f"id: nothing in use has the number {body.id}", status=404)
    return DirectionsOut(texted=answer is Texted.TEXTED)


@operations.get("/service-description", Right.READ_DIRECTORY)
def service_description(asked: Asked, query: PtvQuery) -> ServiceDescription:
    """The service as the Finnish Service Catalogue (PTV, Open API v11) takes it in, as a draft."""
    return describe_service(asked.session, asked.network_id, query.listed, parts().settings.public_url)


def _today(asked: Asked) -> date:
    return asked.now.astimezone(HELSINKI).date()


def _made(answer: int | EntryRefusal) -> Made:
    if isinstance(answer, EntryRefusal):
        raise Refused(answer, f"{answer.value.removeprefix('unknown_')}: there is no such thing in this network")
    return Made(id=answer)


def _known(found: bool) -> None:
    if not found:
        raise Refused(EntryRefusal.UNKNOWN_ENTRY, "code: nothing stands under it", status=404)


def _done(refusal: EntryRefusal | None) -> None:
    if refusal is not None:
        raise Refused(refusal, f"day: {refusal}", status=404 if refusal is EntryRefusal.UNKNOWN_ENTRY else 409)
