"""Every cell of the spoken tables, against words that are put together here by rule."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from voice_prompts.language import Language
from voice_prompts.speech import spoken_count, spoken_time

HELSINKI = ZoneInfo("Europe/Helsinki")

FI_UNITS = ["nolla", "yksi", "kaksi", "kolme", "neljä", "viisi", "kuusi", "seitsemän", "kahdeksan", "yhdeksän"]
FI_ORDINALS = [
    "-",
    "ensimmäinen",
    "toinen",
    "kolmas",
    "neljäs",
    "viides",
    "kuudes",
    "seitsemäs",
    "kahdeksas",
    "yhdeksäs",
    "kymmenes",
]
FI_MONTH_STEMS = [
    "tammi",
    "helmi",
    "maalis",
    "huhti",
    "touko",
    "kesä",
    "heinä",
    "elo",
    "syys",
    "loka",
    "marras",
    "joulu",
]
FI_WEEKDAY_STEMS = ["maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai"]

SV_UNITS = ["noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio"]
SV_TEENS = ["tio", "elva", "tolv", "tretton", "fjorton", "femton", "sexton", "sjutton", "arton", "nitton"]
SV_TENS = ["-", "-", "tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio"]
SV_ORDINALS = [
    "-",
    "första",
    "andra",
    "tredje",
    "fjärde",
    "femte",
    "sjätte",
    "sjunde",
    "åttonde",
    "nionde",
    "tionde",
    "elfte",
    "tolfte",
]
SV_MONTHS = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
]
SV_WEEKDAYS = [f"{stem}dag" for stem in ["mån", "tis", "ons", "tors", "fre", "lör", "sön"]]


def finnish_cardinal(number: int) -> str:
    if number < 10:
        return FI_UNITS[number]
    if number == 10:
        return "kymmenen"
    if number < 20:
        return FI_UNITS[number - 10] + "toista"
    if number < 100:
        return FI_UNITS[number // 10] + "kymmentä" + (FI_UNITS[number % 10] if number % 10 else "")
    hundreds = "sata" if number < 200 else FI_UNITS[number // 100] + "sataa"
    return hundreds + (finnish_cardinal(number % 100) if number % 100 else "")


def finnish_ordinal(number: int) -> str:
    if number <= 10:
        return FI_ORDINALS[number]
    if number < 20:
        # yhdestoista and kahdestoista, not ensimmäinentoista
        stem = {11: "yhdes", 12: "kahdes"}.get(number, FI_ORDINALS[number - 10])
        return stem + "toista"
    tens = {2: "kahdes", 3: "kolmas"}[number // 10] + "kymmenes"
    return tens + (FI_ORDINALS[number % 10] if number % 10 else "")


def swedish_cardinal(number: int) -> str:
    if number < 10:
        return SV_UNITS[number]
    if number < 20:
        return SV_TEENS[number - 10]
    if number < 100:
        return SV_TENS[number // 10] + (SV_UNITS[number % 10] if number % 10 else "")
    return SV_UNITS[number // 100] + "hundra" + (swedish_cardinal(number % 100) if number % 100 else "")


def swedish_ordinal(number: int) -> str:
    if number <= 12:
        return SV_ORDINALS[number]
    if number < 20:
        return SV_TEENS[number - 10] + "de"
    return SV_TENS[number // 10] + (SV_ORDINALS[number % 10] if number % 10 else "nde")


def minutes_after(hour: str, minute: int, cardinals: list[str]) -> str:
    if not minute:
        return hour
    return " ".join([hour, *([cardinals[0]] if minute < 10 else []), cardinals[minute]])


FI_CARDINALS = [finnish_cardinal(number) for number in range(60)]
SV_CARDINALS = [swedish_cardinal(number) for number in range(60)]


def finnish_time(at: datetime) -> str:
    day = f"{FI_WEEKDAY_STEMS[at.weekday()]}na {finnish_ordinal(at.day)} {FI_MONTH_STEMS[at.month - 1]}kuuta"
    return f"{day} kello {minutes_after(FI_CARDINALS[at.hour], at.minute, FI_CARDINALS)}"


def swedish_time(at: datetime) -> str:
    day = f"{SV_WEEKDAYS[at.weekday()]} den {swedish_ordinal(at.day)} {SV_MONTHS[at.month - 1]}"
    return f"{day} klockan {minutes_after(SV_CARDINALS[at.hour], at.minute, SV_CARDINALS)}"


ORACLES = [(Language.FI, finnish_time), (Language.SV, swedish_time)]


@pytest.mark.parametrize(("language", "expected"), ORACLES)
def test_every_quarter_hour_of_three_years_is_spoken_right(
    language: Language, expected: Callable[[datetime], str]
) -> None:
    at, end = datetime(2025, 12, 31, 22, tzinfo=UTC), datetime(2028, 12, 31, 22, tzinfo=UTC)
    while at < end:
        assert spoken_time(at, now=None, language=language) == expected(at.astimezone(HELSINKI))
        at += timedelta(minutes=15)


@pytest.mark.parametrize(
    ("language", "expected", "today", "tomorrow"),
    [(*ORACLES[0], "tänään ", "huomenna "), (*ORACLES[1], "i dag ", "i morgon ")],
)
def test_today_and_tomorrow_are_said_on_every_day_of_three_years_and_on_no_other(
    language: Language, expected: Callable[[datetime], str], today: str, tomorrow: str
) -> None:
    for number in range(3 * 365 + 1):
        at = datetime(2026, 1, 1, 14, tzinfo=HELSINKI) + timedelta(days=number)
        for ahead, near in ((0, today), (1, tomorrow), (2, ""), (-1, "")):
            for wall in (0, 23):  # the first and the last hour of the day on which it is said
                now = (at - timedelta(days=ahead)).replace(hour=wall, minute=59)
                assert spoken_time(at, now=now, language=language) == near + expected(at)


@pytest.mark.parametrize(("language", "expected"), ORACLES)
def test_every_minute_of_a_day_is_spoken_right(language: Language, expected: Callable[[datetime], str]) -> None:
    midnight = datetime(2026, 11, 24, tzinfo=HELSINKI)
    for minute in range(24 * 60):
        at = midnight + timedelta(minutes=minute)
        assert spoken_time(at, now=None, language=language) == expected(at)


def test_every_minute_of_a_day_sounds_different() -> None:
    midnight = datetime(2026, 11, 24, tzinfo=HELSINKI)
    for language in Language:
        heard = {spoken_time(midnight + timedelta(minutes=m), now=None, language=language) for m in range(24 * 60)}
        assert len(heard) == 24 * 60


def test_every_count_is_spoken_right() -> None:
    assert [spoken_count(n, Language.FI) for n in range(1000)] == [finnish_cardinal(n) for n in range(1000)]
    assert [spoken_count(n, Language.SV) for n in range(1000)] == [swedish_cardinal(n) for n in range(1000)]


def test_the_traps_of_number_libraries_are_not_ours() -> None:
    swedish = " ".join(spoken_count(n, Language.SV) for n in range(1000))
    assert "tjugode" not in swedish
    assert "förtio" not in swedish
    assert "ettt" not in swedish
    assert "\xad" not in swedish
