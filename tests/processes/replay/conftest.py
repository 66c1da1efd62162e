"""A place to replay in: a small chain, a mapping and rows that a story writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.db.connect import Database
from processes.bootstrap import open_product
from processes.replay.result import Result
from processes.replay.run import Source, replayed
from processes.settings import Settings
from tests.balance import assert_balanced
from tests.processes.replay.chain import replay_chain

MAPPING = """
name = "hotline"
zone = "Asia/Shanghai"
[fields]
external_ref = {column = "no"}
reported_at = {column = "opened"}
description = {column = "text"}
category = {constant = "litter"}
area = {column = "area"}
[areas]
create = true
parent = "ST"
above = [
    {code = "DI", name = "清河区", kind = "district"},
    {code = "ST", name = "清河街道", kind = "street", parent = "DI"},
]
codes = {"东区" = "EA"}
[replay]
clock = "case"
group = {column = "department"}
[replay.clocks.case]
rule = "fixed"
column = "target"
[replay.verdict]
column = "verdict"
on_time = "ONTIME"
overdue = "OVERDUE"
[[replay.units]]
code = "PW"
name = "市政处"
kind = "department"
parent = "DI"
[[replay.acts]]
element = "community_review"
outcome = "{road}"
[[replay.acts]]
element = "{handler}"
column = "closed"
"""
HEAD = "no,department,area,opened,target,closed,verdict,text\n"


class Place:
    """A home, a database and a chain; `replay` plays what a story writes."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.settings = Settings(home=folder / "home", database=database_url)
        self.shipped = replay_chain(folder / "shipped")
        self.mapping = folder / "m.toml"
        self.map(road="handle", handler="community_handle")

    def map(self, text: str = MAPPING, **words: str) -> None:
        for name, word in words.items():
            text = text.replace(f"{{{name}}}", word)
        self.mapping.write_text(text, encoding="utf-8")

    def source(self, *rows: str, share: float = 1.0) -> Source:
        file = self.folder / "rows.csv"
        file.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
        return Source.read(file, self.mapping, share=share)

    def replay(self, *rows: str, share: float = 1.0) -> Result:
        return replayed(self.settings, self.source(*rows, share=share), shipped=self.shipped)

    def rows(self, query: sa.Select[Any]) -> list[Any]:
        database = Database(self.settings.database)
        with database.read() as connection:
            found = list(connection.execute(query))
        database.close()
        return found

    def settle(self) -> None:
        """Check that all time of the cases that were closed here is charged once."""
        if self.is_prepared():
            product = open_product(self.settings, shipped=self.shipped)
            assert_balanced(product, closed=True)
            product.close()

    def is_prepared(self) -> bool:
        """Tell whether anything was replayed here: what is refused leaves no database."""
        return (self.settings.home / "keys").is_dir()


def settled(place: Place) -> Iterator[Place]:
    yield place
    place.settle()


@pytest.fixture
def place(tmp_path: Path, database_url: str) -> Iterator[Place]:
    yield from settled(Place(tmp_path, database_url))


@pytest.fixture
def sqlite_place(tmp_path: Path, sqlite_url: str) -> Iterator[Place]:
    yield from settled(Place(tmp_path, sqlite_url))
