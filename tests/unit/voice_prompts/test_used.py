"""Each sentence is said by somebody: a key that no code names is a sentence that no caller hears."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from voice_prompts.catalogue import Catalogue

ROOT = Path(__file__).parents[3]
PACKAGES = ("admin", "ivr", "scheduler", "tickets")


def constants() -> Iterator[str]:
    """Every string in the product's code, whole or as the head of one that is put together."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value
                elif isinstance(node, ast.JoinedStr):
                    yield "".join(part.value if isinstance(part, ast.Constant) else "*" for part in node.values)


KNOWN = frozenset(constants())
PATTERNS = tuple(tuple(one.split("*")) for one in KNOWN if one.count("*") == 1 and one != "*")


def is_said(key: str) -> bool:
    """Named as it is, or put together of names: "number_" and "foreign", "booked" and "_pen"."""
    return key in KNOWN or any(
        key.startswith(head) and key.endswith(tail) and is_said(key[len(head) : len(key) - len(tail)])
        for head, tail in PATTERNS
    )


@pytest.mark.parametrize("key", sorted(Catalogue.load().keys()))
def test_each_sentence_is_said_by_somebody(key: str) -> None:
    assert is_said(key)


@pytest.mark.parametrize("key", ["recording_lost", "not_understood", "helper_nonsense", "sms.nonsense"])
def test_a_sentence_that_nobody_says_would_be_found(key: str) -> None:
    assert not is_said(key)
