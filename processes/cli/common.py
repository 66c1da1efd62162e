"""What commands share: the reader's language, settings, and a prepared home."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from engine.errors import Broken
from engine.i18n import Text, _
from engine.sla.iso import ZONE, parse_date
from processes.bootstrap import Product, open_product, prepare
from processes.settings import Settings


def language(environment: Mapping[str, str] = os.environ) -> str:
    """Return "en" where the terminal is set to English, else "zh"."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((environment[name] for name in names if environment.get(name)), "")
    return "en" if chosen.lower().startswith("en") else "zh"


def mapping_option(page: str) -> Callable[[Any], Any]:
    """Return the option that names a mapping file; `page` says how one is written."""
    about = _("映射文件（TOML，见 {page}）。", page=page).to(language())
    return click.option(
        "--mapping",
        "mapping_file",
        required=True,
        type=click.Path(path_type=Path),
        help=about,
    )


def say(text: Text | str, *, err: bool = False) -> None:
    """Print a sentence in the reader's language."""
    click.echo(text.to(language()) if isinstance(text, Text) else text, err=err)


def settings() -> Settings:
    """Read the settings from the environment."""
    return Settings.read(os.environ)


@contextmanager
def opened(**parts: Any) -> Iterator[Product]:
    """Prepare the home where it is empty, and open it. `parts` are those of `open_product`."""
    product = prepare(settings(), **parts)
    try:
        yield product
    finally:
        product.close()


@contextmanager
def existing() -> Iterator[Product]:
    """Open a home as it stands, changing nothing. Raises Broken("home.empty")."""
    found = settings()
    url = sa.make_url(found.database)
    on_disk = url.get_backend_name() != "sqlite" or os.path.exists(url.database or "")  # noqa: PTH110 - may be ""
    if not (found.home / "keys").is_dir() or not on_disk:
        raise Broken(
            "home.empty",
            _("{home} 里还没有数据，请先运行 shaodao prepare。", home=str(found.home)),
        )
    product = open_product(found)
    try:
        yield product
    finally:
        product.close()


def instant_of(day: str | None) -> datetime | None:
    """Return the beginning of a day in Shanghai. Raises Invalid("instant.malformed")."""
    return datetime.combine(parse_date(day), time(), ZONE) if day else None
