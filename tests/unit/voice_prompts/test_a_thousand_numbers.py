"""A thousand Finnish phone numbers as the voice reads them, against groups that are put together here."""

import random
from collections.abc import Iterator

import phonenumbers
import pytest

from voice_prompts.language import Language
from voice_prompts.speech import spoken_number, written_number

DIGITS = {
    Language.FI: ["nolla", "yksi", "kaksi", "kolme", "neljä", "viisi", "kuusi", "seitsemän", "kahdeksan", "yhdeksän"],
    Language.SV: ["noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio"],
}
# Area or network, as it is written at home, and how many digits follow.
SERIES = (
    ("040", 7),
    ("044", 7),
    ("045", 7),
    ("046", 7),
    ("050", 7),
    ("041", 7),
    ("09", 7),
    ("02", 7),
    ("03", 7),
    ("018", 5),
)


def thousand() -> Iterator[tuple[str, str]]:
    """Numbers that may be rung, by area and by what follows."""
    chance = random.Random(2026)
    found = 0
    while found < 1000:
        area, length = chance.choice(SERIES)
        # 029 is a series of its own, so nothing begins with a nine here.
        rest = str(chance.randrange(2, 9)) + "".join(str(chance.randrange(10)) for _ in range(length - 1))
        if phonenumbers.is_valid_number(phonenumbers.parse(area + rest, "FI")):
            found += 1
            yield area, rest


def in_groups(rest: str) -> list[str]:
    """Threes, and what is left at the end in two to four."""
    groups = []
    while len(rest) > 4:
        groups.append(rest[:3])
        rest = rest[3:]
    return [*groups, rest]


@pytest.mark.parametrize("language", Language)
def test_a_thousand_numbers_are_read_in_the_groups_in_which_they_are_written(language: Language) -> None:
    for area, rest in thousand():
        groups = [area, *in_groups(rest)]
        e164 = f"+358{area[1:]}{rest}"
        assert written_number(e164) == " ".join(groups)
        said = ", ".join(" ".join(DIGITS[language][int(digit)] for digit in group) for group in groups)
        assert spoken_number(e164, language) == said
