"""Which forms the stories send: each office notes them, and after the last story `python -m tests.browser.posted` names the others."""

import sys
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, Response, request

from admin.app import PAGES
from admin.wording import page_language

NOTES = Path(__file__).parents[2] / "var" / "posted"  # `make browser` begins with none
LANGUAGES = ("fi", "sv")


def note_what_is_posted(app: Flask) -> None:
    """From now on write down each form that a browser sends and that is taken, and the language of its page."""
    NOTES.parent.mkdir(exist_ok=True)

    @app.after_request
    def note(answer: Response) -> Response:
        if request.method == "POST" and "Chrome" in request.user_agent.string and answer.status_code < 400:
            with NOTES.open("a", encoding="utf-8") as notes:
                notes.write(f"{request.endpoint} {page_language()}\n")
        return answer


def unsent() -> Iterator[str]:
    """What no story has sent, or not in one of the two languages."""
    app = Flask("pages")
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
    forms = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    wanted = {f"{form} {language}" for form in forms for language in LANGUAGES}
    sent = NOTES.read_text(encoding="utf-8") if NOTES.exists() else ""
    yield from sorted(wanted - set(sent.splitlines()))


if __name__ == "__main__":
    sys.exit("\n".join(f"no story sends {form}" for form in unsent()) or 0)
