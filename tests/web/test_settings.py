"""The settings page: an administrator chooses how the district blows."""

from __future__ import annotations

from collections.abc import Callable

from tests.web.conftest import Browser


def test_an_administrator_changes_a_setting_and_the_page_says_who(
    as_: Callable[[str], Browser],
) -> None:
    admin = as_("admin")
    page = admin.get("/settings").text
    assert "谁可吹哨" in page
    assert "修改" not in page
    assert admin.post("/settings", {"name": "signoff", "value": "yes"}).status_code == 303
    page = admin.get("/settings").text
    assert '<option value="yes" selected>' in page
    assert "已保存" in page
    admin.post("/settings", {"name": "signoff", "value": "perhaps"})
    assert "只能是" in admin.get("/settings").text


def test_nobody_else_sees_it(as_: Callable[[str], Browser]) -> None:
    assert as_("community").get("/settings").status_code == 403
    assert "/settings" not in as_("community").get("/").text
