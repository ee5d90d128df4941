"""The pages of tickets under one name; the modules beside this one add theirs."""

from typing import Final

from flask import Blueprint

cases: Final = Blueprint("cases", __name__, url_prefix="/admin")
MOST_AT_ONCE: Final = 50
