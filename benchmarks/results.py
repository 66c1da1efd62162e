"""Keep the figures of a bench for whoever compares runs: benchmarks/results/quick.json."""

from __future__ import annotations

from pathlib import Path

import orjson

QUICK = Path(__file__).parent / "results" / "quick.json"


def keep(**figures: float) -> None:
    """Put figures beside those that other benches have left."""
    known = orjson.loads(QUICK.read_bytes()) if QUICK.exists() else {}
    QUICK.parent.mkdir(exist_ok=True)
    rounded = {name: round(value, 3) for name, value in figures.items()}
    QUICK.write_bytes(orjson.dumps(known | rounded, option=orjson.OPT_INDENT_2))
