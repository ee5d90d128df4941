"""A coordinator at the command line gives the line a voice and words of its own."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from admin.cli import main
from admin.demo.data import DemoData, fill
from admin.parts import Parts
from admin.studio.machine import Espeak, Piper
from voice_prompts.language import Language
from voice_prompts.pieces import Piece

LINE = "+35825550100"


@pytest.fixture
def demo(parts: Parts) -> DemoData:
    with parts.sessions.begin() as session:
        return fill(session, seed=1, now=parts.clock.now())


@pytest.fixture(autouse=True)
def _as_that_process(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, demo: DemoData) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def prompts(*words: str) -> Result:
    return CliRunner().invoke(main, ["prompts", *words])


def list_to_read(*words: str) -> list[tuple[str, str]]:
    told = prompts("script", "--language", "fi", *words)
    assert told.exit_code == 0, told.output
    return [(file, text) for file, _, text in (line.partition("\t") for line in told.output.splitlines())]


def test_what_is_recorded_under_the_names_of_the_script_is_kept_and_leaves_the_list(tmp_path: Path) -> None:
    wanted = list_to_read()
    assert ("Esimerkkiseudun digituki") in [text for _, text in wanted]
    for file, text in wanted[:3]:
        (tmp_path / file).write_bytes(Espeak().speak(Piece(Language.FI, text)))
    told = prompts("import", str(tmp_path))
    assert (told.exit_code, told.output.splitlines()[0]) == (
        0, "3 recordings are kept; the line plays a sentence once all of its pieces are there",
    )  # fmt: skip
    assert len(list_to_read("--missing")) == len(wanted) - 3
    assert f"fi: 3 of {len(wanted)} pieces are recorded" in prompts("recordings").output


def test_a_file_that_is_none_of_ours_is_named_and_the_others_are_kept(tmp_path: Path) -> None:
    (file, text), *_ = list_to_read()
    (tmp_path / file).write_bytes(Espeak().speak(Piece(Language.FI, text)))
    (tmp_path / "holiday.wav").write_bytes(b"waves")
    (tmp_path / f"again-{file}").write_bytes(b"no sound")
    told = prompts("import", str(tmp_path))
    assert told.exit_code == 1
    assert "holiday.wav: belongs to no sentence of today" in told.output
    assert f"again-{file}: is no sound that can be read" in told.output
    assert "1 recordings are kept" in told.output


def test_a_rewritten_sentence_makes_its_recording_stale_until_it_is_thrown_away(tmp_path: Path) -> None:
    file, text = next(one for one in list_to_read() if one[1] == "Kiirettä ei ole.")
    (tmp_path / file).write_bytes(Espeak().speak(Piece(Language.FI, text)))
    prompts("import", str(tmp_path))
    for line in (LINE, "+35825550200"):
        told = prompts("rewrite", "intro", "--language", "fi", "--line", line, "--say", "Täällä kiirettä ei ole.")
        assert told.exit_code == 0, told.output
    assert "stale: fi  Kiirettä ei ole." in prompts("recordings").output
    assert "1 recordings are gone" in prompts("recordings", "--forget-stale").output
    assert "stale" not in prompts("recordings").output


def test_words_that_would_mislead_are_refused_with_their_mend() -> None:
    told = prompts("rewrite", "intro", "--language", "fi", "--line", LINE, "--say", "Klo 12 ei ole kiire.")
    assert told.exit_code == 1
    assert "klo" in told.output
    unknown = prompts("rewrite", "intro", "--language", "fi", "--line", "+358000", "--say", "Ei ole kiire.")
    assert "+358000 is no line of this network" in unknown.output


def test_piper_speaks_where_it_is_installed_and_says_so_where_it_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = prompts("render", "--language", "fi", "--out", str(tmp_path / "out"), "--piper", str(tmp_path / "fi.onnx"))
    assert "piper is not on the path" in told.output
    sound = tmp_path / "sound.wav"
    sound.write_bytes(Espeak().speak(Piece(Language.FI, "yksi")))
    piper = tmp_path / "piper"
    piper.write_text(f'#!/bin/sh\ncat > "{tmp_path}/said"\ncp "{sound}" "$4"\n')
    piper.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    (tmp_path / "fi.onnx").write_text("a voice")
    assert Piper.with_model(tmp_path / "fi.onnx").speak(Piece(Language.FI, "yksi")) == sound.read_bytes()
    assert (tmp_path / "said").read_text() == "yksi"
