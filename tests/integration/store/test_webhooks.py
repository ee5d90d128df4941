"""Programs elsewhere are told what happened: signed, each event once unless they missed it, and never whose matter it is."""

from __future__ import annotations

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Event, Thread

import pytest

from admin.outside.guard import Outside, is_public_or_here
from admin.outside.web import OutsideWeb
from ivr.addresses import Addresses
from scheduler.jobs import enqueue
from scheduler.ports import Telephony
from scheduler.tools import Tools
from scheduler.webhooks.errands import passing_on
from scheduler.webhooks.passing_on import AT_ONCE, WEBHOOK_TASKS
from scheduler.webhooks.subscriptions import (
    Subscribed,
    WebhookRefusal,
    deliveries_of,
    resume,
    subscribe,
    unsubscribe,
    webhooks_of,
)
from scheduler.worker import Worker
from tests.integration.receivers import Letter, Receiver, receiver
from tests.integration.store.conftest import Town
from tickets.directory import add_network
from tickets.timeline import note_event
from tickets.vocabulary import EventKind, Topic
from voice_prompts.catalogue import Catalogue


@dataclass
class Post:
    """A worker that passes on what happens in a town, on a clock that is turned by hand."""

    town: Town
    at: datetime
    rounds: int = 0
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        tools = Tools(
            sessions=self.town.sessions,
            clock=self,
            telephony=Nobody(),
            catalogue=Catalogue.load(),
            urls=Addresses("http://line.test", "secret"),
            web=OutsideWeb(Outside(is_public_or_here, ("http",)), patience_s=5),
        )
        self.worker = Worker(tools, WEBHOOK_TASKS, reconcile_every=None)

    def now(self) -> datetime:
        return self.at

    def passes_on(self, after: timedelta = timedelta(0)) -> None:
        """One round, and everything that is due then."""
        self.at += after
        self.rounds += 1
        with self.town.sessions.begin() as session:
            enqueue(session, passing_on(self.rounds, now=self.at))
        while self.worker.beat():
            pass

    def subscribes(self, there: Receiver, *events: EventKind) -> Subscribed:
        with self.town.sessions.begin() as session:
            made = subscribe(
                session, self.town.network, f"{there.url}/hook", events, now=self.at, actor="person:1", insecure=True
            )
        assert isinstance(made, Subscribed)
        return made

    def stopped(self) -> str | None:
        with self.town.sessions() as session:
            (card,) = webhooks_of(session, self.town.network)
        return card.stopped


class Nobody(Telephony):
    """Nobody is rung here."""


@pytest.fixture
def post(town: Town) -> Post:
    return Post(town, town.now)


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver(204) as program:
        yield program


def is_ours(letter: Letter, secret: str) -> bool:
    """Whether the signature is that of Standard Webhooks, reckoned here anew from its description."""
    told = {name.lower(): value for name, value in letter.headers.items()}
    content = b".".join([told["webhook-id"].encode(), told["webhook-timestamp"].encode(), letter.body])
    key = b64decode(secret.removeprefix("whsec_"))
    assert 24 <= len(key) <= 64
    return told["webhook-signature"] == "v1," + b64encode(hmac.new(key, content, sha256).digest()).decode()


def kinds(there: Receiver) -> list[str]:
    return [json.loads(letter.body)["type"] for letter in there.letters]


def ids(there: Receiver) -> list[str]:
    return [letter.headers["webhook-id"] for letter in there.letters]


def test_each_event_is_told_once_signed_with_the_secret_that_was_given(post: Post, there: Receiver) -> None:
    subscribed = post.subscribes(there)
    post.town.ticket(topic=Topic.KELA, municipality="853")
    for _ in range(3):
        post.passes_on()
    (letter,) = there.letters
    assert letter.path == "/hook"
    assert is_ours(letter, subscribed.secret)
    assert not is_ours(letter, "whsec_" + b64encode(b"x" * 32).decode())
    assert abs(int(letter.headers["webhook-timestamp"]) - post.at.timestamp()) < 1
    told = json.loads(letter.body)
    assert told["type"] == "ticket.opened"
    assert told["data"].keys() == {"ticket", "event", "status", "topic", "language", "channel", "subregion", "at"}
    assert (told["data"]["topic"], told["data"]["status"], told["data"]["subregion"]) == ("KELA", "open", "023")


def test_a_sub_region_of_few_municipalities_is_not_told(post: Post, there: Receiver) -> None:
    post.subscribes(there)
    post.town.ticket(municipality="445")
    post.passes_on()
    (letter,) = there.letters
    assert json.loads(letter.body)["data"]["subregion"] is None


def test_what_happened_before_somebody_asked_is_not_told(post: Post, there: Receiver) -> None:
    post.town.ticket()
    post.subscribes(there)
    post.passes_on()
    assert there.letters == []


def test_only_the_kinds_that_were_asked_for_are_told(post: Post, there: Receiver) -> None:
    post.subscribes(there, EventKind.NOTED, EventKind.CLOSED)
    ticket = post.town.ticket()
    with post.town.sessions.begin() as session:
        note_event(session, ticket, EventKind.NOTED, "person:1", now=post.at)
    post.passes_on()
    assert kinds(there) == ["ticket.noted"]


def test_nothing_of_another_network_is_told(post: Post, there: Receiver) -> None:
    post.subscribes(there)
    with post.town.sessions.begin() as session:
        elsewhere = add_network(session, "Muu", now=post.at)
    post.town.ticket(network_id=elsewhere, line_id=None)
    post.passes_on()
    assert there.letters == []


def test_turvakielto_leaves_the_area_out(post: Post, there: Receiver) -> None:
    post.subscribes(there)
    ticket = post.town.ticket(municipality="853")
    post.town.update("ticket", ticket, non_disclosure=True)
    post.passes_on()
    (letter,) = there.letters
    assert json.loads(letter.body)["data"]["subregion"] is None


def test_turvakielto_that_is_set_while_a_delivery_waits_leaves_the_area_out_of_what_is_still_sent(
    post: Post, there: Receiver
) -> None:
    subscribed = post.subscribes(there)
    there.statuses = [500]
    ticket = post.town.ticket(municipality="853")
    post.passes_on()
    post.town.update("ticket", ticket, non_disclosure=True)
    post.passes_on(timedelta(seconds=10))
    before, after = (json.loads(letter.body) for letter in there.letters)
    assert (before["data"]["subregion"], after["data"]["subregion"]) == ("023", None)
    assert after["data"] == {**before["data"], "subregion": None}
    assert is_ours(there.letters[-1], subscribed.secret)
    assert post.town.fetch("SELECT FROM webhook_delivery WHERE body LIKE '%023%'") == []


def test_what_is_not_taken_is_told_again_under_the_same_id_and_word_for_word(post: Post, there: Receiver) -> None:
    subscribed = post.subscribes(there)
    there.statuses = [500, 429]
    ticket = post.town.ticket()
    post.passes_on()
    post.town.update("ticket", ticket, status="with_coordinator")
    post.passes_on(timedelta(seconds=10))
    post.passes_on(timedelta(minutes=2))
    post.passes_on(timedelta(days=2))
    assert len(there.letters) == 3
    assert len(set(ids(there))) == 1
    assert len({letter.body for letter in there.letters}) == 1
    assert len({letter.headers["webhook-timestamp"] for letter in there.letters}) == 3
    assert all(is_ours(letter, subscribed.secret) for letter in there.letters)


def test_after_more_than_a_day_of_refusals_it_is_left_alone_and_the_coordinator_hears_of_it(
    post: Post, there: Receiver
) -> None:
    post.subscribes(there)
    there.status = 503
    post.town.ticket()
    post.passes_on()
    began = post.at
    while post.stopped() is None:
        post.passes_on(timedelta(minutes=30))
    assert timedelta(days=1) <= post.at - began <= timedelta(days=2)
    assert post.stopped() == "failing"
    assert post.town.fetch("SELECT kind FROM alert") == [("webhook",)]
    said = len(there.letters)
    post.town.ticket()
    post.passes_on(timedelta(days=1))
    assert len(there.letters) == said


def test_one_that_is_gone_is_left_alone_at_once(post: Post, there: Receiver) -> None:
    post.subscribes(there)
    there.status = 410
    post.town.ticket()
    post.passes_on()
    post.passes_on(timedelta(days=1))
    assert post.stopped() == "gone"
    assert len(there.letters) == 1


def test_resumed_it_hears_all_that_it_missed_each_thing_once(post: Post, there: Receiver) -> None:
    made = post.subscribes(there)
    there.status = 410
    post.town.ticket()
    post.passes_on()
    post.town.ticket()
    there.status, post.at = 204, post.at + timedelta(hours=1)
    with post.town.sessions.begin() as session:
        assert resume(session, post.town.network, made.id, now=post.at) is None
        assert resume(session, post.town.network, made.id, now=post.at) is WebhookRefusal.NOT_STOPPED
    heard = len(there.letters)
    for _ in range(3):
        post.passes_on()
    assert len(there.letters) == heard + 2
    assert len(set(ids(there))) == 2
    assert post.town.fetch("SELECT resolved_at IS NOT NULL FROM alert") == [(True,)]
    with post.town.sessions() as session:
        assert {card.state for card in deliveries_of(session, post.town.network, made.id)} == {"delivered"}


def test_two_workers_in_the_same_round_tell_each_thing_once(post: Post, there: Receiver) -> None:
    post.subscribes(there)
    for _ in range(20):
        post.town.ticket()
    with post.town.sessions.begin() as session:
        enqueue(session, *(passing_on(number, now=post.at) for number in range(100, 108)))
    other = Post(post.town, post.at)
    threads = [Thread(target=_work, args=(each.worker,)) for each in (post, other, post, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _work(post.worker)
    assert len(ids(there)) == len(set(ids(there))) == 20


def test_an_event_that_is_written_late_under_an_early_number_is_not_passed_over(post: Post, there: Receiver) -> None:
    post.subscribes(there)
    early = post.town.ticket()
    post.passes_on()
    written, go_on = Event(), Event()

    def slowly() -> None:
        with post.town.sessions.begin() as session:
            note_event(session, early, EventKind.NOTED, "person:1", now=post.at)
            written.set()
            assert go_on.wait(30)

    thread = Thread(target=slowly)
    thread.start()
    assert written.wait(30)
    # Far more than are looked at again by number alone come meanwhile, and round after round goes by.
    with post.town.sessions.begin() as session:
        for _ in range(AT_ONCE):
            note_event(session, early, EventKind.REFINED, "person:1", now=post.at)
    for _ in range(4):
        post.passes_on()
    assert "ticket.noted" not in kinds(there)
    go_on.set()
    thread.join()
    post.passes_on()
    assert kinds(there).count("ticket.noted") == 1
    assert len(ids(there)) == len(set(ids(there))) == AT_ONCE + 2


def test_one_that_is_removed_hears_nothing_more(post: Post, there: Receiver) -> None:
    made = post.subscribes(there)
    there.statuses = [500]
    post.town.ticket()
    post.passes_on()
    with post.town.sessions.begin() as session:
        assert unsubscribe(session, post.town.network, made.id, now=post.at)
        assert not unsubscribe(session, post.town.network, made.id, now=post.at)
        assert webhooks_of(session, post.town.network) == ()
    post.passes_on(timedelta(days=1))
    assert len(there.letters) == 1


@pytest.mark.parametrize("address", ["http://example.org", "ftp://example.org", "https://", "https://a b", "hello", ""])
def test_what_is_no_encrypted_address_is_refused(town: Town, address: str) -> None:
    with town.sessions.begin() as session:
        refused = subscribe(session, town.network, address, (), now=town.now, actor="person:1")
    assert refused is WebhookRefusal.NOT_AN_ADDRESS


def test_neither_address_nor_secret_lies_open_in_the_database(post: Post, there: Receiver) -> None:
    made = post.subscribes(there)
    ((row,),) = post.town.fetch("SELECT CAST(to_jsonb(webhook) AS text) FROM webhook")
    assert made.secret not in str(row)
    assert there.url not in str(row)


def test_rounds_leave_no_heap_of_jobs_behind(post: Post) -> None:
    for _ in range(150):
        post.passes_on()
    ((left,),) = post.town.fetch("SELECT count(*) FROM job")
    assert left == 100


def _work(worker: Worker) -> None:
    while worker.beat():
        pass
