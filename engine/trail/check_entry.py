"""Is one entry what it was when it was written? Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from engine.i18n import Text, _
from engine.trail.canonical import VERSION, instant
from engine.trail.chain import Head, seal
from engine.trail.words import matches

Value = tuple[str | None, bytes | None]  # words and salt, both gone once erased


def entry_fault(row: Any, previous: Head, values: Mapping[str, Value]) -> Text | None:
    """Return what is wrong with a row of `event` that should follow `previous`, or None."""
    body = bytes(row.body)
    if row.seq != previous.seq + 1:
        return _("缺少第 {seq} 条记录", seq=previous.seq + 1)
    if seal(previous.hash, body) != bytes(row.hash):
        return _("内容与哈希不符，记录被改动")
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _("内容无法读取")
    if said.get("v") != VERSION:
        return _("格式版本 {version} 无法识别", version=said.get("v"))
    return columns_fault(row, said) or words_fault(said, values)


def columns_fault(row: Any, said: Mapping[str, Any]) -> Text | None:
    """Compare what lists read, the columns, with what was hashed."""
    columns = {
        "instance": str(row.instance_id),
        "seq": row.seq,
        "kind": row.kind,
        "at": instant(row.at),
        "recorded_at": instant(row.recorded_at),
        "element": row.element,
    }
    changed = [name for name, value in columns.items() if said.get(name) != value]
    if said["actor"]["id"] != (str(row.actor) if row.actor else None):
        changed.append("actor")
    return _("列 {columns} 与内容不符", columns=", ".join(changed)) if changed else None


def words_fault(said: Mapping[str, Any], values: Mapping[str, Value]) -> Text | None:
    """Compare the words kept beside the trail with the digests in it. Erased words are well."""
    digests: dict[str, Any] = said["data"].get("words", {})
    if digests.keys() != values.keys():
        names = sorted(digests.keys() ^ values.keys())
        return _("文字 {fields} 多出或缺失", fields=", ".join(names))
    for name, (words, salt) in values.items():
        if words is not None and not matches(words, bytes(salt or b""), digests[name]["digest"]):
            return _("文字 {fields} 被改动", fields=name)
    return None
