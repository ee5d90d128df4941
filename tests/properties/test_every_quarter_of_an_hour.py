"""Every quarter of an hour of three years as the voice says it, against words that are put together here from nothing shared.

The oracle reads neither the tables nor the zone database: it counts days from one known Thursday, knows the Sundays on which
the clock changes, and builds each number from its parts.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from voice_prompts.language import Language
from voice_prompts.speech import spoken_time

FIRST, LAST = 2026, 2028
THURSDAY = (2026, 1, 1)
LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
# The last Sundays of March and October, on which Finland's clock is put forward and back at one in the morning UTC.
SUMMERS = {2026: (29, 25), 2027: (28, 31), 2028: (26, 29)}

FI_ONES = [
    "nolla",
    "yksi",
    "kaksi",
    "kolme",
    "neljä",
    "viisi",
    "kuusi",
    "seitsemän",
    "kahdeksan",
    "yhdeksän",
    "kymmenen",
]
FI_ORDINAL = [
    "x",
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
FI_MONTHS = ["tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka", "marras", "joulu"]
FI_DAYS = ["maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai"]
SV_ONES = [
    "noll",
    "ett",
    "två",
    "tre",
    "fyra",
    "fem",
    "sex",
    "sju",
    "åtta",
    "nio",
    "tio",
    "elva",
    "tolv",
    "tretton",
    "fjorton",
    "femton",
    "sexton",
    "sjutton",
    "arton",
    "nitton",
]
SV_ORDINAL = [
    "x",
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
    "trettonde",
    "fjortonde",
    "femtonde",
    "sextonde",
    "sjuttonde",
    "artonde",
    "nittonde",
    "tjugonde",
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
SV_DAYS = ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"]


def fi_number(number: int) -> str:
    if number <= 10:
        return FI_ONES[number]
    if number < 20:
        return FI_ONES[number - 10] + "toista"
    return FI_ONES[number // 10] + "kymmentä" + (FI_ONES[number % 10] if number % 10 else "")


def fi_day(day: int) -> str:
    if day <= 10:
        return FI_ORDINAL[day]
    if day < 20:
        return {1: "yhdes", 2: "kahdes"}.get(day - 10, FI_ORDINAL[day - 10]) + "toista"
    tens = {2: "kahdes", 3: "kolmas"}[day // 10] + "kymmenes"
    return tens + (FI_ORDINAL[day % 10] if day % 10 else "")


def sv_number(number: int) -> str:
    if number < 20:
        return SV_ONES[number]
    tens = {2: "tjugo", 3: "trettio", 4: "fyrtio", 5: "femtio"}[number // 10]
    return tens + (SV_ONES[number % 10] if number % 10 else "")


def sv_day(day: int) -> str:
    if day <= 20:
        return SV_ORDINAL[day]
    return "trettionde" if day == 30 else ("tjugo" if day < 30 else "trettio") + SV_ORDINAL[day % 10]


def said(language: Language, weekday: int, month: int, day: int, hour: int, minute: int) -> str:
    if language is Language.FI:
        number, named = fi_number, f"{FI_DAYS[weekday]}na {fi_day(day)} {FI_MONTHS[month - 1]}kuuta kello"
    else:
        number, named = sv_number, f"{SV_DAYS[weekday]} den {sv_day(day)} {SV_MONTHS[month - 1]} klockan"
    return f"{named} {number(hour)}" + (f" {number(minute)}" if minute else "")


def walls(year: int) -> Iterator[tuple[datetime, int, int, int, int, int]]:
    """Each quarter as a moment, with weekday, month, day, hour and minute on a Finnish wall."""
    weekday = 3 + sum(366 if before == 2028 else 365 for before in range(FIRST, year))
    for month, length in enumerate(LENGTHS, start=1):
        for day in range(1, length + 1 + (month == 2 and year == 2028)):
            for quarter in range(96):
                hour, minute = quarter // 4, quarter % 4 * 15
                hours_ahead = 3 if is_summer(year, month, day, hour) else 2
                moment = datetime(year, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=hours_ahead)
                if not (month == 3 and day == SUMMERS[year][0] and hour == 3):  # that hour does not come
                    yield moment, weekday % 7, month, day, hour, minute
            weekday += 1


def is_summer(year: int, month: int, day: int, hour: int) -> bool:
    """The hour that comes twice in October is taken the first time, in summer time."""
    begins, ends = SUMMERS[year]
    return (3, begins, 3) <= (month, day, hour) < (10, ends, 4)


@pytest.mark.parametrize("year", range(FIRST, LAST + 1))
@pytest.mark.parametrize("language", Language)
def test_every_quarter_of_an_hour_is_said_as_one_says_it(language: Language, year: int) -> None:
    wrong = [
        (moment, heard)
        for moment, *wall in walls(year)
        if (heard := spoken_time(moment, now=None, language=language)) != said(language, *wall)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("language", "today", "tomorrow"), [(Language.FI, "tänään", "huomenna"), (Language.SV, "i dag", "i morgon")]
)
def test_today_and_tomorrow_are_said_on_every_day_of_three_years_and_on_no_other(
    language: Language, today: str, tomorrow: str
) -> None:
    days: dict[tuple[int, ...], list[tuple[datetime, list[int]]]] = {}
    for year in range(FIRST, LAST + 1):
        for moment, *wall in walls(year):
            days.setdefault((year, wall[1], wall[2]), []).append((moment, wall))
    quarters = list(days.values())
    for number, day in enumerate(quarters[1:-2], start=1):
        moment, wall = day[56]
        for ahead, near in ((0, f"{today} "), (1, f"{tomorrow} "), (2, ""), (-1, "")):
            for now in (quarters[number - ahead][0][0], quarters[number - ahead][-1][0]) if number >= ahead else ():
                assert spoken_time(moment, now=now, language=language) == near + said(language, *wall)
