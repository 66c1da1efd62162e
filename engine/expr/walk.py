"""From a parsed tree to closures: the whitelist of nodes, one small builder for each.

A node without a builder is refused, so nothing runs that is not written here.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.expr import values
from engine.expr.functions import HOST_FUNCTIONS, REGISTRY, registered
from engine.expr.limits import MAX_DEPTH, MAX_NODES
from engine.expr.reading import follow, member
from engine.expr.source import Failure, Source
from engine.i18n import Text, _


@dataclass(frozen=True, slots=True)
class Frame:
    """What an expression can see while it is evaluated."""

    data: Mapping[str, Any]
    functions: Mapping[str, Callable[..., Any]]


@dataclass(frozen=True)
class Call:
    """A function call as written; an argument that is no literal is shown as None."""

    function: str
    arguments: tuple[Any, ...]


Step = Callable[[Frame], Any]

CONSTANTS: Mapping[str, Any] = {"true": True, "false": False, "null": None}

BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: values.ADD,
    ast.Sub: values.SUBTRACT,
    ast.Mult: values.MULTIPLY,
    ast.Div: values.DIVIDE,
    ast.FloorDiv: values.FLOOR_DIVIDE,
    ast.Mod: values.REMAINDER,
}

COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: values.same,
    ast.NotEq: values.differs,
    ast.Is: values.same,
    ast.IsNot: values.differs,
    ast.Lt: values.ordering("<", operator.lt),
    ast.LtE: values.ordering("<=", operator.le),
    ast.Gt: values.ordering(">", operator.gt),
    ast.GtE: values.ordering(">=", operator.ge),
    ast.In: values.within,
    ast.NotIn: lambda item, container: not values.within(item, container),
}

UNARY: Mapping[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.Not: operator.not_,
    ast.USub: values.negative,
    ast.UAdd: lambda value: values.negative(values.negative(value)),
}


def check_size(source: Source, tree: ast.AST) -> None:
    """Refuse a tree that is too large or too deep, before anything recurses into it."""
    seen = 0
    todo = [(tree, 1)]
    while todo:
        node, depth = todo.pop()
        seen += 1
        if depth > MAX_DEPTH or seen > MAX_NODES:
            raise source.refuse("too_long", _("写得太长或嵌套太深，请拆成几步"), node)
        todo.extend((child, depth + 1) for child in ast.iter_child_nodes(node))


@dataclass
class Walker:
    """Turns the nodes of one source into closures, and notes which names and functions it uses."""

    source: Source
    names: dict[str, None] = field(default_factory=dict)
    calls: dict[Call, None] = field(default_factory=dict)

    def build(self, node: ast.AST) -> Step:
        """Return the closure of a node; Invalid where the language has no such node."""
        builder = BUILDERS.get(type(node))
        if builder is None:
            raise self.source.refuse("not_allowed", refusal_of(node), node)
        return builder(self, node)

    def guarded(self, node: ast.AST, step: Step) -> Step:
        """Return `step` with its failures turned into refusals that say where."""
        source = self.source

        def run(frame: Frame) -> Any:
            try:
                return step(frame)
            except Failure as failure:
                raise source.refuse(failure.code, failure.reason, node) from None

        return run

    def read(self, path: tuple[str, ...]) -> Step:
        """Return the closure that reads a path of keys, and note its dotted name."""
        self.names[".".join(path)] = None
        if len(path) == 1:
            return lambda frame: frame.data.get(path[0])
        return lambda frame: follow(frame.data, path)


def refusal_of(node: ast.AST) -> Text:
    """Return why a node is not in the language, in the words of whoever wrote it."""
    if isinstance(node, ast.JoinedStr | ast.FormattedValue):
        return _("不能用 f 字符串，请用 + 和 text() 拼接文字")
    if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp | ast.Lambda):
        return _("不能写循环和函数，请用 pluck() 或 where()")
    return _("这种写法或运算不能用（{node}）", node=type(node).__name__)


def path_of(node: ast.AST) -> tuple[str, ...] | None:
    """Return the keys of `a.b["c"]`, None where the node is not such a chain from a name."""
    keys: list[str] = []
    while True:
        match node:
            case ast.Attribute(value=inner, attr=key):
                pass
            case ast.Subscript(value=inner, slice=ast.Constant(value=str(key))):
                pass
            case ast.Name(id=key) if key not in CONSTANTS:
                return (key, *reversed(keys))
            case _:
                return None
        keys.append(key)
        node = inner


def _constant(walker: Walker, node: ast.Constant) -> Step:
    value = node.value
    if value is not None and not isinstance(value, bool | int | float | str):
        raise walker.source.refuse("not_allowed", refusal_of(node), node)
    try:
        values.bounded(value)
    except Failure as failure:
        raise walker.source.refuse(failure.code, failure.reason, node) from None
    return lambda _frame: value


def _name(walker: Walker, node: ast.Name) -> Step:
    _check_key(walker, node, node.id)
    if node.id in CONSTANTS:
        value = CONSTANTS[node.id]
        return lambda _frame: value
    return walker.read((node.id,))


def _chain(walker: Walker, node: ast.Attribute | ast.Subscript) -> Step:
    path = path_of(node)
    if path is not None:
        for key in path:
            _check_key(walker, node, key)
        return walker.read(path)
    base = walker.build(node.value)
    if isinstance(node, ast.Attribute):
        _check_key(walker, node, node.attr)
        name = node.attr
        return lambda frame: member(base(frame), name)
    key_of = walker.build(node.slice)
    return lambda frame: member(base(frame), key_of(frame))


def _check_key(walker: Walker, node: ast.AST, key: str) -> None:
    # Data keys of this shape are never ours; whoever writes one is trying Python's insides.
    if key.startswith("__"):
        raise walker.source.refuse("not_allowed", _("名字不能以“__”开头"), node)


def _bool_op(walker: Walker, node: ast.BoolOp) -> Step:
    steps = [walker.build(value) for value in node.values]
    stop_at = isinstance(node.op, ast.Or)

    def run(frame: Frame) -> Any:
        value: Any = None
        for step in steps:
            value = step(frame)
            if bool(value) is stop_at:
                return value
        return value

    return run


def _unary_op(walker: Walker, node: ast.UnaryOp) -> Step:
    act = UNARY.get(type(node.op))
    if act is None:
        raise walker.source.refuse("not_allowed", refusal_of(node.op), node)
    operand = walker.build(node.operand)
    return walker.guarded(node, lambda frame: act(operand(frame)))


def _bin_op(walker: Walker, node: ast.BinOp) -> Step:
    act = BINARY.get(type(node.op))
    if act is None:
        raise walker.source.refuse("not_allowed", refusal_of(node.op), node)
    left, right = walker.build(node.left), walker.build(node.right)
    return walker.guarded(node, lambda frame: act(left(frame), right(frame)))


def _compare(walker: Walker, node: ast.Compare) -> Step:
    for sign, operand in zip(node.ops, node.comparators, strict=True):
        if isinstance(sign, ast.Is | ast.IsNot) and not _is_null(operand):
            raise walker.source.refuse("not_allowed", _("比较请用 == 或 !="), node)
    first = walker.build(node.left)
    rest = [
        (COMPARE[type(sign)], walker.build(operand))
        for sign, operand in zip(node.ops, node.comparators, strict=True)
    ]

    def run(frame: Frame) -> bool:
        left = first(frame)
        for holds, operand in rest:
            right = operand(frame)
            if not holds(left, right):
                return False
            left = right
        return True

    return walker.guarded(node, run)


def _is_null(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=None) | ast.Name(id="null"):
            return True
    return False


def _if_exp(walker: Walker, node: ast.IfExp) -> Step:
    test, yes, no = (walker.build(part) for part in (node.test, node.body, node.orelse))
    return lambda frame: yes(frame) if test(frame) else no(frame)


def _list(walker: Walker, node: ast.List | ast.Tuple) -> Step:
    steps = [walker.build(entry) for entry in node.elts]
    return lambda frame: [step(frame) for step in steps]


def _dict(walker: Walker, node: ast.Dict) -> Step:
    steps: dict[str, Step] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        match key:
            case ast.Constant(value=str(text)):
                steps[text] = walker.build(value)
            case _:
                raise walker.source.refuse("not_allowed", _("数据组的键要写成带引号的文字"), node)
    return lambda frame: {key: step(frame) for key, step in steps.items()}


def _call(walker: Walker, node: ast.Call) -> Step:
    if not isinstance(node.func, ast.Name):
        raise walker.source.refuse("not_allowed", _("只能调用登记过的函数，不能调用方法"), node)
    if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
        raise walker.source.refuse("not_allowed", _("函数的参数按顺序写，不写名字"), node)
    name = node.func.id
    _check_call(walker, node, name)
    literals = tuple(getattr(argument, "value", None) for argument in node.args)
    walker.calls[Call(name, tuple(a if isinstance(a, _LITERAL) else None for a in literals))] = None
    arguments = [walker.build(argument) for argument in node.args]

    def run(frame: Frame) -> Any:
        call = registered(frame.functions, name)
        return call(*[argument(frame) for argument in arguments])

    return walker.guarded(node, run)


_LITERAL = str | int | float | bool


def _check_call(walker: Walker, node: ast.Call, name: str) -> None:
    known = REGISTRY.get(name)
    if known is None and name not in HOST_FUNCTIONS:
        raise walker.source.refuse("unknown_function", _("没有名为“{name}”的函数", name=name), node)
    if known is not None and not known.takes(len(node.args)):
        raise walker.source.refuse(
            "wrong_arguments", _("参数个数不对，写法是 {form}", form=known.signature), node
        )


Builder = Callable[[Walker, Any], Step]

BUILDERS: Mapping[type[ast.AST], Builder] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _chain,
    ast.Subscript: _chain,
    ast.BoolOp: _bool_op,
    ast.UnaryOp: _unary_op,
    ast.BinOp: _bin_op,
    ast.Compare: _compare,
    ast.IfExp: _if_exp,
    ast.List: _list,
    ast.Tuple: _list,
    ast.Dict: _dict,
    ast.Call: _call,
}
