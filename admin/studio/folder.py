"""What a person records, as files: which file holds which piece, and which pieces are still to be recorded."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from admin.studio.takes import Take, TakeError, prepared
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language
from voice_prompts.pieces import Piece, all_pieces

SOUNDS: Final = frozenset({".wav", ".flac", ".ogg", ".mp3"})
_NAME: Final = re.compile(r"-([0-9a-f]{16})$")


@dataclass(frozen=True, slots=True)
class ToRecord:
    """A piece on the list of whoever records: the file that it goes into, without its ending."""

    number: int
    piece: Piece

    @property
    def file(self) -> str:
        """As fi-0012-1f0c6a1b2c3d4e5f: language, place in the list, and the piece's own name."""
        return f"{self.piece.language}-{self.number:04}-{self.piece.name}"


@dataclass(frozen=True, slots=True)
class Read:
    """A file of the folder: the piece and how it sounds, or what is wrong with it."""

    path: Path
    piece: Piece | None = None
    take: Take | None = None
    fault: str = ""


def reading_list(catalogue: Catalogue, language: Language, names: Sequence[str] = ()) -> tuple[ToRecord, ...]:
    """Everything that a line is to say in a language: sentences first, then words and numbers, then names of its own."""
    pieces = dict.fromkeys((*all_pieces(catalogue, language), *(Piece(language, name) for name in names)))
    return tuple(ToRecord(number, piece) for number, piece in enumerate(pieces, start=1))


def read_folder(folder: Path, known: Sequence[ToRecord]) -> Iterator[Read]:
    """Each sound of a folder, prepared for the telephone, or with what is wrong with it."""
    by_name = {one.piece.name: one.piece for one in known}
    for path in sorted(path for path in folder.iterdir() if path.suffix.lower() in SOUNDS):
        yield _read(path, by_name.get(_piece_named(path)))


def _read(path: Path, piece: Piece | None) -> Read:
    if piece is None:
        return Read(path, fault="belongs to no sentence of today: name it as `digilinja prompts script` says")
    try:
        return Read(path, piece, prepared(path.read_bytes()))
    except TakeError as error:
        return Read(path, piece, fault=str(error))


def _piece_named(path: Path) -> str:
    found = _NAME.search(path.stem)
    return found[1] if found else ""
