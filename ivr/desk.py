"""What every webhook needs at hand; built once, in the composition root."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from ivr.addresses import Addresses
from ivr.conversation import Perform
from ivr.journal import LiveCall
from ivr.line_voices import LineVoices
from ivr.performing import Performer
from ivr.twiml import Renderer
from scheduler.grids import grid_with
from scheduler.ports import Clock
from voice_prompts.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Desk:
    """The line's own desk: the store, the clock, the sentences, the operator's keys."""

    sessions: sessionmaker[Session]
    clock: Clock
    catalogue: Catalogue
    addresses: Addresses
    tokens: Sequence[str]
    voices: LineVoices
    written_along: bool = False  # whether the operator writes down messages while they are spoken

    def performing(self, session: Session, call: LiveCall, now: datetime) -> Perform:
        """Who does what the script of this turn asks for."""
        return Performer(session, call, now, grid_with(call.hours))

    def renderer(self, call: LiveCall) -> Renderer:
        """Turns into TwiML, as this call's line speaks and hears."""
        voice = self.voices.of(call.line_id, call.wording)
        return Renderer(voice, self.addresses, call.line_id, self.written_along, call.hears_speech)
