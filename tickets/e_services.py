"""Named e-services: the list that comes with the product, and what a network has added to it."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from sqlalchemy import ForeignKey, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.records import Base
from tickets.vocabulary import Topic
from voice_prompts.language import Language

CODE: Final = re.compile(r"[A-Z][A-Z0-9_]{1,29}")


class NetworkEService(Base):
    """An e-service that a network added, such as its town's own; or one of the list that it took off (`active` false)."""

    __tablename__ = "network_e_service"

    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    name_fi: Mapped[str]
    name_sv: Mapped[str]
    topic: Mapped[Topic]
    active: Mapped[bool] = mapped_column(default=True)


@dataclass(frozen=True, slots=True)
class EService:
    """A service that people use by themselves on the net."""

    code: str
    name_fi: str
    name_sv: str
    topic: Topic
    active: bool = True

    def name_in(self, language: Language) -> str:
        """Its name."""
        return self.name_sv if language is Language.SV else self.name_fi


def e_services_of(session: Session, network_id: int) -> Mapping[str, EService]:
    """Every e-service that this network knows, by code, also those no longer chosen."""
    rows = session.scalars(select(NetworkEService).where(NetworkEService.network_id == network_id))
    own = {row.code: EService(row.code, row.name_fi, row.name_sv, row.topic, row.active) for row in rows}
    return dict(sorted({**usual_e_services(), **own}.items()))


def keep_e_service(session: Session, network_id: int, service: EService) -> bool:
    """Add an e-service to a network's list, or change it there; False when its code is none (capitals, digits, _)."""
    if not CODE.fullmatch(service.code):
        return False
    values = {"name_fi": service.name_fi, "name_sv": service.name_sv, "topic": service.topic, "active": service.active}
    kept = insert(NetworkEService).values(network_id=network_id, code=service.code, **values)
    session.execute(kept.on_conflict_do_update(index_elements=["network_id", "code"], set_=values))
    return True


@cache
def usual_e_services() -> Mapping[str, EService]:
    """The e-services that people ask about everywhere in Finland, by code."""
    with files("tickets").joinpath("data", "e-services.csv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file)
        return {row["code"]: EService(row["code"], row["fi"], row["sv"], Topic(row["topic"])) for row in rows}
