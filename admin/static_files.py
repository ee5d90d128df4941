"""Styles, scripts and fonts: sent small, kept by browsers, and asked for anew when they change."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final
from wsgiref.headers import Headers

from flask import Flask, url_for
from whitenoise import WhiteNoise

from admin.headers import ALWAYS

FOLDER: Final = Path(__file__).parent / "static"
KEPT_FOR_S: Final = 30 * 24 * 3600  # the address carries a print of the contents, so a change is seen at once


def serve_static(app: Flask) -> None:
    """Answer for these files before any page is asked, and let templates write their addresses: `asset('desk.css')`."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=FOLDER,
        prefix="static/",
        max_age=KEPT_FOR_S,
        allow_all_origins=False,
        add_headers_function=_add_headers,
    )
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """The address of a file, with a print of what is in it."""
    return url_for("static", filename=name, v=_print_of(name))


@cache
def _print_of(name: str) -> str:
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]


def _add_headers(headers: Headers, _path: str, _url: str) -> None:
    for name, value in ALWAYS.items():
        headers[name] = value
