"""A line's own words and its own voice, for programs: read, rewritten, heard, recorded."""

from typing import Final

from admin.api.operations import Asked, Operations, Refused
from admin.api.prompt_shapes import (
    HearIn,
    HearQuery,
    RecordingIn,
    RewriteIn,
    RewrittenOut,
    SentenceOut,
    SentencesOut,
    ShelfOut,
    ShelfQuery,
    TakenOut,
    VersionOut,
    VersionsOut,
    WavFile,
)
from admin.api.reach import must_reach_network
from admin.studio.hearing import Hearing, sound_of
from admin.studio.recordings import Recorder, RecordingRefusal, forget, shelf_of, stale_pieces, take_in
from admin.studio.sentences import Editor, WordingRefusal, line_of, reword, sentences
from admin.studio.takes import LARGEST_TAKE, NoStudioError, TakeError
from tickets.line_wording import history_of
from tickets.network import Line
from tickets.rights import Right
from voice_prompts.book import Entry
from voice_prompts.catalogue import Catalogue
from voice_prompts.faults import Fault
from voice_prompts.language import Language

LARGEST_RECORDING: Final = LARGEST_TAKE * 4 // 3 + 10_000  # in base64, with what is around it
operations = Operations()


@operations.get("/lines/{line}/sentences", Right.EDIT_PROMPTS)
def sentences_of_a_line(asked: Asked, line: int) -> SentencesOut:
    """Every sentence in both languages, in the order of a call."""
    told = sentences(asked.session, Catalogue.load(), _line(asked, line))
    return SentencesOut(sentences=[SentenceOut.of(one) for one in told])


@operations.get("/lines/{line}/sentences/{language}/{key}/versions", Right.EDIT_PROMPTS)
def versions_of_a_sentence(asked: Asked, line: int, language: str, key: str) -> VersionsOut:
    """Every version of a line's own words for a sentence."""
    where = _sentence(language, key)
    history = history_of(asked.session, _line(asked, line).id, *where)
    return VersionsOut(versions=[VersionOut.of(one) for one in history])


@operations.post("/lines/{line}/sentences/{language}/{key}", Right.EDIT_PROMPTS)
def rewrite_a_sentence(asked: Asked, line: int, language: str, key: str, body: RewriteIn) -> RewrittenOut:
    """Let this line say it in other words, from the next turn of every call on."""
    return _changed(asked, line, _sentence(language, key), body.entry, body.version)


@operations.delete("/lines/{line}/sentences/{language}/{key}", Right.EDIT_PROMPTS)
def say_as_all_lines_do(asked: Asked, line: int, language: str, key: str) -> RewrittenOut:
    """Let this line say it as all lines do again; its own words stay in the history."""
    return _changed(asked, line, _sentence(language, key), None, None)


@operations.get("/lines/{line}/sentences/{language}/{key}/sound", Right.EDIT_PROMPTS)
def hear_a_sentence(asked: Asked, line: int, language: str, key: str, query: HearQuery) -> WavFile:
    """How the line says it now, with an example for what varies: recorded where all of it is, else in a machine's voice."""
    return _sound(asked, line, Hearing(*_sentence(language, key), query.repeat))


@operations.post("/lines/{line}/sentences/{language}/{key}/sound", Right.EDIT_PROMPTS)
def hear_other_words(asked: Asked, line: int, language: str, key: str, body: HearIn) -> WavFile:
    """How other words would sound; nothing is saved."""
    where = _sentence(language, key)
    _require_no_faults(Catalogue.load().faults_of(*where, body.entry))
    return _sound(asked, line, Hearing(*where, body.repeat, body.entry))


@operations.get("/prompt-recordings", Right.EDIT_PROMPTS)
def pieces_to_record(asked: Asked, query: ShelfQuery) -> ShelfOut:
    """What a person is to record, what is recorded, and what has gone stale."""
    line, common = None if query.line is None else _line(asked, query.line), Catalogue.load()
    shelf = shelf_of(asked.session, common, asked.network_id, line, query.language)
    return ShelfOut.of(shelf, stale_pieces(asked.session, common, asked.network_id), missing=query.missing)


@operations.post("/prompt-recordings", Right.EDIT_PROMPTS, most=LARGEST_RECORDING)
def record_a_piece(asked: Asked, body: RecordingIn) -> TakenOut:
    """Take a recording in: trimmed, brought to the telephone's loudness, heard once all pieces of its sentence are there."""
    must_reach_network(asked, Right.EDIT_PROMPTS, "recording")
    recorder = Recorder(None if body.line is None else _line(asked, body.line), asked.actor, asked.now)
    try:
        taken = take_in(asked.session, Catalogue.load(), asked.network_id, body.piece, body.sound, recorder)
    except TakeError as error:
        raise Refused(error.fault, f"sound: {error}", status=400) from error
    except NoStudioError as error:
        raise Refused(RecordingRefusal.NO_STUDIO, str(error)) from error
    if isinstance(taken, RecordingRefusal):
        raise Refused(taken, "piece: no sentence of today has it; its name changes with its words", status=404)
    return TakenOut(seconds=taken.seconds, loudness_before=taken.loudness_before)


@operations.delete("/prompt-recordings/{piece}", Right.EDIT_PROMPTS)
def forget_a_piece(asked: Asked, piece: str) -> None:
    """Throw the recordings of a piece away; the machine's voice says it again."""
    must_reach_network(asked, Right.EDIT_PROMPTS, "recording")
    refusal = forget(asked.session, asked.network_id, piece)
    if refusal is not None:
        raise Refused(refusal, "piece: none of this name is recorded", status=404)


def _line(asked: Asked, line_id: int) -> Line:
    line = line_of(asked.session, asked.network_id, line_id)
    if line is None:
        raise Refused("not_found", "line: the network has none of this number", status=404)
    return line


def _sentence(language: str, key: str) -> tuple[Language, str]:
    if language not in list(Language):
        raise Refused("not_found", "language: the line speaks fi and sv", status=404)
    known = Catalogue.load().keys()
    if key not in known:
        raise Refused("not_found", "key: nothing is said under this key", status=404)
    return Language(language), key


def _changed(
    asked: Asked, line_id: int, where: tuple[Language, str], entry: Entry | None, seen: int | None
) -> RewrittenOut:
    must_reach_network(asked, Right.EDIT_PROMPTS, "line")
    line = _line(asked, line_id)
    answer = reword(asked.session, Catalogue.load(), line, where, entry, Editor(asked.actor, asked.now, seen))
    if isinstance(answer, WordingRefusal):
        raise Refused(answer)
    _require_no_faults(answer or ())
    history = history_of(asked.session, line.id, *where)
    return RewrittenOut(version=history[0].version if history else 0)


def _require_no_faults(faults: tuple[Fault, ...]) -> None:
    if faults:
        raise Refused("faulty", "\n".join(map(str, faults)), status=400)


def _sound(asked: Asked, line_id: int, hearing: Hearing) -> WavFile:
    content = sound_of(asked.session, Catalogue.load(), _line(asked, line_id), hearing, now=asked.now)
    if content is None:
        raise Refused("not_spoken", "key: it is a text message, or has no shorter repeat", status=404)
    return WavFile(f"{hearing.language}-{hearing.key}.wav", content)
