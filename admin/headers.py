"""What every answer tells the browser to do and not to do."""

from typing import Final

from flask import Flask, Response, request

CONTENT_SECURITY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data:",  # the marks of the design system's boxes and notes are pictures in its styles
        "media-src 'self' blob:",  # what was just recorded is heard before it is sent
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
A_YEAR: Final = "max-age=31536000; includeSubDomains"


def set_headers(app: Flask, *, https: bool) -> None:
    """Send the headers with every answer; nothing but the stylesheet is kept by a browser or a proxy."""

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", A_YEAR)
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response
