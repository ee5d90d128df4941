"""What the directory takes in, by program or by spreadsheet: referral points, gatherings, material, reports."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, Literal, Self

import phonenumbers
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from admin.api.place_shapes import Day, Strict, WallTime
from scheduler.gatherings import Held
from tickets.entries import REVIEWED_EVERY, GatheringFacts, MaterialFacts, PointFacts
from tickets.gatherings import GatheringKind
from tickets.materials import MaterialKind
from tickets.municipalities import by_code, of_postcode
from tickets.points import PointKind
from tickets.vocabulary import Outcome, Topic

MOST_DAYS: Final = 366
MOST_PEOPLE: Final = 10_000
SHORT_NUMBER: Final = range(3, 7)  # digits: 116117 is rung as it is
Referral = Literal[
    Outcome.OHJATTU_LAHI,
    Outcome.OHJATTU_KOTI,
    Outcome.OHJATTU_TAPAHTUMA,
    Outcome.OHJATTU_PALVELUNTARJOAJA,
    Outcome.OHJATTU_VIRANOMAINEN,
    Outcome.OHJATTU_HUOLTO,
]
# How a matter ends that goes to such a place, where nothing else is said.
USUAL: Final[Mapping[PointKind, Referral]] = {
    PointKind.HOME_SUPPORT: Outcome.OHJATTU_KOTI,
    PointKind.AUTHORITY: Outcome.OHJATTU_VIRANOMAINEN,
    PointKind.HEALTH: Outcome.OHJATTU_VIRANOMAINEN,
    PointKind.PROVIDER: Outcome.OHJATTU_PALVELUNTARJOAJA,
    PointKind.REPAIR: Outcome.OHJATTU_HUOLTO,
}


def _known_postcode(code: str) -> str:
    if of_postcode(code) is None:
        raise ValueError(f"no municipality has the postcode {code}; look it up at Posti")
    return code


def _known_municipality(code: str) -> str:
    if by_code(code) is None:
        raise ValueError(f"there is no municipality {code}; use the three digits of Statistics Finland, such as 853")
    return code


def _as_rung(number: str) -> str:
    """In E.164; a short number as it is."""
    if number.isascii() and number.isdigit() and len(number) in SHORT_NUMBER:
        return number
    try:
        parsed = phonenumbers.parse(number, "FI")
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        raise ValueError(f"{number} is no telephone number; write it as 02 123 4567 or +358 2 123 4567")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _text(most: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most, pattern=r"^[^\x00-\x1f\x7f]+$")


Name = Annotated[str, _text(120)]
About = Annotated[str, _text(500)]
Hours = Annotated[str, _text(200)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
Postcode = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$"), AfterValidator(_known_postcode)]
MunicipalityCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$"), AfterValidator(_known_municipality)]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ()-]{3,25}$"), AfterValidator(_as_rung)]
Web = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+\.[^\s]+$", max_length=500)]
SecureWeb = Annotated[str, StringConstraints(pattern=r"^https://[^\s/]+\.[^\s]+$", max_length=500)]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class Located(Strict):
    """What has a name in at least one language, and may have an address, a number, a web page."""

    code: Code = Field(description="By which a spreadsheet knows it; a code that is known already means that entry.")
    name_fi: Name | None = None
    name_sv: Name | None = None
    about_fi: About | None = None
    about_sv: About | None = None
    address_fi: Name | None = Field(None, description="Street and house, without postcode and municipality.")
    address_sv: Name | None = None
    postcode: Postcode | None = None
    municipality: MunicipalityCode | None = Field(None, description="Taken from the postcode where it is left out.")
    phone: Phone | None = None
    web: Web | None = None
    topics: list[Topic] = Field(default_factory=list)
    organisation: int | None = Field(None, description="The organisation of the network that keeps it.")

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        if self.name_fi is None and self.name_sv is None:
            raise ValueError("name_fi: say what it is called in one language at least")
        if (self.address_fi or self.address_sv) and self.where is None:
            raise ValueError("postcode: say in which postcode or municipality the address is")
        return self

    @property
    def where(self) -> str | None:
        """The municipality that is said, else that of the postcode."""
        found = of_postcode(self.postcode) if self.postcode else None
        return self.municipality or (None if found is None else found.code)


class PointIn(Located):
    """A referral point as it shall stand."""

    kind: PointKind
    outcome: Referral | None = Field(None, description="How a matter ends that goes there; left out, the usual one.")
    hours_fi: Hours | None = None
    hours_sv: Hours | None = None
    serves: list[MunicipalityCode] = Field(
        default_factory=list, description="For the people of these municipalities only; none, and it is for everybody."
    )
    owner: int | None = Field(None, description="The person who looks at it again; by their number.")
    reviewed_on: Day | None = Field(None, description="When somebody last looked at it; left out, today.")
    review_due: Day | None = Field(None, description="By when somebody does again; left out, half a year later.")
    active: bool = True

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not (self.address_fi or self.address_sv or self.phone or self.web):
            raise ValueError("address_fi: say an address, a phone or a web page, so that people can get there")
        return self

    def facts(self, today: date) -> PointFacts:
        """The point for the directory."""
        reviewed, due = _review(self.reviewed_on, self.review_due, today)
        return PointFacts(
            self.code, self.kind, self.outcome or USUAL.get(self.kind, Outcome.OHJATTU_LAHI),
            self.name_fi, self.name_sv, self.about_fi, self.about_sv, self.address_fi, self.address_sv,
            self.postcode, self.where, sorted(set(self.serves)), self.phone, self.web, self.hours_fi, self.hours_sv,
            [topic.value for topic in self.topics], self.organisation, self.owner, reviewed, due, self.active,
        )  # fmt: skip


class GatheringIn(Located):
    """A gathering as it shall stand: its hours are by the clock in Helsinki, on each of its days."""

    kind: GatheringKind
    place_fi: Name | None = Field(None, description="In which house, such as a library.")
    place_sv: Name | None = None
    first_day: Day
    rrule: Annotated[str, _text(200)] | None = Field(None, description="RFC 5545, days only, from the first day on.")
    more_days: list[Day] = Field(default_factory=list, max_length=MOST_DAYS, description="Held on these days too.")
    begins: WallTime
    ends: WallTime
    must_register: bool = False
    languages: list[LanguageCode] = Field(
        default_factory=list, description="In which people are helped there; none, and any will do."
    )

    @model_validator(mode="after")
    def _can_be_held(self) -> Self:
        if self.ends <= self.begins:
            raise ValueError("ends: it ends on the day on which it begins, and later than it begins")
        if self.must_register and not (self.phone or self.web):
            raise ValueError("must_register: say a phone or a web page where people can register")
        return self

    def facts(self) -> GatheringFacts:
        """The gathering for the directory."""
        return GatheringFacts(
            self.code, self.kind, self.name_fi, self.name_sv, self.about_fi, self.about_sv, self.place_fi, self.place_sv,
            self.address_fi, self.address_sv, self.postcode, self.where, self.first_day, self.rrule,
            sorted(set(self.more_days)), self.begins, self.ends, self.must_register, self.phone, self.web,
            [topic.value for topic in self.topics], sorted(set(self.languages)), self.organisation,
        )  # fmt: skip


class MaterialIn(Strict):
    """A link or material as it shall stand; its address is encrypted (https)."""

    code: Code
    kind: MaterialKind
    title: Name
    about: About | None = None
    url: SecureWeb
    language: LanguageCode
    topics: list[Topic] = Field(default_factory=list)
    e_service: Annotated[str, _text(60)] | None = Field(None, description="A code of the network's list of e-services.")
    owner: int | None = None
    reviewed_on: Day | None = None
    review_due: Day | None = None
    active: bool = True

    def facts(self, today: date) -> MaterialFacts:
        """The material for the directory."""
        reviewed, due = _review(self.reviewed_on, self.review_due, today)
        topics = [topic.value for topic in self.topics]
        told = (self.code, self.kind, self.title, self.about, self.url, self.language, topics, self.e_service)
        return MaterialFacts(*told, self.owner, reviewed, due, self.active)


class ReviewIn(Strict):
    """Somebody has looked at it, and it is right as it stands."""

    review_due: Day | None = Field(None, description="By when somebody looks again; left out, in half a year.")


class DayIn(Strict):
    """A day of a gathering, and whether it is called off."""

    day: Day
    called_off: bool


class ReportIn(Strict):
    """How a day went, in numbers only: nobody who came is named. Written again, it is corrected."""

    day: Day
    people: int = Field(ge=0, le=MOST_PEOPLE)
    topics: dict[Topic, Annotated[int, Field(ge=1, le=MOST_PEOPLE)]] = Field(
        default_factory=dict, description="How many people came with what."
    )
    languages: dict[LanguageCode, Annotated[int, Field(ge=1, le=MOST_PEOPLE)]] = Field(default_factory=dict)
    minutes: int = Field(ge=1, le=24 * 60)
    volunteers: int = Field(0, ge=0, le=MOST_PEOPLE)
    staff: int = Field(0, ge=0, le=MOST_PEOPLE)

    @property
    def held(self) -> Held:
        """The report for the directory."""
        topics = {topic.value: people for topic, people in self.topics.items()}
        return Held(self.people, topics, self.languages, self.minutes, self.volunteers, self.staff)


def _review(reviewed_on: date | None, due: date | None, today: date) -> tuple[date, date]:
    reviewed = reviewed_on or today
    return reviewed, due or reviewed + REVIEWED_EVERY
