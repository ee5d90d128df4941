"""What autofill answers: who could take which place, what that means for each helper, and why a place stays open. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from voice_prompts.language import Language


class Aim(StrEnum):
    """What a proposal is for, the first before all others."""

    COVER = "cover"  # minutes of needed places, and of languages in municipalities, that nobody fills
    SOMEBODY = "somebody"  # minutes of shifts with nobody at all, where not all places can be filled
    WISHES = "wishes"  # as many places a week as wished, at times that are liked
    REST = "rest"  # places that begin within a day of the place before
    FAIRNESS = "fairness"  # squared distance of duty from what was wished, over months


class Status(StrEnum):
    """Whether a proposal can be bettered."""

    OPTIMAL = "optimal"
    BEST_FOUND = "best_found"


class Reason(StrEnum):
    """Why a place stays open: what shuts out the last who could have taken it, after all that stand before it here."""

    NOBODY_FITS = "nobody_fits"  # the organisation and the kind
    NO_SPEAKER = "no_speaker"  # of those, of the language
    NO_PAPERS = "no_papers"  # badge or rules are not in force by then
    NOT_FREE = "not_free"  # they cannot, or are busy
    ON_DUTY = "on_duty"  # they have another place at that time
    RESTING = "resting"  # they have another place too soon before or after
    AT_MOST = "at_most"  # they have as many places that week as they may
    FULL = "full"  # all places are taken, by others who do not speak the language
    NOT_SOUGHT = "not_sought"  # the limit came before the best was found


@dataclass(frozen=True, slots=True, order=True)
class Assignment:
    """A new place: this helper in this shift."""

    shift: int
    helper: int


@dataclass(frozen=True, slots=True)
class Share:
    """What the proposal means for a helper: places proposed and held over the weeks to fill, against what they wish."""

    helper: int
    proposed: int
    held: int
    wished: int | None  # over all these weeks
    unliked: int  # of the proposed, at other times than they like
    short_rests: int  # places that begin within a day of the one before, where one of the two is proposed
    duty: int  # places over the months of fairness, with these
    due: float  # what they wished for in that time; what nobody said is one a week


@dataclass(frozen=True, slots=True)
class Gap:
    """Places of a shift that stay open, or a language that nobody speaks in it for these municipalities; and why.

    `helpers` are those whom the reason is about: all rules that stand before it would let them.
    """

    shift: int
    missing: int
    reason: Reason
    helpers: tuple[int, ...] = ()
    language: Language | None = None
    municipalities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reached:
    """How far an aim was reached, less being better, and what no proposal could go below that does as well by those before."""

    aim: Aim
    value: int
    bound: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who could take which place; nobody has one by it before a person says so."""

    places: tuple[Assignment, ...]
    shares: tuple[Share, ...]
    gaps: tuple[Gap, ...]
    reached: tuple[Reached, ...]

    @property
    def status(self) -> Status:
        """Whether each aim is reached as far as the ones before it let it be."""
        proven = [one.aim for one in self.reached if one.value <= one.bound]
        return Status.OPTIMAL if proven == list(Aim) else Status.BEST_FOUND
