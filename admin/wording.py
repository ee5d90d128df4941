"""The pages' sentences in three languages.

English sentences stand in the templates, and fi.po and sv.po translate them. What the store knows by a code (a topic, a
state, a mistake in a form) has its words in all three files, under the name of its kind and the code.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Final
from urllib.parse import urlencode

from babel.dates import format_datetime
from babel.messages.pofile import read_po
from flask import Flask, Response, g, request

from scheduler.slots import HELSINKI
from tickets.municipalities import by_code
from tickets.network import Line
from tickets.vocabulary import PageLanguage
from voice_prompts.language import Language
from voice_prompts.speech import written_number, written_time

COOKIE: Final = "lang"
A_YEAR_S: Final = 365 * 24 * 3600
CONTEXT: Final = "\x04"


def page_language() -> PageLanguage:
    """What this reader reads: what they chose, else what their browser asks for."""
    if "page_language" not in g:  # asked for by pages only: a telephone call has no browser
        g.page_language = _chosen()
    return PageLanguage(g.page_language)


def spoken_language() -> Language:
    """The language in which this reader is likely to want to be rung."""
    return Language.SV if page_language() is PageLanguage.SV else Language.FI


def speak_three_languages(app: Flask) -> None:
    """Give templates the words of each reader's language, and keep the language that was chosen."""
    app.after_request(_keep_the_choice)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        _translated, _translated_count, newstyle=True
    )
    app.jinja_env.filters.update(
        when=when, clock=clock, phone=written_number, municipality=municipality_name, line=line_name
    )
    app.jinja_env.globals.update(
        page_language=page_language, page_languages=tuple(PageLanguage), word=word, in_language=in_language
    )


def word(kind: str, code: str) -> str:
    """The reader's word for a code of some kind, such as `topic` PUHELIN."""
    return word_in(page_language(), kind, code)


def word_in(language: PageLanguage, kind: str, code: str) -> str:
    """The word for a code in this language, where no reader's browser says which one."""
    return catalogue(language).get(f"{kind}{CONTEXT}{code}", code)


def in_language(language: PageLanguage) -> str:
    """The address of this page in another language, with all else that was asked for."""
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return "?" + urlencode([*asked, ("lang", str(language))])


def when(moment: datetime) -> str:
    """A moment as it is written in the reader's language, in Finnish time."""
    if page_language() is PageLanguage.EN:
        return format_datetime(moment, "EEE d MMM y, HH:mm", tzinfo=HELSINKI, locale="en")
    return written_time(moment, Language(page_language()))


def clock(moment: datetime) -> str:
    """The hour and minute of a moment, in Finnish time."""
    pattern = "HH:mm" if page_language() is PageLanguage.EN else "H.mm"
    return format_datetime(moment, pattern, tzinfo=HELSINKI, locale="en")


def municipality_name(code: str | None) -> str:
    """A municipality's name in the reader's language; nothing where there is none."""
    place = None if code is None else by_code(code)
    return "" if place is None else place.name_in(spoken_language())


def line_name(line: Line) -> str:
    """What a line is called in the reader's language."""
    return line.name_in(spoken_language())


@cache
def catalogue(language: PageLanguage) -> Mapping[str, str]:
    """The sentences of a language by their English one, and its words by kind and code."""
    with files("admin").joinpath("translations", f"{language}.po").open("rb") as file:
        messages = read_po(file, locale=str(language))
    return {
        f"{message.context}{CONTEXT}{message.id}" if message.context else str(message.id): str(message.string)
        for message in messages
        if message.id and message.string
    }


def language_asked_for() -> PageLanguage | None:
    """The language that the reader has switched to just now."""
    asked = request.args.get("lang")
    return PageLanguage(asked) if asked in _KNOWN else None


def choose_language(language: PageLanguage) -> None:
    """This reader reads this language from now on."""
    g.page_language = g.chosen_language = language


_KNOWN: Final = tuple(language.value for language in PageLanguage)


def _chosen() -> str:
    asked = request.args.get("lang") or request.cookies.get(COOKIE)
    if asked in _KNOWN:
        return asked
    return request.accept_languages.best_match(_KNOWN) or PageLanguage.FI.value


def _keep_the_choice(response: Response) -> Response:
    chosen = g.get("chosen_language") or language_asked_for()
    if chosen is not None:
        response.set_cookie(COOKIE, chosen, max_age=A_YEAR_S, samesite="Lax", httponly=True)
    return response


def _translated(sentence: str) -> str:
    return catalogue(page_language()).get(sentence, sentence)


def _translated_count(one: str, several: str, count: int) -> str:
    return _translated(one if count == 1 else several)
