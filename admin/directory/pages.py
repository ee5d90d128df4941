"""Every page of the directory, for the composition root."""

from typing import Final

from flask import Blueprint

import admin.directory.held  # noqa: F401 - the days of a gathering are pages of it
from admin.directory.bringing import lists
from admin.directory.gatherings import gatherings
from admin.directory.nearest import nearest
from admin.directory.views import materials, points

PAGES: Final[tuple[Blueprint, ...]] = (points, gatherings, materials, nearest, lists)
