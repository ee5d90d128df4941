"""The pages' words: every sentence and every code in all languages, with the same places to fill; and every setting told."""

import re
from collections.abc import Collection
from importlib import import_module
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from admin.api.georeport import LISTS
from admin.calendars.words import FeedWord
from admin.cases.codes import BY_WHEN, CONFIRMED, REFINED
from admin.cases.codes import MISTAKES as CASE_MISTAKES
from admin.cases.codes import SAID as CASES_SAID
from admin.cases.doing import PageRefusal
from admin.cases.filters import Whose
from admin.cases.story import Actor
from admin.cases.story import Reason as EventReason
from admin.cli import COMMANDS
from admin.desk.matter_form import DeskMistake
from admin.desk.why_not import WhyMistake
from admin.directory.lists import Fate
from admin.directory.mistakes import DirectoryMistake
from admin.directory.repeats import Repeats
from admin.directory_file import Kind, SheetFault
from admin.helper.mistakes import HelperMistake
from admin.helper.outcome_form import Result
from admin.helper.said import SAID as HELPERS_SAID
from admin.helper.telling import TOLD_APART
from admin.navigation import ENTRIES, Section
from admin.network.bulletin_words import READY_WORDS, Ready
from admin.network.line_form import TO_SET
from admin.people.codes import CHANGED_FIELDS, MISTAKES, NOT_GIVEN
from admin.people.codes import SAID as PEOPLE_SAID
from admin.people.organisations import Served
from admin.public.booking import BookingMistake
from admin.public.form import Mistake
from admin.public.statements import OF_RESIDENTS
from admin.relay.words import RelayWord
from admin.reports.views import TYPES, USUAL
from admin.reviews import ReviewWord
from admin.rota.told import RotaSaid
from admin.rota.typed import RotaMistake
from admin.rota.weekly import EVERY
from admin.service_description import PtvWord
from admin.sign_in.asking import WayInMistake
from admin.statistics.sheets import StatisticsWord
from admin.studio.recordings import RecordingRefusal
from admin.studio.seeking import Standing
from admin.studio.sentences import WordingRefusal
from admin.studio.takes import TakeFault
from admin.wording import CONTEXT, catalogue
from ivr.conversation import Effect
from ivr.journal import Part
from ivr.journey import CallEnd, Did, Sound
from scheduler.alerts import AlertKind
from scheduler.autofill import Reason
from scheduler.boundaries import Stance
from scheduler.cases import CaseRefusal
from scheduler.desk import DeskRefusal, Then
from scheduler.erasing import EraseRefusal
from scheduler.insight import Why
from scheduler.notices import Template
from scheduler.outbox import MessageState
from scheduler.records import CallbackState
from scheduler.relay.words import RelayRefusal
from scheduler.ringing import Stage
from scheduler.rota.availability import OWN_WORDS
from scheduler.rota.batches import KeptBecause
from scheduler.rota.busy_times import CalendarTrouble
from scheduler.rota.plans import Verdict
from scheduler.rota.proposals import ProposalState
from scheduler.rota.proposing import ProposalRefusal
from scheduler.rota.records import BatchKind
from scheduler.rota.recurrence import WEEKDAYS
from scheduler.rota.rules import Refusal
from scheduler.rota.wishes import Says
from scheduler.sight import NoContact
from scheduler.watching import Pace
from tickets.anonymised import DayPart, Waited
from tickets.gatherings import GatheringKind
from tickets.holds import HoldRefusal
from tickets.identity_codes import Secret
from tickets.line_connections import LineState
from tickets.mailboxes import MailTrouble
from tickets.materials import MaterialKind
from tickets.near import Nearness
from tickets.people_log import PeopleChangeKind
from tickets.points import PointKind
from tickets.relays import ChannelKind, PostTrouble, RelayState, Told
from tickets.retention import Kept
from tickets.rights import Right, Scope
from tickets.sign_in_codes import CodeTrouble
from tickets.sign_ins import How
from tickets.statistics.dimensions import Dimension, Measure
from tickets.view_log import Seen
from tickets.vocabulary import (
    PHONE_TOPICS,
    AccessNeed,
    AttemptResult,
    Channel,
    Device,
    DidThemselves,
    EventKind,
    HeardOfUs,
    HelperKind,
    HelpForm,
    Outcome,
    PageLanguage,
    RecordingState,
    Role,
    TicketStatus,
    Topic,
)
from tickets.webhooks import DeliveryState, Stopped
from voice_prompts.chapters import Chapter
from voice_prompts.faults import FaultKind
from voice_prompts.language import Language

ROOT = Path(__file__).parents[2]
TRANSLATED = (PageLanguage.FI, PageLanguage.SV)
CODES_SAID = sorted(
    {
        code
        for file in (ROOT / "admin").rglob("*.py")
        for code in re.findall(r'\bsaid\("([\w-]+)"\)', file.read_text("utf-8"))
    }
)
for _played in sorted((ROOT / "ivr").glob("*.py")):
    import_module(f"ivr.{_played.stem}")  # what a play may do is known once all plays are read
EFFECTS = {effect.key for effect in Effect.__subclasses__()}
CODES: dict[str, Collection[str]] = {
    "access need": AccessNeed,
    "actor": Actor,
    "by when": BY_WHEN,
    "case refusal": CaseRefusal,
    "confirm": CONFIRMED,
    "desk refusal": DeskRefusal,
    "erase refusal": EraseRefusal,
    "field": REFINED,
    "hold refusal": HoldRefusal,
    "kept": Kept,
    "page refusal": PageRefusal,
    "reason": EventReason,
    "recording": RecordingState,
    "relay state": RelayState,
    "seen": Seen,
    "text state": MessageState,
    "whose": Whose,
    "alert": AlertKind,
    "alert mend": AlertKind,
    "attribute": ("language", *LISTS),
    "attempt": AttemptResult,
    "call end": CallEnd,
    "call part": Part,
    "callback": CallbackState,
    "calendar trouble": CalendarTrouble,
    "channel": Channel,
    "day part": DayPart,
    "device": Device,
    "deed": EFFECTS,
    "did": Did,
    "did themselves": DidThemselves,
    "event": EventKind,
    "feed": FeedWord,
    "heard of us": HeardOfUs,
    "gathering kind": GatheringKind,
    "feedback": ("1", "2", "3"),
    "file": TYPES,
    "help form": HelpForm,
    "helped": ("1", "2", "3"),
    "helper kind": HelperKind,
    "kept so long": OF_RESIDENTS,
    "language": Language,
    "line address": TO_SET,
    "line state": LineState,
    "line state told": LineState,
    "mailbox trouble": MailTrouble,
    "ready bulletin": READY_WORDS,
    "ready bulletin title": Ready,
    "list fate": Fate,
    "list kind": Kind,
    "material kind": MaterialKind,
    "measure": Measure,
    "mistake": {
        *RotaMistake,
        *Mistake,
        *DirectoryMistake,
        *SheetFault,
        *HelperMistake,
        *DeskMistake,
        *WhyMistake,
        *BookingMistake,
        *WayInMistake,
        *CodeTrouble,
        *MISTAKES,
        *CASE_MISTAKES,
    },
    "nearness": [level.name.lower() for level in Nearness],
    "outcome": Outcome,
    "outcome refusal": TOLD_APART,
    "pace": Pace,
    "channel kind": ChannelKind,
    "delivery": DeliveryState,
    "people change": PeopleChangeKind,
    "people field": CHANGED_FIELDS,
    "right": Right,
    "right refusal": NOT_GIVEN,
    "scope": ("none", *Scope),
    "served": Served,
    "stopped": Stopped,
    "told in": Told,
    "page": [entry.endpoint for entry in ENTRIES],
    "page language": PageLanguage,
    "phone topic": PHONE_TOPICS.values(),
    "post trouble": PostTrouble,
    "point kind": PointKind,
    "prompt chapter": Chapter,
    "prompt fault": FaultKind,
    "prompt standing": Standing,
    "ptv": PtvWord,
    "recording refusal": RecordingRefusal,
    "relay": RelayWord,
    "result": Result,
    "says": OWN_WORDS,
    "stage": Stage,
    "stance": Stance,
    "stance in short": Stance,
    "in language": Language,
    "no contact": NoContact,
    "relay refusal": RelayRefusal,
    "review": ReviewWord,
    "said": {*CASES_SAID, *RotaSaid, *CODES_SAID, *HELPERS_SAID, *PEOPLE_SAID},
    "repeats": Repeats,
    "role": Role,
    "secret": Secret,
    "signed in by": How,
    "section": Section,
    "sound": Sound,
    "statistics": StatisticsWord,
    "statistics by": Dimension,
    "status": TicketStatus,
    "take fault": TakeFault,
    "text": Template,
    "then": Then,
    "topic": Topic,
    "waited": Waited,
    "why": Why,
    "why mend": Why,
    "usual report": [name for name, _ in USUAL],
    "wording refusal": WordingRefusal,
    "away": (Says.CANNOT, Says.BUSY),
    "every": EVERY[1:],
    "gap reason": Reason,
    "kept because": KeptBecause,
    "proposal": ProposalState,
    "proposal refusal": ProposalRefusal,
    "rota batch": BatchKind,
    "rota refusal": Refusal,
    "verdict": Verdict,
    "weekday": WEEKDAYS,
    "weekday short": WEEKDAYS,
    "with speaker": Language,
    "without speaker": Language,
    "yes or no": DidThemselves,
}


def sentences() -> set[str]:
    """Every English sentence of the templates, both forms of a counted one."""
    found = extract_from_dir(
        ROOT / "admin" / "templates",
        method_map=[("**.html", "jinja2.ext:babel_extract")],
        options_map={"**.html": {"silent": "false"}},
        keywords={"_": None, "gettext": None, "ngettext": (1, 2)},
    )
    said: set[str] = set()
    for _, _, message, _, _ in found:
        said.update((message,) if isinstance(message, str) else message)
    return said


def places(sentence: str) -> list[str]:
    return sorted(re.findall(r"%\((\w+)\)s", sentence))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_of_the_pages_is_there_in_finnish_and_swedish(language: PageLanguage) -> None:
    said, known = sentences(), catalogue(language)
    assert len(said) > 50
    assert said - known.keys() == set()
    assert {key for key in known if CONTEXT not in key} - said == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_same_places_to_fill(language: PageLanguage) -> None:
    for sentence, translation in catalogue(language).items():
        if CONTEXT not in sentence:
            assert places(sentence) == places(translation), sentence


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("word", FeedWord)
def test_a_sentence_of_a_calendar_has_the_same_places_to_fill(language: PageLanguage, word: FeedWord) -> None:
    english, translated = (catalogue(known)[f"feed{CONTEXT}{word}"] for known in (PageLanguage.EN, language))
    assert places(english) == places(translated)


@pytest.mark.parametrize("language", PageLanguage)
@pytest.mark.parametrize("kind", CODES)
def test_every_code_has_a_word_in_every_language(language: PageLanguage, kind: str) -> None:
    known = {key.partition(CONTEXT)[2] for key in catalogue(language) if key.startswith(f"{kind}{CONTEXT}")}
    assert known == {str(code) for code in CODES[kind]}


SETTINGS = ("settings.py", "server.py", "mail_settings.py", "oidc_settings.py")


def test_every_setting_is_told_in_the_operators_page() -> None:
    read = "".join((ROOT / "admin" / name).read_text(encoding="utf-8") for name in SETTINGS)
    settings = set(re.findall(r'"((?:DIGILINJA|TWILIO)_[A-Z_]+)"', read))
    assert len(settings) >= 10
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert {name for name in settings if f"`{name}`" not in page} == set()


def test_every_command_is_told_somewhere() -> None:
    told = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "README.md", ROOT / "docs" / "operating.md"))
    assert {name for name in COMMANDS if f"digilinja {name}" not in told} == set()


def test_every_option_that_operators_are_told_of_is_there() -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    told = set(re.findall(r"digilinja ([a-z-]+) (--[a-z-]+)", page))
    assert ("tickets", "--reindex") in told
    assert {(name, option) for name, option in told if option not in _options(name)} == set()


def _options(name: str) -> set[str]:
    command = import_module(f"admin.commands.{COMMANDS[name]}").command
    return {option for given in command.params for option in given.opts}


def test_decisions_are_numbered_without_a_gap() -> None:
    pages = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [page[:4] for page in pages] == [f"{number:04d}" for number in range(1, len(pages) + 1)]


@pytest.mark.parametrize(
    "page", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name
)
def test_what_a_page_points_to_is_there(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), f"{page.name} → {target}"
