"""How what is posted is signed, so that whoever gets it knows that it is ours (Standard Webhooks 1.0). Pure but for chance."""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32  # the standard asks for 24 to 64


def new_secret() -> str:
    """A secret to sign with, as it is given to whoever subscribes."""
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed(secret: str, message_id: str, body: bytes, *, now: datetime) -> Mapping[str, str]:
    """The headers of one try: the message's id, which stays, the moment, and the signature over both and the body."""
    moment = str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{_signature(secret, message_id, moment, body)}",
    }


def _signature(secret: str, message_id: str, moment: str, body: bytes) -> str:
    key = b64decode(secret.removeprefix(PREFIX))
    return b64encode(hmac.digest(key, f"{message_id}.{moment}.".encode() + body, sha256)).decode()
