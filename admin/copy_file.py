"""The copy that somebody is given of what is theirs: a ZIP with all of it in words, and their spoken messages."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from admin.wording import word_in
from tickets.copies import CopyOf
from tickets.municipalities import by_code
from tickets.vocabulary import PageLanguage
from voice_prompts.language import Language

# Which columns hold codes that have words; of a table, where one name means several things.
KINDS: Final[Mapping[str, str]] = {
    "topic": "topic",
    "topics": "topic",
    "channel": "channel",
    "outcome": "outcome",
    "language": "language",
    "status": "status",
    "result": "attempt",
    "callback.state": "callback",
}
IN_WORDS: Final = "_in_words"


def written(copy: CopyOf, language: PageLanguage, *, now: datetime) -> bytes:
    """The file: `data.json`, with a word beside each code, and the folder `sounds`."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        data = {"made_at": now.isoformat(), **_tables(copy, language)}
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=2))
        for sound in copy.sounds:
            archive.writestr(f"sounds/{sound.name}", sound.media)
    return file.getvalue()


def _tables(copy: CopyOf, language: PageLanguage) -> dict[str, list[dict[str, Any]]]:
    return {
        table: [dict(_with_words(table, row.items(), language)) for row in rows] for table, rows in copy.tables.items()
    }


def _with_words(table: str, row: Iterable[tuple[str, Any]], language: PageLanguage) -> Iterable[tuple[str, Any]]:
    for name, value in row:
        yield name, value
        kind = KINDS.get(f"{table}.{name}", KINDS.get(name))
        if name == "municipality" and (place := by_code(str(value))) is not None:
            yield f"{name}{IN_WORDS}", place.name_in(Language.SV if language is PageLanguage.SV else Language.FI)
        elif kind is not None:
            words = [word_in(language, kind, code) for code in (value if isinstance(value, list) else [value])]
            yield f"{name}{IN_WORDS}", words if isinstance(value, list) else words[0]
