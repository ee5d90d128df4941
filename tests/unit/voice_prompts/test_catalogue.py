"""Looking up what the line says."""

import pytest

from voice_prompts.book import Entry
from voice_prompts.catalogue import Catalogue, CatalogueError, problems
from voice_prompts.language import Language

FI, SV = Language.FI, Language.SV
TIME = "tiistaina kahdeskymmenesneljäs marraskuuta kello neljätoista"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load()


def test_the_sentences_of_the_line_have_no_faults() -> None:
    assert problems(Catalogue.read()) == ()


def test_the_sentences_are_read_once() -> None:
    assert Catalogue.load() is Catalogue.load()


def test_a_booking_is_told_part_by_part(catalogue: Catalogue) -> None:
    assert catalogue.spoken(FI, "booked", time=TIME, code="neljä seitsemän kaksi yksi") == (
        f"Soitamme {TIME}.",
        "Tunnuslukunne on neljä seitsemän kaksi yksi.",
        "Soittajamme sanoo sen ensin.",
    )


def test_a_repeat_is_shorter_where_there_is_a_shorter_one(catalogue: Catalogue) -> None:
    whole = catalogue.spoken(SV, "topic_choice")
    assert len(catalogue.spoken(SV, "topic_choice", again=True)) < len(whole)
    assert catalogue.spoken(SV, "retry", again=True) == catalogue.spoken(SV, "retry")


def test_a_text_message_is_filled_with_written_words(catalogue: Catalogue) -> None:
    text = catalogue.text(SV, "sms.booked", time="ti 24.11.2026 kl. 14.00", code="4721", line="02 123 4567")
    assert text.startswith("Digitalt stöd ringer er ti 24.11.2026 kl. 14.00. Er kod är 4721.")
    assert "AVBOKA" in text


def test_a_topic_has_a_spoken_and_a_written_name(catalogue: Catalogue) -> None:
    assert catalogue.word(SV, "topic.KELA") == "Folkpensionsanstalten"
    assert catalogue.text(SV, "topic.KELA") == "FPA"
    assert catalogue.word(FI, "language.sv") == "ruotsia"


def test_questions_names_and_messages_are_found_by_their_dotted_keys(catalogue: Catalogue) -> None:
    assert catalogue.spoken(FI, "topic_choice")[0] == "Missä asiassa tarvitsette apua?"
    assert {"topic_choice", "topic.PUHELIN", "language.sv", "sms.booked"} <= catalogue.keys()


def test_one_cancels_by_texting_the_word_that_the_message_names(catalogue: Catalogue) -> None:
    for language, word in ((FI, "PERU"), (SV, "AVBOKA")):
        assert word in catalogue.cancel_words(language)
        assert word in catalogue.text(language, "sms.booked", time="", code="", line="")


def test_a_missing_word_is_refused_and_not_spoken_as_a_gap(catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueError, match="“booked” needs the words code, time, and got time"):
        catalogue.spoken(FI, "booked", time=TIME)
    with pytest.raises(CatalogueError, match="“retry” needs the words none, and got time"):
        catalogue.spoken(FI, "retry", time=TIME)
    with pytest.raises(CatalogueError, match="needs the words line"):
        catalogue.text(FI, "sms.saved")


def test_a_raw_number_never_reaches_the_voice(catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueError, match=r"\{time\} has digits"):
        catalogue.spoken(FI, "offer_slot", time="ti 24.11.2026 klo 14.00")


def test_an_unknown_sentence_is_named(catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueError, match=r"no sentence “boked” in sv\.toml"):
        catalogue.spoken(SV, "boked")
    with pytest.raises(CatalogueError, match=r"“sms\.saved” is not spoken"):
        catalogue.spoken(SV, "sms.saved", line="")
    with pytest.raises(CatalogueError, match="“booked” is not written"):
        catalogue.text(SV, "booked", time="", code="")


def test_braces_in_a_lines_name_are_read_as_they_are(catalogue: Catalogue) -> None:
    assert "{time}" in catalogue.spoken(FI, "who_we_are", line="{time}")[0]


def test_one_can_ask_which_words_a_sentence_needs(catalogue: Catalogue) -> None:
    assert catalogue.placeholders("postcode_is") == {"postcode", "municipality"}
    assert catalogue.placeholders("retry") == frozenset()


def test_own_words_that_no_longer_fit_the_line_are_passed_over(catalogue: Catalogue) -> None:
    own = {
        (FI, "intro"): Entry(say=("Täällä kiirettä ei ole.",)),
        (FI, "offer_slot"): Entry(say=("Joskus soitamme.", "Jos se sopii: painakaa kaksi.")),
        (FI, "sms.booked"): Entry(text="Soitamme {weather}."),
        (SV, "no_longer_said"): Entry(say=("Hej.",)),
    }
    spoken = catalogue.in_own_words(own)
    assert spoken.spoken(FI, "intro") == ("Täällä kiirettä ei ole.",)
    assert spoken.entry(FI, "offer_slot") == catalogue.entry(FI, "offer_slot")
    assert spoken.entry(FI, "sms.booked") == catalogue.entry(FI, "sms.booked")
    assert spoken.keys() == catalogue.keys()
