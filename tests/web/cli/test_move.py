"""A furnished home moves to PostgreSQL by one command."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from engine.db.connect import Database
from engine.errors import Invalid
from processes.audit import verify
from processes.bootstrap import Product
from tests.web.test_story import As, whistled
from web.cli.move import command


@pytest.fixture(autouse=True)
def chinese(product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHAODAO_HOME", str(product.settings.home))
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)


def moved(url: str) -> Result:
    return CliRunner().invoke(command, ["--to", url])


def test_cases_accounts_and_the_trail_arrive(product: Product, as_: As, postgres_url: str) -> None:
    whistled(as_)
    product.seal()
    said = moved(postgres_url)
    assert said.exit_code == 0, said.output
    assert "逐行核对一致" in said.output
    assert "case_file" in said.output
    assert "account" in said.output
    target = Database(postgres_url)
    with target.read() as connection:
        assert verify(connection, product.keys).ok
    target.close()


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/x"])
def test_a_target_that_is_none_is_refused(url: str) -> None:
    assert isinstance(moved(url).exception, Invalid)


def test_the_same_database_is_refused(product: Product) -> None:
    refusal = moved(product.settings.database).exception
    assert isinstance(refusal, Invalid)
    assert refusal.code == "move.same_database"
