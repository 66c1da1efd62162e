"""The way in for gunicorn: `gunicorn --preload 'web.wsgi:app()'` (docs/howto/cluster.md).

No worker runs inside: `shaodao worker` does, on this host or others.
"""

from __future__ import annotations

import os
from dataclasses import replace

from flask import Flask

from engine.heap import settle
from processes.bootstrap import prepare
from processes.logs import log_to_stderr
from processes.settings import Settings
from web import create_app
from web.accounts import HANDLERS

ANYWHERE = "0.0.0.0"  # noqa: S104 - where gunicorn listens is told to gunicorn


def app() -> Flask:
    """Prepare the home and return the application.

    Whoever reaches it comes through a proxy: demo logins, which need somebody who sits at this
    very machine, are off.
    """
    log_to_stderr()
    settings = replace(Settings.read(os.environ), host=ANYWHERE)
    made = create_app(prepare(settings, handlers=HANDLERS))
    settle()
    return made
