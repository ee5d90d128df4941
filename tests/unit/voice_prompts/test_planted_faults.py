"""Each fault that a translator may make is found before a caller hears it."""

from collections.abc import Callable
from pathlib import Path

import pytest

import voice_prompts
from voice_prompts.catalogue import Catalogue, CatalogueError, problems
from voice_prompts.checks import segments_of

FILES = ("fi.toml", "sv.toml", "notes.toml")
SOURCE = Path(voice_prompts.__file__).parent
Plant = Callable[..., Path]


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """A copy of the files with one place of one of them changed."""

    def planted(file: str, old: str, new: str) -> Path:
        for name in FILES:
            text = (SOURCE / name).read_text(encoding="utf-8")
            if name == file:
                assert old in text, f"{old} is no longer in {name}: plant the fault elsewhere"
                text = text.replace(old, new, 1)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return planted


SWEDISH_NOTE = 'sv = "Den som ringer behåller sin tid."\n'
NOTE = f'[again.kept]\nfi = "Soittaja pitää aikansa."\n{SWEDISH_NOTE}en = "The caller keeps the time."\n'
FAULTS = {
    "a digit": ("fi.toml", "Soitamme {time}.", "Soitamme {time} 2 kertaa.", "“2”"),
    "a symbol": ("sv.toml", "Ta fram penna och papper.", "Ta fram penna & papper.", "“&”"),
    "capitals": ("fi.toml", "tekstiviestinä", "SMS-viestinä", "“SMS”"),
    "an abbreviation": ("sv.toml", "Vi ringer {time}.", "Vi ringer kl. {time}.", "“kl” is short"),
    "a missing key": ("sv.toml", "[retry]", "[retri]", "sv.toml [retry]: is missing"),
    "a key of one language": ("sv.toml", "[retry]", "[retri]", "fi.toml [retri]: is missing"),
    "a missing word": ("sv.toml", "Er kod är {code}.", "Er kod får ni sedan.", "{code} is in one language only"),
    "a word of one language": ("fi.toml", "Kuulemiin.", "Kuulemiin {time}.", "{time} is in one language only"),
    "a word that nobody fills": ("fi.toml", "Kuulemiin.", "Kuulemiin, {name}.", "nobody fills {name}"),
    "a misshapen word": ("fi.toml", "Soitamme {time}.", "Soitamme {Time }.", "“{Time }” is no placeholder"),
    "a lone brace": ("fi.toml", "Soitamme {time}.", "Soitamme {time.", "no placeholder"),
    "a format": ("sv.toml", "Vi ringer {time}.", "Vi ringer {time!r}.", "“{time!r}” is no placeholder"),
    "key before option": ("sv.toml", "Dator: tryck två.", "Tryck två för dator.", "the option first, then the key"),
    "two options in a breath": (
        "fi.toml",
        '"Siirto: painakaa kaksi.",\n    "Peruutus: painakaa kolme.",',
        '"Siirto: painakaa kaksi, peruutus painakaa kolme.",',
        "the option first, then the key",
    ),
    "five options": (
        "fi.toml",
        '"Uusi asia: painakaa neljä.",',
        '"Uusi asia: painakaa neljä.", "Jokin muu: painakaa viisi.",',
        "at most 4",
    ),
    "other keys than in Finnish": ("sv.toml", "Flytta: tryck två.", "Flytta: tryck fem.", "other telephone keys"),
    "keys out of order": ("sv.toml", "Flytta: tryck två.", "Flytta: tryck fem.", "in rising order"),
    "a key that is none": (
        "fi.toml",
        "Siirto: painakaa kaksi.",
        "Siirto: painakaa kaksikymmentä.",
        "the option first, then the key",
    ),
    "one that does not go forward": ("fi.toml", "Se sopii: painakaa yksi.", "Se sopii.", "begin with it"),
    "a repeat that offers other keys": (
        "fi.toml",
        '"Jokin muu asia: painakaa neljä.",\n]\nagain',
        '"Jokin muu asia.",\n]\nagain',
        "a repeat offers the same",
    ),
    "a repeat that says more": (
        "fi.toml",
        'again = ["Näppäilkää postinumeronne, viisi numeroa."',
        'again = ["Näppäilkää postinumeronne {postcode}, viisi numeroa."',
        "a repeat says nothing new",
    ),
    "familiar Finnish": ("fi.toml", "Ottakaa kynä ja paperia.", "Onko sinulla kynä?", "“sinulla” is too familiar"),
    "familiar Swedish": ("sv.toml", "Det är ingen brådska.", "Du har ingen brådska.", "“du” is too familiar"),
    "a long breath": ("fi.toml", "Kiirettä ei ole.", "Kiirettä ei ole, " + "ei " * 60 + "ole.", "split it"),
    "no full stop": ("sv.toml", '"Hej då."]', '"Hej då"]', "has no end"),
    "no note": ("notes.toml", NOTE, "", "notes.toml [kept]: has no note in fi, sv, en"),
    "no Swedish note": ("notes.toml", SWEDISH_NOTE, "", "notes.toml [again.kept]: has no note in sv"),
    "a note of nothing": (
        "notes.toml",
        "[again.kept]",
        "[again.keeps]",
        "[again.keeps]: is a note of what is not said",
    ),
    "a note of a word that varies elsewhere": (
        "notes.toml",
        "Soittaja pitää aikansa.",
        "Soittaja pitää aikansa {number}.",
        "[again.kept]: nobody fills {number}; use one of time",
    ),
    "text in a spoken sentence": ("fi.toml", "[kept]\n", '[kept]\ntext = "x"\n', "“text”, which is not used"),
    "speech in a text message": ("fi.toml", "[sms.tried]\n", '[sms.tried]\nsay = "x."\n', "“say”, which is not used"),
    "a spoken word without its written form": ("sv.toml", 'text = "FPA"', "", "[topic.KELA]: has no “text”"),
    "a text message with a dash that doubles its price": ("sv.toml", "Påminnelse:", "Påminnelse –", "“–”"),
    "a text message of three parts": ("fi.toml", "Muistutus:", "Muistutus" + " ja muistutus" * 15, "takes 3 segments"),
    "a text message with a word of speech": ("fi.toml", "Numeromme on {line}.", "{number}", "has no {number}"),
    "a cancel word in small letters": ("fi.toml", '"PERU"', '"peru"', "must be in capitals"),
    "a sentence that repeats in one language": (
        "sv.toml",
        'say = ["Tack för att ni ringde."',
        'again = ["Tack."]\nsay = ["Tack för att ni ringde."',
        "in one language only",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "mend"), FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_found_and_named(plant: Plant, file: str, old: str, new: str, mend: str) -> None:
    folder = plant(file, old, new)
    found = problems(Catalogue.read(folder))
    assert any(mend in problem for problem in found), found
    assert all(problem.startswith(("fi.toml [", "sv.toml [", "notes.toml [")) for problem in found)
    with pytest.raises(CatalogueError) as refused:
        Catalogue.load(folder)
    assert str(refused.value) == "\n".join(found)


UNREADABLE = {
    "an unknown field": ("[kept]\n", '[kept]\nvoice = "Suvi"\n', r"fi\.toml \[kept\]: unknown field “voice”"),
    "a number for a sentence": ("[kept]\n", "[kept]\nagain = 7\n", r"fi\.toml \[kept\] again: must be text"),
    "an empty list": ("[kept]\n", "[kept]\nagain = []\n", r"fi\.toml \[kept\] again: is empty"),
    "an empty part": ("[kept]\n", '[kept]\nagain = [" "]\n', r"fi\.toml \[kept\] again: must be text"),
    "a stray space": ("Kiirettä ei ole.", "Kiirettä  ei ole.", r"fi\.toml \[intro\] say: has a stray space"),
    "a line at the top": (
        "[choose_language]",
        'say = "x"\n[choose_language]',
        r"fi\.toml: “say” stands above the first",
    ),
    "a broken line": ("[kept]", "[kept", r"fi\.toml: is not TOML .*; mend that line"),
    "another list of words": ("cancel = [", 'stop = ["SEIS"]\ncancel = [', r"fi\.toml \[words\]: must hold exactly"),
    "a meaning that there is not": (
        "\nyes = [",
        '\nperhaps = ["ehkä"]\nyes = [',
        r"fi\.toml \[words\.said\]: must hold",
    ),
    "a word that means two things": (
        "\nno = [",
        '\nno = ["kyllä", ',
        r"\[words\.said\]: “kyllä” must stand there once",
    ),
    "a word in capitals": ("\nno = [", '\nno = ["Ei käy", ', r"\[words\.said\]: “Ei käy” must stand there once"),
    "no words of thanks": ("[words.thanks]\nmeant", "[words.thanks]\nmean", r"fi\.toml \[words\.thanks\]: must hold"),
    "no cancel words": ("[words]\ncancel", "[words.texted]\nsay", r"fi\.toml \[words\]: must hold exactly"),
}


@pytest.mark.parametrize(("old", "new", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_misshapen_file_is_refused_with_its_place(plant: Plant, old: str, new: str, message: str) -> None:
    with pytest.raises(CatalogueError, match=message):
        Catalogue.read(plant("fi.toml", old, new))


MISSHAPEN_NOTES = {
    "an unknown language": ("[again.kept]\n", '[again.kept]\nde = "x"\n', r"\[again\.kept\]: unknown field “de”"),
    "an empty note": (SWEDISH_NOTE, 'sv = " "\n', r"\[again\.kept\] sv: must be a note"),
    "a stray space": (SWEDISH_NOTE, 'sv = "Den  där"\n', r"\[again\.kept\] sv: must be a note"),
    "an unknown chapter": ("[again.kept]", "[narnia.kept]", r"must have exactly the chapters hello, trouble"),
    "a note in two chapters": (
        "[hello.choose_language]",
        NOTE.replace("again", "hello") + "[hello.choose_language]",
        r"another chapter",
    ),
    "a broken line": ("[again.kept]", "[again.kept", r"is not TOML .*; mend that line"),
}


@pytest.mark.parametrize(("old", "new", "message"), MISSHAPEN_NOTES.values(), ids=MISSHAPEN_NOTES)
def test_misshapen_notes_are_refused_with_their_place(plant: Plant, old: str, new: str, message: str) -> None:
    with pytest.raises(CatalogueError, match=rf"notes\.toml.*{message}"):
        Catalogue.read(plant("notes.toml", old, new))


def test_missing_notes_are_named(plant: Plant) -> None:
    folder = plant("notes.toml", "", "")
    (folder / "notes.toml").unlink()
    with pytest.raises(CatalogueError, match=r"notes\.toml: cannot be read .*; put it back"):
        Catalogue.read(folder)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"fi\.toml: cannot be read .*; put it back"):
        Catalogue.load(tmp_path)


def test_segments_are_counted_as_operators_count_them() -> None:
    assert segments_of("ä" * 160) == 1
    assert segments_of("ä" * 161) == 2
    assert segments_of("a" * 306) == 2
    assert segments_of("a" * 307) == 3
    assert segments_of("€" * 81) == 2
    assert segments_of("š") is None
