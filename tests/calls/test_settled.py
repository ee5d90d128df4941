"""A matter that staff close before the time that was promised for it: what its caller is told."""

import pytest

from scheduler.cases import Doing
from scheduler.closing import close_ticket
from scheduler.outcomes import Ending
from tests.calls.days import Day
from tickets.ticket import Ticket
from tickets.vocabulary import Outcome


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.RATKAISTU, ["asianne on käsitelty"]),
        (Outcome.OHJATTU_LAHI, ["asianne on käsitelty"]),
        (Outcome.PERUTTU, ["on peruttu"]),
        (Outcome.RATKAISTU_HETI, []),
    ],
)
def test_who_has_a_time_hears_why_nobody_rings_unless_they_were_helped_on_the_spot(
    day: Day, outcome: Outcome, words: list[str]
) -> None:
    day.helper()
    day.dials().goes_forward(until="booked").hangs_up()
    day.passes(minutes=1)
    before = len(day.texts())
    with day.sessions.begin() as session:
        ticket = session.get_one(Ticket, day.ticket().id)
        assert close_ticket(session, ticket, Ending(outcome), Doing(day.now, "person:1", day.grid)) is None
    day.passes(minutes=1)
    texts = day.texts()[before:]
    assert [word in text for word, text in zip(words, texts, strict=True)] == [True] * len(words)
