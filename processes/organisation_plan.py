"""What an import of an organisation would change: every row is new, changed, unchanged or refused.

Planning reads the organisation once and writes nothing, so that a dry run and a real one say the
same. Rows are taken in the order of the file, but a parent may stand below its children.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Final

from engine.errors import Conflict, Invalid, NotFound, ShaodaoError
from engine.i18n import _
from engine.ids import Ids
from engine.sla.iso import ZONE, shown
from processes.organisation import AddUnit, check_unit
from processes.organisation_mapping import MEMBERSHIPS, PEOPLE, ROSTER, UNITS
from processes.organisation_now import Dated, Now, Somebody
from processes.posts import check_role, ends_after
from processes.sheet_tables import TableRow
from processes.unit_states import ABOVE_ALL, Unit, check_place, unknown

DAY: Final = timedelta(days=1)
NEW, CHANGED, UNCHANGED, REFUSED = "new", "changed", "unchanged", "refused"


@dataclass(frozen=True)
class RowResult:
    """What becomes of a row; `reason` where it is refused."""

    sheet: str
    line: int
    outcome: str
    reason: ShaodaoError | None = None


@dataclass
class Plan:
    """The organisation as it would be, and what became of each row."""

    now: Now
    at: datetime
    ids: Ids
    results: list[RowResult] = field(default_factory=list)
    new_units: dict[str, Unit] = field(default_factory=dict)
    changed_units: dict[str, Unit] = field(default_factory=dict)  # as they were
    new_people: list[Somebody] = field(default_factory=list)
    changed_people: list[Somebody] = field(default_factory=list)
    new_posts: list[Dated] = field(default_factory=list)
    changed_posts: list[Dated] = field(default_factory=list)
    new_duties: list[Dated] = field(default_factory=list)
    changed_duties: list[Dated] = field(default_factory=list)

    def count(self) -> Mapping[str, int]:
        """Return how many rows came to which outcome."""
        return Counter(result.outcome for result in self.results)

    def take_all(self, tables: Mapping[str, Iterable[tuple[str, TableRow]]]) -> None:
        """Plan every table: units first, then people, then what names both."""
        self.take_units(list(tables.get(UNITS, ())))
        for kind, how in (
            (PEOPLE, self.person),
            (MEMBERSHIPS, self.membership),
            (ROSTER, self.duty),
        ):
            for sheet, row in tables.get(kind, ()):
                self.take(sheet, row, how)

    def take_units(self, waiting: list[tuple[str, TableRow]]) -> None:
        """Plan units, each once its parent is there; what is left has none."""
        while waiting:
            ready = [(s, row) for s, row in waiting if self.has_parent(row)] or waiting
            for sheet, row in ready:
                self.take(sheet, row, self.unit)
            done = {id(row) for _sheet, row in ready}
            waiting = [(s, row) for s, row in waiting if id(row) not in done]

    def has_parent(self, row: TableRow) -> bool:
        """Tell whether a unit's row can be planned now."""
        parent = row.values.get("parent")
        return not parent or parent in self.now.units

    def take(self, sheet: str, row: TableRow, how: Callable[[Mapping[str, str]], str]) -> None:
        """Plan one row; a refusal of it stops no other."""
        try:
            self.results.append(RowResult(sheet, row.line, how(row.values)))
        except ShaodaoError as refusal:
            self.results.append(RowResult(sheet, row.line, REFUSED, refusal))

    def unit(self, said: Mapping[str, str]) -> str:
        """Plan a unit: its name, parent and calendar may change, its kind may not."""
        code, parent = said["code"], said.get("parent") or None
        check_unit(AddUnit(code=code, name=said["name"], kind=said["kind"], parent=parent))
        above = self.living(parent) if parent else None
        known = self.now.units.get(code)
        wanted = Unit(
            code=code,
            name=said["name"].strip(),
            kind=said["kind"],
            parent=parent,
            path=f"{above.path if above else ABOVE_ALL}{code}/",
            calendar=said.get("calendar") or (known.calendar if known else None),
        )
        if known is None:
            check_place(wanted.kind, above)
            self.new_units[code] = self.now.units[code] = wanted
            return NEW
        return self.known_unit(known, wanted, above)

    def known_unit(self, known: Unit, wanted: Unit, above: Unit | None) -> str:
        """Plan a unit that is there already."""
        if known.valid_to is not None or known.kind != wanted.kind:
            sentence = _(
                "单位代码“{code}”已被“{name}”使用，请换一个代码。",
                code=known.code,
                name=known.name,
            )
            raise Conflict("unit.exists", sentence)
        if known == wanted:
            return UNCHANGED
        if above is not None and known.parent != wanted.parent:
            check_place(wanted.kind, above)
            if above.path.startswith(known.path):
                sentence = _(
                    "“{parent}”就是它自己或它的下级，不能作为上级单位。", parent=above.name
                )
                raise Conflict("unit.cycle", sentence)
        if known.code in self.new_units:
            raise Invalid("import.twice", _("文件里有两行写的是同一项，但内容不同。"))
        self.replace_unit(known, wanted)
        return CHANGED

    def replace_unit(self, known: Unit, wanted: Unit) -> None:
        """Put a unit's new state in its place; what stands below follows to its new path."""
        self.changed_units.setdefault(known.code, known)
        self.now.units[known.code] = wanted
        if wanted.path == known.path:
            return
        for code, unit in list(self.now.units.items()):
            if unit.path.startswith(known.path) and code != known.code:
                if code in self.new_units:
                    self.new_units.pop(code)
                    self.new_units[code] = replace(
                        unit, path=wanted.path + unit.path[len(known.path) :]
                    )
                else:
                    self.changed_units.setdefault(code, unit)
                self.now.units[code] = replace(
                    unit, path=wanted.path + unit.path[len(known.path) :]
                )

    def person(self, said: Mapping[str, str]) -> str:
        """Plan a person, known by the staff number."""
        code, name, phone = said["code"], said["name"].strip(), said.get("phone", "")
        if not code:
            raise Invalid("person.code_empty", _("请填写工号，重复导入时靠它认人。"))
        if not name:
            raise Invalid("person.name_empty", _("请填写姓名。"))
        known = self.now.people.get(code)
        if known is None:
            new = Somebody(self.ids.new(), code, name, phone)
            self.new_people.append(new)
            self.now.people[code] = new
            return NEW
        wanted = replace(known, name=name, phone=phone or known.phone)
        if wanted == known:
            return UNCHANGED
        if known in self.new_people:
            raise Invalid("import.twice", _("文件里有两行写的是同一项，但内容不同。"))
        self.changed_people.append(wanted)
        self.now.people[code] = wanted
        return CHANGED

    def membership(self, said: Mapping[str, str]) -> str:
        """Plan a post. The same post that lasts is the same; another end is a change."""
        who = self.somebody(said["person"])
        check_role(said["role"])
        end = self.instant(said.get("to", ""), last=True)
        same = [
            each
            for each in self.now.posts.get((who.id, said["role"], said["unit"]), ())
            if each.valid_to is None or each.valid_to > self.at
        ]
        if same:
            known = same[0]
            if end == known.valid_to:
                return UNCHANGED
            ends_after(known.valid_from, end)
            self.change(known, replace(known, valid_to=end), self.new_posts, self.changed_posts)
            return CHANGED
        self.living(said["unit"])
        start = self.instant(said.get("from", "")) or self.at
        ends_after(start, end)
        if end is not None and end <= self.at:
            return UNCHANGED  # over already: nothing that it could give
        new = Dated(self.ids.new(), who.id, said["role"], said["unit"], start, end)
        self.new_posts.append(new)
        self.now.posts.setdefault(new.key, []).append(new)
        return NEW

    def duty(self, said: Mapping[str, str]) -> str:
        """Plan a duty: the same dates are the same duty, others may not overlap."""
        who = self.somebody(said["person"])
        check_role(said["role"])
        start, end = self.instant(said["from"]), self.instant(said["to"], last=True)
        if start is None or end is None:
            raise Invalid("duty.dates", _("请填写值班的开始和结束时间。"))
        ends_after(start, end)
        note = said.get("note", "")
        for known in self.now.duties.get((who.id, said["role"], said["unit"]), ()):
            if (known.valid_from, known.valid_to) == (start, end):
                if known.note == note:
                    return UNCHANGED
                wanted = replace(known, note=note)
                self.change(known, wanted, self.new_duties, self.changed_duties)
                return CHANGED
            if known.valid_from < end and start < (known.valid_to or end):
                raise Conflict("duty.overlap", _("此人在这段时间内已经排了同一个班。"))
        self.living(said["unit"])
        if end <= self.at:
            return UNCHANGED  # over already: nothing that it could give
        new = Dated(self.ids.new(), who.id, said["role"], said["unit"], start, end, note)
        self.new_duties.append(new)
        self.now.duties.setdefault(new.key, []).append(new)
        return NEW

    def change(self, known: Dated, wanted: Dated, new: list[Dated], changed: list[Dated]) -> None:
        """Put a dated row's new content in its place."""
        if known in new:
            raise Invalid("import.twice", _("文件里有两行写的是同一项，但内容不同。"))
        changed.append(wanted)
        for held in (self.now.posts, self.now.duties):
            rows = held.get(known.key, [])
            if known in rows:
                rows[rows.index(known)] = wanted

    def living(self, code: str) -> Unit:
        """Return a unit that stands, or will once the plan is done."""
        unit = self.now.units.get(code)
        if unit is None:
            raise unknown(code)
        if unit.valid_to is not None:
            raise Conflict("unit.abolished", _("“{name}”已撤销，请选择其他单位。", name=unit.name))
        return unit

    def somebody(self, code: str) -> Somebody:
        """Return a person by staff number."""
        if code not in self.now.people:
            raise NotFound("person.unknown_code", _("没有工号为“{code}”的人员。", code=code))
        return self.now.people[code]

    def instant(self, text: str, *, last: bool = False) -> datetime | None:
        """Return an instant of Shanghai; of a day its beginning, as an end the day after's."""
        if not text:
            return None
        try:
            read = datetime.fromisoformat(text.replace("/", "-"))
        except ValueError as error:
            sentence = _("“{text}”不是有效的日期时间。", text=shown(text))
            raise Invalid("import.date", sentence) from error
        local = read if read.tzinfo else read.replace(tzinfo=ZONE)
        whole_day = last and len(text) <= 10 and local.time() == time()
        return local + DAY if whole_day else local
