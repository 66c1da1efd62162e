"""Keep what was measured: benchmarks/results/<name>.json, with the machine's name."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

import orjson

FOLDER = Path(__file__).parent / "results"


def keep(name: str, found: dict[str, Any]) -> None:
    """Lay figures over those of the same file that stand there already."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.json"
    old = orjson.loads(path.read_bytes()) if path.exists() else {}
    machine = {"cores": os.cpu_count(), "system": platform.platform(), "node": platform.node()}
    body = {**old, **found, "machine": machine}
    path.write_bytes(orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
