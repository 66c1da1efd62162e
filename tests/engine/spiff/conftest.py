"""Every story is played in memory and with the state stored and loaded at every step."""

from __future__ import annotations

from functools import partial

import pytest

from tests.engine.spiff.drawing import Case, Play


@pytest.fixture(params=[False, True], ids=["in memory", "stored at every step"])
def play(request: pytest.FixtureRequest) -> Play:
    return partial(Case, reload=request.param)
