"""A word is found in whatever form it was said, in Finnish and in Swedish; and nothing readable is kept for that."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.integration.store.conftest import Town
from tickets.contents import add_note, reindex
from tickets.ticket import Ticket
from tickets.words import forget_words, words_of

FINNISH = (
    "puhelin puhelimen puhelimessa puhelimeni puhelinta puhelimeen puhelimet puhelimia",
    "tulostin tulostimen tulostimeen tulostinta tulostimet",
    "reititin reitittimen reititintä",
    "selain selaimen selaimessa",
    "asetus asetukset asetuksia asetuksen",
    "sovellus sovelluksen sovellukset sovelluksia",
    "kännykkä kännykän kännykässä kännykkään",
    "pankki pankin pankkiin pankissa pankkia",
    "sähköposti sähköpostin sähköpostia sähköpostit sähköpostiin sähköpostini",
    "tietokone tietokoneen tietokoneella tietokoneet tietokonetta",
    "kuva kuvan kuvia kuvat kuvien",
    "yhteys yhteyden yhteyttä yhteydet",
    "päivitys päivityksen päivitykset",
    "huijaus huijauksen huijausta",
    "kaupunki kaupungin kaupunkiin",
    "tili tilin tilit tilejä tilillä",
    "valtuus valtuudet valtuuden",
    "omakanta omakannan omakantaan",
)
SWEDISH = (
    "telefon telefonen telefoner telefonerna",
    "dator datorn datorer datorerna",
    "lösenord lösenordet lösenorden",
    "skrivare skrivaren skrivarna",
    "uppdatering uppdateringar uppdateringen",
    "surfplatta surfplattan surfplattor",
    "konto kontot konton",
    "e-post e-posten",
)


def found_by(session: Session, one: str, other: str) -> bool:
    (asked,), (said,) = words_of(session, 1, one)[:1], words_of(session, 1, other)[:1]
    return not asked.isdisjoint(said)


@pytest.mark.parametrize("forms", [*FINNISH, *SWEDISH])
def test_every_form_of_a_word_finds_every_other(session: Session, forms: str) -> None:
    words = forms.split()
    assert [(a, b) for a in words for b in words if not found_by(session, a, b)] == []


def test_different_words_do_not_find_one_another(session: Session) -> None:
    known = [forms.split()[0] for forms in (*FINNISH, *SWEDISH)]
    alike = [(a, b) for a in known for b in known if a < b and found_by(session, a, b)]
    assert alike == []


def test_what_is_kept_says_nothing_to_whoever_lacks_the_secret(town: Town, sessions: sessionmaker[Session]) -> None:
    ticket = town.ticket(text="Tulostin ei toimi")
    rows = town.fetch("SELECT word FROM ticket_word WHERE ticket_id = :t", t=ticket)
    assert len(rows) >= 3
    with sessions() as session:
        here, there = words_of(session, town.network, "tulostin"), words_of(session, town.network + 1, "tulostin")
    assert here[0].isdisjoint(there[0])


def test_identity_codes_and_numbers_of_people_are_never_indexed(town: Town, sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        assert words_of(session, 1, "131052-308T 4111 1111 1111 1111 0401234567 maija@example.fi") == ()
        assert len(words_of(session, 1, "Windows 11")) == 2


def test_forgotten_words_find_nothing_and_indexed_anew_they_find_again(
    town: Town, sessions: sessionmaker[Session]
) -> None:
    key = town.ticket(text="Tulostin ei toimi")
    with sessions.begin() as session:
        ticket = session.get_one(Ticket, key)
        add_note(session, ticket, "Muste on loppu", now=town.now, actor="person:1")
    with sessions.begin() as session:
        before = set(town.fetch("SELECT word FROM ticket_word"))
        forget_words(session, key)
    assert town.fetch("SELECT word FROM ticket_word") == []
    with sessions.begin() as session:
        reindex(session, session.get_one(Ticket, key))
    assert set(town.fetch("SELECT word FROM ticket_word")) == before


def test_text_told_anew_is_found_by_what_it_says_now_and_by_what_it_said_before(
    town: Town, sessions: sessionmaker[Session]
) -> None:
    first = town.ticket("+358405556667", text="Tulostin ei toimi")
    again = town.ticket("+358405556667", text="Selain ei aukea")
    assert again == first
    with sessions() as session:
        (old,), (new,) = words_of(session, town.network, "tulostin"), words_of(session, town.network, "selain")
    kept = {word for (word,) in town.fetch("SELECT word FROM ticket_word")}
    assert kept & old
    assert kept & new
