"""The ground under a host: a database that is lost fails the command, and stops no token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from engine.db.failures import refusal
from engine.spiff.contract import HostFailed


@contextmanager
def grounded() -> Iterator[None]:
    """Let a database that is lost or busy fail the whole command: it is no incident of a token."""
    try:
        yield
    except DBAPIError as error:
        if refusal(error) is None:
            raise
        raise HostFailed from error


@contextmanager
def surfaced() -> Iterator[None]:
    """Around a whole command: let the database's own error pass on to the frame that reads it."""
    try:
        yield
    except HostFailed as failure:
        raise failure.__cause__ or failure from None
