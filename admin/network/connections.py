"""Where the network is joined to others: programs that are told, channels of the relay, mailboxes that are read."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.auth import holder, signed_in
from admin.network.lines import may_keep, require_network
from admin.outside.guard import NotOutside, outside_of
from admin.pages import said
from admin.parts import now, parts, transaction
from admin.people.doing import by
from admin.people.reading import Fields
from admin.wording import spoken_language
from scheduler.mail.boxes import mailboxes_of, remove_mailbox
from scheduler.people.doors import end_key, keys_of
from scheduler.relay.channels import ChannelRefusal, NewChannel, add_channel, channels_of, remove_channel, set_terms
from scheduler.relay.reading import terms_of
from scheduler.relay.words import Terms
from scheduler.webhooks.subscriptions import (
    Subscribed,
    WebhookRefusal,
    deliveries_of,
    resume,
    subscribe,
    unsubscribe,
    webhooks_of,
)
from tickets.lines import lines_kept
from tickets.relays import ChannelKind, Told
from tickets.rights import Right
from tickets.vocabulary import EventKind

LONGEST_ADDRESS, LONGEST_NAME, MOST_DAYS = 2000, 100, 60
NOT_PUBLIC: Final = "webhook_not_public"
connections = Blueprint("connections", __name__, url_prefix="/admin/connections")


@connections.get("")
@signed_in(Right.KEEP_SETTINGS)
def everything() -> ResponseReturnValue:
    """Show all of them, and what hinders them."""
    return _shown()


@connections.post("/webhooks")
@signed_in(Right.KEEP_SETTINGS)
def add_webhook() -> ResponseReturnValue:
    """Tell an address from now on; its secret is shown on this page, and never again."""
    require_network()
    fields = Fields(request.form)
    address, events = fields.text("address", LONGEST_ADDRESS, needed=True), fields.several_of("events", EventKind)
    if not fields.mistakes:
        answer = _subscribed(address, events)
        if isinstance(answer, Subscribed):
            return _shown(made=answer)
        fields.mistakes["address"] = answer
    return _shown("webhook", fields.mistakes), 422


@connections.post("/webhooks/<int:webhook>/removal")
@signed_in(Right.KEEP_SETTINGS)
def remove_webhook(webhook: int) -> ResponseReturnValue:
    """Tell it nothing more; who has been quicker has done the same."""
    require_network()
    with transaction() as session:
        unsubscribe(session, holder().network_id, webhook, now=now())
    return _done("connection_removed")


@connections.post("/webhooks/<int:webhook>/resumption")
@signed_in(Right.KEEP_SETTINGS)
def resume_webhook(webhook: int) -> ResponseReturnValue:
    """Tell one again that was stopped, from where it was left."""
    require_network()
    with transaction() as session:
        if resume(session, holder().network_id, webhook, now=now()) is WebhookRefusal.NOT_FOUND:
            abort(404)
    return _done("connection_resumed")


@connections.get("/webhooks/<int:webhook>")
@signed_in(Right.KEEP_SETTINGS)
def deliveries(webhook: int) -> ResponseReturnValue:
    """Show what a program was told lately, and what is on its way."""
    with transaction() as session:
        cards = webhooks_of(session, holder().network_id)
        card = next((one for one in cards if one.id == webhook), None) or abort(404)
        found = deliveries_of(session, holder().network_id, webhook, most=50)
    return render_template("network/deliveries.html", card=card, deliveries=found)


@connections.post("/channels")
@signed_in(Right.KEEP_SETTINGS)
def add_relay_channel() -> ResponseReturnValue:
    """Post relays to another place too."""
    require_network()
    fields = Fields(request.form)
    name, address = fields.text("name", LONGEST_NAME, needed=True), fields.text("address", LONGEST_ADDRESS, needed=True)
    kind, told = fields.one_of("kind", ChannelKind), fields.one_of("told", Told)
    if not fields.mistakes and kind is not None and told is not None:
        with transaction() as session:
            insecure, new = parts().settings.loopback, NewChannel(kind, name, address, told)
            answer = add_channel(session, holder().network_id, new, insecure=insecure, **by())
        if not isinstance(answer, ChannelRefusal):
            return _done("connection_added")
        fields.mistakes["address"] = f"channel_{answer}"
    return _shown("channel", fields.mistakes), 422


@connections.post("/channels/<int:channel>/removal")
@signed_in(Right.KEEP_SETTINGS)
def remove_relay_channel(channel: int) -> ResponseReturnValue:
    """Post nothing there any more."""
    require_network()
    with transaction() as session:
        remove_channel(session, holder().network_id, channel, now=now())
    return _done("connection_removed")


@connections.post("/keys/<int:key>/end")
@signed_in(Right.KEEP_SETTINGS)
def end_any_key(key: int) -> ResponseReturnValue:
    """End a key of the network, whosever it is; who has been quicker has done the same."""
    require_network()
    with transaction() as session:
        end_key(session, holder().network_id, key, **by())
    return _done("key_ended")


@connections.post("/terms")
@signed_in(Right.KEEP_SETTINGS)
def change_terms() -> ResponseReturnValue:
    """Other days within which a relayed case is taken, and seen to."""
    require_network()
    fields = Fields(request.form)
    unclaimed, claimed = (fields.number(name, 1, MOST_DAYS) for name in ("unclaimed_days", "claimed_days"))
    for name, days in (("unclaimed_days", unclaimed), ("claimed_days", claimed)):
        if days is None:
            fields.mistakes.setdefault(name, "people_no_number")
    if fields.mistakes or unclaimed is None or claimed is None:
        return _shown("terms", fields.mistakes), 422
    with transaction() as session:
        set_terms(session, holder().network_id, Terms(unclaimed, claimed))
    return _done("network_changed")


@connections.post("/mailboxes/<int:mailbox>/removal")
@signed_in(Right.KEEP_SETTINGS)
def remove_read_mailbox(mailbox: int) -> ResponseReturnValue:
    """Read a mailbox no more; its tickets stay."""
    require_network()
    with transaction() as session:
        remove_mailbox(session, holder().network_id, mailbox, **by())
    return _done("connection_removed")


def _subscribed(address: str, events: tuple[EventKind, ...]) -> Subscribed | str:
    loopback = parts().settings.loopback
    if outside_of(loopback=loopback).refuses(address) is NotOutside.NOT_PUBLIC:
        return NOT_PUBLIC
    with transaction() as session:
        made = subscribe(session, holder().network_id, address, events, insecure=loopback, **by())
    return made if isinstance(made, Subscribed) else f"webhook_{made}"


def _shown(form: str = "", mistakes: Mapping[str, str] | None = None, made: Subscribed | None = None) -> str:
    network = holder().network_id
    with transaction() as session:
        found = {
            "webhooks": webhooks_of(session, network),
            "channels": channels_of(session, network),
            "terms": terms_of(session, network),
            "mailboxes": mailboxes_of(session, network),
            "lines": {row.id: row.terms.name_in(spoken_language()) for row in lines_kept(session, network)},
            "keys": keys_of(session, network, now=now()) if may_keep() else None,  # they name people of everywhere
        }
    lists = {"events": list(EventKind), "channel_kinds": list(ChannelKind), "tellings": list(Told)}
    return render_template(
        "network/connections.html", form=form, mistakes=mistakes or {}, sent=request.form, made=made, **found, **lists
    )


def _done(code: str) -> ResponseReturnValue:
    said(code)
    return redirect(url_for(".everything"), 303)
