"""A process that sends mail, its clock set by hand, and a browser before the way in."""

import pytest
from flask import Flask

from admin.demo.data import DemoData
from admin.parts import Parts
from admin.settings import Settings
from tests.integration.way_in import MAIL, Clock, WayIn


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    """A process that sends mail."""
    return Settings.read({**environment, **MAIL})


@pytest.fixture
def way(app: Flask, clock: Clock, parts: Parts, demo: DemoData) -> WayIn:
    """A browser before the way in."""
    return WayIn.of(app, parts, clock)
