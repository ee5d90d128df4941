"""What can be done about a refusal: the thing that it is about, and the mend, for every code that programs are told."""

from collections.abc import Mapping
from typing import Final

from admin.studio.recordings import RecordingRefusal
from admin.studio.sentences import WordingRefusal
from scheduler.cases import CaseRefusal
from scheduler.desk import DeskRefusal
from scheduler.erasing import EraseRefusal
from scheduler.people.reach import PeopleRefusal
from scheduler.relay.channels import ChannelRefusal
from scheduler.relay.words import RelayRefusal
from scheduler.rota.proposing import ProposalRefusal
from scheduler.rota.rules import Refusal
from scheduler.rota.shifts import ShiftRefusal
from scheduler.webhooks.subscriptions import WebhookRefusal
from tickets.bulletins import BulletinRefusal
from tickets.entries import EntryRefusal
from tickets.holds import HoldRefusal
from tickets.lines import LineRefusal
from tickets.network_hours import HoursRefusal
from tickets.network_settings import LONGEST_RELEASE, SettingsRefusal
from tickets.statistics.entries import EntryRefusal as RowRefusal


def mend_of(code: str) -> str | None:
    """What this code is about and what can be done; None where whoever refuses says it themselves."""
    return MENDS.get(type(code), {}).get(code)


_DESK: Final[Mapping[str, str]] = {
    DeskRefusal.NO_LINE: "line: the network has no such line in use; leave it out, and the first one is taken",
    DeskRefusal.NO_NUMBER: "number: nobody can be rung without one; log the matter anew with a number, or choose another `then`",
    DeskRefusal.NO_SUCH_TICKET: "there is no such ticket that you may see; look at its code again",
    DeskRefusal.NO_OUTCOME: "ending: say how it ended, as it is solved",
    DeskRefusal.TIME_GONE: "starts_at: this time went to somebody else or has passed; ask for the times again",
    DeskRefusal.HAS_A_TIME: "the ticket has another time already: cancel that one before you promise this one",
    DeskRefusal.NOT_NOW: "as the ticket stands now, no time can be promised for it; look at its status",
}
_CASE: Final[Mapping[str, str]] = {
    CaseRefusal.CLOSED: "the ticket is closed; open it again first",
    CaseRefusal.NOT_CLOSED: "the ticket is not closed",
    CaseRefusal.NOT_NOW: "as the ticket stands now, this cannot be done; look at its status",
    CaseRefusal.QUICKER: "somebody else changed the ticket at the same moment; look at it again",
    CaseRefusal.ALREADY: "organisation: it sees the ticket already",
    CaseRefusal.ANONYMISED: "what was said in this ticket has been forgotten; open a new one",
    CaseRefusal.ON_THE_PHONE: "the caller is on the phone about it now; wait until the call is over",
    CaseRefusal.HAS_A_TIME: "the caller has a time for it already: move or cancel that, or leave the ticket as it is",
    CaseRefusal.TIME_CANNOT_BE_KEPT: "nobody on duty at the promised time could then take the call: move or cancel the time first",
    CaseRefusal.PAST: "deadline: it is over already",
    CaseRefusal.NO_SUCH_PERSON: "person: nobody of this network who is still there",
    CaseRefusal.MAY_NOT_WORK: "person: their role does not work on tickets",
    CaseRefusal.NO_SUCH_ORGANISATION: "organisation: the network has none of this number",
    CaseRefusal.BELONGS_THERE: "organisation: the ticket belongs to it; give it to another first",
    CaseRefusal.NOT_GIVEN: "organisation: it does not see the ticket",
    CaseRefusal.NO_SUCH_POINT: "point: the directory has no referral point of this code in use",
    CaseRefusal.NO_SUCH_TICKET: "duplicate_of: name another ticket of this network, the one that stays",
    CaseRefusal.DUPLICATE_ITSELF: "duplicate_of: that ticket was closed as a duplicate itself; name the one that stays",
    CaseRefusal.NO_SUCH_MUNICIPALITY: "municipality: no municipality of Finland has this code",
    CaseRefusal.NO_SUCH_E_SERVICE: "e_service: the network's list has no such code; see /e-services",
}
_RELAY: Final[Mapping[str, str]] = {
    RelayRefusal.NOT_FOUND: "there is none of this number that you may see; GET /relays lists those that are open",
    RelayRefusal.NOT_RELAYABLE: "the ticket has a promised time or an owner, or is closed: only one that is open and nobody's goes to the relay",
    RelayRefusal.ALREADY_RELAYED: "the ticket is in the relay already; withdraw that relay before you draft another",
    RelayRefusal.CHANGED: "the ticket tells something else by now; draft it anew and look at the preview",
    RelayRefusal.NOBODY_MAY_TAKE: "nobody of the network may take this; give it to a person instead",
    RelayRefusal.ALREADY_TAKEN: "somebody else has taken it; take another",
    RelayRefusal.NOT_OPEN: "it is not open: withdrawn or over, or published before",
    RelayRefusal.NOT_A_PERSON: "this key is a program's; only a person asks and takes",
    RelayRefusal.TOPIC_NOT_ALLOWED: "your role does not help with this topic; leave it to another",
    RelayRefusal.OTHER_LANGUAGE: "you are not down for the language of this person; leave it to another",
    RelayRefusal.BADGE_EXPIRED: "your badge has expired; renew it first",
    RelayRefusal.RULES_NOT_ACCEPTED: "accept the network's rules first: POST /rules/{version}/acceptance",
    RelayRefusal.OWN_PUZZLE: "you asked it yourself; somebody else takes it",
}
_PROPOSAL: Final[Mapping[str, str]] = {
    ProposalRefusal.NOT_FOUND: "proposal: there is none of this number; GET /rota/proposals lists the latest",
    ProposalRefusal.NOT_OPEN: "proposal: it is not worked out yet, or was decided about before; look at its state",
    ProposalRefusal.NOT_OF_THIS_SPAN: "shift, helper: not of the span that was asked for; ask for a proposal of another span",
}
_WEBHOOK: Final[Mapping[str, str]] = {
    WebhookRefusal.NOT_AN_ADDRESS: "address: it begins with https://",
    WebhookRefusal.TOO_MANY: "there are as many as a network may have: remove one first",
    WebhookRefusal.NOT_FOUND: "webhook: there is none of this number; GET /webhooks lists them",
    WebhookRefusal.NOT_STOPPED: "webhook: it was not stopped, and is told all the time",
}
_CHANNEL: Final[Mapping[str, str]] = {
    ChannelRefusal.NOT_AN_ADDRESS: "address: a Teams workflow's begins with https://, a mailbox's is an e-mail address",
    ChannelRefusal.NOT_FOUND: "channel: there is none of this number; GET /relay-channels lists them",
}
_SHIFT: Final[Mapping[str, str]] = {
    ShiftRefusal.NOT_FOUND: "the network has none of this number",
    ShiftRefusal.STALE: "somebody else changed it after you read it; read it again",
    ShiftRefusal.CANCELLED: "the shift is cancelled",
    ShiftRefusal.ENDED: "during: it is over already",
    ShiftRefusal.NO_LENGTH: "during: it ends before it begins",
    ShiftRefusal.TOO_LONG: "during: it is longer than a shift may be; make two",
    ShiftRefusal.BAD_NUMBERS: "needed is at least 0 and not more than most, and at least one call fits",
    ShiftRefusal.UNKNOWN_ORGANISATION: "organisation: the network has none of this number",
    ShiftRefusal.UNKNOWN_HELPER: "helper: the network has none of this number",
    ShiftRefusal.HELPER_NOT_FREE: "helper: they have a place elsewhere at that time; free that one first",
    ShiftRefusal.TOO_MANY_HELD: "most: more helpers have places than there would be; free some first",
    ShiftRefusal.NAME_TAKEN: "name: there is one of this name already; give another",
    ShiftRefusal.ALREADY_DONE: "it was undone, lifted or removed before",
}
_PLACE: Final[Mapping[str, str]] = {
    Refusal.NOT_FOUND: "there is none of this number here",
    Refusal.NOT_PUBLISHED: "shift: it is a draft; publish it first",
    Refusal.CANCELLED: "shift: it is cancelled",
    Refusal.BEGUN: "shift: it has begun already",
    Refusal.ENDED: "shift: it is over already",
    Refusal.INACTIVE: "helper: they are away or have left",
    Refusal.RULES_NOT_ACCEPTED: "helper: they accept the network's rules first",
    Refusal.BADGE_EXPIRES: "helper: their badge has expired by then; renew it first",
    Refusal.WRONG_ORGANISATION: "shift: it is another organisation's",
    Refusal.WRONG_KIND: "shift: it is for helpers of another kind",
    Refusal.WRONG_LANGUAGE: "shift: it is for a language that the helper is not down for",
    Refusal.OVERLAPS: "shift: the helper has a place at the same time; free that one first",
    Refusal.FULL: "shift: every place is taken; wait for one instead",
    Refusal.TOO_LITTLE_REST: "shift: the helper would have too little rest between two",
    Refusal.MOST_PER_WEEK: "shift: the helper wants no more of them in that week",
    Refusal.SAID_CANNOT: "shift: the helper said that they cannot then; change that first",
    Refusal.BUSY: "shift: the helper's own calendar is full then",
    Refusal.TOO_LATE: "place: it is too late to leave it by oneself; ask a coordinator",
    Refusal.NOT_HELD: "place: nobody holds this one any more",
    Refusal.NOT_OFFERED: "place: it is not offered, or somebody else has taken it",
    Refusal.NOT_FULL: "shift: there is a place; take it",
    Refusal.NOT_WAITING: "shift: the helper does not wait for a place in it",
}
_ENTRY: Final[Mapping[str, str]] = {
    EntryRefusal.UNKNOWN_ORGANISATION: "organisation: there is no such thing in this network",
    EntryRefusal.UNKNOWN_OWNER: "owner: there is no such thing in this network",
    EntryRefusal.UNKNOWN_E_SERVICE: "e_service: there is no such thing in this network",
    EntryRefusal.UNKNOWN_ENTRY: "code: nothing stands under it",
    EntryRefusal.NOT_HELD_YET: "day: the gathering is not held yet; write down who came afterwards",
    EntryRefusal.CALLED_OFF: "day: the gathering was called off",
}
_ROW: Final[Mapping[str, str]] = {
    RowRefusal.NOT_FOUND: "there is none of this number that you may change",
    RowRefusal.ENDS_BEFORE_IT_BEGINS: "it ends before it begins; look at both days",
    RowRefusal.NO_SUCH_MUNICIPALITY: "municipality: no municipality of Finland has this code",
    RowRefusal.NO_SOURCE: "source: say where the number comes from",
}
_WORDING: Final[Mapping[str, str]] = {
    WordingRefusal.CHANGED_MEANWHILE: "version: somebody else has rewritten it meanwhile; read it again",
    WordingRefusal.NOT_REWRITTEN: "key: the line says the original already",
    WordingRefusal.TOO_LONG_TO_HEAR: "it is too long to be heard at once; make it shorter",
}
_BULLETIN: Final[Mapping[str, str]] = {
    BulletinRefusal.NOT_FOUND: "bulletin: there is none of this number; GET /bulletins lists them",
    BulletinRefusal.NO_SUCH_LINE: "line: the network has none of this number; GET /lines lists them",
    BulletinRefusal.FAULTY: "fi, sv: the voice cannot say it right; mend what is named",
    BulletinRefusal.SAME_WORDS: "fi, sv: both say the same; write each in its own language",
    BulletinRefusal.NOT_AHEAD: "ends_at: a moment ahead",
    BulletinRefusal.TOO_LONG_ON: "ends_at: at most fourteen days ahead; what holds for longer is said in the line's own words",
    BulletinRefusal.CHANGED_MEANWHILE: "seen: somebody else has put on or taken off a bulletin there; read it again",
    BulletinRefusal.OVER: "bulletin: it is over; put on another one",
}
_LINE: Final[Mapping[str, str]] = {
    LineRefusal.NOT_FOUND: "line: the network has none of this number (in use, if it is to be connected); GET /lines lists them",
    LineRefusal.NO_NUMBER: "number: there is no such number; write it as +358401234567",
    LineRefusal.NUMBER_TAKEN: "number: a line has it already; put that one back into use, or take another number",
    LineRefusal.NO_NAME: "name: every caller hears it; say one",
    LineRefusal.TOO_LONG: "name, other_name: at most 80 letters",
    LineRefusal.UNSAYABLE: "name, other_name: letters only, as a voice reads them",
    LineRefusal.UNKNOWN_MUNICIPALITY: "municipality: no municipality of Finland has this code",
    LineRefusal.CHANGED_MEANWHILE: "somebody else has changed the line meanwhile; read it again",
}
_RECORDING: Final[Mapping[str, str]] = {
    RecordingRefusal.NO_SUCH_PIECE: "piece: there is none of this name; its name changes with its words",
    RecordingRefusal.NO_STUDIO: "no recordings can be made here: install the studio's parts (extra `studio`)",
}
_HOLD: Final[Mapping[str, str]] = {
    HoldRefusal.NOT_FOUND: "code: there is no such ticket",
    HoldRefusal.HELD_ALREADY: "code: it is held already; end that hold first",
    HoldRefusal.NOT_HELD: "code: it is not held",
    HoldRefusal.NOTHING_LEFT: "code: it has been anonymised, and nothing is left to hold",
    HoldRefusal.NOT_AHEAD: "until: a moment ahead",
    HoldRefusal.TOO_LONG: "until: within three years; a hold can be placed again when it ends",
    HoldRefusal.NO_REASON: "reason: say why it must be kept",
}
_ERASE: Final[Mapping[str, str]] = {
    EraseRefusal.NOBODY: "nothing of theirs is kept in this network",
    EraseRefusal.HELD: "must be kept: end the hold first, or wait for its day",
    EraseRefusal.ON_THE_PHONE: "they are on the phone with us now; ask again after the call",
    EraseRefusal.STILL_WITH_US: "person: they have not left; let them leave first",
    EraseRefusal.ALERTED: "the network texts its alerts to their number; let it be somebody else's first",
}
_PEOPLE: Final[Mapping[str, str]] = {
    PeopleRefusal.NOT_FOUND: "there is none of this number that you may see",
    PeopleRefusal.NOT_YOURS: "it belongs to another organisation, or to the whole network",
    PeopleRefusal.ROLE_NOT_YOURS: "role: yours may not give this role, nor change who has it",
    PeopleRefusal.YOURSELF: "somebody else must write this down about you",
    PeopleRefusal.HAS_LEFT: "they have left; let them come back first",
    PeopleRefusal.HAS_NOT_LEFT: "they have not left",
    PeopleRefusal.NO_NAME: "name: it is empty",
    PeopleRefusal.BAD_EMAIL: "email: write it as name@example.fi",
    PeopleRefusal.BAD_PHONE: "phone: write it as +358401234567",
    PeopleRefusal.EMAIL_TAKEN: "email: somebody of this network signs in with it already",
    PeopleRefusal.PHONE_TAKEN: "phone: somebody of this network has it already",
    PeopleRefusal.NAME_TAKEN: "name: there is one of this name already; give another",
    PeopleRefusal.UNKNOWN_ORGANISATION: "organisation: the network has none of this number",
    PeopleRefusal.UNKNOWN_MUNICIPALITY: "serves, agreed: Statistics Finland's three-digit codes",
    PeopleRefusal.NEEDS_ORGANISATION: "organisation: a helper belongs to one",
    PeopleRefusal.NEEDS_PHONE: "phone: a helper is rung",
    PeopleRefusal.NEEDS_LANGUAGE: "languages: name one at least",
    PeopleRefusal.NOT_A_HELPER: "role: they do not ring back, and this role belongs to a helper",
    PeopleRefusal.RINGS_BACK: "what a helper is follows from their papers: PATCH /people/{person}/helper, or add helper",
    PeopleRefusal.IN_FUTURE: "the day lies ahead; give today or an earlier one",
    PeopleRefusal.IN_PAST: "the day is over; give today or a later one",
    PeopleRefusal.MUST_KEEP: "rights: without this one nobody could give it back",
    PeopleRefusal.MAY_NOT_BE_GIVEN: "rights: this one is not given to this role",
    PeopleRefusal.NOT_THE_NEWEST: "version: there is a newer one; only that is accepted",
    PeopleRefusal.NO_TEXT: "text_fi: it is empty",
    PeopleRefusal.A_PROGRAM: "only a person can do this; this token is a program's",
}
_HOURS: Final[Mapping[str, str]] = {
    HoursRefusal.OFF_QUARTER: "hours: opens and closes lie on the quarter hour, such as 09:15",
    HoursRefusal.TOO_SHORT: "hours: closes is at least an hour after opens, as a call must fit in",
    HoursRefusal.BAD_NOTICE: "notice_minutes: from 15 to 1440",
    HoursRefusal.BAD_WINDOW: "working_days: from 1 to 30",
    HoursRefusal.CHANGED_MEANWHILE: "seal: somebody else has changed the hours meanwhile; read the settings again",
}
_SETTINGS: Final[Mapping[str, str]] = {
    SettingsRefusal.BAD_LENGTH: "call_minutes: a call takes 15, 30, 45 … or 240 minutes",
    SettingsRefusal.BAD_RELEASE: f"swedish_release_hours: from 0 to {LONGEST_RELEASE}",
    SettingsRefusal.BAD_PHONE: "alert_phone: a telephone number in use, such as +358401234567; null: nobody is texted",
    SettingsRefusal.CHANGED_MEANWHILE: "seal: somebody else has changed the settings meanwhile; read them again",
}
MENDS: Final[Mapping[type, Mapping[str, str]]] = {
    BulletinRefusal: _BULLETIN,
    LineRefusal: _LINE,
    HoursRefusal: _HOURS,
    SettingsRefusal: _SETTINGS,
    CaseRefusal: _CASE,
    ChannelRefusal: _CHANNEL,
    DeskRefusal: _DESK,
    EntryRefusal: _ENTRY,
    EraseRefusal: _ERASE,
    HoldRefusal: _HOLD,
    PeopleRefusal: _PEOPLE,
    ProposalRefusal: _PROPOSAL,
    RecordingRefusal: _RECORDING,
    Refusal: _PLACE,
    RelayRefusal: _RELAY,
    RowRefusal: _ROW,
    ShiftRefusal: _SHIFT,
    WebhookRefusal: _WEBHOOK,
    WordingRefusal: _WORDING,
}
