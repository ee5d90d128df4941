"""What is posted goes to the open internet as it was written, in time, and to nowhere nearer."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from threading import Event

import pytest

from admin.outside.guard import Outside, is_public, is_public_or_here
from admin.outside.web import OutsideWeb
from scheduler.ports import WebError, WebTrouble
from tests.integration.receivers import Receiver, receiver

Page = Callable[[BaseHTTPRequestHandler], None]


def here(patience_s: float = 5) -> OutsideWeb:
    """The way out as a demo has it, to this machine too."""
    return OutsideWeb(Outside(is_public_or_here, ("https", "http")), patience_s)


def refusal_of(web: OutsideWeb, url: str) -> WebError:
    """Why it was not taken."""
    with pytest.raises(WebError) as refused:
        web.post(url, b"{}", {})
    return refused.value


def test_what_is_posted_arrives_byte_by_byte_with_its_headers() -> None:
    with receiver() as there:
        assert here().post(f"{there.url}/hook?key=1", "åäö".encode(), {"Content-Type": "application/json"}) == 202
    (letter,) = there.letters
    assert letter.path == "/hook?key=1"
    assert letter.body == "åäö".encode()
    assert letter.headers["Content-Type"] == "application/json"
    assert letter.headers["User-Agent"] == "Digilinja"


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (401, True), (404, True), (410, True), (408, False), (409, False), (429, False), (500, False)],
)
def test_a_refusal_says_whether_asking_again_can_help(status: int, permanent: bool) -> None:
    with receiver(status) as there:
        error = refusal_of(here(), there.url)
    assert (error.trouble, error.code, error.permanent) == (WebTrouble.REFUSED, status, permanent)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with receiver() as elsewhere, receiver(status, Location=elsewhere.url) as there:
        error = refusal_of(here(), there.url)
    assert (error.trouble, error.code) == (WebTrouble.MOVED, status)
    assert elsewhere.letters == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"])
def test_this_machine_is_never_posted_to_where_nobody_allowed_it(host: str) -> None:
    with receiver() as there:
        port = there.url.rpartition(":")[2]
        error = refusal_of(OutsideWeb(Outside(schemes=("http", "https"))), f"http://{host}:{port}/")
    assert (error.trouble, error.permanent) == (WebTrouble.NOT_PUBLIC, True)
    assert there.letters == []


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "192.168.1.1", "[fc00::1]"])
def test_a_neighbour_is_not_posted_to_even_where_this_machine_is_allowed(address: str) -> None:
    assert refusal_of(here(), f"http://{address}/").trouble is WebTrouble.NOT_PUBLIC


@pytest.mark.parametrize(
    "address", ["::7f00:1", "::10.0.0.1", "fec0::1", "fe80::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1"]
)
def test_what_an_old_kind_of_address_hides_is_not_the_open_internet(address: str) -> None:
    assert not is_public(ip_address(address))
    assert is_public(ip_address("2001:4860:4860::8888"))


def test_without_https_nothing_is_posted() -> None:
    error = refusal_of(OutsideWeb(), "http://93.184.216.34/")
    assert (error.trouble, error.permanent) == (WebTrouble.NOT_HTTPS, True)


@pytest.mark.parametrize("url", ["https://[::1/", "https://a:99999/", "https://" + "a" * 300 + "/"])
def test_what_is_no_address_is_called_so(url: str) -> None:
    error = refusal_of(OutsideWeb(), url)
    assert (error.trouble, error.permanent) == (WebTrouble.NOT_AN_ADDRESS, True)


def test_nobody_there_is_tried_again() -> None:
    with receiver() as there:
        pass
    error = refusal_of(here(), there.url)
    assert (error.trouble, error.permanent) == (WebTrouble.UNREACHABLE, False)


def test_one_that_keeps_us_waiting_is_left() -> None:
    done = Event()
    with receiver(before=lambda: done.wait(10)) as there:
        try:
            error = refusal_of(here(patience_s=0.2), there.url)
        finally:
            done.set()
    assert (error.trouble, error.permanent) == (WebTrouble.TOO_SLOW, False)


def test_a_header_cannot_smuggle_another() -> None:
    with receiver() as there, pytest.raises(WebError) as refused:
        here().post(there.url, b"{}", {"X-A": "b\r\nX-C: d"})
    assert refused.value.trouble is WebTrouble.NOT_AN_ADDRESS
    assert isinstance(there, Receiver)
    assert there.letters == []
