"""How each line speaks: its own words where it has some, and a person's voice where every piece of a sentence is recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session, sessionmaker

from tickets.line_wording import catalogue_of, recorded_on, sounds_of
from voice_prompts import ulaw
from voice_prompts.catalogue import Catalogue
from voice_prompts.pieces import Gap, Piece, Pieces


@dataclass(frozen=True, slots=True)
class LineVoice:
    """What a line says, and the names of the pieces that it can play."""

    catalogue: Catalogue
    recorded: frozenset[str] = frozenset()

    def plays(self, pieces: Pieces) -> bool:
        """Whether a sentence can be played whole; half a sentence in another voice is worse than none."""
        named = [one.name for one in pieces if isinstance(one, Piece)]
        return bool(named) and self.recorded.issuperset(named)


class LineVoices:
    """The lines' voices; looked up anew when the version that comes with a call is another one."""

    def __init__(self, sessions: sessionmaker[Session], common: Catalogue) -> None:
        self._sessions = sessions
        self._common = LineVoice(common)
        self._known: dict[int, tuple[int, LineVoice]] = {}

    def of(self, line_id: int | None, version: int) -> LineVoice:
        """The voice of a line; one that has nothing of its own speaks as all do."""
        if line_id is None or not version:
            return self._common
        known = self._known.get(line_id)
        if known is not None and known[0] == version:
            return known[1]
        with self._sessions.begin() as session:
            catalogue = catalogue_of(session, self._common.catalogue, line_id, version)
            voice = LineVoice(catalogue, recorded_on(session, line_id))
        self._known[line_id] = (version, voice)
        return voice

    def sound(self, line_id: int, spoken: Iterable[str | int]) -> bytes | None:
        """A WAV of recorded pieces, by name, and of gaps, in milliseconds; None when one of them is gone."""
        spoken = tuple(spoken)
        with self._sessions.begin() as session:
            sounds = sounds_of(session, line_id, [one for one in spoken if isinstance(one, str)])
        parts = [_part(one, sounds) for one in spoken]
        return None if None in parts else ulaw.wav_of(ulaw.joined(part for part in parts if part is not None))


def named(pieces: Pieces) -> tuple[str | int, ...]:
    """Pieces by their names and gaps by their length, as an address holds them."""
    return tuple(one.milliseconds if isinstance(one, Gap) else one.name for one in pieces)


def _part(one: str | int, sounds: Mapping[str, bytes]) -> bytes | None:
    return ulaw.silence(one) if isinstance(one, int) else sounds.get(one)
