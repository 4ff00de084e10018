"""Fixtures that every tier of tests shares."""

import os
from pathlib import Path

import pytest

from ingest.build import ingest
from ingest.embed import load_embedder

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference material beside the checkout; without it the test is skipped."""
    folder = ROOT.parent / "shared"
    if not (folder / "corpus" / "sources.toml").is_file():
        pytest.skip("../shared staat niet naast het project: deze test leest het echte corpus")
    return folder


@pytest.fixture(scope="session")
def sample_store(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the bundled corpus published."""
    return _published(root / "corpus", root, tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def real_store(shared: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the real corpus published."""
    return _published(shared / "corpus", root, tmp_path_factory.mktemp("real"))


def _published(corpus: Path, root: Path, store: Path) -> Path:
    ingest(
        [corpus],
        store,
        load_embedder(None),
        use_questions=True,
        report=lambda *_: None,
        thesaurus=root / "corpus" / "thesaurus.ttl",
    )
    return store


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where everything must be present (`WIJZER_NO_SKIPS=1`, as in CI) a skip is a failure."""
    skipped = terminalreporter.stats.get("skipped", [])
    if os.environ.get("WIJZER_NO_SKIPS") and skipped:
        terminalreporter.write_line(
            f"{len(skipped)} tests overgeslagen terwijl hier niets mag ontbreken", red=True
        )


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """See `pytest_terminal_summary`."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("WIJZER_NO_SKIPS") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
