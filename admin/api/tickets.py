"""Tickets, for programs."""

from admin.api.operations import Asked, Operations, Refused
from admin.api.shapes import TicketPage, TicketQuery
from admin.ticket_list import page_of_tickets
from tickets.rights import Right

operations = Operations()


@operations.get("/tickets", Right.LIST_TICKETS)
def tickets(asked: Asked, query: TicketQuery) -> TicketPage:
    """Tickets of the token's network, newest first."""
    page = page_of_tickets(asked.session, asked.network_id, limit=query.limit, status=query.status, cursor=query.cursor)
    if page is None:
        raise Refused("no_such_page", "cursor: there is no such page", status=400)
    return TicketPage.of(page)
