"""Times, numbers and codes as the service's own examples spell them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from voice_prompts.language import Language
from voice_prompts.speech import (
    spoken_code,
    spoken_count,
    spoken_key,
    spoken_name,
    spoken_number,
    spoken_postcode,
    spoken_time,
    written_number,
    written_time,
)

HELSINKI = ZoneInfo("Europe/Helsinki")
FI, SV = Language.FI, Language.SV
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "finnish", "swedish"),
    [
        (
            datetime(2026, 11, 24, 14, 0, tzinfo=HELSINKI),
            "tiistaina kahdeskymmenesneljäs marraskuuta kello neljätoista",
            "tisdag den tjugofjärde november klockan fjorton",
        ),
        (
            datetime(2026, 3, 1, 9, 5, tzinfo=HELSINKI),
            "sunnuntaina ensimmäinen maaliskuuta kello yhdeksän nolla viisi",
            "söndag den första mars klockan nio noll fem",
        ),
        (
            datetime(2027, 1, 20, 13, 45, tzinfo=HELSINKI),
            "keskiviikkona kahdeskymmenes tammikuuta kello kolmetoista neljäkymmentäviisi",
            "onsdag den tjugonde januari klockan tretton fyrtiofem",
        ),
        (
            datetime(2027, 1, 31, 0, 0, tzinfo=HELSINKI),
            "sunnuntaina kolmaskymmenesensimmäinen tammikuuta kello nolla",
            "söndag den trettioförsta januari klockan noll",
        ),
        (
            datetime(2027, 5, 22, 21, 30, tzinfo=HELSINKI),
            "lauantaina kahdeskymmenestoinen toukokuuta kello kaksikymmentäyksi kolmekymmentä",
            "lördag den tjugoandra maj klockan tjugoett trettio",
        ),
    ],
)
def test_a_time_is_spoken_in_whole_words(at: datetime, finnish: str, swedish: str) -> None:
    assert spoken_time(at, now=LONG_AGO, language=FI) == finnish
    assert spoken_time(at, now=LONG_AGO, language=SV) == swedish


def test_today_and_tomorrow_come_before_the_weekday() -> None:
    at = datetime(2026, 11, 24, 14, 0, tzinfo=HELSINKI)
    same_day = datetime(2026, 11, 24, 0, 5, tzinfo=HELSINKI)
    day_before = datetime(2026, 11, 23, 23, 55, tzinfo=HELSINKI)
    assert spoken_time(at, now=same_day, language=FI).startswith("tänään tiistaina kahdeskymmenesneljäs")
    assert spoken_time(at, now=same_day, language=SV).startswith("i dag tisdag den tjugofjärde")
    assert spoken_time(at, now=day_before, language=FI).startswith("huomenna tiistaina kahdeskymmenesneljäs")
    assert spoken_time(at, now=day_before, language=SV).startswith("i morgon tisdag den tjugofjärde")


def test_today_is_helsinkis_day_and_not_greenwichs() -> None:
    at = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    just_past_midnight_in_helsinki = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    assert spoken_time(at, now=just_past_midnight_in_helsinki, language=FI) == (
        "tänään tiistaina kahdeskymmenesneljäs marraskuuta kello yhdeksän"
    )


@pytest.mark.parametrize("days_away", [-1, 2, 7])
def test_other_days_are_neither_today_nor_tomorrow(days_away: int) -> None:
    at = datetime(2026, 11, 24, 14, 0, tzinfo=HELSINKI)
    now = datetime(2026, 11, 24 - days_away, 14, 0, tzinfo=HELSINKI)
    assert spoken_time(at, now=now, language=FI).startswith("tiistaina")
    assert spoken_time(at, now=now, language=SV).startswith("tisdag")


def test_without_a_now_neither_today_nor_tomorrow_is_claimed() -> None:
    at = datetime(2026, 11, 24, 14, 0, tzinfo=HELSINKI)
    assert spoken_time(at, now=None, language=FI).startswith("tiistaina")


def test_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 24, 14, 0, tzinfo=HELSINKI).replace(tzinfo=None)
    with pytest.raises(ValueError, match="zone"):
        spoken_time(naive, now=None, language=FI)
    with pytest.raises(ValueError, match="zone"):
        written_time(naive, SV)


def test_the_time_keeps_its_hour_over_both_clock_changes() -> None:
    before_summer = datetime(2027, 3, 26, 7, 0, tzinfo=UTC)
    after_it_began = datetime(2027, 3, 29, 6, 0, tzinfo=UTC)
    assert written_time(before_summer, FI) == "pe 26.3.2027 klo 9.00"
    assert written_time(after_it_began, FI) == "ma 29.3.2027 klo 9.00"


def test_a_time_is_written_as_people_write_it() -> None:
    assert written_time(datetime(2026, 11, 24, 14, 0, tzinfo=HELSINKI), FI) == "ti 24.11.2026 klo 14.00"
    assert written_time(datetime(2026, 11, 24, 14, 0, tzinfo=HELSINKI), SV) == "ti 24.11.2026 kl. 14.00"
    assert written_time(datetime(2026, 3, 1, 9, 5, tzinfo=HELSINKI), SV) == "sö 1.3.2026 kl. 9.05"


def test_a_number_is_read_in_its_national_groups() -> None:
    assert spoken_number("+358401234567", FI) == "nolla neljä nolla, yksi kaksi kolme, neljä viisi kuusi seitsemän"
    assert spoken_number("+358401234567", SV) == "noll fyra noll, ett två tre, fyra fem sex sju"
    assert spoken_number("+35891234567", FI) == "nolla yhdeksän, yksi kaksi kolme, neljä viisi kuusi seitsemän"
    assert spoken_number("+35818123456", SV) == "noll ett åtta, ett två tre, fyra fem sex"


def test_a_foreign_number_is_read_with_its_country_code() -> None:
    assert spoken_number("+46701234567", SV) == "plus fyra sex, sju noll, ett två tre, fyra fem, sex sju"
    assert spoken_number("+3725123456", FI) == "plus kolme seitsemän kaksi, viisi yksi kaksi, kolme neljä viisi kuusi"


def test_a_mistyped_number_is_read_as_it_was_keyed() -> None:
    assert spoken_number("0401", FI) == "nolla neljä nolla yksi"
    assert spoken_number("+358451234567890", SV).startswith("noll fyra fem, ")
    assert written_number("+358451234567890").replace(" ", "") == "0451234567890"
    assert spoken_number("+999123456", SV) == "plus nio nio nio, ett två tre, fyra fem sex"


@pytest.mark.parametrize("nothing", ["", "+", "anonymous", "٣٤"])
def test_a_number_without_digits_is_refused(nothing: str) -> None:
    with pytest.raises(ValueError, match="digit"):
        spoken_number(nothing, FI)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+358401234567", "040 123 4567"),
        ("+358501234567", "050 123 4567"),
        ("+35840123456", "040 123 456"),
        ("+35891234567", "09 123 4567"),
        ("+35818123456", "018 123 456"),
        ("+358291234567", "029 123 4567"),
        ("+46701234567", "+46 70 123 45 67"),
    ],
)
def test_a_number_is_written_in_the_groups_in_which_it_is_read(number: str, written: str) -> None:
    assert written_number(number) == written


def test_codes_and_postcodes_are_read_digit_by_digit() -> None:
    assert spoken_code("4721", FI) == "neljä seitsemän kaksi yksi"
    assert spoken_code("0070", SV) == "noll noll sju noll"
    assert spoken_postcode("20100", FI) == "kaksi nolla yksi nolla nolla"
    assert spoken_postcode("00180", SV) == "noll noll ett åtta noll"


@pytest.mark.parametrize("code", ["", "47 21", "４721", "47a1"])
def test_a_code_that_is_not_digits_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        spoken_code(code, FI)


def test_keys_and_counts_stay_within_what_can_be_said() -> None:
    assert [spoken_key(key, FI) for key in (0, 1, 9)] == ["nolla", "yksi", "yhdeksän"]
    assert [spoken_key(key, SV) for key in (0, 1, 9)] == ["noll", "ett", "nio"]
    with pytest.raises(ValueError, match="keys"):
        spoken_key(10, FI)
    for outside in (-1, 1000):
        with pytest.raises(ValueError, match="999"):
            spoken_count(outside, SV)


def test_a_lines_name_is_spelled_where_the_voice_would_stumble() -> None:
    assert spoken_name("Esimerkkiseudun digituki", FI) == "Esimerkkiseudun digituki"
    assert spoken_name("Digituki 24/7, Turku & Åbo", FI) == "Digituki kaksi neljä seitsemän, Turku Åbo"
    assert spoken_name("Linje_2", SV) == "Linje två"


def test_a_municipalitys_name_is_spoken_in_full() -> None:
    assert spoken_name("S:t Karins", SV) == "Sankt Karins"
    assert spoken_name("Koski Tl", FI) == "Koski Turun lääni"
    assert spoken_name("Pedersören kunta", FI) == "Pedersören kunta"
