"""The history beside a table of cases: what was seen of each, in the order it was seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from processes.mapping import CaseMapping
from processes.replay.rules import ReplayRules
from processes.replay.tale import Row
from processes.table_files import open_text, read_rows

History = Mapping[str, list[Row]]


def read_history(file: Path, mapping: CaseMapping, rules: ReplayRules) -> History:
    """Return the history's rows by case; nothing where the mapping names none.

    It lies beside `file` and is held in memory, cut to the columns that are asked for. Raises
    Invalid("import.…") for what cannot be read: of a history no line may be lost.
    """
    told: dict[str, list[Row]] = defaultdict(list)
    if rules.history is None:
        return told
    wanted = rules.history_columns()
    with open_text(file.parent / rules.history.file, mapping.encoding) as text:
        for row in read_rows(text, wanted):
            if row.problem is not None:
                raise row.problem
            told[row.values[rules.history.key].strip()].append(
                {column: row.values[column] for column in wanted}
            )
    return told
