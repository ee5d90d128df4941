"""What autofill proposes binds nobody until a person says so; then it is the rota's own rules that decide."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest
from sqlalchemy import text

from scheduler.autofill import Reason, SolverMissingError
from scheduler.rota import working_out
from scheduler.rota.batches import Undone, undo
from scheduler.rota.places import take_place
from scheduler.rota.proposals import ProposalState
from scheduler.rota.proposing import (
    Accepted,
    ProposalCard,
    ProposalRefusal,
    accept_proposal,
    begin_proposal,
    change_proposal,
    dismiss_proposal,
    proposal_card,
)
from scheduler.rota.rules import Refusal
from scheduler.slots import Span
from tests.integration.store.conftest import FI, SV, Town

ME = "coordinator:me"


@pytest.fixture
def shift(town: Town) -> int:
    """A shift of tomorrow that nobody has a place in."""
    return town.shift("09:00", "12:00", days=1)


def seek(town: Town) -> ProposalCard:
    """Ask for the coming week and wait for the answer."""
    span = Span(town.now, town.now + timedelta(days=7))
    with town.sessions.begin() as session:
        proposal = begin_proposal(session, town.network, span, now=town.now, actor=ME)
    working_out.work_out(town.sessions, proposal, now=town.now)
    return read(town, proposal)


def read(town: Town, proposal: int) -> ProposalCard:
    with town.sessions() as session:
        card = proposal_card(session, town.network, proposal)
    assert card is not None
    return card


def accept(town: Town, proposal: int) -> Accepted | ProposalRefusal:
    with town.sessions.begin() as session:
        return accept_proposal(session, town.network, proposal, now=town.now, grid=town.grid, actor=ME)


def held(town: Town) -> list[tuple[int, int]]:
    with town.sessions() as session:
        rows = session.execute(text("SELECT shift_id, helper_id FROM place WHERE state = 'held' ORDER BY id"))
        return [(row.shift_id, row.helper_id) for row in rows]


def test_nobody_has_a_place_before_a_person_accepts(town: Town, shift: int) -> None:
    me = town.helper()
    card = seek(town)
    assert [(place.shift_id, place.helper_id) for place in card.places] == [(shift, me)]
    assert held(town) == []
    accepted = accept(town, card.id)
    assert isinstance(accepted, Accepted)
    assert (accepted.seated, held(town)) == (1, [(shift, me)])
    assert accept(town, card.id) is ProposalRefusal.NOT_OPEN


def test_whoever_gets_a_place_by_a_proposal_is_told_and_of_a_draft_nobody(town: Town, shift: int) -> None:
    draft = town.shift("13:00", "15:00", days=1)
    town.update("shift", draft, published_at=None)
    me = town.helper()
    card = seek(town)
    with town.sessions.begin() as session:
        for one in (shift, draft):
            change_proposal(session, town.network, card.id, one, me, put_in=True)
    accept(town, card.id)
    assert held(town) == [(shift, me), (draft, me)]
    (seated,) = town.fetch("SELECT id FROM place WHERE shift_id = :shift", shift=shift)
    told = [key for key in town.jobs() if key.startswith("text:place-")]
    assert told == [f"text:place-{seated[0]}:helper_given"]


def test_an_open_place_is_explained(town: Town, shift: int) -> None:
    with town.sessions.begin() as session:
        session.execute(text("UPDATE shift SET language = 'sv' WHERE id = :shift"), {"shift": shift})
    town.helper(FI)
    gaps = seek(town).gaps
    assert {(gap.shift, gap.missing, gap.reason) for gap in gaps} == {(shift, 1, Reason.NO_SPEAKER)}


def test_who_cannot_come_any_more_is_named_and_the_others_have_their_places(town: Town, shift: int) -> None:
    town.shift("09:00", "12:00", days=2)
    me, other = town.helper(), town.helper()
    card = seek(town)
    assert {place.helper_id for place in card.places} == {me, other}
    late = next(place for place in card.places if place.helper_id == other)
    with town.sessions.begin() as session:
        session.execute(text("UPDATE helper SET active = false WHERE id = :id"), {"id": other})
    accepted = accept(town, card.id)
    assert isinstance(accepted, Accepted)
    assert accepted.seated == 1
    assert [(one.shift_id, one.helper_id, one.why) for one in accepted.not_seated] == [
        (late.shift_id, other, Refusal.INACTIVE)
    ]


def test_a_place_that_was_taken_meanwhile_is_not_given_twice(town: Town, shift: int) -> None:
    town.helper()
    card = seek(town)
    somebody_else = town.helper()
    with town.sessions.begin() as session:
        taken = take_place(
            session, town.network, shift, somebody_else, now=town.now, grid=town.grid, actor=f"helper:{somebody_else}"
        )
        assert taken.place_id is not None
    accepted = accept(town, card.id)
    assert isinstance(accepted, Accepted)
    assert [one.why for one in accepted.not_seated] == [Refusal.FULL]
    assert held(town) == [(shift, somebody_else)]


def test_the_person_who_decides_leaves_one_out_and_puts_another_in(town: Town, shift: int) -> None:
    one, other = town.helper(), town.helper()
    card = seek(town)
    chosen = card.places[0].helper_id
    instead = other if chosen == one else one
    with town.sessions.begin() as session:
        assert change_proposal(session, town.network, card.id, shift, chosen, put_in=False) is None
        assert change_proposal(session, town.network, card.id, shift, instead, put_in=True) is None
    accept(town, card.id)
    assert held(town) == [(shift, instead)]


def test_what_was_accepted_at_once_is_taken_back_at_once(town: Town, shift: int) -> None:
    town.helper()
    accepted = accept(town, seek(town).id)
    assert isinstance(accepted, Accepted)
    assert accepted.batch_id is not None
    with town.sessions.begin() as session:
        undone = undo(session, town.network, accepted.batch_id, now=town.now, grid=town.grid, actor=ME)
    assert isinstance(undone, Undone)
    assert held(town) == []


def test_a_promise_that_had_nobody_is_covered_when_the_proposal_is_accepted(town: Town) -> None:
    first = town.helper()
    shift = town.shift("09:00", "12:00", first, days=1)
    promise = town.promise("09:00", days=1)
    with town.sessions.begin() as session:
        session.execute(text("UPDATE place SET state = 'dropped' WHERE helper_id = :id"), {"id": first})
        session.execute(text("UPDATE helper SET active = false WHERE id = :id"), {"id": first})
        session.execute(text("UPDATE callback SET state = 'deficit' WHERE id = :id"), {"id": promise.callback_id})
    town.helper()
    accepted = accept(town, seek(town).id)
    assert isinstance(accepted, Accepted)
    assert [covered.callback_id for covered in accepted.effect.covered] == [promise.callback_id]
    assert held(town)[-1][0] == shift


def test_a_dismissed_proposal_gives_nobody_a_place(town: Town, shift: int) -> None:
    town.helper()
    card = seek(town)
    with town.sessions.begin() as session:
        assert dismiss_proposal(session, town.network, card.id, now=town.now, actor=ME) is None
    assert accept(town, card.id) is ProposalRefusal.NOT_OPEN
    assert held(town) == []


def test_another_network_cannot_decide(town: Town, shift: int) -> None:
    town.helper()
    card = seek(town)
    with town.sessions.begin() as session:
        stranger = replace(card, id=card.id).id
        assert (
            accept_proposal(session, town.network + 1, stranger, now=town.now, grid=town.grid, actor=ME)
            is ProposalRefusal.NOT_FOUND
        )


def test_without_the_solver_it_is_said_what_to_install(town: Town, shift: int) -> None:
    town.helper()
    with patch.object(working_out, "propose", side_effect=SolverMissingError()):
        card = seek(town)
    assert card.state is ProposalState.FAILED
    assert "digilinja[autofill]" in card.figures["trouble"]


def test_swedish_cover_comes_before_wishes(town: Town) -> None:
    with town.sessions.begin() as session:
        session.execute(text("UPDATE organisation SET serves = '{853}'"))  # Turku is bilingual
    shift = town.shift("09:00", "12:00", days=1)
    town.helper(FI)
    swede = town.helper(FI, SV)
    with town.sessions.begin() as session:
        session.execute(text("UPDATE helper SET wished_per_week = 0 WHERE id = :id"), {"id": swede})
    assert [(place.shift_id, place.helper_id) for place in seek(town).places] == [(shift, swede)]
