"""What a gunicorn worker begins with."""

import os

from flask import Flask

from admin.app import build
from admin.logs import write_logs
from admin.run_file import environment
from admin.settings import Settings


def application() -> Flask:
    """The web application of this environment."""
    write_logs()
    return build(Settings.read(environment(os.environ)))
