"""What every job needs at hand."""

from dataclasses import dataclass

from sqlalchemy.orm import Session, sessionmaker

from scheduler.ports import Clock, Mail, Telephony, Transcriber, Urls, Web
from voice_prompts.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Tools:
    """The worker's own desk: the store, the clock, the operator, the sentences; no mail where none can be sent, no transcripts where nobody writes any."""

    sessions: sessionmaker[Session]
    clock: Clock
    telephony: Telephony
    catalogue: Catalogue
    urls: Urls
    mail: Mail | None = None
    web: Web | None = None
    transcriber: Transcriber | None = None
