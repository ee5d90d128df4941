"""A message as it came, read: what a person wrote, in whatever way a mailer has written it down."""

import pytest

from scheduler.mail.plain import own_words, tidy
from scheduler.mail.reading import LONGEST_TEXT, Heard, Nothing, read
from scheduler.ports import Arrived
from tests.integration.post import WRITER, letter


def heard(raw: bytes) -> Heard:
    found = read(Arrived(raw, whole=True))
    assert isinstance(found, Heard), found
    return found


def raw(*lines: str, body: bytes = b"Hei") -> bytes:
    return "\n".join((f"From: {WRITER}", *lines)).encode("latin-1") + b"\n\n" + body


def test_a_plain_letter_says_who_writes_and_what() -> None:
    found = heard(letter())
    assert (found.sender, found.sender_name) == (WRITER, "Maija Meikäläinen")
    assert found.subject == "Apua puhelimeen"
    assert found.text == "Hei, puhelimeni ei toimi. Voisitteko auttaa?"
    assert found.message_id == "<1@example.fi>"
    assert found.answerable
    assert found.whole


def test_of_plain_and_html_the_plain_one_is_read() -> None:
    assert heard(letter("Näin on.", html="<p>Toisin.</p>")).text == "Näin on."


def test_html_alone_is_read_as_text_a_line_for_each_block_and_without_what_nobody_sees() -> None:
    html = b"""<html><head><title>Otsikko</title><style>p { color: red }</style></head><body>
    <p>Hei,   <b>olen</b> Maija.<br>Puhelin ei toimi.</p><script>alert(1)</script><!-- piilo --><div>Terveisin M.</div></body></html>"""
    found = heard(raw("Content-Type: text/html; charset=utf-8", body=html))
    assert found.text.split("\n") == ["Hei, olen Maija.", "Puhelin ei toimi.", "", "Terveisin M."]


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-8", "utf-16"])
def test_the_letters_are_right_in_whatever_charset_they_came(charset: str) -> None:
    body = "Älä hätäile, pyydän.".encode(charset)
    found = heard(raw(f"Content-Type: text/plain; charset={charset}", "Content-Transfer-Encoding: 8bit", body=body))
    assert found.text == "Älä hätäile, pyydän."


@pytest.mark.parametrize("charset", ["nosuch", "undefined", "idna", "hex", "utf-8"])
def test_a_charset_that_there_is_not_or_that_is_not_true_costs_no_letter(charset: str) -> None:
    body = "Älä hätäile.".encode("latin-1")
    found = heard(raw(f"Content-Type: text/plain; charset={charset}", body=body))
    assert found.text == "Älä hätäile."


def test_a_subject_that_was_written_down_in_pieces_is_whole() -> None:
    found = heard(raw("Subject: =?utf-8?B?w4Rsw6Q=?= =?iso-8859-1?Q?_h=E4t=E4ile?="))
    assert found.subject == "Älä hätäile"


def test_a_subject_in_bare_letters_is_read_too() -> None:
    assert heard("From: a@b.fi\nSubject: Hätä\n\nHei".encode()).subject == "Hätä"
    assert heard("From: a@b.fi\nSubject: Hätä\n\nHei".encode("latin-1")).subject == "Hätä"


def test_attachments_are_named_and_not_read() -> None:
    found = heard(letter(attachments=("kuva.png", "lasku äidille.pdf")))
    assert found.attachments == ("kuva.png", "lasku äidille.pdf")
    assert "PNG" not in found.text


def test_the_logo_below_a_signature_is_no_attachment() -> None:
    related = (
        b'--b\nContent-Type: text/html\n\n<p>Hei</p><img src="cid:logo">\n'
        b"--b\nContent-Type: image/png; name=logo.png\nContent-ID: <logo>\nContent-Disposition: inline\n\nx\n--b--\n"
    )
    found = heard(raw("Content-Type: multipart/related; boundary=b", body=related))
    assert (found.text, found.attachments) == ("Hei", ())


def test_a_letter_within_a_letter_is_something_attached() -> None:
    inner = b"--b\nContent-Type: text/plain\n\nHei\n--b\nContent-Type: message/rfc822\n\nSubject: salainen\n\nSalaista\n--b--\n"
    found = heard(raw("Content-Type: multipart/mixed; boundary=b", body=inner))
    assert found.text == "Hei"
    assert found.attachments == ("message/rfc822",)


def test_a_name_that_would_break_the_line_is_one_line() -> None:
    found = heard(raw('Content-Type: image/png; name="a\n b\x01.png"', body=b"x"))
    assert found.attachments == ("a b .png",)


def test_the_message_that_is_answered_is_known_the_nearest_first() -> None:
    found = heard(raw("In-Reply-To: <c@x>", "References: <a@x> <b@x>\n <c@x>"))
    assert found.referred == ("<c@x>", "<b@x>", "<a@x>")


def test_references_that_are_none_refer_to_nothing() -> None:
    found = heard(raw("References: '; DROP TABLE ticket; -- <> <" + "x" * 400 + "@y> <ok@x>"))
    assert found.referred == ("<ok@x>",)


def test_a_ticket_named_in_the_subject_is_found_however_it_is_written() -> None:
    assert heard(raw("Subject: VS: [DL-7K3MH] Digituki")).code == "DL-7K3MH"
    assert heard(raw("Subject: re: dl-7k3mh")).code == "DL-7K3MH"
    assert heard(raw("Subject: DL-1O0IL")).code is None


def test_without_an_id_of_its_own_a_letter_is_told_by_all_that_it_says() -> None:
    one, same, other = (heard(letter(text, message_id=None)) for text in ("Hei", "Hei", "Hei taas"))
    assert one.name == same.name != other.name


def test_the_same_id_from_somebody_else_is_another_letter() -> None:
    assert heard(letter()).name != heard(letter(sender="toinen@example.fi")).name


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated; owner=x"},
        {"Precedence": "Bulk"},
        {"List-Id": "<uutiset.example.fi>"},
        {"List-Unsubscribe": "<mailto:x@example.fi>"},
        {"Return-Path": "<>"},
    ],
)
def test_what_a_machine_sends_is_nobodys_matter(headers: dict[str, str]) -> None:
    assert read(Arrived(letter(**headers), whole=True)) is Nothing.MACHINE


def test_a_bounce_is_nobodys_matter() -> None:
    report = raw("Content-Type: multipart/report; report-type=delivery-status; boundary=b", body=b"--b--")
    assert read(Arrived(report, whole=True)) is Nothing.MACHINE
    assert read(Arrived(letter(sender="MAILER-DAEMON@example.fi"), whole=True)) is Nothing.MACHINE


def test_a_person_whose_mailer_says_that_no_machine_sent_it_is_heard() -> None:
    assert heard(letter(**{"Auto-Submitted": "no", "Return-Path": f"<{WRITER}>"})).answerable


@pytest.mark.parametrize("headers", [{"sender": "No-Reply@example.fi"}, {"X-Auto-Response-Suppress": "OOF, AutoReply"}])
def test_who_cannot_or_would_not_be_answered_is_heard_all_the_same(headers: dict[str, str]) -> None:
    assert not heard(letter(**headers)).answerable


@pytest.mark.parametrize("sender", ["", "Maija", "Maija <maija>", "<@>", "a@b@c", "ä@example.fi"])
def test_whoever_gives_no_address_is_nobody_we_could_help(sender: str) -> None:
    assert read(Arrived(f"From: {sender}\n\nHei".encode(), whole=True)) is Nothing.NO_SENDER


def test_an_empty_letter_is_nothing() -> None:
    assert read(Arrived(raw(body=b" \n"), whole=True)) is Nothing.EMPTY


def test_a_letter_of_a_whole_book_is_kept_from_its_beginning_and_known_to_be_cut() -> None:
    found = heard(letter("Sana. " * 5000))
    assert len(found.text) == LONGEST_TEXT
    assert not found.whole


def test_of_a_letter_too_large_to_be_read_the_head_says_whose_it_is() -> None:
    found = read(Arrived(letter().partition(b"\r\n\r\n")[0], whole=False))
    assert isinstance(found, Heard)
    assert (found.sender, found.text, found.whole) == (WRITER, "", False)


def test_boxes_in_boxes_without_end_are_not_opened() -> None:
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3000))
    found = heard(f"From: {WRITER}\nSubject: Hei\n".encode() + nested)
    assert (found.subject, found.whole) == ("Hei", False)


ANSWERS = {
    "Kiitos, ei auttanut.\n\nti 24.11.2026 klo 9 Digituki <d@example.fi> kirjoitti:\n> Hei\n>\n> Terveisin": "Kiitos, ei auttanut.",
    "Tack!\n\nDen 24 nov. 2026 kl. 9 skrev Digitalt stöd\n<d@example.fi>:\n> Hej": "Tack!",
    "Thanks.\n\n-----Original Message-----\nFrom: d@example.fi\nHi": "Thanks.",
    "Kiitos.\n\nLähettäjä: Digituki\nLähetetty: tiistaina\nVastaanottaja: Maija\n\nHei": "Kiitos.",
    "Från min telefon: det är bra.": "Från min telefon: det är bra.",
    "On Tue, Digituki wrote:\n> Mikä puhelin?\n\nSamsung.": "Samsung.",
    "Numeroni on 040.\n\n-- \nMaija\nKotikatu 1": "Numeroni on 040.",
    "> vain lainaus": "> vain lainaus",
}


@pytest.mark.parametrize("written", ANSWERS)
def test_of_an_answer_only_what_was_added_is_noted(written: str) -> None:
    assert own_words(tidy(written)) == ANSWERS[written]
