"""The README stays true: every command, setting and route is in it; each package is the project's own."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from starlette.routing import Route

from api.cli import app
from api.http import ROUTES
from api.settings import Settings


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "README.md").read_text(encoding="utf-8")


def commands(group: typer.Typer, prefix: str) -> Iterator[tuple[str, str | None]]:
    for command in group.registered_commands:
        assert command.callback is not None
        yield f"{prefix} {command.name or command.callback.__name__}", command.callback.__doc__
    for nested in group.registered_groups:
        assert nested.typer_instance is not None
        yield from commands(nested.typer_instance, f"{prefix} {nested.name}")


def test_every_command_is_in_the_readme_and_says_what_it_does(readme: str):
    found = dict(commands(app, "wijzer"))
    assert len(found) >= 10
    assert [name for name, help_text in found.items() if f"`{name}" not in readme or not help_text] == []


def test_every_setting_is_in_the_readme(readme: str):
    names = [f"WIJZER_{name.upper()}" for name in Settings.model_fields]
    assert [name for name in names if f"`{name}`" not in readme] == []


def test_every_route_is_in_the_readme(readme: str):
    paths = {route.path for group in ROUTES for route in group.routes if isinstance(route, Route)}
    assert len(paths) > 40
    assert [path for path in sorted(paths) if f"{path.partition('{')[0]}" not in readme] == []


def test_the_two_commands_of_the_readme_are_targets(readme: str, root: Path):
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    for target in ("run", "test", "check", "bench"):
        assert f"\n{target}:" in makefile
    assert "make run " in readme
    assert "make test" in readme


@pytest.mark.parametrize("name", ["ingest", "retrieval", "prompts", "answer", "api", "evals"])
def test_each_package_is_the_projects_own(name: str, root: Path):
    found = importlib.import_module(name).__file__
    assert found is not None
    assert Path(found).is_relative_to(root)
