"""What a newcomer hears when a port is taken."""

import socket
from unittest.mock import patch

import pytest

from admin import ports
from admin.errors import AdminError
from admin.ports import require_free


def test_a_free_port_is_free() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    require_free(port, "--port")


def test_a_port_in_use_is_named_with_the_option_that_helps() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(AdminError, match=rf"Port {port} is in use: give another with --port"):
            require_free(port, "--port")


def test_a_digilinja_that_was_left_over_is_named_by_its_process() -> None:
    with socket.socket() as other, patch.object(ports, "_is_ours", lambda process: True):
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(AdminError, match=r"by a Digilinja that runs still \(process \d+\): stop it"):
            require_free(other.getsockname()[1], "--port")


def test_an_address_of_another_machine_is_not_called_a_busy_port() -> None:
    with pytest.raises(AdminError, match=r"Nothing can answer on 192\.0\.2\.1:8000"):
        require_free(8000, "--port", "192.0.2.1")
