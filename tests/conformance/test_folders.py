"""What ships under bpmn/ is whole: it can be deployed, every code has words, every clock a limit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.bpmn.model import Kind, Process
from engine.run.outcomes import outcomes_of
from processes.checking import check_folder
from processes.statuses import STATUSES
from tests.conformance.shipped import BPMN, HOMES, SHARED, folder_of, people, processes

OUTCOME = re.compile(r'(\w+)\.outcome == "(\w+)"')

each_home = pytest.mark.parametrize("home", HOMES, ids=lambda home: home.name)


@each_home
def test_nothing_is_found_wrong_nor_doubtful(home: Path) -> None:
    assert [
        (str(found.element), found.code) for c in check_folder(home) for found in c.findings
    ] == []


@each_home
def test_a_step_says_who_does_it_where_how_it_ends_and_what_is_asked(home: Path) -> None:
    folder = folder_of(home)
    for process in processes(folder):
        for step in people(process):
            assert SHARED.has("roles", step.lane), step.id
            assert step.properties.get("unit"), step.id
            assert outcomes_of(step), step.id
            form = folder.form(step.properties["form"])
            needed = {code for field in form.fields for code in field.required_for}
            assert needed <= set(outcomes_of(step)), step.id


@each_home
def test_no_form_is_left_over(home: Path) -> None:
    nodes = [node for p in processes(folder_of(home)) for node in p.nodes.values()]
    drawn = {node.properties["form"] for node in nodes if "form" in node.properties}
    assert drawn == {path.name.removesuffix(".form.json") for path in home.glob("*.form.json")}


@each_home
def test_a_condition_names_an_outcome_that_is_drawn(home: Path) -> None:
    for process in processes(folder_of(home)):
        for flow in process.flows.values():
            for step, outcome in OUTCOME.findall(flow.condition):
                assert outcome in outcomes_of(process.nodes[step]), flow.id


@each_home
def test_an_exclusive_choice_always_has_a_way(home: Path) -> None:
    for process in processes(folder_of(home)):
        for node in process.nodes.values():
            if node.kind is Kind.EXCLUSIVE and len(process.outgoing(node.id)) > 1:
                assert node.default_flow, node.id


@each_home
def test_a_called_process_is_drawn(home: Path) -> None:
    folder = folder_of(home)
    for process in processes(folder):
        for node in process.nodes.values():
            if node.kind is Kind.CALL_ACTIVITY:
                assert folder.has(node.called) or (BPMN / node.called).is_dir(), node.id


@each_home
def test_every_status_is_one_of_the_glossary(home: Path) -> None:
    for process in processes(folder_of(home)):
        for node in process.nodes.values():
            assert node.properties.get("status", "closed") in STATUSES, node.id


@each_home
def test_every_code_has_words_in_both_languages(home: Path) -> None:
    folder = folder_of(home)
    for process in processes(folder):
        for section, code in codes_of(process):
            label = folder.labels.sections[section].get(code)
            assert label is not None, f"{section}.{code}"
            assert label.to("en") != label.to("zh"), f"{section}.{code}"


@each_home
def test_the_words_for_an_element_are_those_drawn(home: Path) -> None:
    folder = folder_of(home)
    drawn = {
        node.id: node.name for p in processes(folder) for node in p.nodes.values() if node.name
    }
    drawn |= {process.id: process.name for process in processes(folder)}
    assert {code: folder.labels.of("elements", code) for code in drawn} == drawn
    assert set(folder.labels.codes("elements")) == set(drawn)


def test_shared_words_are_in_both_languages_and_cover_every_status() -> None:
    assert set(SHARED.codes("statuses")) == STATUSES
    for section in SHARED.sections.values():
        assert [label.key for label in section.values() if not label.en] == []


def codes_of(process: Process) -> set[tuple[str, str]]:
    """Return (section, code) of everything a person will read the name of."""
    found = {("elements", node.id) for node in process.nodes.values() if node.name}
    found |= {("outcomes", code) for step in people(process) for code in outcomes_of(step)}
    found |= {
        ("clocks", node.properties["sla"])
        for node in process.nodes.values()
        if "sla" in node.properties
    }
    return found | (
        {("clocks", process.properties["sla"])} if "sla" in process.properties else set()
    )
