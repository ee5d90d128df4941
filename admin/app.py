"""The composition root: the only place where the packages are wired together."""

from datetime import timedelta
from typing import Final

from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from admin import csrf, headers, metrics, navigation, once, pages, static_files, wording
from admin.api import open311, problems, views
from admin.calendars.stops import stops
from admin.calendars.views import calendars
from admin.cases.pages import cases
from admin.desk.calls import calls
from admin.desk.logging import logging
from admin.desk.views import desk
from admin.desk.why_not import insight
from admin.directory.pages import PAGES as DIRECTORY
from admin.health import health
from admin.helper.views import helper
from admin.network.pages import PAGES as NETWORK
from admin.parts import Parts, assemble
from admin.people.pages import PAGES as PEOPLE
from admin.prompts.views import prompts
from admin.public.views import public
from admin.relay.views import relay
from admin.reports.pages import PAGES as REPORTS
from admin.rota.views import BLUEPRINTS as ROTA
from admin.settings import Settings
from admin.sign_in.demo import demo
from admin.sign_in.ending import sign_ins
from admin.sign_in.me import me, show_who_it_is
from admin.sign_in.oidc import offer_organisation, oidc
from admin.sign_in.views import sign_in
from admin.sounds import sounds
from admin.transcriber import Engine
from ivr import webhooks
from ivr.addresses import Addresses
from ivr.desk import Desk
from ivr.line_voices import LineVoices
from voice_prompts.catalogue import Catalogue

LARGEST_FORM: Final = 256 * 1024
PAGES: Final = (
    public,
    sign_in,
    oidc,
    demo,
    me,
    sign_ins,
    desk,
    logging,
    calls,
    insight,
    helper,
    relay,
    prompts,
    cases,
    sounds,
    *PEOPLE,
    *NETWORK,
    *ROTA,
    *DIRECTORY,
    *REPORTS,
)
FOR_PROGRAMS: Final = (health, metrics.metrics, views.api, open311.open311, calendars, stops)
KEPT_BY_BROWSERS: Final = timedelta(days=30)  # who is signed in, and until when, is in the database


def build(settings: Settings) -> Flask:
    """The web application: webhooks, pages, API and what watches over them."""
    settings.require_line()
    parts = assemble(settings)
    app = Flask("admin")
    _configure(app, settings)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    parts.give_to(app)
    metrics.measure(app)
    headers.set_headers(app, https=_is_https(settings))
    wording.speak_three_languages(app)
    static_files.serve_static(app)
    navigation.show_the_ways(app)
    pages.furnish(app)
    show_who_it_is(app)
    offer_organisation(app, settings.oidc)
    csrf.guard(app, PAGES)
    once.install_once(app)
    pages.say_what_is_wrong(app)
    problems.answer_programs_in_json(app)
    for blueprint in (*PAGES, *FOR_PROGRAMS, _telephone(parts)):
        app.register_blueprint(blueprint)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        PERMANENT_SESSION_LIFETIME=KEPT_BY_BROWSERS,
        SESSION_COOKIE_NAME="digilinja",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=_is_https(settings),
    )


def _is_https(settings: Settings) -> bool:
    return (settings.public_url or "").startswith("https:")


def _telephone(parts: Parts) -> Blueprint:
    settings, catalogue = parts.settings, Catalogue.load()
    desk = Desk(
        sessions=parts.sessions,
        clock=parts.clock,
        catalogue=catalogue,
        addresses=Addresses(settings.public_url or "", settings.secret_key),
        tokens=settings.auth_tokens,
        voices=LineVoices(parts.sessions, catalogue),
        written_along=settings.writer is not None and settings.writer.engine is Engine.TWILIO,
    )
    return webhooks.blueprint(desk)
