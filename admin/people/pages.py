"""The pages about people, for the composition root."""

from typing import Final

from flask import Blueprint

from admin.people import changes  # noqa: F401 - its views belong to the people's pages
from admin.people.board import board
from admin.people.boundaries import boundaries
from admin.people.organisations import organisations
from admin.people.rights import rights
from admin.people.rules import rules
from admin.people.showing import furnish
from admin.people.views import people

PAGES: Final[tuple[Blueprint, ...]] = (people, organisations, boundaries, rights, rules, board)
for pages in PAGES:
    furnish(pages)
