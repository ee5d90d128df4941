"""The relay for programs: drafting, previewing and publishing cases, reading and taking them, puzzles, and the channels."""

from typing import TypeVar

from admin.api.operations import Asked, Operations, Refused
from admin.api.relay_shapes import (
    ChannelIn,
    ChannelsOut,
    ClaimedOut,
    OneRelayOut,
    PreviewOut,
    PuzzleIn,
    RelayOut,
    RelayQuery,
    RelaysOut,
    TermsIn,
    TermsOut,
)
from admin.api.rota_shapes import Made
from admin.parts import address_here, parts
from admin.relay.writer import PostedRelays
from scheduler.relay.channels import ChannelRefusal, add_channel, channels_of, remove_channel, set_terms
from scheduler.relay.claiming import claim
from scheduler.relay.partners import partner_of
from scheduler.relay.publishing import draft, publish, withdraw
from scheduler.relay.puzzles import Personal, ask
from scheduler.relay.reading import card_of, relay_row, relays_of, terms_of
from scheduler.relay.words import RelayRefusal
from tickets.rights import Right

T = TypeVar("T")
operations = Operations()


@operations.get("/relays", Right.READ_RELAY)
def relays(asked: Asked, query: RelayQuery) -> RelaysOut:
    """What may be taken now, or what you have taken or asked, newest first."""
    if query.mine and asked.holder.person_id is None:
        return RelaysOut(relays=[], next=None)
    person = asked.holder.person_id if query.mine else None
    page = relays_of(asked.session, asked.network_id, limit=query.limit, before=query.cursor, person_id=person)
    return RelaysOut(relays=[RelayOut.of(card) for card in page.cards], next=page.next)


@operations.get("/relays/{number}", Right.READ_RELAY)
def one_relay(asked: Asked, number: str) -> OneRelayOut:
    """One relay that has been published, over or not."""
    row = relay_row(asked.session, asked.network_id, number)
    if row is None or row.published_at is None:
        raise Refused(RelayRefusal.NOT_FOUND, status=404)
    partner = partner_of(asked.session, asked.holder, row)
    return OneRelayOut(relay=RelayOut.of(card_of(asked.session, row)), partner=partner)


@operations.post("/tickets/{code}/relay", Right.PUBLISH_RELAY)
def draft_a_relay(asked: Asked, code: str) -> PreviewOut:
    """Put a case together without its person, and see what would be posted; nothing is posted by it."""
    return PreviewOut.of(_done(draft(asked.session, asked.holder, code, **asked.by)), _writer())


@operations.post("/relays/{number}/publication", Right.PUBLISH_RELAY, Right.CLAIM_RELAY)
def publish_a_relay(asked: Asked, number: str) -> RelayOut:
    """Post what was previewed: a case for who may assign it, one's own puzzle; refused when the ticket tells something else by now."""
    return RelayOut.of(_done(publish(asked.session, asked.holder, number, **asked.by)))


@operations.post("/relays/{number}/claim", Right.CLAIM_RELAY)
def claim_a_relay(asked: Asked, number: str) -> ClaimedOut:
    """Take it; of several who do at once, exactly one has it."""
    taken = _done(claim(asked.session, asked.holder, number, **asked.by))
    row = relay_row(asked.session, asked.network_id, number)
    partner = None if row is None else partner_of(asked.session, asked.holder, row)
    return ClaimedOut(relay=RelayOut.of(taken.card), ticket=taken.ticket_code, partner=partner)


@operations.post("/relays/{number}/withdrawal", Right.PUBLISH_RELAY, Right.CLAIM_RELAY)
def withdraw_a_relay(asked: Asked, number: str) -> None:
    """Let nobody take it any more; a draft is thrown away."""
    refusal = withdraw(asked.session, asked.holder, number, **asked.by)
    if refusal is not None:
        _done(refusal)


@operations.post("/puzzles", Right.CLAIM_RELAY)
def ask_the_network(asked: Asked, body: PuzzleIn) -> PreviewOut:
    """A question to the whole network, and what would be posted of it; nothing is posted by it."""
    return PreviewOut.of(_done(ask(asked.session, asked.holder, body.puzzle, **asked.by)), _writer())


@operations.get("/relay-channels", Right.KEEP_SETTINGS)
def relay_channels(asked: Asked) -> ChannelsOut:
    """Where relays are posted, and which of these places take nothing."""
    return ChannelsOut(channels=list(channels_of(asked.session, asked.network_id)))


@operations.post("/relay-channels", Right.KEEP_SETTINGS)
def add_a_relay_channel(asked: Asked, body: ChannelIn) -> Made:
    """Post relays here too from now on."""
    insecure = parts().settings.loopback
    added = add_channel(asked.session, asked.network_id, body.new, insecure=insecure, **asked.by)
    if isinstance(added, ChannelRefusal):
        raise Refused(added)
    return Made(id=added)


@operations.delete("/relay-channels/{channel}", Right.KEEP_SETTINGS)
def remove_a_relay_channel(asked: Asked, channel: int) -> None:
    """Post nothing here any more."""
    if not remove_channel(asked.session, asked.network_id, channel, now=asked.now):
        raise Refused(ChannelRefusal.NOT_FOUND, status=404)


@operations.get("/relay-terms", Right.READ_RELAY, Right.KEEP_SETTINGS)
def relay_terms(asked: Asked) -> TermsOut:
    """How long a case may stand unclaimed, and how long whoever takes it has."""
    return TermsOut(terms=terms_of(asked.session, asked.network_id))


@operations.patch("/relay-terms", Right.KEEP_SETTINGS)
def set_relay_terms(asked: Asked, body: TermsIn) -> None:
    """Change how long; cases that stand in the relay already keep the day on which they are looked after."""
    set_terms(asked.session, asked.network_id, body.terms)


def _writer() -> PostedRelays:
    return PostedRelays(address_here())


def _done(answer: T | RelayRefusal | Personal) -> T:
    match answer:
        case Personal():
            raise Refused("names_somebody", f"words: there is somebody's {_AS_SAID[answer]} in them; write it without")
        case RelayRefusal():
            raise Refused(answer, status=404 if answer is RelayRefusal.NOT_FOUND else 409)
        case _:
            return answer


_AS_SAID = {
    Personal.NUMBER: "number",
    Personal.EMAIL: "e-mail address",
    Personal.IDENTITY_CODE: "identity code",
    Personal.ADDRESS: "street address",
    Personal.NAME: "name",
}
