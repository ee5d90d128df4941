"""The least that any line on this stack would do in a turn: answer; or answer after one small transaction.

Served by gunicorn just as the product is. DIGILINJA_FLOOR_DATABASE is a libpq address.
"""

import os
from threading import local

import psycopg
from flask import Flask, Response, request
from twilio.twiml.voice_response import Gather, VoiceResponse

TABLES = """
CREATE TABLE IF NOT EXISTS floor_call (sid text PRIMARY KEY, turns int NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS floor_turn (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sid text, digits text);
INSERT INTO floor_call (sid) VALUES ('CA0') ON CONFLICT DO NOTHING;
"""
LOCK = "SELECT turns FROM floor_call WHERE sid = 'CA0' FOR UPDATE"
INSERT = "INSERT INTO floor_turn (sid, digits) VALUES ('CA0', %s)"


def application() -> Flask:
    """Two addresses, two floors."""
    app, held = Flask("floors"), local()

    @app.post("/bare")
    def bare() -> Response:
        return _twiml()

    @app.post("/row")
    def row() -> Response:
        if not hasattr(held, "connection"):
            held.connection = psycopg.connect(os.environ["DIGILINJA_FLOOR_DATABASE"])
        with held.connection.transaction():
            held.connection.execute(LOCK)
            held.connection.execute(INSERT, (request.form.get("Digits", ""),))
        return _twiml()

    return app


def _twiml() -> Response:
    response = VoiceResponse()
    gather = Gather(input="dtmf", num_digits=1, timeout=10, action="/row", action_on_empty_result=True)
    gather.say("Jos aika sopii: painakaa yksi.", language="fi-FI", voice="Polly.Suvi-Neural")
    response.append(gather)
    return Response(str(response), mimetype="text/xml")
