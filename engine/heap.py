"""What a process that runs for long has loaded is set aside, or the collector walks it for ever.

Modules, drawings, tables and their compiled statements are some 150,000 objects that stay. A whole
collection walks them all, which takes 150 ms, and falls upon one reading in a thousand.
"""

from __future__ import annotations

import gc


def settle() -> None:
    """Leave what is there now out of later collections: once, when a server is ready to serve.

    Before a fork it also keeps what parent and children share in one place.
    """
    gc.collect()
    gc.freeze()
