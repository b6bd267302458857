"""``scripts/mutate MODULE TEST...``: each small wrong done to a module must make one of the tests fail."""

import contextlib
import importlib
import os
import sys
import types
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
from mutants import Mutant, mutants

TESTS = Path(__file__).resolve().parents[1]
OURS = {TESTS, TESTS.parent / "station", TESTS.parent / "web_ui"}
LONGEST = 300  # seconds for the tests of one mutant; one that hangs is noticed as well


def main(module: str, tests: list[str]) -> int:
    path = Path(f"{module.replace('.', '/')}.py")
    if _tested(tests) is not pytest.ExitCode.OK:  # and so everything is imported once, not once for each mutant
        print(f"the tests fail on {path} as it is")
        return 2
    survivors, every = 0, list(mutants(path.read_text(encoding="utf-8")))
    for mutant in every:
        if _survives(mutant, module, tests):
            survivors += 1
            print(f"{path}:{mutant.line}: not noticed: {mutant.what}", flush=True)
    print(f"{len(every)} mutants, {len(every) - survivors} noticed, {survivors} not")
    return 1 if survivors else 0


def _survives(mutant: Mutant, module: str, tests: list[str]) -> bool:
    """In a process of its own, so that nothing of one mutant is left for the next."""
    child = os.fork()
    if child == 0:
        os._exit(0 if _imports(mutant, module) and _tested(tests) is pytest.ExitCode.OK else 1)
    _, status = os.waitpid(child, 0)
    return status == 0


def _imports(mutant: Mutant, module: str) -> bool:
    """Put the mutant in the module's place; False where it cannot even be imported."""
    for name, found in [*sys.modules.items()]:
        if OURS & set(Path(getattr(found, "__file__", None) or "/").parents):
            del sys.modules[name]  # it may hold on to the module as it was
    sys.meta_path.insert(0, InPlaceOf(module, mutant))
    try:
        importlib.import_module(module)
    except Exception:  # noqa: BLE001 - whatever it is, it was noticed
        return False
    return True


class InPlaceOf(MetaPathFinder, Loader):
    """Finds the mutant where the module is asked for."""

    def __init__(self, module: str, mutant: Mutant) -> None:
        self._module, self._mutant = module, mutant

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        return ModuleSpec(name, self) if name == self._module else None

    def exec_module(self, module: types.ModuleType) -> None:
        exec(compile(self._mutant.tree, self._module, "exec"), module.__dict__)


def _tested(tests: list[str]) -> pytest.ExitCode:
    with (
        Path(os.devnull).open("w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        return pytest.ExitCode(pytest.main(["-x", "-q", "-p", "no:cacheprovider", f"--timeout={LONGEST}", *tests]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
