"""Whether a port is free, said before anything is started on it."""

import errno
import socket
from contextlib import suppress

import psutil

from admin.errors import AdminError


def require_free(port: int, option: str, host: str = "127.0.0.1") -> None:
    """AdminError when something answers on the port already; one of our own that was left over is named."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise AdminError(f"Port {port} may not be used by this user: give another with {option}") from None
        except OSError as error:
            raise AdminError(_taken(port, option, host, error)) from None


def _taken(port: int, option: str, host: str, error: OSError) -> str:
    if not _is_in_use(error):
        return f"Nothing can answer on {host}:{port} ({error.strerror}): give another address or port ({option})"
    left_over = _of_ours(port)
    if left_over is None:
        return f"Port {port} is in use: give another with {option}"
    return f"Port {port} is in use by a Digilinja that runs still (process {left_over}): stop it, or give another with {option}"


def _is_in_use(error: OSError) -> bool:
    return error.errno == errno.EADDRINUSE


def _of_ours(port: int) -> int | None:
    with suppress(psutil.Error):
        for connection in psutil.net_connections("tcp"):
            at = connection.laddr and connection.laddr.port
            if connection.status == psutil.CONN_LISTEN and at == port and connection.pid:
                process = psutil.Process(connection.pid)
                oldest = next((p for p in reversed([process, *process.parents()]) if _is_ours(p)), None)
                return None if oldest is None else oldest.pid
    return None


def _is_ours(process: psutil.Process) -> bool:
    words = process.cmdline()
    return "-m admin" in " ".join(words) or any(word.endswith("/digilinja") for word in words)
