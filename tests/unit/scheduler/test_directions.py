"""Where to go, in as many letters as a text has room for."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from scheduler.directions import details_of
from tickets.near import Named, Near, NearKind, Nearness
from voice_prompts.checks import LONGEST_DETAILS, segments_of
from voice_prompts.language import Language

FI, SV = Language.FI, Language.SV
LIBRARY = Near(
    NearKind.POINT,
    1,
    Nearness.MUNICIPALITY,
    Named("Kirjasto \u2013 talo", FI),
    None,
    Named("Mallikatu 2", FI),
    "853",
    "+35825550301",
    "https://kirjasto.example/",
    Named("ma\u2013pe 9\u201315", FI),
)
texts = st.text(min_size=1, max_size=250)


def test_the_most_important_comes_first_in_plain_letters() -> None:
    assert details_of(LIBRARY, SV) == (
        "Kirjasto - talo, Mallikatu 2, Åbo, 02 555 0301, ma-pe 9-15, https://kirjasto.example/"
    )


def test_a_day_is_told_right_after_the_name() -> None:
    stop = replace(
        LIBRARY, starts_at=datetime(2026, 12, 2, 8, tzinfo=UTC), place=Named("Tori", FI), hours=None, web=None
    )
    assert details_of(stop, FI) == "Kirjasto - talo, ke 2.12.2026 klo 10.00, Tori, Mallikatu 2, Turku, 02 555 0301"


def test_what_has_no_room_is_left_out_and_what_follows_it_is_not() -> None:
    long = replace(LIBRARY, address=Named("K" * LONGEST_DETAILS, FI))
    assert details_of(long, FI).startswith("Kirjasto - talo, 02 555 0301")


@given(texts, texts, texts)
def test_whatever_is_entered_fits_and_every_telephone_shows_it(name: str, address: str, hours: str) -> None:
    told = details_of(replace(LIBRARY, name=Named(name, FI), address=Named(address, FI), hours=Named(hours, FI)), FI)
    assert len(told) <= LONGEST_DETAILS
    assert segments_of(told) is not None
