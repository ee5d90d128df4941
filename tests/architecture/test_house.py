"""The house as drawn: which way imports go, how long a file may be, what may not stand where."""

import ast
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("admin", "ivr", "scheduler", "tickets", "voice_prompts")
PURE = (
    "ivr/conversation.py",
    "ivr/helper_line.py",
    "ivr/helper_script.py",
    "ivr/script.py",
    *(f"scheduler/autofill/{path.name}" for path in sorted((ROOT / "scheduler/autofill").glob("*.py"))),
    "scheduler/assignment.py",
    "scheduler/forecast.py",
    "scheduler/matching.py",
    "scheduler/picture.py",
    "scheduler/protection.py",
    "scheduler/rota/rules.py",
    "scheduler/slots.py",
    "voice_prompts/speech.py",
)
LONGEST_FILE = 300
LONGEST_FUNCTION = 25
# The tables of speech are made of words; the made-up people of the demo have names, and the exchange's phones voicemails.
SPEAKS = ("voice_prompts/speech.py", "admin/demo/people.py", "admin/demo/data.py", "ivr/exchange/phones.py")
NORDIC_SENTENCE = re.compile(r"(?=.*[äöå])[a-zäöå]{2,},? [a-zäöå]{2,}", re.IGNORECASE)


def sources(*folders: str, suffix: str = ".py") -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob(f"*{suffix}"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_by(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_imports_go_down_only() -> None:
    lint = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert lint.returncode == 0, lint.stdout + lint.stderr


@pytest.mark.parametrize("package", PACKAGES)
def test_the_plain_names_mean_this_tree_and_no_other_package(package: str) -> None:
    found = importlib.import_module(package).__file__
    assert found is not None
    assert Path(found).parent == ROOT / package


def test_the_exchange_imports_nothing_of_the_product() -> None:
    for path in sources("ivr/exchange"):
        ours = [name for name in imported_by(path) if name.split(".")[0] in PACKAGES]
        assert all(name.startswith("ivr.exchange") for name in ours), name_of(path)


@pytest.mark.parametrize("name", PURE)
def test_a_pure_module_knows_no_web_no_database_no_operator_and_no_clock(name: str) -> None:
    path = ROOT / name
    roots = {imported.split(".")[0] for imported in imported_by(path)}
    assert not roots & {"flask", "sqlalchemy", "psycopg", "twilio", "requests", "time"}
    called = {
        node.func.attr
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not called & {"now", "utcnow", "today"}


def test_only_the_command_line_and_the_wiring_read_the_environment() -> None:
    allowed = {"admin/wsgi.py", "admin/server.py", "admin/metrics.py", "admin/demo/processes.py"}
    for path in sources(*PACKAGES):
        if name_of(path) in allowed or name_of(path).startswith("admin/commands/"):
            continue
        assert "os.environ" not in path.read_text(encoding="utf-8"), name_of(path)


def test_no_file_is_longer_than_one_reads_at_once() -> None:
    pages = [path for suffix in (".html", ".css", ".js") for path in sources("admin", "ivr", suffix=suffix)]
    long = {
        name_of(path): length
        for path in [*sources(*PACKAGES), *pages]
        if (length := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_no_function_is_longer_than_one_sees_at_once() -> None:
    long = {
        f"{name_of(path)}:{node.name}": length
        for path in sources(*PACKAGES)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef) and not _is_a_list(node) and (length := _lines(node)) > LONGEST_FUNCTION
    }
    assert long == {}


def _is_a_list(node: ast.FunctionDef) -> bool:
    """A blueprint's function lists its routes, and one that only returns a shape lists its fields."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return any(isinstance(inner, ast.FunctionDef) for inner in body) or isinstance(
        body[0] if body else None, ast.Return
    )


def _lines(node: ast.FunctionDef) -> int:
    """The lines of its body, without signature and docstring."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_everything_public_says_what_it_is_for() -> None:
    silent = [
        f"{name_of(path)}:{node.name}"
        for path in sources(*PACKAGES)
        for node in _public(tree_of(path))
        if not ast.get_docstring(node)
    ]
    assert silent == []


def _public(tree: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def test_no_finnish_or_swedish_sentence_stands_in_python() -> None:
    spoken = [
        f"{name_of(path)}: {text}"
        for path in sources(*PACKAGES)
        if name_of(path) not in SPEAKS
        for text in _strings(tree_of(path))
        if NORDIC_SENTENCE.search(text)
    ]
    assert spoken == []


def _strings(tree: ast.Module) -> Iterator[str]:
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def test_no_test_sleeps_or_is_passed_over() -> None:
    for path in sources("tests"):
        if path == Path(__file__):
            continue
        text = path.read_text(encoding="utf-8")
        for forbidden in ("time.sleep", "pytest.skip", "mark.skip", "mark.xfail"):
            assert forbidden not in text, f"{name_of(path)}: {forbidden}"


def test_what_the_pages_borrow_is_pinned_with_a_hash_and_no_address() -> None:
    lock = json.loads((ROOT / "admin" / "assets" / "package-lock.json").read_text(encoding="utf-8"))
    borrowed = {name: package for name, package in lock["packages"].items() if name}
    assert borrowed
    assert all("integrity" in package and "resolved" not in package for package in borrowed.values())


def test_every_dependency_is_pinned_with_a_hash_and_no_address() -> None:
    locks = sorted(ROOT.glob("requirements*.lock"))
    assert len(locks) == 6
    for lock in locks:
        lines = lock.read_text(encoding="utf-8").splitlines()
        assert not [line for line in lines if "://" in line or line.startswith(("-", "/"))]
        pins = [line for line in lines if not line.startswith(" ")]
        assert pins
        assert all("==" in pin for pin in pins)
        assert sum("--hash=sha256:" in line for line in lines) >= len(pins)
