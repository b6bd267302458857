"""Small wrongs done to a module, one at a time: what a test suite has to notice."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

SWAPPED: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}
CALLS = {"min": "max", "max": "min"}


@dataclass(frozen=True)
class Mutant:
    line: int
    what: str
    tree: ast.Module


def mutants(source: str) -> Iterator[Mutant]:
    """Every single change: an operator, a number, a condition, a branch, a statement or a named argument left out."""
    tree = ast.parse(source)
    declared = {id(part) for node in ast.walk(tree) for whole in _declarations(node) for part in ast.walk(whole)}
    for place, node in enumerate(ast.walk(tree)):
        for number in range(0 if id(node) in declared else _count(node)):
            changed = copy.deepcopy(tree)
            target = next(found for at, found in enumerate(ast.walk(changed)) if at == place)
            what = _change(target, number)
            yield Mutant(getattr(node, "lineno", 0), what, ast.fix_missing_locations(changed))


def _declarations(node: ast.AST) -> list[ast.AST]:
    """Decorators, types and settings: what a module is made of, not what it does."""
    match node:
        case ast.FunctionDef() | ast.ClassDef():
            return list(node.decorator_list)
        case ast.AnnAssign():
            return [node]
        case _:
            return []


def _count(node: ast.AST) -> int:
    """How many ways there are to change a node."""
    match node:
        case ast.Compare(ops=[op]):
            return len(SWAPPED.get(type(op), ()))
        case ast.Compare():
            return len(node.ops)
        case ast.BinOp() | ast.BoolOp():
            return len(SWAPPED.get(type(node.op), ()))
        case ast.Constant(value=bool()):
            return 1
        case ast.Constant(value=int() | float()):
            return 1
        case ast.IfExp() | ast.UnaryOp(op=ast.Not()):
            return 1
        case ast.Call(func=ast.Name(id=name)):
            return (name in CALLS) + (len(node.keywords) if name == "replace" else 0)
        case ast.Match():
            return len(node.cases) - 1
        case ast.match_case():
            return (node.guard is not None) + sum(_droppable(statement) for statement in node.body)
        case ast.FunctionDef() | ast.If() | ast.For():
            return sum(_droppable(statement) for statement in node.body)
        case _:
            return 0


def _droppable(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign | ast.If | ast.Return) and not (
        isinstance(statement, ast.Return) and statement.value is None
    )


def _change(node: ast.AST, number: int) -> str:
    before = ast.unparse(node).split("\n")[0]
    match node:
        case ast.Compare(ops=[op]):
            node.ops = [SWAPPED[type(op)][number]()]
        case ast.Compare():
            node.ops[number] = SWAPPED[type(node.ops[number])][0]()
        case ast.BinOp() | ast.BoolOp():
            node.op = SWAPPED[type(node.op)][number]()
        case ast.Constant(value=bool() as value):
            node.value = not value
        case ast.Constant(value=int() | float() as value):
            node.value = value + 1
        case ast.IfExp():
            node.body, node.orelse = node.orelse, node.body
        case ast.UnaryOp():
            node.op = ast.UAdd()
            return f"{before}: not left out"
        case ast.Call(func=ast.Name(id=name) as called):
            if name in CALLS:
                called.id = CALLS[name]
            else:
                return f"{before}: {node.keywords.pop(number).arg} left out"
        case ast.Match():
            gone = node.cases.pop(number)
            return f"case {ast.unparse(gone.pattern)} left out"
        case ast.match_case() if node.guard is not None and number == 0:
            node.guard = None
            return f"{before}: guard left out"
        case ast.FunctionDef() | ast.If() | ast.For() | ast.match_case():
            guards = int(isinstance(node, ast.match_case) and node.guard is not None)
            statement = [found for found in node.body if _droppable(found)][number - guards]
            node.body[node.body.index(statement)] = ast.Pass()
            return f"{ast.unparse(statement).split(chr(10))[0]}: left out"
    return f"{before} -> {ast.unparse(node).split(chr(10))[0]}"
