"""The expression language of diagrams, tables, forms and timers: small, total, harmless.

Python's expression syntax cut to a whitelist (docs/expressions.md). Nothing here calls `eval`: a
text is parsed once, checked node by node and turned into closures that can only read data.
"""

from engine.expr.expression import Expression, compile_expression
from engine.expr.functions import HOST_FUNCTIONS, REGISTRY, Function
from engine.expr.plain import plain
from engine.expr.reading import lookup
from engine.expr.script import Script, compile_script
from engine.expr.walk import Call

__all__ = [
    "HOST_FUNCTIONS",
    "REGISTRY",
    "Call",
    "Expression",
    "Function",
    "Script",
    "compile_expression",
    "compile_script",
    "lookup",
    "plain",
]
