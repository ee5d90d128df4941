"""A helper's calendar may lie anywhere on the web, and nowhere in our own network."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from admin.calendars.web import LARGEST, CalendarWeb
from admin.outside.guard import Address, is_public
from scheduler.rota.busy_times import CalendarTrouble, CalendarUnreadableError

LOOPBACK = ip_address("127.0.0.1")
ICS = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
Page = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def server(*, tls: ssl.SSLContext | None = None, **pages: Page) -> Iterator[str]:
    """A web server on this machine with these pages; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pages[self.path.strip("/").partition("?")[0]](self)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as httpd:
        httpd.handle_error = lambda *_: None  # type: ignore[method-assign]
        if tls is not None:
            httpd.socket = tls.wrap_socket(httpd.socket, server_side=True)
        thread = Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"{'https' if tls else 'http'}://127.0.0.1:{httpd.server_port}"
        finally:
            httpd.shutdown()
            thread.join()


def web(allows: Callable[[Address], bool] = lambda address: address == LOOPBACK, **more: object) -> CalendarWeb:
    """The way to a server on this machine, which only a test may open."""
    return CalendarWeb(allows, ("https", "http"), **more)  # type: ignore[arg-type]


def answering(body: bytes = ICS, status: int = 200, **headers: str) -> Page:
    """A page that answers so."""

    def page(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return page


def trouble_of(fetcher: CalendarWeb, url: str) -> CalendarTrouble:
    """Why it could not be fetched."""
    with pytest.raises(CalendarUnreadableError) as refused:
        fetcher.fetch(url)
    return refused.value.trouble


def test_a_calendar_is_fetched_whole() -> None:
    with server(cal=answering(ICS * 1000)) as address:
        assert web().fetch(f"{address}/cal?key=1") == ICS * 1000


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)  # fmt: skip
def test_an_address_that_is_not_the_open_internets_is_refused(address: str) -> None:
    assert not is_public(ip_address(address)), address


@pytest.mark.parametrize("address", ["93.184.216.34", "2a00:1450:4001:81b::200e", "::ffff:93.184.216.34"])
def test_an_address_of_the_open_internet_is_not(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
def test_whatever_leads_to_this_machine_is_refused_however_it_is_written(host: str) -> None:
    with server(cal=answering()) as address:
        port = address.rpartition(":")[2]
        assert trouble_of(CalendarWeb(schemes=("http",)), f"http://{host}:{port}/cal") is CalendarTrouble.NOT_PUBLIC


def test_a_name_of_which_one_address_is_ours_is_refused() -> None:
    fetcher = CalendarWeb(look_up=lambda *_: ["93.184.216.34", "10.0.0.1"])
    assert trouble_of(fetcher, "https://calendar.example/cal") is CalendarTrouble.NOT_PUBLIC


def test_a_name_is_looked_up_once_so_that_it_cannot_change_its_mind() -> None:
    looked: list[str] = []
    heard: list[str] = []

    def look_up(host: str, _port: int) -> list[str]:
        looked.append(host)
        return ["127.0.0.1"]

    def page(handler: BaseHTTPRequestHandler) -> None:
        heard.append(handler.headers["Host"])
        answering()(handler)

    with server(cal=page) as address:
        port = address.rpartition(":")[2]
        assert web(look_up=look_up).fetch(f"http://calendar.example:{port}/cal") == ICS
    assert looked == ["calendar.example"]
    assert heard == [f"calendar.example:{port}"]


def test_a_redirect_is_followed_and_looked_at_again() -> None:
    with server(old=answering(b"", 302, Location="/cal"), cal=answering()) as address:
        assert web().fetch(f"{address}/old") == ICS
    inside = answering(b"", 301, Location="http://10.0.0.1/secret")
    with server(old=inside) as address:
        assert trouble_of(web(), f"{address}/old") is CalendarTrouble.NOT_PUBLIC


def test_a_redirect_away_from_https_is_not_followed() -> None:
    for location in ("ftp://127.0.0.1/x", "file:///etc/passwd", "gopher://127.0.0.1/"):
        with server(old=answering(b"", 302, Location=location)) as address:
            assert trouble_of(web(), f"{address}/old") is CalendarTrouble.NOT_HTTPS
    assert trouble_of(CalendarWeb(), "http://93.184.216.34/cal") is CalendarTrouble.NOT_HTTPS


def test_one_that_moves_in_a_circle_is_given_up() -> None:
    with server(old=answering(b"", 302, Location="/old")) as address:
        assert trouble_of(web(), f"{address}/old") is CalendarTrouble.MOVED_TOO_OFTEN


def test_two_megabytes_are_read_and_not_one_byte_more() -> None:
    with server(cal=answering(b"x" * LARGEST), more=answering(b"x" * (LARGEST + 1))) as address:
        assert len(web().fetch(f"{address}/cal")) == LARGEST
        assert trouble_of(web(), f"{address}/more") is CalendarTrouble.TOO_LARGE


@pytest.mark.parametrize("status", [204, 401, 403, 404, 500])
def test_an_answer_that_is_no_calendar_is_a_refusal(status: int) -> None:
    with server(cal=answering(b"", status)) as address:
        assert trouble_of(web(), f"{address}/cal") is CalendarTrouble.REFUSED


def test_a_packed_answer_is_not_unpacked() -> None:
    with server(cal=answering(ICS, Content_Encoding="gzip")) as address:
        assert trouble_of(web(), f"{address}/cal") is CalendarTrouble.REFUSED


def test_one_that_breaks_off_is_unreachable() -> None:
    with server(cal=answering(ICS, Content_Length="1000")) as address:
        assert trouble_of(web(), f"{address}/cal") is CalendarTrouble.UNREACHABLE


def test_nobody_there_is_unreachable() -> None:
    with server() as address:
        pass
    assert trouble_of(web(), f"{address}/cal") is CalendarTrouble.UNREACHABLE
    for url in ("https://", "https:///x", "http://127.0.0.1:99999/", "http://[::1/", "https://" + "a" * 300 + "/"):
        assert trouble_of(web(lambda _: True), url) is CalendarTrouble.UNREACHABLE, url


@pytest.mark.parametrize("line", [b"", b"HTTP/1.0 200 OK\r\n", b"HTTP/1.0 200 OK\r\n\r\nBEGIN:VCALENDAR\r\n"])
def test_one_that_keeps_us_waiting_is_left(line: bytes) -> None:
    done = Event()

    def dripping(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(line)
        while not done.wait(0.01):
            handler.wfile.write(b"x")

    with server(cal=dripping) as address:
        try:
            assert trouble_of(web(patience_s=0.2), f"{address}/cal") is CalendarTrouble.TOO_SLOW
        finally:
            done.set()


def test_a_server_that_cannot_prove_its_name_is_not_listened_to(tmp_path: Path) -> None:
    with server(tls=_self_signed(tmp_path), cal=answering()) as address:
        assert trouble_of(web(), f"{address}/cal") is CalendarTrouble.UNREACHABLE


def test_a_server_that_can_prove_its_name_is_and_only_under_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(tls=_self_signed(tmp_path), cal=answering(ICS * 100)) as address:
        monkeypatch.setattr("admin.outside.guard.where", lambda: str(tmp_path / "server.pem"))
        assert web().fetch(f"{address}/cal") == ICS * 100
        port = address.rpartition(":")[2]
        impostor = web(look_up=lambda *_: ["127.0.0.1"])
        assert trouble_of(impostor, f"https://calendar.example:{port}/cal") is CalendarTrouble.UNREACHABLE


def _self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(LOOPBACK)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
