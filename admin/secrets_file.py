"""Secrets of a demo or a test: made once beside its embedded database, readable by its owner only."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from admin.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Secrets:
    """What signs sessions, what encrypts personal data, and what finds a number again."""

    secret_key: str
    data_keys: tuple[str, ...]
    index_key: str


def secrets_in(data_dir: Path) -> Secrets:
    """The secrets kept in a data folder, made there the first time they are asked for."""
    path = data_dir / "secrets.json"
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Secrets(kept["secret_key"], tuple(kept["data_keys"]), kept["index_key"])
    except FileNotFoundError:
        return _make(path)
    except (ValueError, KeyError, TypeError):
        raise SettingsError(
            f"{path} is damaged: give DIGILINJA_SECRET_KEY and DIGILINJA_DATA_KEYS, or remove the folder to start anew"
        ) from None


def _make(path: Path) -> Secrets:
    """Write new secrets whole and at once; when another process was first, use its own."""
    secret_key = secrets.token_hex(32)
    made = Secrets(secret_key, (Fernet.generate_key().decode(),), secret_key)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".secrets-{os.getpid()}-{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(made), file)
    try:
        os.link(draft, path)
    except FileExistsError:
        return secrets_in(path.parent)
    finally:
        draft.unlink()
    return made
