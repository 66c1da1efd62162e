"""How a district blows: settings are changed by an administrator, and every change stays told."""

from __future__ import annotations

from uuid import UUID

import orjson
import pytest
import sqlalchemy as sa

from engine.actor import Actor, Post
from engine.errors import Forbidden, Invalid
from processes.organisation_chain import verify_changes
from processes.organisation_tables import organisation_entry
from processes.practice import VALUES, WORDS, ChangeSetting
from processes.reads.practice import practices
from processes.tables import setting
from tests.processes.conftest import SECRETARY, Office

ADMIN = Actor(id=UUID(int=9), posts=(Post("admin", "QX"),))


def values(office: Office) -> dict[str, str]:
    with office.product.engine.database.read() as connection:
        return {each.name: each.value for each in practices(connection)}


def test_a_change_holds_and_stands_in_the_chain(office: Office) -> None:
    assert values(office) == {"blow_right": "street", "signoff": "no", "mode": "normal"}
    office.do(ChangeSetting(name="blow_right", value="centre"), ADMIN)
    office.do(ChangeSetting(name="blow_right", value="community"), ADMIN)
    assert values(office)["blow_right"] == "community"
    query = sa.select(organisation_entry.c.body).where(
        organisation_entry.c.kind == "setting.changed"
    )
    told = [orjson.loads(row.body) for row in office.rows(query.order_by(organisation_entry.c.seq))]
    assert [each["data"] for each in told] == [
        {"before": "street", "after": "centre"},
        {"before": "centre", "after": "community"},
    ]
    with office.product.engine.database.read() as connection:
        assert verify_changes(connection).ok


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [("colour", "red", "setting.unknown_name"), ("signoff", "x", "setting.unknown_value")],
)
def test_what_nobody_knows_is_refused(office: Office, name: str, value: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        office.do(ChangeSetting(name=name, value=value), ADMIN)
    assert refusal.value.code == code


def test_only_an_administrator_may(office: Office) -> None:
    with pytest.raises(Forbidden):
        office.do(ChangeSetting(name="signoff", value="yes"), SECRETARY)


def test_a_choice_that_is_no_more_reads_as_the_default(office: Office) -> None:
    office.do(ChangeSetting(name="blow_right", value="centre"), ADMIN)
    with office.product.engine.database.write() as connection:
        connection.execute(sa.update(setting).values(value="community_applies"))
    assert values(office)["blow_right"] == "street"


def test_everything_has_words() -> None:
    assert set(WORDS) == {*VALUES, *(f"{n}.{v}" for n, each in VALUES.items() for v in each)}
