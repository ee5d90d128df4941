"""What autofill is asked: shifts with places to fill, and helpers with all that binds or pleases them. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.slots import Span
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language


@dataclass(frozen=True, slots=True, order=True)
class Spoken:
    """A language in which callers from a municipality (its code) must find somebody."""

    municipality: str
    language: Language


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift to fill; a requirement that is None asks for nothing.

    `spoken` is for the bilingual municipalities that are served while it runs: somebody on duty then, in this shift or
    another, shall speak the language and serve the municipality.
    """

    id: int
    during: Span
    needed: int = 1
    most: int = 1
    organisation: int | None = None
    language: Language | None = None
    kind: HelperKind | None = None
    spoken: frozenset[Spoken] = frozenset()


@dataclass(frozen=True, slots=True)
class Held:
    """A place that a helper has already and keeps, also one in a shift that is not to be filled (then `shift` is None)."""

    during: Span
    shift: int | None = None


@dataclass(frozen=True, slots=True)
class Helper:
    """A helper, with what they say of their time and what they have done so far.

    `serves` are the codes of the municipalities of their organisation; none means all. `can` are the times that they like;
    only those, if `only_when_can`. `cannot` and `busy` shut them out. `rest` is the least time between two places.
    `wished` and `most_per_week` count places a week; None says nothing. For fairness over months, `done` counts the places
    that they had in those months, up to but without `holds`, and `wished_before` how many they had wished for.
    """

    id: int
    organisation: int
    kind: HelperKind
    languages: frozenset[Language]
    serves: frozenset[str] = frozenset()
    can: tuple[Span, ...] = ()
    cannot: tuple[Span, ...] = ()
    busy: tuple[Span, ...] = ()
    only_when_can: bool = False
    papers_until: datetime | None = None
    wished: int | None = None
    most_per_week: int | None = None
    rest: timedelta = timedelta(0)
    holds: tuple[Held, ...] = ()
    done: int = 0
    wished_before: int = 0
