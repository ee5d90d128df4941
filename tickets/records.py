"""What all tables share: the base, the column types, the append-only guard. Each table lives beside what it records."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final, TypeAlias

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Enum,
    FromClause,
    Identity,
    LargeBinary,
    MetaData,
    Table,
    Text,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZRANGE, Range
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

from tickets.vocabulary import (
    AttemptResult,
    Channel,
    Device,
    DidThemselves,
    EventKind,
    HeardOfUs,
    HelperKind,
    HelpForm,
    Outcome,
    RecordingState,
    Role,
    TicketStatus,
    Topic,
)
from voice_prompts.language import Language

Json: TypeAlias = Mapping[str, Any]


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: refused without a zone, kept and given back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """The moment on its way in."""
        if value is not None and value.tzinfo is None:
            message = f"a moment needs a zone: {value!r}"
            raise ValueError(message)
        return value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """The moment on its way out."""
        return None if value is None else value.astimezone(UTC)


def words(kind: type[StrEnum], *, checked: bool = True) -> Enum:
    """A column that holds one of an enumeration's values, as text, with a check constraint that says so."""
    return Enum(
        kind,
        name=kind.__name__.lower(),
        native_enum=False,
        create_constraint=checked,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


ENUMERATIONS: Final[tuple[type[StrEnum], ...]] = (
    AttemptResult,
    Channel,
    Device,
    DidThemselves,
    HeardOfUs,
    HelperKind,
    HelpForm,
    Language,
    Outcome,
    RecordingState,
    Role,
    TicketStatus,
    Topic,
)
Id = Annotated[int, mapped_column(BigInteger, Identity(always=True), primary_key=True)]


class Base(DeclarativeBase):
    """The tables of Digilinja."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInteger,
        str: Text,
        bytes: LargeBinary,
        datetime: UtcDateTime,
        Json: JSONB,
        list[str]: ARRAY(Text),
        Range[datetime]: TSTZRANGE,
        EventKind: words(EventKind, checked=False),  # the log's vocabulary grows often
        **{kind: words(kind) for kind in ENUMERATIONS},
    }


# On, inside one transaction, while sealed values get a new key (tickets/keys.py); the content stays what it was.
RESEALING: Final = "digilinja.resealing"
# On, inside one transaction, while what has been kept long enough is thrown away (tickets/retention.py).
FORGETTING: Final = "digilinja.forgetting"
REFUSE_CHANGE: Final = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('digilinja.resealing', true) = 'on' THEN RETURN NEW; END IF;
    IF TG_OP = 'DELETE' AND current_setting('digilinja.forgetting', true) = 'on' THEN RETURN OLD; END IF;
    RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME;
END $$
"""


def append_only(table: FromClause) -> None:
    """Guard a table by trigger, wherever it is made: rows are added, never changed or deleted."""
    name = str(table)

    def guard(_table: Table, connection: Connection, **_: object) -> None:
        connection.execute(text(REFUSE_CHANGE))
        connection.execute(
            text(
                f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE ON {name} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
        )

    event.listen(table, "after_create", guard)


def values_of(states: Sequence[StrEnum]) -> str:
    """States as a list inside an SQL condition: 'a', 'b'."""
    return ", ".join(f"'{state.value}'" for state in states)
