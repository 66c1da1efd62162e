"""Words for codes, in both languages, shared and a folder's own."""

import pytest

from engine.errors import Invalid
from engine.i18n import _
from engine.labels import Labels, read_label, read_labels

SHARED = """
[roles]
dept = {zh = "部门联络员", en = "Department liaison"}
[outcomes]
answer = {zh = "应哨", en = "Answer"}
pass = {zh = "通过", en = "Pass"}
"""
OWN = """
[outcomes]
pass = {zh = "核查通过", en = "Checked"}
[elements]
check = {zh = "现场核查"}
"""


def test_a_folder_s_own_words_win_over_the_shared_ones() -> None:
    labels = read_labels(SHARED).merge(read_labels(OWN))
    assert labels.of("outcomes", "pass") == "核查通过"
    assert labels.of("outcomes", "answer", "en") == "Answer"
    assert labels.of("roles", "dept", "zh") == "部门联络员"
    assert labels.codes("outcomes") == ("answer", "pass")


def test_what_has_no_words_shows_what_there_is() -> None:
    labels = read_labels(OWN)
    assert labels.of("elements", "check", "en") == "现场核查"
    assert labels.of("elements", "nobody", "en") == "nobody"
    assert labels.of("no_section", "nobody") == "nobody"
    assert not labels.has("elements", "nobody")
    assert labels.has("elements", "check")
    assert read_labels("") == Labels()


def test_a_label_speaks_inside_a_sentence() -> None:
    label = read_label({"zh": "办理{结果}", "en": "Result"})
    assert label is not None
    assert _("请填写“{label}”", label=label).to("zh") == "请填写“办理{结果}”"
    assert "Result" in _("“{label}”", label=label).to("en-US")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[roles", "labels.malformed"),
        ("[roles]\na = [" + "[" * 5_000, "labels.malformed"),
        ("x" * 300_000, "labels.malformed"),
        ('dept = "部门"', "labels.bad_entry"),
        ('[roles]\ndept = "部门"', "labels.bad_entry"),
        ('[roles]\ndept = {en = "Department"}', "labels.bad_entry"),
        ('[roles]\ndept = {zh = "部门", fr = "service"}', "labels.bad_entry"),
        ("[roles]\ndept = {zh = 3}", "labels.bad_entry"),
    ],
)
def test_a_file_that_is_no_labels_file_is_refused(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_labels(text)
    assert refusal.value.code == code
