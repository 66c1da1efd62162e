"""What a server has loaded is not walked by every collection."""

from __future__ import annotations

import gc

from engine.heap import settle


def test_what_was_loaded_is_left_out_of_later_collections() -> None:
    loaded: list[list[int]] = [[]]
    assert any(each is loaded for each in gc.get_objects())
    try:
        settle()
        assert not any(each is loaded for each in gc.get_objects())
    finally:
        gc.unfreeze()
