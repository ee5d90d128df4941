"""Whatever comes into a mailbox is a person's letter or clearly nothing; it is never an error."""

from hypothesis import given
from hypothesis import strategies as st

from scheduler.mail.plain import of_html, own_words, tidy
from scheduler.mail.reading import LONGEST_TEXT, Heard, Nothing, read
from scheduler.ports import Arrived

NAMES = (
    "From", "Subject", "Message-ID", "References", "In-Reply-To", "Content-Type", "Content-Transfer-Encoding",
    "Content-Disposition", "Date", "Return-Path", "Precedence", "Auto-Submitted", "MIME-Version", "X-Auto-Response-Suppress",
)  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "a@b.fi", "Ä <a@b.fi>", "=?utf-8?B?w4Q?=", "=?x?Q?=ff?=", "text/html; charset=utf-7", "text/plain; charset=\"\"",
            "multipart/mixed; boundary=b", "multipart/mixed", "base64", "quoted-printable", "x-uuencode", "message/rfc822",
            "attachment; filename*=utf-8''%e4%ff", "attachment; filename*0*=x'y'%", "text/plain; charset*=a'b'c", "8bit",
            "multipart/alternative; boundary=\"b\"", "\"a\\", "<a@b>, (((", "group: a@b.fi, c@d.fi;", "text/plain; charset=zlib",
            "text/plain; charset=undefined", "text/html; charset=idna", "text/plain; charset=punycode",
        ]
    ),
)  # fmt: skip
BODIES = st.one_of(
    st.binary(max_size=200),
    st.sampled_from(
        [
            b"--b\nContent-Type: text/html\n\n<p>Hei\n--b--", b"--b\n--b\n--b", b"<![CDATA[<!-- <p", b"begin 644 x\nM\nend",
            b"--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\n--b--", b"=C3=A4=\n=", b"////", b"<!DOCTYPE [ <p>&#xD800;&#0;",
        ]
    ),
)  # fmt: skip
HEADERS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=8)


def is_clear(found: Heard | Nothing) -> None:
    if isinstance(found, Nothing):
        return
    for text in (found.sender, found.sender_name or "", found.subject, found.text, *found.attachments):
        text.encode()  # no broken half of a letter, which could not be sealed
    assert "@" in found.sender
    assert "\n" not in found.subject + "".join(found.attachments)
    assert len(found.text) <= LONGEST_TEXT
    assert found.name
    assert own_words(found.text) or not found.text


@given(st.binary(max_size=600), st.booleans())
def test_any_bytes_are_a_letter_or_nothing(raw: bytes, whole: bool) -> None:
    is_clear(read(Arrived(raw, whole)))


@given(HEADERS, BODIES, st.booleans())
def test_a_letter_with_any_headers_is_a_letter_or_nothing(
    headers: list[tuple[str, str]], body: bytes, whole: bool
) -> None:
    head = "".join(f"{name}: {value}\n" for name, value in headers).encode("utf-8", "surrogatepass")
    is_clear(read(Arrived(head + b"\n" + body, whole)))


@given(HEADERS, BODIES)
def test_a_letter_of_a_person_is_never_lost_for_what_else_it_says(headers: list[tuple[str, str]], body: bytes) -> None:
    mild = [(name, value) for name, value in headers if name.startswith(("Content", "Date", "Ref", "MIME", "Message"))]
    head = "From: a@b.fi\nSubject: Apua\n" + "".join(f"{name}: {' '.join(value.split())}\n" for name, value in mild)
    found = read(Arrived(head.encode("utf-8", "surrogatepass") + b"\n" + body, whole=True))
    assert found is Nothing.MACHINE or (isinstance(found, Heard) and found.sender == "a@b.fi")


@given(st.text(max_size=300))
def test_any_html_is_text(html: str) -> None:
    assert isinstance(tidy(of_html(html)), str)
