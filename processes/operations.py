"""What diagrams can have done: operations that service tasks and scripts name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from engine.errors import Broken
from engine.i18n import _
from engine.run.plugins import Operating, Operation
from processes.permissions import LANES
from processes.tables import case_part

LAST_ROUND: Final = 3


def notify(
    operating: Operating, *, role: str, unit: str | None = None, message: str
) -> Mapping[str, Any]:
    """Tell those who hold `role` at `unit`. `message` is a code, never the facts of a case."""
    if role not in LANES:
        raise Broken("operation.role", _("通知的角色“{role}”不存在，请修改流程图。", role=role))
    operating.send("notice", {"role": role, "unit": unit, "message": message})
    return {"role": role, "unit": unit}


def whistle_round(operating: Operating, *, round: int) -> Mapping[str, Any]:  # noqa: A002
    """Note that a unit is being whistled for the first, second or third time."""
    if round not in range(1, LAST_ROUND + 1):
        raise Broken("operation.round", _("吹哨轮次只能是 1 到 3，现在是 {round}。", round=round))
    operating.connection.execute(
        sa.update(case_part).where(case_part.c.instance_id == operating.info.id).values(round=round)
    )
    return {"round": round}


OPERATIONS: Final[Mapping[str, Operation]] = {"notify": notify, "whistle_round": whistle_round}
