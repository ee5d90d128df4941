"""The exchange on the web: its REST API and its telephones, as one WSGI app."""

from __future__ import annotations

from flask import Flask

from ivr.exchange.page.views import make_page
from ivr.exchange.rest.account import make_account_route, make_rest
from ivr.exchange.rest.faulty import Faulty
from ivr.exchange.switchboard import Exchange


def make_app(exchange: Exchange) -> Flask:
    """The WSGI app of this exchange."""
    app = Flask("ivr.exchange", static_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.config["MAX_CONTENT_LENGTH"] = 32 * 1024 * 1024
    app.register_blueprint(make_rest(exchange.office))
    app.register_blueprint(make_account_route(exchange.office))
    app.register_blueprint(make_page(exchange))
    app.wsgi_app = Faulty(app.wsgi_app, exchange.faults)  # type: ignore[method-assign]
    return app
