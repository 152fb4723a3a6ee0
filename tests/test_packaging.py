"""What is on disk, what is declared and what is installed are the same lists."""

import importlib
import importlib.metadata
import importlib.resources
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import billcore

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = PROJECT["tool"]["setuptools"]
FOLDERS = SETUPTOOLS["package-dir"]
ROOMS = [name for name in FOLDERS if name != "billcore.tariffs"]


def folder(package: str) -> Path:
    """The folder of a package: its room's, and the rest of its name below that."""
    room = ".".join(package.split(".")[:2])
    return ROOT / FOLDERS[room] / Path(*package.split(".")[2:])


def test_every_package_on_disk_is_declared():
    """A folder with an __init__.py in a room is in `packages`, and the other way round."""
    on_disk = {
        ".".join([room, *init.parent.relative_to(ROOT / FOLDERS[room]).parts])
        for room in ROOMS
        for init in (ROOT / FOLDERS[room]).rglob("__init__.py")
    }
    assert on_disk == set(SETUPTOOLS["packages"]) - {"billcore.tariffs"}


def test_every_folder_of_code_is_a_package():
    """No room has Python modules in a folder without an __init__.py: they would not be shipped."""
    homes = {module.parent for room in ROOMS for module in (ROOT / FOLDERS[room]).rglob("*.py")}
    assert {home for home in homes if not (home / "__init__.py").exists()} == set()


def test_every_kernel_on_disk_is_built_and_imports():
    """Each ext/*.pyx has its compiled module, its type stub, and its name in setup.py."""
    kernels = sorted(path.stem for path in (ROOT / "ext").glob("*.pyx"))
    declared = (ROOT / "setup.py").read_text(encoding="utf-8")
    assert kernels == sorted(re.findall(r'"ext/(\w+)\.pyx"', declared))
    for kernel in kernels:
        module = importlib.import_module(f"billcore.ext.{kernel}")
        assert module.__file__.endswith(".so")
        assert (ROOT / "ext" / f"{kernel}.pyi").exists()


def test_the_top_package_is_a_namespace():
    """`billcore` has no file of its own and no folder at the root that would shadow the rooms."""
    assert getattr(billcore, "__file__", None) is None
    assert not (ROOT / "billcore").exists()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_typed_and_says_its_duty(room):
    """Each room carries py.typed and a docstring."""
    module = importlib.import_module(room)
    assert (importlib.resources.files(room) / "py.typed").is_file()
    assert module.__doc__


def test_the_example_tariffs_are_installed():
    """Every tariffs/*.yaml is found by importlib.resources in billcore.tariffs."""
    installed = {f.name for f in importlib.resources.files("billcore.tariffs").iterdir()}
    on_disk = {path.name for path in (ROOT / "tariffs").glob("*.yaml")}
    assert on_disk
    assert on_disk <= installed


def test_the_build_extra_names_the_build_system():
    """Builds without isolation use the same tools as builds with it."""
    assert set(PROJECT["build-system"]["requires"]) <= set(
        PROJECT["project"]["optional-dependencies"]["build"]
    )


def test_every_dependency_has_its_reason():
    """docs/dependencies.md has a line for each declared dependency, and for no other."""
    project = PROJECT["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    declared = {re.split(r"[<>=\[ ]", line)[0] for lines in lists for line in lines}
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([\w-]+)`", text, flags=re.MULTILINE)) == declared


def test_the_command_is_installed():
    """`billcore` starts server.cli:main."""
    scripts = importlib.metadata.entry_points(group="console_scripts", name="billcore")
    assert [script.value for script in scripts] == ["billcore.server.cli:main"]


def test_the_generated_contract_is_current(tmp_path):
    """The code beside each .proto is what protoc makes of it today; if not, run: make proto."""
    protos = sorted((ROOT / "proto").rglob("*.proto"))
    assert protos
    outs = [f"--{out}_out={tmp_path}" for out in ("python", "pyi", "grpc_python")]
    protoc = [sys.executable, "-m", "grpc_tools.protoc", f"-I{ROOT / 'proto'}", *outs]
    subprocess.run([*protoc, *map(str, protos)], check=True)
    kept = ROOT / "proto"
    assert generated(tmp_path) == generated(kept), (
        "the generated contract is stale; run: make proto"
    )


def generated(root: Path) -> dict[Path, str]:
    files = [*root.rglob("*_pb2*.py"), *root.rglob("*_pb2*.pyi")]
    return {file.relative_to(root): file.read_text(encoding="utf-8") for file in files}
