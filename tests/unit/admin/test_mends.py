"""Whoever is refused something is told what it is about and what can be done."""

import ast
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from admin import api
from admin.api.mends import MENDS, mend_of

MODULES = [import_module(f"admin.api.{module.name}") for module in iter_modules(api.__path__)]
SAID = {kind for module in MODULES for kind in vars(module).values() if isinstance(kind, type)}
REFUSALS = sorted(
    {kind for kind in SAID if issubclass(kind, StrEnum) and kind.__name__.endswith("Refusal")},
    key=lambda kind: f"{kind.__module__}.{kind.__name__}",
)


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_code_that_programs_are_refused_with_has_its_mend(kind: type[StrEnum]) -> None:
    assert [code for code in kind if not mend_of(code)] == []


def test_codes_that_are_written_alike_have_each_the_mend_of_their_own_kind() -> None:
    assert len({mends["not_found"] for mends in MENDS.values() if "not_found" in mends}) > 5
    assert mend_of("not_found") is None


def test_a_code_of_no_list_is_never_said_without_its_detail() -> None:
    bare = [where for module in MODULES for where in _bare(Path(str(module.__file__)))]
    assert bare == []


def _bare(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        refusing = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused"
        if refusing and isinstance(node.args[0], ast.Constant) and len(node.args) == 1:
            yield f"{path.name}:{node.lineno}"
