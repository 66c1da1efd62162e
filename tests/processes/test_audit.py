"""The chains beside the trail stand in the log of heads: bending or cutting them is found."""

from __future__ import annotations

import sqlalchemy as sa

from engine.trail.chain import Head
from engine.trail.heads import SignedHead
from engine.trail.log import last_head
from engine.trail.verify import Report
from processes.audit import verify
from processes.organisation_chain import verify_changes
from processes.organisation_tables import organisation_entry
from processes.side_chain import linked
from processes.unit_changes import RenameUnit
from tests.processes.conftest import Office

SEQ = organisation_entry.c.seq


def renamed(office: Office, *names: str) -> None:
    """Rename the street so often, a minute of sealing after each."""
    for name in names:
        office.do(RenameUnit(code="QY", name=name))
        office.clock.forward(minutes=1)
        office.product.seal()


def check(office: Office, head: SignedHead | None = None) -> Report:
    with office.product.engine.database.read() as connection:
        return verify(connection, office.product.keys, head)


def kept(office: Office) -> SignedHead:
    """Return the newest head, as somebody outside would keep it."""
    with office.product.engine.database.read() as connection:
        head = last_head(connection)
    assert head is not None
    return head


def by_hand(office: Office, *statements: sa.Executable) -> None:
    """Change what must not be changed, as the owner of the database can."""
    guards = ("organisation_entry_no_update", "organisation_entry_no_delete")
    if office.product.engine.database.dialect == "postgresql":
        guards = ("organisation_entry_append_only ON organisation_entry",)
    with office.product.engine.database.write() as connection:
        for guard in guards:
            connection.exec_driver_sql(f"DROP TRIGGER {guard}")
        for statement in statements:
            connection.execute(statement)


def rewritten(office: Office, begin: int) -> list[sa.Executable]:
    """Return what writes the chain anew from an entry on, with hashes that follow each other."""
    rows = office.rows(sa.select(organisation_entry).order_by(SEQ))
    before = next(row for row in rows if row.seq == begin - 1)
    head, statements = Head(before.seq, bytes(before.hash)), list[sa.Executable]()
    for row in (row for row in rows if row.seq >= begin):
        body = bytes(row.body).replace("清河新街道".encode(), "清河老街道".encode())
        head = linked(head, body)
        change = sa.update(organisation_entry).where(row.seq == SEQ)
        statements.append(change.values(body=body, hash=head.hash))
    return statements


def test_every_sealed_change_is_proved_by_a_head_from_outside(office: Office) -> None:
    renamed(office, "清河新街道", "清河街道")
    head = kept(office)
    renamed(office, "清河新街道")
    assert check(office, head).proved
    office.product.seal()
    assert kept(office).size > head.size
    again = kept(office)
    office.clock.forward(minutes=1)
    office.product.seal()
    assert kept(office) == again  # nothing moved, nothing signed


def test_a_chain_written_anew_with_right_hashes_is_found_by_its_leaves(office: Office) -> None:
    renamed(office, "清河新街道", "清河街道")
    last = max(row.seq for row in office.rows(sa.select(SEQ)))
    by_hand(office, *rewritten(office, last - 1))
    with office.product.engine.database.read() as connection:
        assert verify_changes(connection).ok  # the chain alone tells nothing
    report = check(office)
    assert not report.ok
    assert f"组织变更记录第 {last - 1} 条：此条或更早的记录" in str(report.says)


def test_a_tail_that_was_cut_off_is_missed(office: Office) -> None:
    renamed(office, "清河新街道", "清河街道")
    last = max(row.seq for row in office.rows(sa.select(SEQ)))
    by_hand(office, sa.delete(organisation_entry).where(last == SEQ))
    with office.product.engine.database.read() as connection:
        assert verify_changes(connection).ok
    report = check(office)
    assert not report.ok
    assert f"组织变更记录第 {last} 条：记录已缺失" in str(report.says)
    renamed(office, "清河第三街道", "清河第四街道")  # growing over the gap does not hide it
    assert not check(office).ok
