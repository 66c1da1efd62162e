"""Bytes that a case leaves: in the database, and in PostgreSQL's log on the way there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import sqlalchemy as sa

from benchmarks.floor import driver
from benchmarks.fresh import our_case, stock_case
from benchmarks.ours import Ours
from benchmarks.places import Place
from benchmarks.stock import Stock
from benchmarks.work import STEPS_A_CASE

PAGES = "SELECT sum(pg_total_relation_size(relid)) FROM pg_stat_user_tables"
LOGGED = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"


def stored_bytes(place: Place, cases: int) -> dict[str, float]:
    """Return bytes a case and a step, ours and the stock way."""
    url = place.fresh()
    ours, stock = Ours(url), Stock(sa.create_engine(driver(url)))
    ours.deploy()
    measure = on_postgresql if place.name == "postgresql" else on_sqlite
    mine = measure(url, lambda: our_case(ours), cases, ours.close)
    theirs = measure(url, lambda: stock_case(stock), cases, stock.engine.dispose)
    return {
        **{f"{name}_per_case": value for name, value in mine.items()},
        **{f"{name}_per_step": value / STEPS_A_CASE for name, value in mine.items()},
        **{f"stock_{name}_per_case": value for name, value in theirs.items()},
    }


def on_sqlite(
    url: str, walk: Callable[[], object], cases: int, close: Callable[[], None]
) -> dict[str, float]:
    """Return by how much a file grows for a case."""
    path = Path(str(sa.make_url(url).database))
    sizes = []
    for number in (1, cases):
        for _case in range(number):
            walk()
        close()  # the last connection brings the log home
        sizes.append(path.stat().st_size)
    return {"bytes": (sizes[1] - sizes[0]) / cases}


def on_postgresql(
    url: str, walk: Callable[[], object], cases: int, close: Callable[[], None]
) -> dict[str, float]:
    """Return by how much tables with their indexes, and the log, grow for a case."""
    sizes, logged = [], []
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        for number in (1, cases):
            for _case in range(number):
                walk()
            close()
            logged.append(told(connection, LOGGED))
            connection.execute("VACUUM")
            sizes.append(told(connection, PAGES))
    return {"bytes": (sizes[1] - sizes[0]) / cases, "log_bytes": (logged[1] - logged[0]) / cases}


def told(connection: psycopg.Connection[Any], question: LiteralString) -> float:
    """Return the one number that a question is answered with."""
    ((number,),) = connection.execute(question).fetchall()
    return float(number)
