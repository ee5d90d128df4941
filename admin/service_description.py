"""The service as the Finnish Service Catalogue (PTV) takes it in: written from the network's own lines and organisations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID

import phonenumbers
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.ptv import (
    Accessibility,
    Area,
    ElectronicChannelIn,
    LanguageItem,
    LanguageOf,
    LocalizedItem,
    PhoneChannelIn,
    PhoneNumber,
    Producer,
    ServiceDescription,
    ServiceHour,
    ServiceIn,
)
from admin.wording import word_in
from tickets.network import Line, Organisation
from tickets.vocabulary import PageLanguage

PTV: Final = "ptv"
WRITTEN_IN: Final[tuple[LanguageOf, ...]] = ("fi", "sv", "en")
HELPS_IN: Final[list[LanguageOf]] = ["fi", "sv"]


class PtvWord(StrEnum):
    """A text of the description; each has its words under `ptv` in admin/translations."""

    NAME = "name"
    SUMMARY = "summary"
    DESCRIPTION = "description"
    INSTRUCTION = "instruction"
    CHARGE = "charge"
    PHONE_SUMMARY = "phone_summary"
    PHONE_DESCRIPTION = "phone_description"
    WEB_NAME = "web_name"
    WEB_SUMMARY = "web_summary"
    WEB_DESCRIPTION = "web_description"


@dataclass(frozen=True, slots=True)
class Listed:
    """What only the organisation that answers for the service knows: how the catalogue knows it, and what it is about there."""

    organisation: UUID
    general_description: UUID | None = None
    service_classes: Sequence[str] = field(default_factory=tuple)
    ontology_terms: Sequence[str] = field(default_factory=tuple)


def describe_service(session: Session, network_id: int, listed: Listed, public_url: str | None) -> ServiceDescription:
    """The description of a network's line, as a draft; raises pydantic's ValidationError where the catalogue would refuse it."""
    lines = session.scalars(select(Line).where(Line.network_id == network_id, Line.active).order_by(Line.id)).all()
    served = session.scalars(select(Organisation.serves).where(Organisation.network_id == network_id))
    codes = sorted({code for codes in served for code in codes})
    web = [_web(network_id, listed, public_url)] if public_url and public_url.startswith("https://") else []
    return ServiceDescription(
        service=_service(network_id, listed, codes),
        phone_channels=[_phone(line, listed, codes) for line in lines],
        electronic_channels=web,
    )


def _service(network_id: int, listed: Listed, codes: Sequence[str]) -> ServiceIn:
    return ServiceIn(
        area_type=_area_type(codes),
        areas=_areas(codes),
        source_id=f"digilinja-{network_id}",
        general_description_id=listed.general_description,
        service_names=[LocalizedItem(language=one, value=_said(one, PtvWord.NAME), type="Name") for one in WRITTEN_IN],
        service_descriptions=[
            *_described(PtvWord.SUMMARY, PtvWord.DESCRIPTION),
            *(
                LocalizedItem(language=one, value=_said(one, PtvWord.INSTRUCTION), type="UserInstruction")
                for one in WRITTEN_IN
            ),
        ],
        languages=HELPS_IN,
        service_classes=list(listed.service_classes),
        ontology_terms=list(listed.ontology_terms),
        service_producers=[Producer(organizations=[listed.organisation])],
        main_responsible_organization=listed.organisation,
    )


def _phone(line: Line, listed: Listed, codes: Sequence[str]) -> PhoneChannelIn:
    own = [line.municipality] if line.municipality else codes
    number = phonenumbers.parse(line.e164)
    return PhoneChannelIn(
        area_type=_area_type(own),
        areas=_areas(own),
        source_id=f"digilinja-line-{line.id}",
        organization_id=listed.organisation,
        service_channel_names=[LanguageItem(language=one, value=line.name) for one in WRITTEN_IN],
        service_channel_descriptions=_described(PtvWord.PHONE_SUMMARY, PtvWord.PHONE_DESCRIPTION),
        languages=HELPS_IN,
        phone_numbers=[
            PhoneNumber(
                language=one,
                prefix_number=f"+{number.country_code}",
                number=str(number.national_number),
                charge_description=_said(one, PtvWord.CHARGE),
            )
            for one in WRITTEN_IN
        ],
        service_hours=[ServiceHour(is_always_open=True, opening_hour=[])],
    )


def _web(network_id: int, listed: Listed, public_url: str) -> ElectronicChannelIn:
    return ElectronicChannelIn(
        area_type="Nationwide",
        areas=[],
        source_id=f"digilinja-form-{network_id}",
        organization_id=listed.organisation,
        service_channel_names=[LanguageItem(language=one, value=_said(one, PtvWord.WEB_NAME)) for one in WRITTEN_IN],
        service_channel_descriptions=_described(PtvWord.WEB_SUMMARY, PtvWord.WEB_DESCRIPTION),
        languages=list(WRITTEN_IN),
        web_page=[LanguageItem(language=one, value=f"{public_url}/?lang={one}") for one in WRITTEN_IN],
        accessibility_classification=[
            Accessibility(accessibility_classification_level="Unknown", language=one) for one in WRITTEN_IN
        ],
    )


def _described(summary: PtvWord, description: PtvWord) -> list[LocalizedItem]:
    return [
        *(LocalizedItem(language=one, value=_said(one, summary), type="Summary") for one in WRITTEN_IN),
        *(LocalizedItem(language=one, value=_said(one, description), type="Description") for one in WRITTEN_IN),
    ]


def _said(language: LanguageOf, text: PtvWord) -> str:
    return word_in(PageLanguage(language), PTV, text)


def _area_type(codes: Sequence[str]) -> Literal["Nationwide", "LimitedType"]:
    return "LimitedType" if codes else "Nationwide"


def _areas(codes: Sequence[str]) -> list[Area]:
    return [Area(area_codes=list(codes))] if codes else []
