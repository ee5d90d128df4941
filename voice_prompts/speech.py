"""Times, numbers and codes as words that a voice reads right.

Voices misread raw dates, times and numbers ("24." as a cardinal, 040… as thousands), so everything
here comes out fully spelled, and from fixed tables: num2words says "tjugode" and "förtio", Babel gives
Sunday as "sunnuntai" where "sunnuntaina" is right. No clock is read; `now` is an argument.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import phonenumbers

from voice_prompts.language import Language

HELSINKI = ZoneInfo("Europe/Helsinki")
FINLAND = 358

# fmt: off
_CARDINALS: Mapping[Language, tuple[str, ...]] = {
    Language.FI: (
        "nolla", "yksi", "kaksi", "kolme", "neljä", "viisi", "kuusi", "seitsemän", "kahdeksan", "yhdeksän",
        "kymmenen", "yksitoista", "kaksitoista", "kolmetoista", "neljätoista",
        "viisitoista", "kuusitoista", "seitsemäntoista", "kahdeksantoista", "yhdeksäntoista",
        "kaksikymmentä", "kaksikymmentäyksi", "kaksikymmentäkaksi", "kaksikymmentäkolme", "kaksikymmentäneljä",
        "kaksikymmentäviisi", "kaksikymmentäkuusi", "kaksikymmentäseitsemän", "kaksikymmentäkahdeksan",
        "kaksikymmentäyhdeksän",
        "kolmekymmentä", "kolmekymmentäyksi", "kolmekymmentäkaksi", "kolmekymmentäkolme", "kolmekymmentäneljä",
        "kolmekymmentäviisi", "kolmekymmentäkuusi", "kolmekymmentäseitsemän", "kolmekymmentäkahdeksan",
        "kolmekymmentäyhdeksän",
        "neljäkymmentä", "neljäkymmentäyksi", "neljäkymmentäkaksi", "neljäkymmentäkolme", "neljäkymmentäneljä",
        "neljäkymmentäviisi", "neljäkymmentäkuusi", "neljäkymmentäseitsemän", "neljäkymmentäkahdeksan",
        "neljäkymmentäyhdeksän",
        "viisikymmentä", "viisikymmentäyksi", "viisikymmentäkaksi", "viisikymmentäkolme", "viisikymmentäneljä",
        "viisikymmentäviisi", "viisikymmentäkuusi", "viisikymmentäseitsemän", "viisikymmentäkahdeksan",
        "viisikymmentäyhdeksän",
        "kuusikymmentä", "kuusikymmentäyksi", "kuusikymmentäkaksi", "kuusikymmentäkolme", "kuusikymmentäneljä",
        "kuusikymmentäviisi", "kuusikymmentäkuusi", "kuusikymmentäseitsemän", "kuusikymmentäkahdeksan",
        "kuusikymmentäyhdeksän",
        "seitsemänkymmentä", "seitsemänkymmentäyksi", "seitsemänkymmentäkaksi", "seitsemänkymmentäkolme",
        "seitsemänkymmentäneljä", "seitsemänkymmentäviisi", "seitsemänkymmentäkuusi",
        "seitsemänkymmentäseitsemän", "seitsemänkymmentäkahdeksan", "seitsemänkymmentäyhdeksän",
        "kahdeksankymmentä", "kahdeksankymmentäyksi", "kahdeksankymmentäkaksi", "kahdeksankymmentäkolme",
        "kahdeksankymmentäneljä", "kahdeksankymmentäviisi", "kahdeksankymmentäkuusi",
        "kahdeksankymmentäseitsemän", "kahdeksankymmentäkahdeksan", "kahdeksankymmentäyhdeksän",
        "yhdeksänkymmentä", "yhdeksänkymmentäyksi", "yhdeksänkymmentäkaksi", "yhdeksänkymmentäkolme",
        "yhdeksänkymmentäneljä", "yhdeksänkymmentäviisi", "yhdeksänkymmentäkuusi",
        "yhdeksänkymmentäseitsemän", "yhdeksänkymmentäkahdeksan", "yhdeksänkymmentäyhdeksän",
    ),
    Language.SV: (
        "noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio",
        "tio", "elva", "tolv", "tretton", "fjorton", "femton", "sexton", "sjutton", "arton", "nitton",
        "tjugo", "tjugoett", "tjugotvå", "tjugotre", "tjugofyra",
        "tjugofem", "tjugosex", "tjugosju", "tjugoåtta", "tjugonio",
        "trettio", "trettioett", "trettiotvå", "trettiotre", "trettiofyra",
        "trettiofem", "trettiosex", "trettiosju", "trettioåtta", "trettionio",
        "fyrtio", "fyrtioett", "fyrtiotvå", "fyrtiotre", "fyrtiofyra",
        "fyrtiofem", "fyrtiosex", "fyrtiosju", "fyrtioåtta", "fyrtionio",
        "femtio", "femtioett", "femtiotvå", "femtiotre", "femtiofyra",
        "femtiofem", "femtiosex", "femtiosju", "femtioåtta", "femtionio",
        "sextio", "sextioett", "sextiotvå", "sextiotre", "sextiofyra",
        "sextiofem", "sextiosex", "sextiosju", "sextioåtta", "sextionio",
        "sjuttio", "sjuttioett", "sjuttiotvå", "sjuttiotre", "sjuttiofyra",
        "sjuttiofem", "sjuttiosex", "sjuttiosju", "sjuttioåtta", "sjuttionio",
        "åttio", "åttioett", "åttiotvå", "åttiotre", "åttiofyra",
        "åttiofem", "åttiosex", "åttiosju", "åttioåtta", "åttionio",
        "nittio", "nittioett", "nittiotvå", "nittiotre", "nittiofyra",
        "nittiofem", "nittiosex", "nittiosju", "nittioåtta", "nittionio",
    ),
}
_HUNDREDS: Mapping[Language, tuple[str, ...]] = {
    Language.FI: ("", "sata", "kaksisataa", "kolmesataa", "neljäsataa", "viisisataa",
                  "kuusisataa", "seitsemänsataa", "kahdeksansataa", "yhdeksänsataa"),
    Language.SV: ("", "etthundra", "tvåhundra", "trehundra", "fyrahundra", "femhundra",
                  "sexhundra", "sjuhundra", "åttahundra", "niohundra"),
}
_DAYS: Mapping[Language, tuple[str, ...]] = {
    Language.FI: (
        "ensimmäinen", "toinen", "kolmas", "neljäs", "viides",
        "kuudes", "seitsemäs", "kahdeksas", "yhdeksäs", "kymmenes",
        "yhdestoista", "kahdestoista", "kolmastoista", "neljästoista", "viidestoista",
        "kuudestoista", "seitsemästoista", "kahdeksastoista", "yhdeksästoista", "kahdeskymmenes",
        "kahdeskymmenesensimmäinen", "kahdeskymmenestoinen", "kahdeskymmeneskolmas",
        "kahdeskymmenesneljäs", "kahdeskymmenesviides", "kahdeskymmeneskuudes",
        "kahdeskymmenesseitsemäs", "kahdeskymmeneskahdeksas", "kahdeskymmenesyhdeksäs",
        "kolmaskymmenes", "kolmaskymmenesensimmäinen",
    ),
    Language.SV: (
        "första", "andra", "tredje", "fjärde", "femte", "sjätte", "sjunde", "åttonde", "nionde", "tionde",
        "elfte", "tolfte", "trettonde", "fjortonde", "femtonde",
        "sextonde", "sjuttonde", "artonde", "nittonde", "tjugonde",
        "tjugoförsta", "tjugoandra", "tjugotredje", "tjugofjärde", "tjugofemte",
        "tjugosjätte", "tjugosjunde", "tjugoåttonde", "tjugonionde", "trettionde", "trettioförsta",
    ),
}
_MONTHS: Mapping[Language, tuple[str, ...]] = {
    Language.FI: ("tammikuuta", "helmikuuta", "maaliskuuta", "huhtikuuta", "toukokuuta", "kesäkuuta",
                  "heinäkuuta", "elokuuta", "syyskuuta", "lokakuuta", "marraskuuta", "joulukuuta"),
    Language.SV: ("januari", "februari", "mars", "april", "maj", "juni",
                  "juli", "augusti", "september", "oktober", "november", "december"),
}
_WEEKDAYS: Mapping[Language, tuple[str, ...]] = {
    Language.FI: ("maanantaina", "tiistaina", "keskiviikkona", "torstaina",
                  "perjantaina", "lauantaina", "sunnuntaina"),
    Language.SV: ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
}
_SHORT_WEEKDAYS: Mapping[Language, tuple[str, ...]] = {
    Language.FI: ("ma", "ti", "ke", "to", "pe", "la", "su"),
    Language.SV: ("må", "ti", "on", "to", "fr", "lö", "sö"),
}
# fmt: on
_DAY_AND_MONTH: Mapping[Language, str] = {
    Language.FI: "{weekday} {day} {month} kello {clock}",
    Language.SV: "{weekday} den {day} {month} klockan {clock}",
}
_TODAY: Mapping[Language, str] = {Language.FI: "tänään", Language.SV: "i dag"}
_TOMORROW: Mapping[Language, str] = {Language.FI: "huomenna", Language.SV: "i morgon"}
_SHORT_CLOCK: Mapping[Language, str] = {Language.FI: "klo", Language.SV: "kl."}
# What is shortened in the names of municipalities: S:t Michel, Koski Tl ("tl" is a teaspoon to a voice).
_IN_FULL: Mapping[str, str] = {"S:t": "Sankt", "Tl": "Turun lääni"}
_SHORTENED = re.compile(r"\b(S:t|Tl)\b")
_PLUS = "plus"  # the same word in both languages


def spoken_time(at: datetime, *, now: datetime | None, language: Language) -> str:
    """The time of a promise, as the voice says it; "today" and "tomorrow" where they are true.

    Both times are aware, and are spoken in Helsinki's time. Without `now` neither word is said.
    """
    local = _in_helsinki(at)
    words = _DAY_AND_MONTH[language].format(
        weekday=_WEEKDAYS[language][local.weekday()],
        day=_DAYS[language][local.day - 1],
        month=_MONTHS[language][local.month - 1],
        clock=_spoken_clock(local, language),
    )
    return f"{_nearness(local, now, language)}{words}"


def spoken_number(number: str, language: Language) -> str:
    """A phone number digit by digit, a comma between its groups; a foreign one with its country code.

    Takes E.164, or bare digits as a caller keyed them. Raises ValueError when there is no digit in it.
    """
    plus, groups = _number_groups(number)
    spoken = ", ".join(_digits(group, language) for group in groups)
    return f"{_PLUS} {spoken}" if plus else spoken


def spoken_code(code: str, language: Language) -> str:
    """The four digits by which a caller knows our call, one by one."""
    return _digits(code, language)


def spoken_postcode(postcode: str, language: Language) -> str:
    """A postcode, or what a caller keyed for one, digit by digit."""
    return _digits(postcode, language)


def spoken_key(digit: int, language: Language) -> str:
    """The name of a telephone's key, 0–9."""
    if not 0 <= digit <= 9:
        raise ValueError(f"a telephone has the keys 0-9, not {digit}")
    return _CARDINALS[language][digit]


def spoken_count(count: int, language: Language) -> str:
    """A count from 0 to 999 in one word, as in "try number two"."""
    if not 0 <= count <= 999:
        raise ValueError(f"counts are spoken from 0 to 999, not {count}")
    hundreds, rest = divmod(count, 100)
    if not hundreds:
        return _CARDINALS[language][rest]
    return _HUNDREDS[language][hundreds] + (_CARDINALS[language][rest] if rest else "")


def spoken_name(name: str, language: Language) -> str:
    """A line's or a municipality's name without what a voice stumbles on: "S:t Karins" is Sankt Karins."""
    spelled = _SHORTENED.sub(lambda found: _IN_FULL[found.group()], name)
    spelled = re.sub(r"[0-9]+", lambda found: f" {_digits(found.group(), language)} ", spelled)
    sayable = " ".join(re.sub(r"[^\w\s.,:?!'-]|_", " ", spelled).split())
    return re.sub(r" (?=[.,:?!])", "", sayable)


def clock_words(language: Language) -> tuple[str, ...]:
    """Every word that a clock's time is made of, to be recorded one by one."""
    before_clock = _DAY_AND_MONTH[language].split()[-2]
    return (before_clock, *_CARDINALS[language][:60])


def day_words(language: Language) -> tuple[str, ...]:
    """Every word that a day is made of."""
    joint = tuple(word for word in _DAY_AND_MONTH[language].split()[:-2] if "{" not in word)
    near = (_TODAY[language], _TOMORROW[language])
    return (*near, *_WEEKDAYS[language], *joint, *_DAYS[language], *_MONTHS[language])


def digit_words(language: Language) -> tuple[str, ...]:
    """Every word that a phone number or a code is made of."""
    return (*_CARDINALS[language][:10], _PLUS)


def spoken_address(address: str, language: Language) -> str:
    """A street and a house: "Linnankatu 12 B 3" is Linnankatu kaksitoista B kolme; "12-14" is two numbers."""
    apart = re.sub(r"(?<=[0-9])\s*[-\u2013]\s*(?=[0-9])", ", ", address)
    counted = re.sub(r"[0-9]+", lambda found: f" {_house(found.group(), language)} ", apart)
    return spoken_name(counted, language)


def written_time(at: datetime, language: Language) -> str:
    """The time of a promise as a text message shows it: "ti 24.11.2026 klo 14.00"."""
    local = _in_helsinki(at)
    day = f"{day_in_short(local, language)}{local.year}"
    return f"{day} {_SHORT_CLOCK[language]} {local.hour}.{local.minute:02d}"


def day_in_short(day: date, language: Language) -> str:
    """A day as it is written in short: ti 24.11."""
    return f"{_SHORT_WEEKDAYS[language][day.weekday()]} {day.day}.{day.month}."


def written_number(number: str) -> str:
    """A phone number as people write it in Finland: "040 123 4567"; a foreign one "+46 70 123 45 67"."""
    plus, groups = _number_groups(number)
    written = " ".join(groups)
    return f"+{written}" if plus else written


def _in_helsinki(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a promise's time needs its zone; this one has none")
    return at.astimezone(HELSINKI)


def _spoken_clock(local: datetime, language: Language) -> str:
    cardinals = _CARDINALS[language]
    if local.minute == 0:
        return cardinals[local.hour]
    if local.minute < 10:
        return f"{cardinals[local.hour]} {cardinals[0]} {cardinals[local.minute]}"
    return f"{cardinals[local.hour]} {cardinals[local.minute]}"


def _nearness(local: datetime, now: datetime | None, language: Language) -> str:
    if now is None:
        return ""
    today = _in_helsinki(now).date()
    if local.date() == today:
        return f"{_TODAY[language]} "
    if local.date() == today + timedelta(days=1):
        return f"{_TOMORROW[language]} "
    return ""


def _digits(digits: str, language: Language) -> str:
    if not re.fullmatch(r"[0-9]+", digits):
        raise ValueError("only the digits 0-9 can be read one by one")
    return " ".join(_CARDINALS[language][int(digit)] for digit in digits)


def _house(number: str, language: Language) -> str:
    return spoken_count(int(number), language) if len(number) < 4 else _digits(number, language)


def _number_groups(number: str) -> tuple[bool, list[str]]:
    """Whether a plus stands first, and the groups of digits after it."""
    if not re.search(r"[0-9]", number):
        raise ValueError("there is no digit in this number")
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number.startswith("+"), _short_groups(re.findall(r"[0-9]+", number))
    if parsed.country_code == FINLAND:
        return False, _short_groups(re.findall(r"[0-9]+", _as_dialled_at_home(parsed)))
    abroad = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return True, _short_groups(re.findall(r"[0-9]+", abroad))


def _as_dialled_at_home(parsed: phonenumbers.PhoneNumber) -> str:
    shown = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    # phonenumbers leaves the first zero out of a number too long or short to be one; the caller keyed it.
    mistyped = not phonenumbers.is_valid_number(parsed) and len(shown) > 6
    return f"0{shown}" if mistyped and not shown.startswith("0") else shown


def _short_groups(groups: list[str]) -> list[str]:
    """Groups of more than four digits in threes, the last one of two to four: 1234567 is 123 4567."""
    return [short for group in groups for short in re.findall(r"[0-9]{3}(?=[0-9]{2})|[0-9]+", group)]
