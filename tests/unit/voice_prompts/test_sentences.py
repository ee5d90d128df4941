"""The sentences themselves: all that the calls need, each in its own language."""

import re

import pytest

from voice_prompts.catalogue import Catalogue
from voice_prompts.checks import keys_asked, segments_of
from voice_prompts.language import Language

FI, SV = Language.FI, Language.SV
CATALOGUE = Catalogue.load()

SPOKEN = {
    "choose_language": "key",
    "who_we_are": "line",
    "bulletin": "bulletin",
    "this_is": "line",
    "postcode_is": "postcode municipality",
    "postcode_unknown": "postcode",
    "confirm_number": "number",
    "number_not_valid": "number",
    "number_not_allowed": "number",
    "number_foreign": "number",
    "offer_slot": "time",
    "offer_next": "time",
    "booked": "time code",
    "booked_again": "time code",
    "existing": "time",
    "existing_code": "code",
    "kept": "time",
    "moved": "time code",
    "time_changed": "time code",
    "time_lost": "time",
    "change_taken": "time",
    "cancel_sure": "time",
    "request_saved": "number",
    "willing_saved": "number",
    "request_saved_soon": "number",
    "person_will_ring": "number",
    "helper_intro": "time topic",
    "helper_language": "language",
    "helper_connecting": "code",
    "helper_no_answer": "count",
    "helper_rebook": "time",
    "helper_rebooked": "time",
    "own_shift": "time",
    "own_confirmed": "time",
    "own_opening": "time",
    "own_taken": "time",
    "callback_intro": "code",
    "tell_time": "time code",
    "waiting_more": "count",
    "waiting_opens": "time",
    "waiting_by_text": "number",
    "waiting_by_call": "number",
    "offer_held": "time",
    "change_offer": "code before time",
    "change_none": "code before",
    "nearby_stop": "time",
    "nearby_stop_more": "time",
    "nearby_name": "place",
    "nearby_place": "place",
    "nearby_address": "address municipality",
    "nearby_phone": "number",
    **dict.fromkeys(
        [
            "booked_pen",
            "moved_pen",
            "intro",
            "human",
            "repeat_hint",
            "slower",
            "usual_pace",
            "emergency",
            "scam",
            "topic_choice",
            "postcode",
            "something_else",
            "willing_thanks",
            "feedback_before",
            "feedback",
            "feedback_thanks",
            "feedback_sorry",
            "record_choice",
            "record",
            "record_warning",
            "recording_full",
            "recorded",
            "your_message",
            "message_not_here_yet",
            "record_once_more",
            "recording_empty",
            "recording_kept",
            "number_again",
            "ask_number",
            "ask_number_withheld",
            "slot_taken",
            "no_more_slots",
            "no_more_slots_moving",
            "no_other_slot",
            "helper_no_more_slots",
            "no_slot",
            "waiting_still",
            "waiting_first",
            "waiting_one",
            "waiting_on",
            "offer_call",
            "text_follows",
            "another_matter",
            "another_matter_nearby",
            "nearby_offer",
            "nearby_pen",
            "nearby_point",
            "nearby_point_more",
            "nearby_by_phone",
            "nearby_register",
            "nearby_keys",
            "nearby_keys_text",
            "nearby_keys_next",
            "nearby_keys_both",
            "nearby_text",
            "nearby_none",
            "goodbye",
            "existing_open",
            "cancelled",
            "more_time",
            "retry",
            "last_try",
            "request_saved_plain",
            "request_saved_no_number",
            "not_in_use",
            "apology",
            "changed",
            "fallback_greeting",
            "fallback_record",
            "fallback_thanks",
            "helper_options",
            "helper_message",
            "helper_no_message",
            "helper_taken",
            "helper_not_now",
            "helper_last_try",
            "helper_resident_later",
            "helper_outcome",
            "helper_outcome_saved",
            "helper_outcome_later",
            "helper_referred",
            "helper_other",
            "helper_no_slot",
            "helper_over",
            "helper_thanks",
            "own_line",
            "own_no_shift",
            "own_confirmed_already",
            "own_swap_waits",
            "own_leave_sure",
            "own_swap_sure",
            "own_moment",
            "own_left",
            "own_by_text",
            "own_not_changed",
            "own_openings_over",
            "own_not_taken",
            "own_more",
            "callback_connecting",
            "callback_later_open",
            "callback_goodbye",
            "tell_sorry",
        ],
        "",
    ),
}
TEXTS = {
    "sms.booked": "time code line",
    "sms.reminder": "time code line",
    "sms.moved": "time code line",
    "sms.cancelled": "time",
    "sms.settled": "time line",
    "sms.tried": "line",
    "sms.tried_again_at": "time line",
    "sms.missed": "line",
    "sms.saved": "line",
    "sms.nearby": "details line",
    "sms.waiting": "count line",
    "sms.offered": "time until line",
    "sms.offer_over": "line",
    "sms.offer_refused": "line",
    "sms.replaced": "before time code line",
    "sms.no_other_time": "time line",
    "sms.no_time": "time line",
    "sms.alert_deficit": "time",
    "sms.feedback": "line",
    "sms.feedback_thanks": "line",
    "sms.feedback_sorry": "line",
    "sms.willing": "line",
    "sms.cancel_unknown": "line",
    "sms.received": "line",
    "sms.later": "",
    "sms.sign_in_code": "code",
    "sms.helper_reminder": "time",
    "sms.helper_placed": "time line",
    "sms.helper_given": "time line",
    "sms.helper_moved": "time line",
    "sms.helper_lost": "time",
    "sms.helper_swap_taken": "time",
    "sms.helper_swap_yours": "time line",
    "sms.helper_confirmed": "time line",
    "sms.helper_dropped": "time line",
    "sms.helper_swap_sought": "time line",
    "sms.helper_took": "time line",
    "sms.helper_not_taken": "time",
}
WRITTEN_TOPICS = {
    "PUHELIN": ("älypuhelin", "smarttelefon"),
    "TABLETTI": ("tabletti", "pekplatta"),
    "PERUSPUH": ("peruspuhelin", "knapptelefon"),
    "TIETOKONE": ("tietokone", "dator"),
    "TULOSTIN": ("tulostin ja lisälaitteet", "skrivare och tillbehör"),
    "YHTEYS": ("nettiyhteys", "internetanslutning"),
    "SOVELLUS": ("sovellukset ja päivitykset", "appar och uppdateringar"),
    "TUNNUKSET": ("tilit ja salasanat", "konton och lösenord"),
    "TUNNIST": ("vahva tunnistautuminen", "stark autentisering"),
    "SPOSTI": ("sähköposti", "e-post"),
    "VIDEO": ("videopuhelut ja viestit", "videosamtal och meddelanden"),
    "KUVAT": ("kuvat ja tiedostot", "bilder och filer"),
    "TURVA": ("tietoturva, huijausepäily", "datasäkerhet, misstänkt bedrägeri"),
    "KUNTA": ("kunnan palvelut", "kommunens tjänster"),
    "KELA": ("Kela", "FPA"),
    "OMAKANTA": ("OmaKanta ja sote", "MittKanta, social- och hälsovård"),
    "VERO": ("verotus", "beskattning"),
    "SUOMIFI": ("Suomi.fi, valtuudet", "Suomi.fi, fullmakter"),
    "PANKKI": ("pankki (vain ohjaus)", "bank (endast hänvisning)"),
    "MUUVIR": ("muu viranomainen", "annan myndighet"),
    "ALKUUN": ("alkuun pääsy, rohkaisu", "komma i gång, uppmuntran"),
    "HALUAN_AUTTAA": ("haluan auttaa", "jag vill hjälpa"),
    "MUU": ("muu", "annat"),
}
# Common words that belong to one of the languages only; a sentence copied and not translated has some.
FINNISH = frozenset(
    [
        "on",
        "ei",
        "jos",
        "emme",
        "teille",
        "te",
        "painakaa",
        "soitamme",
        "aika",
        "numero",
        "että",
        "jälkeen",
        "kiitos",
        "viesti",
    ]
)
SWEDISH = frozenset(
    [
        "och",
        "är",
        "inte",
        "om",
        "vi",
        "er",
        "ni",
        "tryck",
        "ringer",
        "tid",
        "nummer",
        "att",
        "efter",
        "tack",
        "meddelande",
        "den",
        "det",
    ]
)


def words_of(language: Language) -> set[str]:
    entries = CATALOGUE.books[language].entries.values()
    said = " ".join(" ".join((*entry.say, *entry.again, entry.text or "")) for entry in entries)
    return set(re.findall(r"[^\W\d_]+", re.sub(r"\{\w+\}", "", said).lower()))


def keys_of(key: str) -> tuple[str, ...]:
    return keys_asked(CATALOGUE.books[FI].entries[key].say, FI)


@pytest.mark.parametrize(("key", "words"), (SPOKEN | TEXTS).items())
def test_the_calls_find_every_sentence_with_its_words(key: str, words: str) -> None:
    assert CATALOGUE.placeholders(key) == set(words.split())


def test_there_is_no_sentence_that_nobody_says() -> None:
    names = {f"topic.{code}" for code in WRITTEN_TOPICS} | {"language.fi", "language.sv"}
    assert CATALOGUE.keys() == SPOKEN.keys() | TEXTS.keys() | names


@pytest.mark.parametrize(("code", "names"), WRITTEN_TOPICS.items())
def test_topics_are_written_as_the_network_has_agreed(code: str, names: tuple[str, str]) -> None:
    assert (CATALOGUE.text(FI, f"topic.{code}"), CATALOGUE.text(SV, f"topic.{code}")) == names


def test_no_swedish_slips_into_the_finnish_sentences() -> None:
    assert words_of(FI) & SWEDISH == set()
    assert words_of(FI) >= FINNISH, "a word that Finnish does not use here tests nothing"


def test_no_finnish_slips_into_the_swedish_sentences() -> None:
    assert words_of(SV) & FINNISH == set()
    assert words_of(SV) >= SWEDISH, "a word that Swedish does not use here tests nothing"


def test_each_question_offers_the_keys_that_the_call_waits_for() -> None:
    assert keys_of("topic_choice") == ("1", "2", "3", "4")
    assert keys_of("existing") == ("1", "2", "3", "4")
    assert keys_of("existing_open") == ("1", "4")
    assert keys_of("cancel_sure") == keys_of("another_matter") == keys_of("callback_intro") == ("1", "2")
    assert keys_of("recorded") == keys_of("helper_options") == ("1", "2", "3")
    assert keys_of("helper_outcome") == keys_of("helper_referred") == keys_of("helper_other") == ("1", "2", "3", "4")
    assert keys_of("offer_slot") == ("1", "2")
    assert keys_of("own_line") == keys_of("own_more") == keys_of("own_opening") == ("1", "2")
    assert keys_of("own_leave_sure") == keys_of("own_swap_sure") == ("1", "2")
    assert keys_of("own_shift") == keys_of("another_matter_nearby") == keys_of("nearby_keys_both") == ("1", "2", "3")
    assert keys_of("nearby_offer") == keys_of("nearby_keys_text") == keys_of("nearby_keys_next") == ("1", "2")
    assert keys_of("offer_next") == keys_of("helper_rebook") == ("1", "2", "3")
    assert keys_of("human") == ("0",)
    assert keys_of("repeat_hint") == ("9", "8")


def test_a_caller_who_is_asked_to_confirm_a_cancellation_keeps_the_time_with_one() -> None:
    finnish = CATALOGUE.spoken(FI, "cancel_sure", time="huomenna")
    swedish = CATALOGUE.spoken(SV, "cancel_sure", time="i morgon")
    assert [part for part in finnish if "yksi" in part] == ["Jos haluatte pitää ajan: painakaa yksi."]
    assert [part for part in swedish if "ett." in part] == ["Om ni vill behålla tiden: tryck ett."]


@pytest.mark.parametrize("key", sorted(key for key in TEXTS if key.startswith("sms.helper_")))
@pytest.mark.parametrize("language", Language)
def test_what_a_helper_is_texted_fits_into_one_segment(key: str, language: Language) -> None:
    words = {"time": "ke 30.12.2026 klo 14.00", "line": "09 424 501 00"}
    text = CATALOGUE.text(language, key, **{name: words[name] for name in CATALOGUE.placeholders(key)})
    assert segments_of(text) == 1


@pytest.mark.parametrize("language", Language)
def test_a_reminder_says_the_two_keys_that_answer_it(language: Language) -> None:
    assert re.findall(r"[0-9]+", CATALOGUE.text(language, "sms.helper_reminder", time="")) == ["1", "2"]


@pytest.mark.parametrize("language", Language)
def test_the_code_proves_who_rings_before_anything_is_asked(language: Language) -> None:
    for again in (False, True):
        parts = CATALOGUE.spoken(language, "callback_intro", again=again, code="KOD")
        code_at = next(at for at, part in enumerate(parts) if "KOD" in part)
        assert not keys_asked(parts[: code_at + 1], language)
        assert code_at <= 1


@pytest.mark.parametrize("key", ["who_we_are", "callback_intro", "helper_connecting"])
def test_those_who_might_be_cheated_hear_that_we_never_ask_for_bank_codes(key: str) -> None:
    assert "pankkitunnuksia" in " ".join(CATALOGUE.books[FI].entries[key].say)
    assert "bankkoder" in " ".join(CATALOGUE.books[SV].entries[key].say)


@pytest.mark.parametrize("key", ["record_choice", "fallback_record"])
def test_nothing_is_recorded_before_the_caller_hears_what_it_is_kept_for(key: str) -> None:
    assert "tallennetaan, jotta voimme soittaa takaisin" in " ".join(CATALOGUE.books[FI].entries[key].say)
    assert "sparas så att vi kan ringa upp er" in " ".join(CATALOGUE.books[SV].entries[key].say)
