#!/usr/bin/env python3
"""Write an organisation the size of a large district as an XLSX, for trying the importer.

29 streets, 259 communities, their grids, departments, people, posts and a week of duty: the size of
one of the reports the chain was built from. Always the same for the same numbers.

    python scripts/big_organisation.py organisation.xlsx
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

STREETS, COMMUNITIES, GRIDS, DEPARTMENTS = 29, 259, 7, 40  # grids of one community
FIRST_DUTY = date(2026, 3, 2)

Rows = list[list[str]]


def units() -> Rows:
    """Return the units, from the top."""
    rows = [["QX", "清河区", "区县", ""]]
    rows += [[f"S{n:02}", f"第{n}街道", "街道", "QX"] for n in range(1, STREETS + 1)]
    for n in range(1, COMMUNITIES + 1):
        street = f"S{(n - 1) % STREETS + 1:02}"
        rows.append([f"C{n:03}", f"第{n}社区", "社区", street])
        for g in range(1, GRIDS + 1):
            rows.append([f"C{n:03}-{g}", f"第{n}社区第{g}网格", "网格", f"C{n:03}"])
    return rows + [[f"D{n:02}", f"第{n}部门", "部门", "QX"] for n in range(1, DEPARTMENTS + 1)]


ROLES = {
    "街道": ("派遣员",),
    "社区": ("社区书记",),
    "网格": ("网格员",),
    "部门": ("部门联络员", "部门分管领导"),
}


def posts() -> Iterator[tuple[str, str, str]]:
    """Yield staff number, role and unit of everybody."""
    number = 0
    for code, _name, kind, _parent in units():
        for role in ROLES.get(kind, ()):
            number += 1
            yield f"P{number:05}", role, code


def roster(people: list[tuple[str, str, str]]) -> Rows:
    """Return a week of duty of the departments' liaisons."""
    liaisons = [(who, unit) for who, role, unit in people if role == "部门联络员"]
    days = [FIRST_DUTY + timedelta(days=n) for n in range(7)]
    return [
        [unit, "部门联络员", who, f"{day} 17:30", f"{day + timedelta(days=1)} 08:30", "值班室"]
        for who, unit in liaisons
        for day in days
    ]


def write(path: Path) -> int:
    """Write the workbook and return how many rows it holds."""
    people = list(posts())
    sheets: dict[str, tuple[str, Rows]] = {
        "单位": ("单位代码 单位名称 单位类型 上级单位代码", units()),
        "人员": ("工号 姓名 手机", [[p, f"人员{p[1:]}", f"138{p[1:]}000"] for p, _r, _u in people]),
        "任职": ("工号 岗位 单位代码", [list(post) for post in people]),
        "值班": ("单位代码 值班岗位 工号 开始时间 结束时间 值班电话", roster(people)),
    }
    book = Workbook(write_only=True)
    for name, (header, rows) in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append([f"清河区{name}表"])
        sheet.append(header.split())
        for row in rows:
            sheet.append(row)
    book.save(path)
    return sum(len(rows) for _header, rows in sheets.values())


if __name__ == "__main__":
    sys.stdout.write(f"{write(Path(sys.argv[1]))} rows\n")
