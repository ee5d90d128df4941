"""Tickets, for programs."""

from admin.api.case_shapes import SearchQuery
from admin.api.operations import Asked, Operations, Refused
from admin.api.shapes import Owner, TicketFilters, TicketPage, TicketQuery
from admin.ticket_list import Page, page_of_tickets
from scheduler.finding import Wanted, Within
from scheduler.sight import ways
from tickets.rights import Right
from tickets.view_log import Seen, note_view
from tickets.words import words_of

operations = Operations()


@operations.get("/tickets", Right.LIST_TICKETS)
def tickets(asked: Asked, query: TicketQuery) -> TicketPage:
    """The network's tickets that whoever asks may list, newest first."""
    page = page_of_tickets(
        asked.session,
        within(asked, Right.LIST_TICKETS),
        wanted(asked, query),
        limit=query.limit,
        now=asked.now,
        cursor=query.cursor,
    )
    return _page(asked, page)


@operations.get("/tickets/search", Right.READ_TICKETS)
def search_tickets(asked: Asked, query: SearchQuery) -> TicketPage:
    """Tickets in which all these words were said, written or noted, newest first; that one searched is written down."""
    said = words_of(asked.session, asked.network_id, query.q)
    if not said:
        raise Refused("nothing_to_find", "q: no word of this is looked for; name what the matter is about", status=400)
    note_view(asked.session, asked.holder, Seen.SEARCH, None, now=asked.now)
    return _page(
        asked,
        page_of_tickets(
            asked.session,
            within(asked, Right.READ_TICKETS),
            wanted(asked, query, said),
            limit=query.limit,
            now=asked.now,
            cursor=query.cursor,
        ),
    )


def within(asked: Asked, right: Right) -> Within:
    """The tickets that this right of whoever asks reaches."""
    who = asked.holder
    return Within(asked.network_id, ways(who, right, now=asked.now))


def wanted(asked: Asked, filters: TicketFilters, said: tuple[frozenset[int], ...] = ()) -> Wanted:
    """What is looked for; "mine" of whoever is no person is refused."""
    if filters.owner is Owner.ME and asked.holder.person_id is None:
        raise Refused("not_a_person", "owner: this key is a program's, which owns no tickets", status=400)
    return Wanted(
        status=filters.status,
        open=filters.open,
        language=filters.language,
        topic=filters.topic,
        e_service=filters.e_service,
        municipality=filters.municipality,
        channel=filters.channel,
        outcome=filters.outcome,
        organisation=filters.organisation,
        owner=asked.holder.person_id if filters.owner is Owner.ME else None,
        ownerless=filters.owner is Owner.NONE,
        overdue=filters.overdue,
        dated=filters.dated,
        waiting=filters.waiting,
        training_need=filters.training_need,
        created_from=filters.created_from,
        created_before=filters.created_before,
        said=said,
    )


def _page(asked: Asked, page: Page | None) -> TicketPage:
    if page is None:
        raise Refused("no_such_page", "cursor: there is no such page", status=400)
    return TicketPage.of(page, asked.holder)
