"""A product on a port of this machine, for as long as a real browser looks at it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.serving import make_server

from processes.bootstrap import Product
from web import create_app

HOST = "127.0.0.1"


@contextmanager
def serving(product: Product) -> Iterator[str]:
    """Serve a product in threads of this process and yield its address, without a last slash."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server(HOST, 0, create_app(product), threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="browser-server", daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
