"""Lists and searches in two thousand tickets and in two hundred thousand: by index, and no slower for the hundredfold."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from statistics import quantiles
from time import perf_counter
from typing import Final

from sqlalchemy.orm import Session

from admin.ticket_list import page_of_tickets
from scheduler.finding import Wanted, Within
from scheduler.sight import ticket_for, ways
from tests.benchmarks.measure import Measured
from tests.benchmarks.tickets_ground import LARGE, NOW, SMALL, TicketsGround, tickets_grounds
from tickets.network_hours import NetworkHours
from tickets.rights import Right, rights_of
from tickets.tokens import Bearer
from tickets.vocabulary import Channel, Outcome, Role, TicketStatus, Topic
from tickets.words import words_of
from voice_prompts.language import Language

PAGE: Final = 50
ROUNDS, TIMES = 5, 12  # rounds in which both sizes take turns; of each the same questions so often
AT_MOST: Final = 2.0
Question = Callable[[Session, TicketsGround], object]


def measure() -> Iterator[Measured]:
    """Each question on both grounds by turns; the p95 of the large one is held against that of the small one."""
    with tickets_grounds(SMALL, LARGE) as grounds:
        for name, question in QUESTIONS.items():
            took = _took(grounds, question)
            small, large = (quantiles(took[size], n=20) for size in (SMALL, LARGE))
            yield Measured(f"tickets: {name}, p50 of {LARGE:,}", large[9], "ms", floor=small[9])
            yield Measured(f"tickets: {name}, p95 of {LARGE:,}", large[18], "ms", floor=small[18], at_most=AT_MOST)


def _took(grounds: Mapping[int, TicketsGround], question: Question) -> dict[int, list[float]]:
    took: dict[int, list[float]] = {size: [] for size in grounds}
    for turn in range(ROUNDS + 1):
        for size, ground in grounds.items():
            for _ in range(TIMES):
                begun = perf_counter()
                with ground.sessions() as session:
                    question(session, ground)
                if turn:  # the first round warms up
                    took[size].append((perf_counter() - begun) * 1000)
    return took


def _coordinator(ground: TicketsGround, *, of_organisation: bool = False) -> Bearer:
    belongs = ground.organisations[3] if of_organisation else None
    return Bearer(
        1,
        ground.network,
        Role.KOORDINAATTORI,
        None,
        ground.people[3],
        belongs,
        rights_of(Role.KOORDINAATTORI),
        NetworkHours(),
    )


def _list(wanted: Wanted, session: Session, ground: TicketsGround, *, of_organisation: bool = False) -> object:
    who = _coordinator(ground, of_organisation=of_organisation)
    within = Within(ground.network, ways(who, Right.LIST_TICKETS, now=NOW))
    return page_of_tickets(session, within, wanted, limit=PAGE, now=NOW)


def _search(
    ranks: tuple[int, ...], session: Session, ground: TicketsGround, *, of_organisation: bool = False, **filters: object
) -> object:
    said = words_of(session, ground.network, " ".join(ground.words[rank] for rank in ranks))
    return _list(Wanted(said=said, **filters), session, ground, of_organisation=of_organisation)  # type: ignore[arg-type]


def _inflected(ranks: tuple[int, ...], session: Session, ground: TicketsGround) -> object:
    """One word that several stems stand for, as most words of Finnish have."""
    said = words_of(session, ground.network, " ".join(ground.words[rank] for rank in ranks))
    return _list(Wanted(said=(frozenset[int]().union(*said),)), session, ground, of_organisation=True)


def _one(session: Session, ground: TicketsGround) -> object:
    who = _coordinator(ground, of_organisation=True)
    return ticket_for(session, who, f"DL-{ground.size // 2:05X}", Right.READ_TICKETS, now=NOW)


def _middle(session: Session, ground: TicketsGround) -> object:
    return _list(
        Wanted(created_from=NOW - timedelta(days=1000), created_before=NOW - timedelta(days=970)), session, ground
    )


_W = Wanted
QUESTIONS: Final[Mapping[str, Question]] = {
    "newest": partial(_list, _W()),
    "newest of an organisation": partial(_list, _W(), of_organisation=True),
    "open ones": partial(_list, _W(open=True)),
    "with coordinator": partial(_list, _W(status=TicketStatus.WITH_COORDINATOR)),
    "overdue": partial(_list, _W(overdue=True)),
    "in Swedish": partial(_list, _W(language=Language.SV)),
    "in Swedish of an organisation": partial(_list, _W(language=Language.SV), of_organisation=True),
    "about printers": partial(_list, _W(topic=Topic.TULOSTIN)),
    "of a large town": partial(_list, _W(municipality="005")),
    "of a small town by e-mail": partial(_list, _W(municipality="853", channel=Channel.EMAIL)),
    "harassment in Swedish": partial(_list, _W(outcome=Outcome.HAIRINTA, language=Language.SV)),
    "Kela, Swedish, from the desk": partial(_list, _W(topic=Topic.KELA, language=Language.SV, channel=Channel.DESK)),
    "my own": lambda session, ground: _list(_W(owner=ground.people[3]), session, ground),
    "a month three years ago": _middle,
    "a common word": partial(_search, (2,)),
    "a rare word": partial(_search, (2000,)),
    "two common words": partial(_search, (3, 5)),
    "three words": partial(_search, (10, 40, 150)),
    "a common and a rare word": partial(_search, (1, 1500)),
    "a common word, open": partial(_search, (4,), open=True),
    "a word in Swedish": partial(_search, (60,), language=Language.SV),
    "two words of an organisation": partial(_search, (10, 30), of_organisation=True),
    "a word of three stems of an organisation": partial(_inflected, (20, 31, 45)),
    "online, Swedish, of a small town": partial(
        _list, _W(channel=Channel.FORM, language=Language.SV, municipality="853")
    ),
    "about printers, closed, from the desk": partial(
        _list, _W(topic=Topic.TULOSTIN, status=TicketStatus.CLOSED, channel=Channel.DESK)
    ),
    "a word, Swedish, by e-mail, of an organisation": partial(
        _search, (15,), of_organisation=True, language=Language.SV, channel=Channel.EMAIL
    ),
    "one ticket of an organisation": _one,
}
