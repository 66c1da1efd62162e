"""`shaodao serve`: the web server with the worker inside, on one machine."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click
import waitress

from engine.errors import Broken
from engine.heap import settle
from engine.i18n import _
from engine.run.leases import worker_name
from processes.bootstrap import Product
from processes.cli.common import language, opened, say
from processes.logs import log_to_stderr
from web import create_app
from web.accounts import HANDLERS
from web.logins import Logins
from web.loopback import is_loopback
from web.security import LARGEST_REQUEST

THREADS = 8
PATIENCE = 10.0  # seconds the worker has to finish the job it is at


@click.command(
    "serve", help=_("启动网页服务，后台任务在同一进程里。按 Ctrl-C 停止。").to(language())
)
def command() -> None:
    """Serve until SIGTERM or SIGINT."""
    log_to_stderr()
    with opened(handlers=HANDLERS) as product, listening(product) as listener:
        server = waitress.create_server(
            create_app(product),
            sockets=[listener],
            threads=THREADS,
            max_request_body_size=LARGEST_REQUEST,
            ident=None,
            # We must see them: a request that was passed on may not use demo logins.
            clear_untrusted_proxy_headers=False,
        )
        announce(product)
        settle()
        with worker_inside(product):
            until_told(server)


@contextmanager
def listening(product: Product) -> Iterator[socket.socket]:
    """Take the address before anything is announced. Raises Broken("server.address_taken")."""
    settings = product.settings
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            raise Broken(
                "server.address_taken",
                _(
                    "地址 {host}:{port} 用不了，可能已被占用，请用 SHAODAO_PORT 换一个端口。",
                    host=settings.host,
                    port=settings.port,
                ),
            ) from error
        yield listener


@contextmanager
def worker_inside(product: Product) -> Iterator[None]:
    """Run the worker in a thread of this process; at the end it finishes the job it is at."""
    worker = product.worker(worker_name())
    thread = threading.Thread(target=worker.run, name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(PATIENCE)


def until_told(server: waitress.server.BaseWSGIServer) -> None:
    """Serve until Ctrl-C or SIGTERM."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


def announce(product: Product) -> None:
    """Print where to go, and in a demo home how to get in."""
    settings = product.settings
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    say(_("哨到已启动：{address}", address=f"http://{host}:{settings.port}/"))
    if not is_loopback(settings.host):
        return
    demo = Logins(product.engine.database).demo_logins(product.engine.clock.now())
    if demo:
        say(_("演示账号（只能在本机使用，打开登录页点选即可，不用密码）："))
    for each in demo:
        role = product.shipped.labels.of("roles", each.role, language())
        click.echo(f"  {each.login:<12}{role}  {each.unit}  {each.name}")
