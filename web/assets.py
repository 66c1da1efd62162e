"""Addresses of the built style sheets, scripts and icons, looked up in Vite's manifest."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, url_for

DIST = Path(__file__).parent / "static" / "dist"


class AssetMissing(RuntimeError):
    """The front end has not been built, or a template names an asset that no build makes."""


def init_assets(app: Flask) -> None:
    """Give templates `asset(name)`: the address of a built file by the name of its source."""
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """Return the address of `main.js`, `main.css`, `live.js`, `live.css` or `icons.svg`.

    The address holds a hash of the content, so that browsers may keep the file for ever.
    """
    path = DIST / "manifest.json"
    try:
        built_at = path.stat().st_mtime_ns
    except FileNotFoundError:
        raise AssetMissing("the front end is not built: run `make setup`") from None
    files = manifest(path, built_at)
    entry = files.get(f"src/{name}") or files.get(name)
    if entry is None:
        raise AssetMissing(f"{name} is not in the manifest of the built front end")
    return url_for("static", filename=f"dist/{entry['file']}")


@lru_cache(maxsize=1)
def manifest(path: Path, built_at: int) -> dict[str, dict[str, Any]]:  # noqa: ARG001 - cache key
    """Read Vite's manifest once for each build, so that a running server sees a new one."""
    entries: dict[str, dict[str, Any]] = json.loads(path.read_bytes())
    return entries
