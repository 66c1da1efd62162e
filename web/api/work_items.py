"""Work items: what waits for me, and finishing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from engine.run.commands import CompleteWorkItem
from processes.reads.rows import Inbox, OpenItem
from web import reading
from web.api.endpoint import Nouns
from web.api.schemas import Answer, CompleteBody, InboxQuery, PhotosAdded, PhotosBody, schema_of
from web.here import execute
from web.photos import add_to_step, decoded

items = Nouns("work items", "What waits for the caller, least time left first.")


@items.reads("/work-items", action="item.read", query=InboxQuery, answer=schema_of(Inbox))
def list_items(query: dict[str, Any]) -> Inbox:
    """Return a page of the inbox: danger to life first, then least time left."""
    return reading.inbox(**query)


@items.reads("/work-items/<uuid:item_id>", action="item.read", answer=schema_of(OpenItem))
def get_item(item_id: UUID) -> OpenItem:
    """Return an open step with its form and its drawn outcomes."""
    return reading.open_item(item_id)


@items.writes(
    "/work-items/<uuid:item_id>/photos", action="item.do", body=PhotosBody, answer=PhotosAdded
)
def add_photos(body: dict[str, Any], item_id: UUID) -> dict[str, Any]:
    """Upload photos for a step; its form then names their ids."""
    return {"ids": add_to_step(item_id, map(decoded, body["photos"]))}


@items.writes(
    "/work-items/<uuid:item_id>/complete", action="item.do", body=CompleteBody, answer=Answer
)
def complete_item(body: dict[str, Any], item_id: UUID) -> dict[str, Any]:
    """Finish a step with one of its outcomes and its form's fields."""
    return execute(CompleteWorkItem(item_id=item_id, outcome=body["outcome"], data=body["data"]))
