"""Is what Python finds under our package names really ours? Their names are common words."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

import engine
from engine.errors import Broken
from engine.i18n import _

PACKAGES: Final = ("processes", "web")


def check_packages() -> None:
    """Refuse to start where another `web` or `processes` stands before ours on Python's path.

    Raises Broken("installation.foreign_package"). Nothing is imported for it.
    """
    home = Path(engine.__file__).parents[1]
    for name in PACKAGES:
        found = find_spec(name)
        origin = Path(found.origin) if found and found.origin else None
        if origin is None or origin.parents[1] != home:
            raise Broken(
                "installation.foreign_package",
                _(
                    "Python 找到的“{name}”不是本系统的，请在单独的虚拟环境里安装运行。",
                    name=name,
                ),
            )
