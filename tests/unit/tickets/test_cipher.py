"""What is personal is sealed, found without being read, and moves to new keys."""

import pytest
from cryptography.fernet import Fernet

from tickets.errors import SealBrokenError
from tickets.store import Cipher

NUMBER = "+358401234567"


def test_a_number_is_sealed_differently_each_time_and_opens_again(cipher: Cipher) -> None:
    first, second = cipher.seal(NUMBER), cipher.seal(NUMBER)
    assert first != second
    assert NUMBER not in first
    assert cipher.open(first) == cipher.open(second) == NUMBER


def test_a_recording_is_sealed_and_opens_again(cipher: Cipher) -> None:
    assert cipher.open_media(cipher.seal_media(b"\x00RIFF")) == b"\x00RIFF"


def test_the_same_number_has_the_same_index_and_another_secret_gives_another() -> None:
    keys = [Fernet.generate_key().decode()]
    one, other = Cipher.from_settings(keys, "secret"), Cipher.from_settings(keys, "other secret")
    assert one.index_of(NUMBER) == one.index_of(NUMBER)
    assert one.index_of(NUMBER) != other.index_of(NUMBER)
    assert len(one.index_of(NUMBER)) == 32


def test_what_the_old_key_sealed_opens_while_the_old_key_is_still_on_the_ring() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    sealed = Cipher([old], b"i").seal(NUMBER)
    renewed = Cipher([new, old], b"i").renew(sealed)
    assert Cipher([new], b"i").open(renewed) == NUMBER
    with pytest.raises(SealBrokenError):
        Cipher([new], b"i").open(sealed)
