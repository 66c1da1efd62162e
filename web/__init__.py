"""HTTP in, HTML and JSON out: the only package that knows Flask."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from processes.bootstrap import Product


def create_app(product: Product) -> Flask:
    """Return the web application of a product: the composition root of this package."""
    from web.application import build  # noqa: PLC0415 - the command line imports us without Flask

    return build(product)
