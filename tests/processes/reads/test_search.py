"""Finding a case again: by its number, by words, by where it is, by who reported it."""

from __future__ import annotations

import importlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.counting import statements
from engine.actor import Actor
from processes.index import reindex
from processes.reads.search import Hits, search
from processes.words import fold, grams, searched
from tests.processes.reads.conftest import ReadOffice


def find(
    office: ReadOffice, actor: Actor, question: str, *, cursor: str | None = None, limit: int = 30
) -> Hits:
    with office.read() as reader:
        keys = office.product.keys
        return search(reader, actor, question, keys=keys, cursor=cursor, limit=limit)


def numbers(hits: Hits) -> list[str]:
    return [row.number for row in hits.page.rows]


def test_a_case_is_found_by_its_number_by_its_end_and_by_words(office: ReadOffice) -> None:
    lamp = office.report(description="康庄路３号路灯不亮，ＬＥＤ 灯坏了。")["number"]
    cover = office.report(description="井盖松动。", address="春晖路与康庄路口")["number"]
    boss = office.supervisor
    assert lamp == "QY-2026-000001"
    for typed in (lamp, lamp.lower(), "2026-000001", "000001", "001", "ＱＹ-2026-000001"):
        assert numbers(find(office, boss, typed)) == [lamp], typed
    assert numbers(find(office, boss, "路灯")) == [lamp]
    assert numbers(find(office, boss, "路灯 led")) == [lamp]
    assert numbers(find(office, boss, "3号路灯")) == [lamp]
    assert numbers(find(office, boss, "康庄路")) == [cover, lamp], "one by its place"
    assert numbers(find(office, boss, "灯路")) == []
    assert numbers(find(office, boss, "井盖 路灯")) == []


def test_pairs_that_stand_apart_are_no_word(office: ReadOffice) -> None:
    office.report(description="路灯亮着，灯杆下有垃圾。")
    assert numbers(find(office, office.supervisor, "路灯杆")) == []


@pytest.mark.parametrize("typed", ["", " ", "灯", "。。", "%", "_"])
def test_one_sign_or_none_finds_nothing_and_says_so(office: ReadOffice, typed: str) -> None:
    office.report()
    page = find(office, office.supervisor, typed).page
    assert (page.rows, page.count, page.too_short) == ((), 0, True)


def test_what_one_may_not_see_is_neither_found_nor_counted(office: ReadOffice) -> None:
    whistled = office.to_departments(description="路灯不亮")
    kept = office.report(description="路灯闪烁")["number"]
    for actor, expected in (
        (office.supervisor, [kept, whistled]),
        (office.secretary, [kept, whistled]),
        (office.worker, [kept, whistled]),
        (office.liaison, [whistled]),
        (office.outsider, []),
    ):
        hits = find(office, actor, "路灯")
        assert numbers(hits) == expected
        assert (hits.page.count, hits.page.counted) == (len(expected), True)
        for number in (kept, whistled):
            assert numbers(find(office, actor, number)) == [n for n in expected if n == number]


def test_a_phone_finds_its_cases_for_those_who_may_read_it_and_tells_whose(
    office: ReadOffice,
) -> None:
    told = {"reporter_name": "林小满", "reporter_phone": "13812345678"}
    first = office.to_departments(**told)
    office.report()
    second = office.report(**told)["number"]
    hits = find(office, office.secretary, "138 1234-5678")
    assert numbers(hits) == [second, first]
    assert set(hits.by_phone) == {office.case(number).id for number in (first, second)}
    assert numbers(find(office, office.secretary, "1381234567")) == [], "only as a whole"
    assert find(office, office.liaison, "13812345678") == find(office, office.liaison, "1390000000")


def test_pages_lose_none_and_the_count_stays_exact(office: ReadOffice) -> None:
    made = []
    for _n in range(5):
        made.append(office.report()["number"])
        office.clock.forward(minutes=1)
    first = find(office, office.supervisor, "路灯", limit=3)
    rest = find(office, office.supervisor, "路灯", limit=3, cursor=first.page.next_cursor)
    assert numbers(first) + numbers(rest) == made[::-1]
    assert (first.page.count, rest.page.count, rest.page.next_cursor) == (5, 5, None)


@pytest.mark.parametrize("words", ["路灯", "路灯 井盖"])
def test_common_words_find_the_same_by_either_way(
    office: ReadOffice, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    office.to_departments(description="路灯不亮，井盖松动")
    for said in ("路灯闪烁", "路灯闪烁，井盖松动", "井盖松动"):
        for _n in range(2):
            office.report(description=said)
    posts = (office.supervisor, office.secretary, office.liaison, office.worker, office.outsider)
    by_the_word = [find(office, actor, words) for actor in posts]
    assert by_the_word[0].page.count == {"路灯": 5, "路灯 井盖": 3}[words]
    monkeypatch.setattr(importlib.import_module("processes.reads.search"), "RARE", 2)
    assert [find(office, actor, words) for actor in posts] == by_the_word


def test_a_search_costs_the_same_however_much_is_found(office: ReadOffice) -> None:
    costs = set()
    for _n in range(2):
        for _each in range(4):
            office.report()
        with statements() as sent:
            find(office, office.supervisor, "路灯")
        costs.add(len(sent))
    assert len(costs) == 1


def test_the_index_is_made_anew_while_people_work(office: ReadOffice) -> None:
    number = office.report()["number"]
    assert reindex(office.product.engine.database) == 1
    assert numbers(find(office, office.supervisor, "路灯")) == [number]


@given(st.text(max_size=60), st.text(max_size=60))
def test_every_part_of_a_text_has_its_pairs(before: str, after: str) -> None:
    """A search that looks for pairs first can miss nothing that the text holds."""
    whole = fold(before + after)
    for start in range(len(whole)):
        part = whole[start : start + 5]
        assert grams(part) <= grams(whole)
    assert searched(before) == fold(before)[:1000]
