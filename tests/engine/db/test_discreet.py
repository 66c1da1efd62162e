"""An error of a driver may be logged: it must not tell what was to be stored."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.db.connect import Database


def test_an_error_names_its_statement_and_not_the_values(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError) as error, database.write() as connection:
        connection.execute(sa.text("SELECT :name FROM nowhere"), {"name": "张三"})
    assert "nowhere" in str(error.value)
    assert "张三" not in str(error.value)
