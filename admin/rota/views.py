"""The pages of the rota, together."""

from typing import Final

from flask import Blueprint

from admin.rota import places, shifts, week, words
from admin.rota.closures import closures
from admin.rota.openings import openings
from admin.rota.proposals import proposals
from admin.rota.publishing import weeks
from admin.rota.room import rota
from admin.rota.templates import templates

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (rota, openings, templates, weeks, proposals, closures)
__all__ = ["BLUEPRINTS", "places", "shifts", "week", "words"]
