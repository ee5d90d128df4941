"""The relay, as the API takes and gives it."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from admin.relay.writer import PostedRelays
from scheduler.relay.channels import ChannelCard, NewChannel
from scheduler.relay.partners import Partner
from scheduler.relay.puzzles import LONGEST, Puzzle
from scheduler.relay.words import RelayCard, Terms
from tickets.anonymised import DayPart, Shown, Waited
from tickets.relays import ChannelKind, Occasion, RelayState, Told
from tickets.vocabulary import AccessNeed, Device, HelpForm, Topic
from voice_prompts.language import Language

FORBID = ConfigDict(extra="forbid")


class RelayQuery(BaseModel):
    """Which relays to list."""

    model_config = FORBID

    limit: int = Field(50, ge=1, le=200, description="At most so many.")
    mine: bool = Field(False, description="What the token's person has taken or asked, instead of what may be taken.")
    cursor: int | None = Field(None, ge=1, description="The `next` of the page before.")


class RelayOut(BaseModel):
    """A case or a puzzle as every member sees it; of the caller, codes only."""

    number: str
    state: RelayState
    is_puzzle: bool
    topics: list[Topic]
    device: Device | None
    e_service: str | None = Field(description="A code of the network's list of e-services.")
    language: Language | None
    on_behalf: bool | None
    access_needs: list[AccessNeed]
    wished_form: HelpForm | None
    area: str | None = Field(description="Code of a sub-region (three digits) or a region (two).")
    day_part: DayPart | None
    waited: Waited | None
    preferred: str | None = Field(description="The organisation that helped this caller before.")
    words: str | None = Field(description="What staff wrote; puzzles only.")
    asked_by: str | None = Field(description="The organisation of whoever asks; puzzles only.")
    published_at: datetime | None
    over_at: datetime | None

    @classmethod
    def of(cls, card: RelayCard) -> Self:
        """A relay as it is read."""
        shown = card.shown
        return cls(
            number=card.number,
            state=card.state,
            is_puzzle=card.is_puzzle,
            topics=list(shown.topics),
            device=shown.device,
            e_service=shown.e_service,
            language=shown.language,
            on_behalf=shown.on_behalf,
            access_needs=list(shown.access_needs),
            wished_form=shown.wished_form,
            area=shown.area,
            day_part=shown.day_part,
            waited=shown.waited,
            preferred=card.preferred,
            words=card.words,
            asked_by=card.asked_by,
            published_at=card.published_at,
            over_at=card.over_at,
        )


class RelaysOut(BaseModel):
    """Relays, newest first."""

    relays: list[RelayOut]
    next: int | None = Field(description="The cursor of the next page; null on the last one.")


class OneRelayOut(BaseModel):
    """One relay, and for the two who meet over a puzzle, the other one."""

    relay: RelayOut
    partner: Partner | None


class LetterOut(BaseModel):
    """An e-mail as it will be sent."""

    subject: str
    text: str


class PreviewOut(BaseModel):
    """What will be posted, to the letter: to a Teams channel and to a mailbox, by the language they are told in."""

    relay: RelayOut
    cards: dict[Told, dict[str, Any]]
    letters: dict[Told, LetterOut]

    @classmethod
    def of(cls, card: RelayCard, writer: PostedRelays) -> Self:
        """A draft in the words of its writer."""
        letters = {told: writer.letter(card, told, Occasion.OPENED) for told in Told}
        return cls(
            relay=RelayOut.of(card),
            cards={told: writer.envelope(card, told, Occasion.OPENED) for told in Told},
            letters={told: LetterOut(subject=each.subject, text=each.text) for told, each in letters.items()},
        )


class ClaimedOut(BaseModel):
    """It is yours: the ticket's code for a case, the one who asked for a puzzle."""

    relay: RelayOut
    ticket: str | None
    partner: Partner | None


class PuzzleIn(BaseModel):
    """A question to the network, in a few words of your own without anybody's person in them."""

    model_config = FORBID

    words: str = Field(min_length=3, max_length=LONGEST, pattern=r"\S")
    topics: list[Topic] = Field(min_length=1, max_length=5)
    device: Device | None = None
    language: Language | None = None

    @property
    def puzzle(self) -> Puzzle:
        """As it is asked."""
        return Puzzle(
            Shown(topics=tuple(dict.fromkeys(self.topics)), device=self.device, language=self.language), self.words
        )


class ChannelIn(BaseModel):
    """A channel to post relays to: the address of a Teams workflow, or of a mailbox."""

    model_config = FORBID

    kind: ChannelKind
    name: str = Field(min_length=1, max_length=100, pattern=r"\S")
    address: str = Field(min_length=1, max_length=2000, description="Shown to nobody afterwards.")
    told: Told = Told.BOTH

    @property
    def new(self) -> NewChannel:
        """As it is added."""
        return NewChannel(self.kind, self.name, self.address, self.told)


class ChannelsOut(BaseModel):
    """The channels of the network; `trouble` says why one takes nothing, and since when."""

    channels: list[ChannelCard]


class TermsIn(BaseModel):
    """Days until the coordinator hears of what nobody took, and days that whoever takes a case has for it."""

    model_config = FORBID

    unclaimed_days: int = Field(ge=1, le=60)
    claimed_days: int = Field(ge=1, le=60)

    @property
    def terms(self) -> Terms:
        """As they are kept."""
        return Terms(self.unclaimed_days, self.claimed_days)


class TermsOut(BaseModel):
    """The network's terms."""

    terms: Terms
