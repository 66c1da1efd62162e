"""Operations of appeals after a case is closed: was anything late, and a rating left out.

What an appeal changes is the figures; the score and the breach stay (domain E-38).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.db.tables import sla_clock
from engine.run.plugins import Operating
from processes.tables import rating


def lateness(operating: Operating, *, clock: str, unit: str) -> Mapping[str, Any]:
    """Tell whether a clock of a unit in this case ran out and nobody has exempted it."""
    found = sa.select(sa.literal(1)).where(
        sla_clock.c.root_id == operating.info.root_id,
        sla_clock.c.holder == unit,
        sla_clock.c.code == clock,
        sla_clock.c.breached_at.is_not(None),
        sla_clock.c.exempted_at.is_(None),
    )
    return {"late": operating.connection.scalar(found.limit(1)) is not None}


def exclude_ratings(operating: Operating, *, unit: str, by: str) -> Mapping[str, Any]:
    """Leave out of the figures how a unit was rated (`by` "blower"), or how it rated ("unit")."""
    operating.connection.execute(
        sa.update(rating)
        .where(
            rating.c.case_id == operating.info.root_id,
            rating.c.unit == unit,
            rating.c.by == by,
        )
        .values(excluded_at=operating.now)
    )
    return {}
