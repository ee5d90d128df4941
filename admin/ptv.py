"""What the Finnish Service Catalogue (PTV, Palvelutietovaranto) takes in: Open API v11, as far as a callback line needs it.

The names are the catalogue's own. What it demands is checked here, so that a description which passes can be sent as it is.
"""

from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.alias_generators import to_camel

CITIZENS: Final = "http://uri.suomi.fi/codelist/ptv/ptvkohderyhmat/code/KR1"
ServiceClass = Annotated[
    str, StringConstraints(pattern=r"^http://uri\.suomi\.fi/codelist/ptv/ptvserclass2/code/P[0-9.]+$")
]
OntologyTerm = Annotated[str, StringConstraints(pattern=r"^http://www\.yso\.fi/onto/[a-z]+/[A-Za-z0-9]+$")]
LanguageOf = Literal["fi", "sv", "en"]
LONGEST: Final = {"Name": 100, "Summary": 150, "Description": 2500, "UserInstruction": 2500}
DEMANDED: Final = {"Summary", "Description"}


class Ptv(BaseModel):
    """A shape of the catalogue, under its own names."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True)


class LanguageItem(Ptv):
    """A text in one language."""

    language: LanguageOf
    value: Annotated[str, Field(min_length=1, max_length=2500)]


class LocalizedItem(LanguageItem):
    """A text in one language, of a kind that has its greatest length."""

    type: Literal["Name", "Summary", "Description", "UserInstruction"]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.value) > LONGEST[self.type]:
            raise ValueError(
                f"{self.type} in {self.language} has {len(self.value)} letters; at most {LONGEST[self.type]}"
            )
        return self


class Area(Ptv):
    """Municipalities, by their three digits."""

    type: Literal["Municipality"] = "Municipality"
    area_codes: Annotated[list[Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]], Field(min_length=1)]


class Producer(Ptv):
    """Whose own work the service is."""

    provision_type: Literal["SelfProducedServices", "ProcuredServices", "Other"] = "SelfProducedServices"
    organizations: list[UUID]


class Reach(Ptv):
    """For whom it is: the whole country, or some municipalities."""

    area_type: Literal["Nationwide", "LimitedType"]
    areas: list[Area]

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if (self.area_type == "LimitedType") is not bool(self.areas):
            raise ValueError("areas: say which where the area is limited, and none where it is not")
        return self


class ServiceIn(Reach):
    """A service; a draft, which a person publishes in the catalogue."""

    source_id: str
    type: Literal["Service"] = "Service"
    funding_type: Literal["PubliclyFunded", "MarketFunded"] = "PubliclyFunded"
    service_charge_type: Literal["FreeOfCharge", "Chargeable"] = "FreeOfCharge"
    general_description_id: UUID | None
    service_names: list[LocalizedItem]
    service_descriptions: list[LocalizedItem]
    languages: list[LanguageOf]
    service_classes: Annotated[list[ServiceClass], Field(max_length=4)]
    ontology_terms: Annotated[list[OntologyTerm], Field(max_length=10)]
    target_groups: list[str] = [CITIZENS]
    service_producers: list[Producer]
    main_responsible_organization: UUID
    publishing_status: Literal["Draft", "Published"] = "Draft"

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        named = {item.language for item in self.service_names if item.type == "Name"}
        _demand(named, self.service_descriptions)
        if self.general_description_id is None and not (self.service_classes and self.ontology_terms):
            raise ValueError("general_description: name it, or a service class and an ontology term")
        return self


class OpeningTime(Ptv):
    """From one hour to another, on some days of the week."""

    day_from: str
    day_to: str | None
    opens: str = Field(alias="from")
    closes: str = Field(alias="to")


class ServiceHour(Ptv):
    """When it can be used."""

    service_hour_type: Literal["DaysOfTheWeek"] = "DaysOfTheWeek"
    valid_for_now: bool = True
    is_closed: bool = False
    is_always_open: bool
    opening_hour: list[OpeningTime]


class PhoneNumber(Ptv):
    """A number as the catalogue writes it: the country apart, digits only."""

    type: Literal["Phone"] = "Phone"
    language: LanguageOf
    prefix_number: Annotated[str, StringConstraints(pattern=r"^\+[0-9]{1,4}$")]
    is_finnish_service_number: bool = False
    number: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]
    service_charge_type: Literal["Chargeable", "FreeOfCharge", "Other"] = "Chargeable"
    charge_description: Annotated[str, Field(max_length=150)]


class Channel(Reach):
    """A way to a service."""

    source_id: str
    organization_id: UUID
    service_channel_names: Annotated[list[LanguageItem], Field(min_length=1)]
    service_channel_descriptions: list[LocalizedItem]
    languages: list[LanguageOf]
    is_visible_for_all: bool = True
    publishing_status: Literal["Draft", "Published"] = "Draft"

    @model_validator(mode="after")
    def _is_named(self) -> Self:
        if any(len(item.value) > LONGEST["Name"] for item in self.service_channel_names):
            raise ValueError(f"a channel's name has at most {LONGEST['Name']} letters")
        _demand({item.language for item in self.service_channel_names}, self.service_channel_descriptions)
        return self


class PhoneChannelIn(Channel):
    """A service by phone."""

    phone_numbers: Annotated[list[PhoneNumber], Field(min_length=1)]
    service_hours: list[ServiceHour]


class Accessibility(Ptv):
    """How well a page keeps to the guideline, as far as it has been examined."""

    accessibility_classification_level: Literal["FullyCompliant", "PartiallyCompliant", "NonCompliant", "Unknown"]
    language: LanguageOf


class ElectronicChannelIn(Channel):
    """A service on the web."""

    web_page: Annotated[list[LanguageItem], Field(min_length=1)]
    requires_authentication: bool = False
    requires_signature: bool = False
    accessibility_classification: list[Accessibility]


class ServiceDescription(BaseModel):
    """The service and its channels, each as its own request to the catalogue: Service, ServiceChannel/Phone, …/EChannel."""

    service: ServiceIn
    phone_channels: list[PhoneChannelIn]
    electronic_channels: list[ElectronicChannelIn]


def _demand(languages: set[LanguageOf], items: list[LocalizedItem]) -> None:
    if not languages:
        raise ValueError("a name is missing")
    for language in sorted(languages):
        missing = DEMANDED - {item.type for item in items if item.language == language}
        if missing:
            raise ValueError(f"in {language} there is no {', no '.join(sorted(missing))}")
