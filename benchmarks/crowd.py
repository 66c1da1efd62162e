"""A district with many stored cases, written by SQL inside the database itself.

One real case is reported by a command; what it left gives the rows their shape. A case in fifty is
open, a quarter of those overdue; closed ones lie in the last five years, open ones in the last
thirty days. Each case has an instance, one or two parts, items done, clocks met, entries and the
pairs of signs that searches use; an open one has an open item and two running clocks with a job.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from benchmarks.floor import driver
from engine.actor import SYSTEM
from engine.db.tables import metadata
from engine.db.types import to_microseconds
from processes.bootstrap import Product
from processes.intake import ReportCase
from processes.organisation import AddUnit
from processes.words import grams, searched
from tests.conftest import EPOCH

STREETS, COMMUNITIES, GRIDS, DEPARTMENTS = 29, 9, 4, 12
OPEN_ONE_IN, LATE_ONE_IN = 50, 4
DAY: Final = 86_400_000_000  # microseconds
WHAT: Final = (
    "路灯不亮",
    "井盖松动",
    "垃圾堆放",
    "噪声扰民",
    "占道经营",
    "水管漏水",
    "树枝遮挡",
    "墙面脱落",
)
FILLED: Final = (
    "case_file",
    "case_part",
    "case_word",
    "instance",
    "work_item",
    "sla_clock",
    "job",
    "event",
)

# {uuid[n]}: an id of kind n for case b.n. What differs by database is in `DIALECTS`.
PEOPLE: Final = """
CREATE TABLE bench_case AS
SELECT n, n % {streets} AS s, n / {streets} % {communities} AS c, n / 261 % {grids} AS g,
  n % {open} = 0 AS is_open, n % ({open} * {late}) = 0 AS is_late, n / {open} % 3 AS holder,
  (n + n / 150) % {departments} AS d, n * 31 % 64 AS t,
  {epoch} - CASE WHEN n % {open} = 0 THEN n * 7919 % 43200 ELSE n * 104729 % 2628000 END * 60000000
    AS at
FROM {numbers}
"""
CASES: Final = """
INSERT INTO case_file (id, number, number_reversed, source, external_ref, title, description, words,
  category, urgency, mode, area, grid, community, street, path, status, priority, objections,
  reported_at, received_at, closed_at)
SELECT {uuid[0]}, {number}, reverse({number}), 'bench', CAST(b.n AS text), w.title,
  replace(w.said, '#', CAST(b.n AS text)), replace(w.words, '#', CAST(b.n AS text)),
  {category}, 'normal', 'normal', {grid}, {grid},
  {community}, {street}, '/QX/' || {street} || '/' || {community} || '/' || {grid} || '/',
  CASE WHEN b.is_open THEN 'handling' ELSE 'closed' END, 0, 0, b.at, b.at,
  CASE WHEN b.is_open THEN NULL ELSE b.at + 3 * {day} END
FROM bench_case b JOIN bench_text w ON w.t = b.t
"""
PARTS: Final = """
INSERT INTO case_part (instance_id, case_id, unit, kind, round, status, silent, reported_at,
  category, priority, closed_as, started_at, ended_at)
SELECT {part}, {uuid[0]}, {department}, CASE i.i WHEN 0 THEN 'lead' ELSE 'assist' END, 1,
  CASE WHEN b.is_open THEN 'handling' ELSE 'closed' END, {false}, b.at, {category}, 0,
  CASE WHEN b.is_open THEN NULL ELSE 'closed' END, b.at,
  CASE WHEN b.is_open THEN NULL ELSE b.at + 2 * {day} END
FROM bench_case b JOIN (SELECT 0 AS i UNION ALL SELECT 1) i ON i.i <= b.n % 2
"""
# A piece of a number is taken where it stands first, so that nothing is said twice of a case.
WORDS: Final = """
INSERT INTO case_word (gram, reported_at, case_id)
SELECT gram, at, id FROM (
  SELECT g.gram, b.at, {uuid[0]} AS id FROM bench_case b JOIN bench_gram g ON g.t = b.t
  UNION ALL
  SELECT substr(said, i.i, k.k), at, id
  FROM (SELECT CAST(b.n AS text) AS said, b.at, {uuid[0]} AS id FROM bench_case b) b
  JOIN (SELECT 1 AS i UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5
    UNION ALL SELECT 6) i ON true
  JOIN (SELECT 2 AS k UNION ALL SELECT 3 UNION ALL SELECT 4) k ON i.i + k.k <= length(said) + 1
  WHERE {position}(said, substr(said, i.i, k.k)) = i.i
) pieces ORDER BY gram, at, id
"""
INSTANCES: Final = """
INSERT INTO instance (id, definition_id, process, root_id, parent_id, parent_token, parent_element,
  unit, priority, status, revision, state, started_at, ended_at, last_at, head_seq, head_hash,
  unsealed)
SELECT {uuid[0]}, s.definition_id, s.process, {uuid[0]}, NULL, NULL, NULL, NULL, 0,
  CASE WHEN b.is_open THEN 'active' ELSE 'completed' END, 5, s.state, b.at,
  CASE WHEN b.is_open THEN NULL ELSE b.at + 3 * {day} END, b.at, 2, s.head_hash, {false}
FROM bench_case b CROSS JOIN (SELECT * FROM instance WHERE id = {root}) s
UNION ALL
SELECT {part}, s.definition_id, 'department', {uuid[0]}, {uuid[0]}, 9, 'departments', {department},
  0, CASE WHEN b.is_open THEN 'active' ELSE 'completed' END, 5, s.state, b.at,
  CASE WHEN b.is_open THEN NULL ELSE b.at + 2 * {day} END, b.at, 2, s.head_hash, {false}
FROM bench_case b JOIN (SELECT 0 AS i UNION ALL SELECT 1) i ON i.i <= b.n % 2
  CROSS JOIN (SELECT * FROM instance WHERE id = {root}) s
"""
ITEMS: Final = """
INSERT INTO work_item (id, instance_id, root_id, definition_id, process, token, element, role, unit,
  priority, status, opened_at, due_at, warn_at, sort_at, closed_at, closed_by, outcome)
SELECT {uuid[3]}, CASE WHEN b.holder = 0 THEN {first_part} ELSE {uuid[0]} END, {uuid[0]},
  s.definition_id, CASE WHEN b.holder = 0 THEN 'department' ELSE s.process END, 7,
  CASE b.holder WHEN 0 THEN 'answer' WHEN 1 THEN 'community_review' ELSE 'routing' END,
  CASE b.holder WHEN 0 THEN 'dept' WHEN 1 THEN 'community_secretary' ELSE 'dispatcher' END,
  CASE b.holder WHEN 0 THEN {lead} WHEN 1 THEN {community} ELSE 'QX' END, 0,
  'open', b.at, {due}, {due} - {day} / 24, {due}, NULL, CAST(NULL AS uuid), NULL
FROM bench_case b CROSS JOIN (SELECT * FROM instance WHERE id = {root}) s WHERE b.is_open
UNION ALL
SELECT {done}, {uuid[0]}, {uuid[0]}, s.definition_id, s.process, 1 + i.i,
  CASE i.i WHEN 0 THEN 'community_review' ELSE 'check' END,
  CASE i.i WHEN 0 THEN 'community_secretary' ELSE 'grid_worker' END,
  CASE i.i WHEN 0 THEN {community} ELSE {grid} END, 0, 'completed', b.at, b.at + {day},
  b.at + {day} / 2, b.at + {day}, b.at + {day} / 3, CAST(NULL AS uuid),
  'done'
FROM bench_case b CROSS JOIN (SELECT 0 AS i UNION ALL SELECT 1) i
  CROSS JOIN (SELECT * FROM instance WHERE id = {root}) s WHERE NOT b.is_open
"""
CLOCKS: Final = """
INSERT INTO sla_clock (id, instance_id, root_id, token, element, code, holder, rule, status,
  started_at, due_at, warn_at, warned_at, breached_at, stopped_at)
SELECT {clock}, {uuid[0]}, {uuid[0]}, 7 * i.i,
  CASE i.i WHEN 0 THEN 'whistle' ELSE 'community_review' END,
  CASE i.i WHEN 0 THEN 'case' ELSE 'community_review' END,
  CASE i.i WHEN 0 THEN NULL ELSE {lead} END, s.rule,
  CASE WHEN b.is_open THEN 'running' ELSE 'met' END, b.at, {due} + i.i * 600000000,
  {due} - {day} / 24, NULL, CASE WHEN b.is_late THEN {due} ELSE NULL END,
  CASE WHEN b.is_open THEN NULL ELSE b.at + 2 * {day} END
FROM bench_case b CROSS JOIN (SELECT 0 AS i UNION ALL SELECT 1) i
  CROSS JOIN (SELECT rule FROM sla_clock LIMIT 1) s WHERE b.is_open OR {closed_clocks}
"""
JOBS: Final = """
INSERT INTO job (id, instance_id, kind, token, element, due_at, data, status, attempts, lease_until,
  lease_owner)
SELECT {uuid[10]}, {uuid[0]}, 'clock', 7, 'community_review', {epoch} + 30 * {day}, s.data,
  'pending', 0, NULL, NULL
FROM bench_case b CROSS JOIN (SELECT data FROM job WHERE kind = 'clock' LIMIT 1) s WHERE b.is_open
"""
EVENTS: Final = """
INSERT INTO event (instance_id, seq, root_id, kind, at, recorded_at, element, actor, body, hash)
SELECT {uuid[0]}, i.i, {uuid[0]}, s.kind, b.at, b.at, s.element, NULL, s.body, s.hash
FROM bench_case b CROSS JOIN (SELECT 1 AS i UNION ALL SELECT 2) i
  JOIN (SELECT * FROM event WHERE instance_id = {root}) s ON s.seq = i.i
"""
STATEMENTS: Final = (CASES, PARTS, INSTANCES, ITEMS, CLOCKS, JOBS, EVENTS, WORDS)


def fill(product: Product, cases: int, *, closed_clocks: bool = True) -> None:
    """Write the units, one real case by a command, then so many others.

    `closed_clocks`: closed cases have their clocks too; without, somebody else will write them.
    """
    for code, name, kind, parent in units():
        product.engine.execute(AddUnit(code=code, name=name, kind=kind, parent=parent), SYSTEM)
    report = ReportCase(description="路灯不亮", category="streetlight", area="S00")
    root = UUID(product.engine.execute(report, SYSTEM)["case_id"])
    product.close()
    engine = sa.create_engine(driver(str(product.settings.database)))
    with engine.connect().execution_options(no_parameters=True) as connection:
        for statement in writing(connection, cases, root, closed_clocks=closed_clocks):
            connection.exec_driver_sql(statement)
        connection.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE" if is_pg(connection) else "ANALYZE")
        if not is_pg(connection):
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    engine.dispose()


def is_pg(connection: sa.Connection) -> bool:
    """Tell whether this is PostgreSQL."""
    return connection.dialect.name == "postgresql"


def units() -> Iterator[tuple[str, str, str, str | None]]:
    """Yield a district of streets, communities and grids, and its departments."""
    yield "QX", "区", "district", None
    for d in range(DEPARTMENTS):
        yield f"D{d:02}", f"部门{d}", "department", "QX"
    for s in range(STREETS):
        yield f"S{s:02}", f"街道{s}", "street", "QX"
        for c in range(COMMUNITIES):
            yield f"S{s:02}-{c}", f"社区{c}", "community", f"S{s:02}"
            for g in range(GRIDS):
                yield f"S{s:02}-{c}-{g}", f"网格{g}", "grid", f"S{s:02}-{c}"


def writing(
    connection: sa.Connection, cases: int, root: UUID, *, closed_clocks: bool
) -> Iterator[str]:
    """Yield the statements that write so many cases, indexes put aside meanwhile."""
    words = (postgresql if is_pg(connection) else sqlite)(connection, cases)
    words |= names(words, root) | {"closed_clocks": words["true" if closed_clocks else "false"]}
    texts(connection)
    yield PEOPLE.format(**words)
    indexes = [each for name in FILLED for each in metadata.tables[name].indexes]
    for index in indexes:
        index.drop(connection)
    for statement in STATEMENTS:
        yield statement.format(**words)
    for index in indexes:
        index.create(connection)
    for name in ("bench_case", "bench_text", "bench_gram"):
        yield f"DROP TABLE {name}"


def texts(connection: sa.Connection) -> None:
    """Write what is said in reports, and the pairs of signs in it; `#` stands for a number."""
    connection.exec_driver_sql(
        "CREATE TABLE bench_text (t integer, title text, said text, words text)"
    )
    connection.exec_driver_sql("CREATE TABLE bench_gram (t integer, gram text)")
    for t, (first, second) in enumerate(itertools.product(WHAT, WHAT)):
        said = f"{first}，{second}，在 # 号门前，请派人来看。"
        words = searched(first, said, "")
        row = {"t": t, "title": first, "said": said, "words": words}
        connection.execute(
            sa.text("INSERT INTO bench_text VALUES (:t, :title, :said, :words)"), row
        )
        pairs = [{"t": t, "gram": gram} for gram in sorted(grams(words))]
        connection.execute(sa.text("INSERT INTO bench_gram VALUES (:t, :gram)"), pairs)


def names(words: dict[str, Any], root: UUID) -> dict[str, Any]:
    """Return the expressions that the statements are made of."""
    street = "'S' || " + words["padded"].format("b.s", 2)
    community = f"{street} || '-' || CAST(b.c AS text)"
    grid = f"{community} || '-' || CAST(b.g AS text)"
    made: Any = words["made"]
    return {
        "street": street,
        "community": community,
        "grid": grid,
        "category": "CASE b.n % 2 WHEN 0 THEN 'streetlight' ELSE 'litter' END",
        "number": f"{street} || '-2026-' || {words['padded'].format('b.n', 7)}",
        "department": "'D' || " + words["padded"].format(f"((b.d + i.i * 5) % {DEPARTMENTS})", 2),
        "lead": "'D' || " + words["padded"].format("b.d", 2),
        "uuid": [made(str(kind), "b.n") for kind in range(11)],
        "part": made("(1 + i.i)", "b.n"),
        "first_part": made("1", "b.n"),
        "done": made("(4 + i.i)", "b.n"),
        "clock": made("(6 + i.i)", "b.n"),
        "root": f"'{root}'" if words["true"] == "true" else f"'{root.hex}'",
        "due": f"({words['epoch']} + CASE WHEN b.is_late THEN -1 ELSE 1 END"
        f" * (1 + b.n / {OPEN_ONE_IN} % 90) * {DAY} / 24)",
    }


def shared(numbers: str) -> dict[str, Any]:
    """Return the words that both databases understand."""
    return {
        "numbers": numbers,
        "epoch": to_microseconds(EPOCH),
        "day": DAY,
        "streets": STREETS,
        "communities": COMMUNITIES,
        "grids": GRIDS,
        "departments": DEPARTMENTS,
        "open": OPEN_ONE_IN,
        "late": LATE_ONE_IN,
    }


def postgresql(connection: sa.Connection, cases: int) -> dict[str, Any]:
    """Return PostgreSQL's own words; foreign keys are not checked row by row."""
    connection.exec_driver_sql("SET session_replication_role = replica")
    connection.exec_driver_sql("SET work_mem = '1GB'")
    connection.exec_driver_sql("SET maintenance_work_mem = '1GB'")
    return {
        **shared(f"generate_series(1::bigint, {cases}) AS n"),
        "true": "true",
        "false": "false",
        "position": "strpos",
        "padded": "lpad(CAST({0} AS text), {1}, '0')",
        "made": lambda kind, n: (
            f"CAST(lpad(to_hex({kind}), 8, '0') || lpad(to_hex({n}), 24, '0') AS uuid)"
        ),
    }


def sqlite(connection: sa.Connection, cases: int) -> dict[str, Any]:
    """Return SQLite's own words."""
    connection.exec_driver_sql("PRAGMA journal_mode = OFF")  # the log would be written first
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("PRAGMA cache_size = -1000000")
    raw: Any = connection.connection.driver_connection
    raw.create_function("reverse", 1, lambda text: text[::-1], deterministic=True)
    counting = (
        f"(WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted"
        f" WHERE n < {cases}) SELECT n FROM counted)"
    )
    return {
        **shared(counting),
        "true": "1",
        "false": "0",
        "position": "instr",
        "padded": "printf('%0{1}d', {0})",
        "made": lambda kind, n: f"printf('%08x%024x', {kind}, {n})",
    }
