"""What was written once is mended or taken away: places, events, links; campaigns and figures; recordings that no line plays."""

import wave
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.kept import value, write
from tests.browser.lived_in import LivedIn
from tests.browser.office import Office
from tests.browser.steps import in_both, words
from tickets.vocabulary import Role
from voice_prompts.language import Language
from voice_prompts.pieces import Piece


@in_both
def test_a_place_is_looked_at_again_and_places_events_and_links_are_taken_out_of_use(
    office: Office, language: str
) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    point, gathering, material = (
        value(office, f"SELECT code FROM {table} ORDER BY id LIMIT 1")
        for table in ("referral_point", "gathering", "material")
    )
    write(office, "UPDATE referral_point SET review_due = '2026-11-20', reviewed_on = '2026-05-20'")
    page.goto(f"/admin/directory/points/{point}")
    page.get_by_role("button", name=say["Still right"]).click()
    reviewed = "SELECT reviewed_on::text FROM referral_point WHERE code = :code"
    expect(page.get_by_role("status")).to_have_text(say["said\x04entry_reviewed"])
    assert value(office, reviewed, code=point) == "2026-11-24"
    page.goto(f"/admin/directory/points/{point}")
    page.get_by_role("button", name=say["Take out of use"]).click()
    page.goto(f"/admin/directory/gatherings/{gathering}")
    page.get_by_role("button", name=say["Hold it no more"]).click()
    expect(page.get_by_text(say["Held no more"]).first).to_be_visible()
    page.goto(f"/admin/directory/materials/{material}")
    page.get_by_role("button", name=say["Take out of use"]).click()
    page.goto(f"/admin/directory/materials/{material}")
    expect(page.get_by_role("button", name=say["Take out of use"])).to_have_count(0)
    for table, code in (("referral_point", point), ("material", material)):
        assert value(office, f"SELECT active FROM {table} WHERE code = :code", code=code) is False


@in_both
def test_a_campaign_is_mended_and_taken_away_with_a_figure_that_was_wrong(office: Office, language: str) -> None:
    LivedIn(office)
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/reports/campaigns")
    page.get_by_role("link", name=say["Change"]).click()
    page.locator("#name").fill("Digiviikko")
    page.get_by_role("button", name=say["Save"], exact=True).click()
    page.get_by_role("row", name="Digiviikko").get_by_role("link").click()
    page.get_by_role("button", name=say["There was no such campaign"]).click()
    expect(page.get_by_text(say["No campaigns."])).to_be_visible()
    page.goto("/admin/reports/indicators?year=2025")
    page.locator("tbody tr").get_by_role("link").first.click()
    page.locator("#value").fill("30,5")
    page.get_by_role("button", name=say["Save"], exact=True).click()
    page.goto("/admin/reports/indicators?year=2025")
    expect(page.locator("tbody tr")).to_contain_text("30,5 %")
    page.locator("tbody tr").get_by_role("link").first.click()
    page.get_by_role("button", name=say["There was no such figure"]).click()
    expect(page.get_by_text(say["No figures from elsewhere."])).to_be_visible()
    assert value(office, "SELECT (SELECT count(*) FROM campaign) + (SELECT count(*) FROM indicator)") == 0


@in_both
def test_a_recording_from_a_file_is_taken_in_and_thrown_away_once_no_line_plays_it(
    office: Office, tmp_path: Path, language: str
) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    line = value(office, "SELECT id FROM line ORDER BY id LIMIT 1")
    page.goto(f"/admin/prompts/{line}/{language}/intro")
    page.locator("#recording").set_input_files(_spoken(tmp_path))
    page.get_by_role("button", name=say["Take the recording in"]).click()
    expect(page.get_by_role("status").first).to_have_text(say["said\x04recording_kept"])
    page.get_by_role("button", name=say["Throw this recording away, on all lines"]).click()
    expect(page.get_by_role("button", name=say["Throw this recording away, on all lines"])).to_have_count(0)
    page.locator("#recording").set_input_files(_spoken(tmp_path))
    page.get_by_role("button", name=say["Take the recording in"]).click()
    expect(page.get_by_role("button", name=say["Throw this recording away, on all lines"])).to_have_count(1)
    assert value(office, "SELECT count(*) FROM line_recording") == 1
    gone = Piece(Language(language), "Näin ei sanota enää.")
    write(office, "UPDATE line_recording SET text = :text, piece = :piece", text=gone.text, piece=gone.name)
    page.goto("/admin/prompts")
    page.get_by_role("button", name=say["Throw these recordings away"]).click()
    expect(page.get_by_role("status").first).to_have_text(say["said\x04recordings_forgotten"])
    expect(page.get_by_role("button", name=say["Throw these recordings away"])).to_have_count(0)
    assert value(office, "SELECT count(*) FROM line_recording") == 0


def _spoken(folder: Path) -> Path:
    """A second of a voice, nearly."""
    file = folder / "sanottu.wav"
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(
            b"".join((4000 if at // 20 % 2 else -4000).to_bytes(2, "little", signed=True) for at in range(16000))
        )
    return file
