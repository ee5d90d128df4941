"""The codes of the service: topics, outcomes, states, roles. The words behind them belong to prompts and pages."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Topic(StrEnum):
    """What the trouble is about."""

    PUHELIN = "PUHELIN"
    TABLETTI = "TABLETTI"
    PERUSPUH = "PERUSPUH"
    TIETOKONE = "TIETOKONE"
    TULOSTIN = "TULOSTIN"
    YHTEYS = "YHTEYS"
    SOVELLUS = "SOVELLUS"
    TUNNUKSET = "TUNNUKSET"
    TUNNIST = "TUNNIST"
    SPOSTI = "SPOSTI"
    VIDEO = "VIDEO"
    KUVAT = "KUVAT"
    TURVA = "TURVA"
    KUNTA = "KUNTA"
    KELA = "KELA"
    OMAKANTA = "OMAKANTA"
    VERO = "VERO"
    SUOMIFI = "SUOMIFI"
    PANKKI = "PANKKI"
    MUUVIR = "MUUVIR"
    ALKUUN = "ALKUUN"
    HALUAN_AUTTAA = "HALUAN_AUTTAA"
    MUU = "MUU"


PHONE_TOPICS: Final[Mapping[int, Topic]] = {
    1: Topic.PUHELIN,
    2: Topic.TIETOKONE,
    3: Topic.TUNNIST,
    4: Topic.MUU,
}


class Outcome(StrEnum):
    """How a matter ended."""

    RATKAISTU = "RATKAISTU"
    RATKAISTU_HETI = "RATKAISTU_HETI"
    OSITTAIN_JATKOAIKA = "OSITTAIN_JATKOAIKA"
    OHJATTU_LAHI = "OHJATTU_LAHI"
    OHJATTU_KOTI = "OHJATTU_KOTI"
    OHJATTU_TAPAHTUMA = "OHJATTU_TAPAHTUMA"
    OHJATTU_PALVELUNTARJOAJA = "OHJATTU_PALVELUNTARJOAJA"
    OHJATTU_VIRANOMAINEN = "OHJATTU_VIRANOMAINEN"
    OHJATTU_HUOLTO = "OHJATTU_HUOLTO"
    SIIRRETTY = "SIIRRETTY"
    EI_TAVOITETTU = "EI_TAVOITETTU"
    PERUTTU = "PERUTTU"
    EI_DIGITUKEA = "EI_DIGITUKEA"
    EI_VOIDA_TEHDA_PUOLESTA = "EI_VOIDA_TEHDA_PUOLESTA"
    HUIJAUSEPAILY = "HUIJAUSEPAILY"
    KAKSOISKAPPALE = "KAKSOISKAPPALE"
    HAIRINTA = "HAIRINTA"


class AttemptResult(StrEnum):
    """What came of one try at keeping a promise."""

    VASTASI = "VASTASI"
    EI_VASTANNUT = "EI_VASTANNUT"
    VARATTU = "VARATTU"
    VASTAAJA = "VASTAAJA"
    VAARA_NUMERO = "VAARA_NUMERO"
    KATKESI = "KATKESI"
    PYYSI_SIIRTOA = "PYYSI_SIIRTOA"
    TUNNUS_EI_TASMANNYT = "TUNNUS_EI_TASMANNYT"
    AUTTAJA_EI_VASTANNUT = "AUTTAJA_EI_VASTANNUT"
    AUTTAJA_KIELTAYTYI = "AUTTAJA_KIELTAYTYI"


# The helper was not there: that costs the caller no try, and another helper is rung at once.
HELPER_AWAY: Final = frozenset({AttemptResult.AUTTAJA_EI_VASTANNUT, AttemptResult.AUTTAJA_KIELTAYTYI})


class TicketStatus(StrEnum):
    """Where a matter stands; the values are in the API."""

    OPEN = "open"
    UNFINISHED = "unfinished"
    PROMISED = "promised"
    CALLING = "calling"
    AWAITING_OUTCOME = "awaiting_outcome"
    WITH_COORDINATOR = "with_coordinator"
    WITH_OWNER = "with_owner"
    CLOSED = "closed"


_S = TicketStatus
TICKET_MOVES: Final[Mapping[TicketStatus, frozenset[TicketStatus]]] = {
    _S.OPEN: frozenset({_S.PROMISED, _S.WITH_COORDINATOR, _S.WITH_OWNER, _S.CLOSED}),
    _S.UNFINISHED: frozenset({_S.OPEN, _S.PROMISED, _S.WITH_COORDINATOR, _S.WITH_OWNER, _S.CLOSED}),
    _S.PROMISED: frozenset({_S.CALLING, _S.WITH_COORDINATOR, _S.CLOSED}),
    _S.CALLING: frozenset({_S.PROMISED, _S.AWAITING_OUTCOME, _S.WITH_COORDINATOR, _S.CLOSED}),
    _S.AWAITING_OUTCOME: frozenset({_S.OPEN, _S.PROMISED, _S.WITH_COORDINATOR, _S.WITH_OWNER, _S.CLOSED}),
    _S.WITH_COORDINATOR: frozenset({_S.OPEN, _S.PROMISED, _S.WITH_OWNER, _S.CLOSED}),
    _S.WITH_OWNER: frozenset({_S.OPEN, _S.PROMISED, _S.WITH_COORDINATOR, _S.CLOSED}),
    _S.CLOSED: frozenset({_S.OPEN}),
}

# A ticket in one of these may be given a time; one that is being rung about keeps its own until that has ended.
BOOKABLE: Final = (_S.OPEN, _S.UNFINISHED, _S.AWAITING_OUTCOME, _S.WITH_COORDINATOR, _S.WITH_OWNER)
# A promise is being kept: a new call about the same matter waits for it rather than change it.
BOOKED: Final = frozenset({_S.PROMISED, _S.CALLING, _S.AWAITING_OUTCOME})


def those_that_may_become(status: TicketStatus) -> tuple[TicketStatus, ...]:
    """The statuses from which a ticket may go to this one."""
    return tuple(source for source, targets in TICKET_MOVES.items() if status in targets)


class EventKind(StrEnum):
    """What happened to a ticket."""

    OPENED = "opened"
    RANG_AGAIN = "rang_again"
    PROMISED = "promised"
    MOVED = "moved"
    CANCELLED = "cancelled"
    DEFICIT = "deficit"
    COVERED = "covered"
    HELPER_CHOSEN = "helper_chosen"
    ATTEMPT_BEGUN = "attempt_begun"
    ATTEMPT_ENDED = "attempt_ended"
    TAKEN = "taken"
    TRY_AGAIN = "try_again"
    WAITING = "waiting"
    OFFERED = "offered"
    LAPSED = "lapsed"
    MISSED = "missed"
    NOT_TOLD = "not_told"
    TO_COORDINATOR = "to_coordinator"
    TALK_ENDED = "talk_ended"
    CLOSED = "closed"
    REOPENED = "reopened"
    WROTE_AGAIN = "wrote_again"
    ANSWERED = "answered"
    NOTED = "noted"
    REFINED = "refined"
    ASSIGNED = "assigned"
    GIVEN = "given"
    TAKEN_BACK = "taken_back"
    RETURNED = "returned"
    LINKED = "linked"
    REDACTED = "redacted"
    WRITTEN_DOWN = "written_down"
    REFERRED = "referred"
    RELAYED = "relayed"
    CLAIMED = "claimed"
    FEEDBACK = "feedback"
    HELD = "held"
    RELEASED = "released"
    ANONYMISED = "anonymised"


class Channel(StrEnum):
    """The way in by which a matter came."""

    PHONE = "puhelin"
    FORM = "lomake"
    EMAIL = "sahkoposti"
    DESK = "neuvoja"
    TEXT = "tekstiviesti"


class Device(StrEnum):
    """What the matter is done with."""

    ANDROID = "android"
    IPHONE = "iphone"
    IPAD = "ipad"
    ANDROID_TABLET = "android_tablet"
    BASIC_PHONE = "basic_phone"
    WINDOWS = "windows"
    MAC = "mac"
    CHROMEBOOK = "chromebook"
    PRINTER = "printer"
    ROUTER = "router"
    TELEVISION = "television"
    OTHER = "other"


class AccessNeed(StrEnum):
    """What makes help easier to take; never a diagnosis."""

    HEARING = "hearing"
    SIGHT = "sight"
    SPEECH = "speech"
    SLOWLY = "slowly"
    HANDS = "hands"
    INTERPRETER = "interpreter"
    STAYS_HOME = "stays_home"


class HelpForm(StrEnum):
    """How the caller would best be helped."""

    PHONE = "phone"
    VIDEO = "video"
    PLACE = "place"
    HOME = "home"
    GROUP = "group"


class HeardOfUs(StrEnum):
    """Where the caller heard of the line."""

    ADVERT = "advert"
    LETTER = "letter"
    AUTHORITY = "authority"
    LIBRARY = "library"
    ASSOCIATION = "association"
    HEALTH = "health"
    FRIEND = "friend"
    WEB = "web"
    RADIO = "radio"
    EARLIER = "earlier"
    OTHER = "other"


class DidThemselves(StrEnum):
    """Whether the caller did it with their own hands."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class RecordingState(StrEnum):
    """Where a spoken message is: at the operator, with us, never made, or erased."""

    ANNOUNCED = "announced"
    STORED = "stored"
    ABSENT = "absent"
    ERASED = "erased"


class HelperKind(StrEnum):
    """Whether a helper is a volunteer or staff."""

    VOLUNTEER = "volunteer"
    STAFF = "staff"


class Role(StrEnum):
    """What somebody who logs in may do."""

    NEUVOJA = "neuvoja"
    OPASTAJA = "opastaja"
    DIGITUKIJA = "digitukija"
    JASEN = "jasen"
    YHDYSHENKILO = "yhdyshenkilo"
    KOORDINAATTORI = "koordinaattori"
    ALUEKOORDINAATTORI = "aluekoordinaattori"
    TIETOSUOJAVASTAAVA = "tietosuojavastaava"
    PAAKAYTTAJA = "paakayttaja"


# The roles that follow from a helper's kind.
HELPER_ROLES: Final = frozenset({Role.OPASTAJA, Role.DIGITUKIJA})


class PageLanguage(StrEnum):
    """A language of the pages; the first is shown to whoever asks for none of them."""

    FI = "fi"
    SV = "sv"
    EN = "en"
