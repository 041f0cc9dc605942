from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools import compiled
from tools.compiled import CannotCompile, check_tools, digest, main, make, modules, run, settings
from tools.compiled_proof import not_compiled

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A package of two modules, one of which is to be compiled, and nothing that compiles it."""
    root = tmp_path / "tree"
    (root / "zoneproxy" / "room").mkdir(parents=True)
    for name in ("__init__.py", "room/__init__.py", "room/hot.py", "room/cold.py"):
        (root / "zoneproxy" / name).write_text("")
    for name in compiled.COPIED:
        (root / name).write_text("")
    (root / "pyproject.toml").write_text('[tool.zoneproxy.compiled]\nmodules = ["zoneproxy/room/h*.py"]\ntests = []\n')
    return root


def test_what_is_to_be_compiled_is_there_and_has_tests() -> None:
    for pattern in settings()["modules"]:
        assert list(ROOT.glob(pattern)), pattern
    for folder in settings()["tests"]:
        assert (ROOT / folder).is_dir(), folder
    tested = {folder.removeprefix("tests/") for folder in settings()["tests"]}
    assert {name.split(".")[1] for name in modules()} <= tested


def test_patterns_name_modules(tree: Path) -> None:
    assert modules(tree) == ["zoneproxy.room.hot"]


def test_it_is_compiled_again_only_after_a_change(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy, built = tree.parent / "copy", []
    monkeypatch.setattr(compiled, "build", built.append)
    make(tree, copy)
    make(tree, copy)
    assert built == [copy]
    (tree / "zoneproxy" / "room" / "hot.py").write_text("changed = True\n")
    (tree / "zoneproxy" / "room" / "cold.py").unlink()
    make(tree, copy)
    assert built == [copy, copy]
    assert (copy / "zoneproxy" / "room" / "hot.py").read_text() == "changed = True\n"
    assert not (copy / "zoneproxy" / "room" / "cold.py").exists()


def test_what_nothing_compiled_imports_is_only_copied(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy, built = tree.parent / "copy", []
    monkeypatch.setattr(compiled, "build", built.append)
    make(tree, copy)
    (tree / "zoneproxy" / "net").mkdir()
    (tree / "zoneproxy" / "net" / "link.py").write_text("new = True\n")
    make(tree, copy)
    assert built == [copy]
    assert (copy / "zoneproxy" / "net" / "link.py").read_text() == "new = True\n"


def test_only_the_shell_is_left_out_of_what_decides() -> None:
    assert not {name.split(".")[1] for name in modules()} & set(compiled.SHELL)
    assert all((ROOT / "zoneproxy" / name).exists() for name in compiled.SHELL)


def test_what_failed_is_tried_again(tree: Path) -> None:
    (tree / "setup.py").write_text("raise SystemExit('the compiler says no')\n")
    for _ in range(2):
        with pytest.raises(CannotCompile, match="the compiler says no"):
            make(tree, tree.parent / "copy")


def test_the_digest_is_of_all_sources(tree: Path) -> None:
    before = digest(tree)
    assert digest(tree) == before
    (tree / "zoneproxy" / "room" / "new.py").write_text("")
    assert digest(tree) != before


def test_what_is_missing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compiled, "COPY", tmp_path / "copy")
    monkeypatch.setattr(compiled, "make", lambda: check_tools())
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main([]) == 1
    assert "apt-get install gcc" in capsys.readouterr().err
    monkeypatch.setenv("CC", sys.executable)  # anything that is there
    monkeypatch.setattr(compiled.sysconfig, "get_paths", lambda: {"include": str(tmp_path)})
    assert main([]) == 1
    assert "apt-get install python3-dev" in capsys.readouterr().err


def test_programs_find_the_copy_first(tree: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tree / "zoneproxy" / "__main__.py").write_text("print('the copy', __file__)\n")
    assert run(tree, "zoneproxy", []) == 0
    assert capfd.readouterr().out == f"the copy {tree}/zoneproxy/__main__.py\n"


def test_options_go_to_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(compiled, "make", lambda: None)
    monkeypatch.setattr(compiled, "run", lambda copy, module, arguments: ran.append((module, list(arguments))) or 3)
    assert main([]) == 0
    assert main(["--", "tools.bench", "--rounds", "2"]) == 3
    assert main(["--tests"]) == 3
    assert main(["--tests", "--", "tests/detect/test_runs.py", "-x"]) == 3
    assert ran[0] == ("tools.bench", ["--rounds", "2"])
    assert ran[1][1][-len(settings()["tests"]) :] == settings()["tests"]
    assert ran[2][1][-2:] == ["tests/detect/test_runs.py", "-x"]
    assert all({"-p", "tools.compiled_proof"} <= set(arguments) for _, arguments in ran[1:])


def test_the_proof_tells_sources_from_extension_modules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "plain_source_of_a_test.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    assert not_compiled(["plain_source_of_a_test"], tmp_path) == ["plain_source_of_a_test"]
    sys.modules["plain_source_of_a_test"].__file__ = str(tmp_path / "x.so")
    assert not_compiled(["plain_source_of_a_test"], tmp_path) == []
    assert not_compiled(["plain_source_of_a_test"], tmp_path / "other") == ["plain_source_of_a_test"]
    monkeypatch.delitem(sys.modules, "plain_source_of_a_test")
