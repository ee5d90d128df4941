"""What every webhook needs at hand; built once, in the composition root."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from ivr.addresses import Addresses
from ivr.conversation import Perform
from ivr.journal import LiveCall
from ivr.performing import Performer
from ivr.twiml import Renderer
from scheduler.ports import Clock
from scheduler.slots import Grid
from voice_prompts.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Desk:
    """The line's own desk: the store, the clock, the sentences, the operator's keys."""

    sessions: sessionmaker[Session]
    clock: Clock
    catalogue: Catalogue
    addresses: Addresses
    tokens: Sequence[str]
    grid: Grid

    def performing(self, session: Session, call: LiveCall, now: datetime) -> Perform:
        """Who does what the script of this turn asks for."""
        return Performer(session, call, now, self.grid)

    @property
    def renderer(self) -> Renderer:
        """Turns into TwiML."""
        return Renderer(self.catalogue, self.addresses)
