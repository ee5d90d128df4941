"""The web processes: gunicorn, several workers of several threads."""

import os
import shutil
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.util import import_app

from admin.metrics_folder import SHARED


class Server(BaseApplication):
    """gunicorn, told everything by us: no file and no variable of its own."""

    def __init__(self, **options: object) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Set what was asked for."""
        assert self.cfg is not None
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Build the application; each worker its own, after the fork."""
        return import_app("admin.wsgi:application()")


def serve(*, host: str, port: int, workers: int, threads: int) -> None:
    """Answer on a port until told to stop."""
    Server(
        bind=f"{host}:{port}",
        workers=workers,
        threads=threads,
        worker_class="gthread",
        control_socket_disable=True,  # its default path is shared by every gunicorn of the machine
        graceful_timeout=15,
        keepalive=5,
        proc_name="digilinja",
        loglevel="warning",
    ).run()


def share_metrics(folder: Path) -> None:
    """Let the workers count together in this folder; before any of them begins."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[SHARED] = str(folder)
