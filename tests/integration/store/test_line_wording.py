"""A line that speaks in its own words and its own voice."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import ProgrammingError

from tests.integration.store.conftest import Town
from tickets.directory import add_line
from tickets.line_wording import (
    LineSentence,
    forget_recordings,
    history_of,
    keep_recording,
    recorded_on,
    recordings_of,
    rewrite,
    sentences_of,
    sounds_of,
)
from voice_prompts.book import Entry
from voice_prompts.catalogue import Catalogue
from voice_prompts.faults import Fault
from voice_prompts.language import Language
from voice_prompts.pieces import Piece

FI, SV = Language.FI, Language.SV
OWN = Entry(say=("Täällä kiirettä ei ole.",))


@pytest.fixture
def common() -> Catalogue:
    return Catalogue.load()


@pytest.fixture
def other_line(town: Town) -> int:
    with town.sessions.begin() as session:
        return add_line(session, town.network, "+358942450199", "Toinen", FI)


def says(town: Town, common: Catalogue, line: int, key: str = "intro") -> tuple[str, ...]:
    with town.sessions.begin() as session:
        return common.with_sentences(sentences_of(session, line)).spoken(FI, key)


def change(town: Town, common: Catalogue, entry: Entry | None, key: str = "intro") -> tuple[Fault, ...]:
    with town.sessions.begin() as session:
        return rewrite(session, town.line, FI, key, entry, common=common, now=town.now, actor="person:1")


def test_a_line_says_it_in_its_own_words_and_no_other_line_does(town: Town, common: Catalogue, other_line: int) -> None:
    assert change(town, common, OWN) == ()
    assert says(town, common, town.line) == OWN.say
    assert says(town, common, other_line) == common.spoken(FI, "intro")
    assert Catalogue.load().spoken(FI, "intro") == common.spoken(FI, "intro")


def test_every_version_is_kept_and_the_common_words_come_back(town: Town, common: Catalogue) -> None:
    change(town, common, OWN)
    change(town, common, replace(OWN, say=("Kiire ei ole.",)))
    change(town, common, None)
    assert says(town, common, town.line) == common.spoken(FI, "intro")
    with town.sessions.begin() as session:
        versions = history_of(session, town.line, FI, "intro")
    assert [(one.version, one.entry and one.entry.say) for one in versions] == [
        (3, None), (2, ("Kiire ei ole.",)), (1, OWN.say),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "entry", "fault"),
    [
        ("intro", Entry(say=("Klo 12 ei ole kiire.",)), "klo"),
        ("intro", Entry(say=("Voit rauhassa miettiä.",)), "familiar"),
        ("offer_slot", Entry(say=("Voimme soittaa joskus.", "Jos aika sopii: painakaa yksi.")), "keys"),
        ("topic_choice", Entry(say=("Mitä asia koskee?",)), "keys"),
        ("sms.booked", Entry(text="x" * 400), "segments"),
        ("narnia", OWN, "narnia"),
    ],
)
def test_words_that_would_mislead_a_caller_are_refused_with_their_mend(
    town: Town, common: Catalogue, key: str, entry: Entry, fault: str
) -> None:
    faults = change(town, common, entry, key)
    assert any(fault in str(one) for one in faults), faults
    with town.sessions.begin() as session:
        assert session.query(LineSentence).count() == 0


def test_what_a_line_said_last_year_cannot_be_rewritten(town: Town, common: Catalogue) -> None:
    change(town, common, OWN)
    with pytest.raises(ProgrammingError, match="only ever added to"), town.sessions.begin() as session:
        session.query(LineSentence).update({"say": ["Muuta."]})


def test_a_lines_own_voice_comes_before_the_networks(town: Town, other_line: int) -> None:
    piece = Piece(FI, "Kiirettä ei ole.")
    with town.sessions.begin() as session:
        for line, sound in ((None, b"network"), (town.line, b"line"), (town.line, b"line, better")):
            keep_recording(session, town.network, line, piece, sound, now=town.now, actor="person:1")
    with town.sessions.begin() as session:
        assert sounds_of(session, town.line, [piece.name]) == {piece.name: b"line, better"}
        assert sounds_of(session, other_line, [piece.name]) == {piece.name: b"network"}
        assert recorded_on(session, town.line) == recorded_on(session, other_line) == {piece.name}
        assert [one.line_id for one in recordings_of(session, town.network)] == [None, town.line]
        assert forget_recordings(session, town.network, [piece]) == 2
        assert recorded_on(session, town.line) == frozenset()
