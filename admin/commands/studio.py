"""digilinja prompts script | render | import | recordings | rewrite: a line's own words and its own voice."""

from pathlib import Path

import click
from rich.progress import track
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.commands.ground import ground, network_named
from admin.errors import AdminError
from admin.studio.folder import read_folder
from admin.studio.machine import Espeak, MachineVoice, Piper
from admin.studio.recordings import Shelf, forget_stale, shelf_of, stale_pieces
from admin.studio.takes import prepared
from tickets.line_wording import keep_recording, rewrite
from tickets.network import Line
from voice_prompts.book import Entry
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language
from voice_prompts.ulaw import wav_of

ACTOR = "command line"
in_language = click.option("--language", type=click.Choice([language.value for language in Language]), required=True)
on_line = click.option("--line", "number", help="The line's number, such as +358…; left out, what holds for all lines.")
in_network = click.option("--network", help="The network's name, where there are several.")


@click.command()
@in_language
@on_line
@click.option("--missing", is_flag=True, help="Only what is not recorded yet.")
@in_network
def script(language: str, number: str | None, missing: bool, network: str | None) -> None:
    """Print what a person is to record, and the name of the file that each piece goes into."""
    with ground() as parts, parts.sessions.begin() as session:
        shelf = _shelf(session, network_named(session, network).id, number, Language(language))
        for one in shelf.wanted:
            if not missing or one.piece not in shelf.recorded:
                click.echo(f"{one.file}.wav\t{one.piece.text}")


@click.command()
@in_language
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write to.")
@click.option("--piper", type=click.Path(dir_okay=False, path_type=Path), help="A Piper voice; else espeak-ng speaks.")
@on_line
@in_network
def render(language: str, out: Path, piper: Path | None, number: str | None, network: str | None) -> None:
    """Let a machine speak every piece: 8 kHz µ-law at −19 LUFS, named so that `import` takes them."""
    voice: MachineVoice = Espeak() if piper is None else Piper.with_model(piper)
    with ground() as parts, parts.sessions.begin() as session:
        pieces = _shelf(session, network_named(session, network).id, number, Language(language)).wanted
    out.mkdir(parents=True, exist_ok=True)
    for one in track(pieces, description=f"speaking {len(pieces)} pieces"):
        (out / f"{one.file}.wav").write_bytes(wav_of(prepared(voice.speak(one.piece)).sound))
    click.echo(f"{len(pieces)} pieces are in {out}; `digilinja prompts import {out}` lets the line speak with them")


@click.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@on_line
@in_network
def import_(folder: Path, number: str | None, network: str | None) -> None:
    """Take recordings in: each is trimmed, brought to the telephone's loudness and kept; faults are named, file by file."""
    kept = wrong = 0
    with ground() as parts, parts.sessions.begin() as session:
        found = network_named(session, network)
        line = _line(session, found.id, number)
        known = [one for language in Language for one in _shelf(session, found.id, number, language).wanted]
        for read in read_folder(folder, known):
            if read.piece is None or read.take is None:
                click.echo(f"{read.path.name}: {read.fault}", err=True)
                wrong += 1
                continue
            where = None if line is None else line.id
            now = parts.clock.now()
            keep_recording(session, found.id, where, read.piece, read.take.sound, now=now, actor=ACTOR)
            kept += 1
    click.echo(f"{kept} recordings are kept; the line plays a sentence once all of its pieces are there")
    if wrong:
        raise AdminError(f"{wrong} files were left out; the rest is kept")


@click.command()
@in_network
@click.option("--forget-stale", "forget", is_flag=True, help="Throw away what no line says any more.")
def recordings(network: str | None, forget: bool) -> None:
    """Show how much of each language is recorded, and what has gone stale."""
    with ground() as parts, parts.sessions.begin() as session:
        found = network_named(session, network)
        for language in Language:
            shelf = _shelf(session, found.id, None, language)
            done = sum(one.piece in shelf.recorded for one in shelf.wanted)
            click.echo(f"{language}: {done} of {len(shelf.wanted)} pieces are recorded")
        for piece in stale_pieces(session, Catalogue.load(), found.id):
            click.echo(f"stale: {piece.language}  {piece.text}")
        if forget:
            click.echo(f"{forget_stale(session, Catalogue.load(), found.id)} recordings are gone")


@click.command("rewrite")
@click.argument("key")
@in_language
@click.option("--line", "number", required=True, help="The line's number, such as +358….")
@click.option("--say", multiple=True, help="The parts of the sentence, in their order; the line pauses between them.")
@click.option("--again", multiple=True, help="A shorter repeat, where the whole would be tiresome.")
@click.option("--text", help="The words of a text message.")
@in_network
def rewrite_(
    key: str,
    language: str,
    number: str,
    say: tuple[str, ...],
    again: tuple[str, ...],
    text: str | None,
    network: str | None,
) -> None:
    """Let one line say a sentence in other words; without any words it speaks as all lines do again."""
    entry = Entry(say=say, again=again, text=text) if say or text else None
    with ground() as parts, parts.sessions.begin() as session:
        line = _line(session, network_named(session, network).id, number)
        assert line is not None
        now, common = parts.clock.now(), Catalogue.load()
        faults = rewrite(session, line.id, Language(language), key, entry, common=common, now=now, actor=ACTOR)
    if faults:
        raise AdminError("\n".join(map(str, faults)))
    click.echo("said so from the next turn on" if entry else "the line speaks as all lines do, from the next turn on")


def _shelf(session: Session, network_id: int, number: str | None, language: Language) -> Shelf:
    return shelf_of(session, Catalogue.load(), network_id, _line(session, network_id, number), language)


def _line(session: Session, network_id: int, number: str | None) -> Line | None:
    if number is None:
        return None
    line = session.scalars(select(Line).where(Line.network_id == network_id, Line.e164 == number)).one_or_none()
    if line is None:
        raise AdminError(f"{number} is no line of this network: give the whole number, as +358…")
    return line
