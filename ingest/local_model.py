"""A sentence-transformers model that is already on this machine: found, loaded on the right device, identified."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ingest import ModelUnusable
from ingest.files import sha256_file

M = TypeVar("M")


def local_model(name: str, load: Callable[[str, str], M], *, role: str, owner: str) -> tuple[M, str]:
    """The model of a folder, or of a name that `hf download` brought here, as `load(folder, device)` makes it.

    `role` is what messages call it; `owner` is whose model a name without an owner is. With it comes its
    identity: the version of the library and the content of the folder, whatever the folder is called.
    Nothing is downloaded.

    Raises: ModelUnusable when it is not there or `load` fails.
    """
    folder = Path(name)
    if not folder.exists():
        if folder.is_absolute() or name.startswith("."):
            raise ModelUnusable(
                f"{role}: er is geen map {name}. Geef de map van een model, of de naam ervan."
            )
        folder = _downloaded(name if "/" in name else f"{owner}/{name}", role)
    from sentence_transformers import __version__

    try:
        model = load(str(folder), device())
    except Exception as error:  # every layer below raises its own: hub, transformers, safetensors, torch
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        raise ModelUnusable(
            f"{role} in {folder} is niet bruikbaar: {reason}. Zet de map terug uit haar bron, of kies een ander model."
        ) from error
    return model, f"sentence-transformers {__version__} {_content(folder)}"


def device() -> str:
    """Where a transformer runs: `cuda` when torch sees a GPU that it can use, else `cpu`."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _downloaded(name: str, role: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError) as error:
        raise ModelUnusable(
            f"{role} {name} staat niet op deze machine, en er wordt niets opgehaald tijdens het werk. Haal het "
            f"vooraf op met `hf download {name}`, of geef een map."
        ) from error


def _content(folder: Path) -> str:
    """What a folder holds but for its papers, so that another model under the same path is another model.

    Hidden files do not count: `hf download` leaves there when it was run.
    """
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".md"):
        within = path.relative_to(folder)
        if not any(part.startswith(".") for part in within.parts):
            digest.update(f"{within.as_posix()}\0{sha256_file(path)}\0".encode())
    return digest.hexdigest()
