"""The demo district as a visitor finds it: lived in, in every state, and honestly come by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from engine.actor import Actor, Post
from engine.db.tables import event, incident, job, outbox, sla_clock, work_item
from engine.errors import Invalid
from engine.now import ManualClock
from processes.audit import verify
from processes.bootstrap import Product, open_product, prepare
from processes.organisation import posts_of
from processes.reads.charged import charged_month
from processes.reads.definitions import Folders
from processes.reads.reader import Reader
from processes.shipped import Shipped
from processes.tables import attachment, case_file, org_unit, person
from processes.whatif.divergences import told_played
from processes.whatif.draft import Draft, read_limits
from processes.whatif.past import Period
from processes.whatif.run import what_if
from processes.whatif.structural import Played, replay_on
from tests.balance import assert_balanced
from tests.web.homes import settings_in
from web.accounts import HANDLERS
from web.demo import demo
from web.demo.district import COLLEAGUES, UNITS
from web.demo.make import Made, make
from web.demo.paint import PHOTOS
from web.demo.script import HERE, read_script
from web.logins import Logins

NOW = datetime(2026, 5, 13, 7, 21, tzinfo=UTC)  # a Wednesday, twenty past three in Shanghai


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the whole demo in it; tests only look at it."""
    home = tmp_path_factory.mktemp("demo") / "home"
    made = make(settings_in(home), NOW)
    assert made == Made(new=True, cases=len(read_script(NOW)), skipped=0)
    return home


@pytest.fixture(scope="module")
def product(home: Path) -> Iterator[Product]:
    opened = open_product(settings_in(home), clock=ManualClock(NOW), handlers=HANDLERS)
    yield opened
    opened.close()


def rows(product: Product, query: sa.Select[Any]) -> list[Any]:
    with product.engine.database.read() as connection:
        return list(connection.execute(query))


def test_open_cases_are_in_every_state_and_some_are_closed(product: Product) -> None:
    found = rows(product, sa.select(case_file.c.status, sa.func.count()).group_by("status"))
    counts = dict(found)
    assert counts.pop("closed") >= 10
    assert sum(counts.values()) >= 24
    states = {"community_review", "routing", "awaiting_answer", "handling", "checking"}
    assert states | {"rework"} == set(counts)
    assert min(counts[state] for state in states) >= 2


def test_every_minute_of_every_case_is_charged_once(product: Product) -> None:
    assert assert_balanced(product) == len(read_script(NOW))


def test_some_are_nearly_due_some_late_and_most_in_time(product: Product) -> None:
    running = rows(
        product,
        sa.select(sla_clock.c.warn_at, sla_clock.c.due_at).where(
            sla_clock.c.stopped_at.is_(None), sla_clock.c.code != "case"
        ),
    )
    late = [clock for clock in running if clock.due_at <= NOW]
    nearly = [clock for clock in running if clock.warn_at <= NOW < clock.due_at]
    assert len(late) >= 4
    assert len(nearly) >= 5
    assert len(late) + len(nearly) < len(running)


@pytest.mark.parametrize(
    "now", [datetime(2026, 10, 3, 19, 5, tzinfo=UTC), datetime(2026, 2, 15, 1, 30, tzinfo=UTC)]
)
def test_it_is_lived_in_on_holidays_and_at_night_too(now: datetime, tmp_path: Path) -> None:
    made = make(settings_in(tmp_path / "home"), now)
    assert made == Made(new=True, cases=len(read_script(now)), skipped=0)


def test_whistles_were_blown_twice_and_checks_failed(product: Product) -> None:
    second = sa.select(work_item.c.status).where(work_item.c.element == "answer_second")
    assert {row.status for row in rows(product, second)} >= {"open", "completed"}
    again = sa.select(work_item.c.root_id).where(work_item.c.outcome == "rework")
    assert len(rows(product, again)) >= 3


def test_nobody_checked_what_they_had_reported(product: Product) -> None:
    checks = rows(
        product,
        sa.select(work_item.c.closed_by, case_file.c.reported_by)
        .join(case_file, case_file.c.id == work_item.c.root_id)
        .where(work_item.c.element == "check", work_item.c.status == "completed"),
    )
    assert len(checks) >= 10
    assert all(check.closed_by != check.reported_by for check in checks)


def test_the_trail_is_proved_and_nothing_in_it_is_of_tomorrow(product: Product) -> None:
    with product.engine.database.read() as connection:
        assert verify(connection, product.keys).ok
    (span,) = rows(product, sa.select(sa.func.min(event.c.at), sa.func.max(event.c.recorded_at)))
    assert NOW - timedelta(days=8) < span[0] < span[1] <= NOW


def test_what_came_due_was_noticed_when_it_did(product: Product) -> None:
    late = sa.select(event.c.kind).where(event.c.recorded_at != event.c.at)
    assert rows(product, late) == []


def test_nothing_is_broken_or_left_undone(product: Product) -> None:
    assert rows(product, sa.select(incident.c.code)) == []
    assert rows(product, sa.select(job.c.id).where(job.c.due_at <= NOW)) == []
    assert rows(product, sa.select(outbox.c.id).where(outbox.c.sent_at.is_(None))) == []


def test_photos_can_be_looked_at(product: Product) -> None:
    photos = rows(product, sa.select(attachment.c.clean_sha256).distinct())
    assert len(photos) == len(PHOTOS)
    assert all(product.photos.clean(photo.clean_sha256) for photo in photos)


def test_each_role_has_a_login_and_every_login_a_post(product: Product) -> None:
    logins = Logins(product.engine.database).demo_logins(NOW)
    assert [each.login for each in logins] == [each.login for each in COLLEAGUES if each.login]
    roles = {role for each in COLLEAGUES if each.login for role in each.roles}
    assert roles == {
        "acceptor",
        "callback_agent",
        "convener",
        "dept_head",
        "whistle_approver",
        "grid_worker",
        "community_secretary",
        "dispatcher",
        "dept",
        "dept_leader",
        "supervisor",
        "designer",
        "admin",
    }


def test_everybody_in_the_district_is_in_the_books(product: Product) -> None:
    units = rows(product, sa.select(org_unit.c.code, org_unit.c.name))
    assert {tuple(unit) for unit in units} == {(unit.code, unit.name) for unit in UNITS}
    people = {row.name: row.id for row in rows(product, sa.select(person.c.id, person.c.name))}
    assert len(people) == len(COLLEAGUES)
    with product.engine.database.read() as connection:
        for each in COLLEAGUES:
            posts = {Post(role, each.unit) for role in each.roles}
            assert set(posts_of(connection, [people[each.name]], NOW)) == posts


def test_a_second_run_finds_it_and_changes_nothing(
    home: Path, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(product, sa.select(sa.func.count()).select_from(event))
    monkeypatch.setenv("SHAODAO_HOME", str(home))
    monkeypatch.delenv("SHAODAO_DATABASE", raising=False)
    ran = CliRunner().invoke(demo)
    assert ran.exit_code == 0, ran.output
    assert ran.output == "演示街道已经在了，没有改动。\n"
    assert rows(product, sa.select(sa.func.count()).select_from(event)) == before


def test_in_a_home_already_in_use_time_does_not_begin_before_its_tables(tmp_path: Path) -> None:
    used = settings_in(tmp_path / "home")
    recently = NOW - timedelta(minutes=70)
    prepare(used, clock=ManualClock(recently)).close()
    made = make(used, NOW)
    assert made.new
    assert made.cases == sum(tale.at >= recently for tale in read_script(NOW)) > 0
    assert made.skipped == len(read_script(NOW)) - made.cases


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_at_any_hour_the_story_is_told_in_order_and_ends_before_now(hour: int) -> None:
    now = NOW.astimezone(HERE).replace(hour=hour, minute=1)
    for tale in read_script(now):
        instants = [tale.at, *(act.at for act in tale.acts), now]
        assert instants == sorted(set(instants)), tale.report["description"]


def test_the_shipped_limits_give_every_closed_case_the_verdicts_it_had(product: Product) -> None:
    limits = (product.shipped.folder / "tables" / "limits.dmn").read_bytes()
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    with product.engine.database.read() as connection:
        draft = Draft(read_limits(limits))
        found = what_if(connection, draft, year, library=product.engine.library).figures()
    assert found["clocks"] > 100
    assert found["late_then"] > 0
    assert {found[name] for name in ("to_late", "to_time", "left_out", "recalled")} == {0}


def test_what_is_charged_in_a_month_is_the_time_its_cases_took(product: Product) -> None:
    product.worker("test").do_chores()  # whatever has closed since the demo's own last chore
    closed = sa.select(case_file).where(case_file.c.closed_at.is_not(None))
    months = sorted(
        {row.closed_at.astimezone(HERE).date().replace(day=1) for row in rows(product, closed)}
    )
    elapsed = sum(
        (row.closed_at - min(row.reported_at, row.received_at)) // timedelta(minutes=1)
        for row in rows(product, closed)
    )
    folders = Folders(product.engine.library, product.shipped.labels)
    with product.engine.database.read() as connection:
        reader = Reader(connection, NOW, "zh", folders, product.calendars)
        supervisor = Actor(id=UUID(int=4), posts=(Post("supervisor", "QX"),))
        found = [charged_month(reader, supervisor, month) for month in months]
        head = Actor(id=UUID(int=5), posts=(Post("dept_head", "SZ"),))
        of_one = [charged_month(reader, head, month).rows for month in months]
    assert sum(month.whole.sum for month in found) == elapsed > 0
    assert {row.holder for month in of_one for row in month} == {"SZ"}
    alone = sum(row.minutes["holder"] for month in found for row in month.rows)
    assert alone == sum(month.whole.minutes["holder"] for month in found)


def played_on(product: Product, **changed: tuple[str, str]) -> tuple[Played, dict[str, Any]]:
    """Play the closed cases on the drawing that is shipped, with some of its texts changed."""
    folder = Shipped.find().folder / "whistle"
    drawing = {"whistle.bpmn": (folder / "whistle.bpmn").read_text(encoding="utf-8")}
    drawing["labels.toml"] = (folder / "labels.toml").read_text(encoding="utf-8")
    for old, new in changed.values():
        drawing = {name: text.replace(old, new) for name, text in drawing.items()}
    draft = Draft(drawing={name: text.encode() for name, text in drawing.items()})
    library, year = product.engine.library, Period(date(2026, 1, 1), date(2026, 12, 31))
    with product.engine.database.read() as connection:
        played = replay_on(connection, draft, year, library=library, shipped=product.shipped)
        reader = Reader(connection, NOW, "zh", Folders(library, product.shipped.labels))
        return played, told_played(reader, played, year)


def test_on_the_drawing_in_force_every_closed_case_goes_the_same_way(product: Product) -> None:
    _played, told = played_on(product)
    assert (told["diverging"], told["only_then"], told["only_now"]) == ([], {}, {})
    assert told["cases"] == told["closed"] == told["sampled"] >= 10
    assert told["clocks"] > 100
    assert {told[name] for name in ("to_late", "to_time", "left_out")} == {0}
    assert told["late_then"] == told["late_now"] > 0


def test_where_an_outcome_has_another_name_cases_are_listed_and_not_judged(
    product: Product,
) -> None:
    _played, told = played_on(
        product,
        drawn=('value="whistle handle answer"', 'value="whistle self_handle answer"'),
        asked=('community_review.outcome == "handle"', 'community_review.outcome == "self_handle"'),
        named=("\nhandle = {", '\nself_handle = {zh = "自行处置", en = "Handle"}\nhandle = {'),
    )
    query = sa.select(case_file.c.number).join(work_item, work_item.c.root_id == case_file.c.id)
    handled = query.where(
        case_file.c.closed_at.is_not(None),
        work_item.c.element == "community_review",
        work_item.c.outcome == "handle",
    )
    expected = {row.number for row in rows(product, handled)}
    assert expected
    assert {each["case_number"] for each in told["diverging"]} == expected
    (place,) = told["places"]
    assert (place["code"], place["element"]) == ("whatif.outcome_gone", "community_review")
    assert place["cases"] == len(expected) == told["sampled"] - told["cases"]
    assert {told["to_late"], told["to_time"]} == {0}


def test_a_drawing_of_nothing_that_is_deployed_is_refused(product: Product) -> None:
    with pytest.raises(Invalid) as refusal:
        played_on(product, named=('id="whistle"', 'id="nobody_s"'))
    assert refusal.value.code == "whatif.drawing_unknown"
