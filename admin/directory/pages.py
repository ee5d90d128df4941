"""Every page of the directory, for the composition root."""

from typing import Final

from flask import Blueprint

from admin.directory import held
from admin.directory.gatherings import gatherings
from admin.directory.nearest import nearest
from admin.directory.views import materials, points

PAGES: Final[tuple[Blueprint, ...]] = (points, gatherings, materials, nearest)
assert held.gatherings is gatherings  # the pages of its days are part of it
