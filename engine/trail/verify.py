"""Check the whole record: chains, words, log, guards; say what is proved and what is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from engine.errors import Invalid
from engine.i18n import Text, _
from engine.secrets import Keys
from engine.trail import guards
from engine.trail.beside import Beside
from engine.trail.check_chains import check_chains
from engine.trail.check_log import check_log
from engine.trail.faults import Fault, Tally
from engine.trail.heads import SignedHead


@dataclass(frozen=True)
class Report:
    """What checking found. `proved` is True only where a head from outside was met as well."""

    entries: int
    instances: int
    leaves: int
    heads: int
    erased: int  # words that were erased; their digests stand
    faults: int
    first_bad: Fault | None
    unguarded: tuple[str, ...]  # tables whose triggers are gone
    outside: int | None  # leaves covered by the head from outside

    @property
    def ok(self) -> bool:
        """Tell whether nothing is wrong."""
        return self.first_bad is None and not self.unguarded

    @property
    def proved(self) -> bool:
        """Tell whether the record is also known to be complete, up to the head from outside."""
        return self.ok and self.outside is not None

    @property
    def says(self) -> Text:
        """Return the result as one sentence."""
        if self.first_bad is not None:
            return bad_sentence(self.first_bad, self.faults)
        if self.unguarded:
            tables = ", ".join(self.unguarded)
            return _("记录一致，但表 {tables} 的防改触发器缺失或被替换", tables=tables)
        return good_sentence(self)


def bad_sentence(first: Fault, faults: int) -> Text:
    """Name the first bad entry, or the part of the log that is bad."""
    at = first.at.isoformat(timespec="seconds")
    if first.instance is None:
        return _(
            "审计链不一致（共 {faults} 处）：{what}（{at}）", faults=faults, what=first.what, at=at
        )
    return _(
        "审计链不一致（共 {faults} 处），最早一处：实例 {instance} 第 {seq} 条（{at}），{what}",
        faults=faults,
        instance=str(first.instance),
        seq=first.seq,
        at=at,
        what=first.what,
    )


def good_sentence(report: Report) -> Text:
    """Say how much was checked and whether it is proved complete."""
    counts = {"entries": report.entries, "instances": report.instances, "heads": report.heads}
    if report.outside is None:
        return _(
            "一致，但未证明完整：{entries} 条记录、{instances} 条链、{heads} 个签名日志头相符；"
            "请用外部保存的日志头再核对",
            **counts,
        )
    return _(
        "一致且完整：{entries} 条记录、{instances} 条链、{heads} 个签名日志头相符，"
        "外部日志头（{outside} 片）得到重现",
        **counts,
        outside=report.outside,
    )


def verify(
    connection: sa.Connection,
    keys: Keys,
    head: SignedHead | None = None,
    *,
    beside: Sequence[Beside] = (),
) -> Report:
    """Check everything recorded, in constant memory; give it a read frame: one moment of all.

    `beside` are the chains whose ends were sealed too. `head` is one kept outside; it must be
    reproduced. Raises `Invalid("head.forged")` where our keys did not sign it.
    """
    if head is not None and not head.genuine(keys):
        raise Invalid("head.forged", _("外部日志头的签名不是本系统的密钥所签，请检查文件"))
    tally = Tally()
    check_chains(connection, tally)
    check_log(connection, keys, tally, outside=head, beside=beside)
    return Report(
        entries=tally.entries,
        instances=tally.instances,
        leaves=tally.leaves,
        heads=tally.heads,
        erased=tally.erased,
        faults=tally.faults,
        first_bad=tally.first,
        unguarded=guards.missing(connection),
        outside=head.size if head else None,
    )
