"""`wijzer keys`: access keys made, listed and withdrawn, and the log of what was done with them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.access.keys import Key, create_key, expiry, read_keys, revoke_key
from api.access.scopes import SCOPES, Scope
from api.commands.terminal import AsJson, Store, as_one_line, note, output, stop, write
from api.settings import settings_with

if TYPE_CHECKING:
    from api.access.audit import Usage

keys_app = typer.Typer(help="Toegangssleutels van de server.", no_args_is_help=True)

_STATES = {None: "geldig", "revoked": "ingetrokken", "expired": "verlopen"}


@keys_app.command("create")
def keys_create(
    scope: Annotated[
        list[str], typer.Option("--scope", help="vraag, begroting, memo of beheer; herhaalbaar.")
    ],
    name: Annotated[str, typer.Option("--name", help="Van wie of waarvoor de sleutel is.")],
    expires: Annotated[
        str | None, typer.Option("--expires", metavar="90d|DATUM", help="Hoe lang, of tot en met welke dag.")
    ] = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Maak een sleutel; hij wordt één keer getoond en nergens bewaard."""
    now = datetime.now(UTC)
    ends = expiry(expires, now) if expires else None
    if expires and (ends is None or ends <= now):
        raise typer.BadParameter(
            "--expires vraagt een aantal dagen (90d) of een dag die nog komt (2031-12-31)"
        )
    if not name.strip() or not name.isprintable() or len(name) > 100:
        raise typer.BadParameter("--name vraagt een naam van hoogstens 100 tekens, op één regel")
    key, secret = create_key(settings_with(store).keys_file, name.strip(), _scopes(scope), now, ends)
    if as_json:
        write(as_one_line({**_json(key, now), "key": secret}))
        return
    write(secret)
    note(
        f"Sleutel {key.id} ({key.name}) voor {', '.join(key.scopes)}, {_until(key)}. Bewaar hem nu: hij wordt niet "
        f"meer getoond. Intrekken: `wijzer keys revoke {key.id}`."
    )


@keys_app.command("list")
def keys_list(store: Store = None, as_json: AsJson = False) -> None:
    """Alle sleutels, de oudste eerst, zonder hun geheim."""
    now = datetime.now(UTC)
    path = settings_with(store).keys_file
    keys = read_keys(path)
    if as_json:
        write(as_one_line({"keys": [_json(key, now) for key in keys]}))
        return
    for key in keys:
        write(
            f"{key.id}  {_STATES[key.refused(now)]:<11}  {_until(key):<22}  {', '.join(key.scopes)}  {key.name}"
        )
    if not keys:
        write(f"In {path} is nog geen sleutel; `wijzer keys create --scope vraag --name NAAM` maakt er een.")


@keys_app.command("revoke")
def keys_revoke(
    key_id: Annotated[
        str, typer.Argument(metavar="ID", help="Het id van de sleutel: de acht tekens na bw_.")
    ],
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Trek een sleutel in, vanaf het volgende verzoek."""
    now = datetime.now(UTC)
    path = settings_with(store).keys_file
    key = revoke_key(path, key_id, now)
    if key is None:
        stop(f"Er is geen sleutel {key_id!r} in {path}; `wijzer keys list` noemt ze alle.")
    text = f"Sleutel {key.id} ({key.name}) is ingetrokken en opent niets meer."
    output(text, _json(key, now), as_json)


@keys_app.command("log")
def keys_log(
    audit: Annotated[Path | None, typer.Option("--audit", help="Het auditlog (WIJZER_AUDIT).")] = None,
    as_json: AsJson = False,
) -> None:
    """Ga het log van de verzoeken na en tel ze per sleutel; status 1 wanneer er iets aan gewijzigd is."""
    from api.access.audit import usage

    path = audit or settings_with(None).audit
    if path is None:
        raise typer.BadParameter("noem het log met --audit of WIJZER_AUDIT")
    found = usage(path)
    output(_usage(path, found), _usage_json(found), as_json)
    if found.chain.breaks:
        raise typer.Exit(1)


def _scopes(given: Sequence[str]) -> list[Scope]:
    wrong = sorted(set(given) - set(SCOPES))
    if wrong:
        raise typer.BadParameter(f"--scope kent {', '.join(SCOPES)}; niet {', '.join(wrong)}")
    return [scope for scope in SCOPES if scope in given]


def _until(key: Key) -> str:
    return f"tot {key.expires:%Y-%m-%d %H:%M} UTC" if key.expires else "zonder einddatum"


def _json(key: Key, now: datetime) -> dict[str, Any]:
    known = key.as_json()
    del known["sha256"]
    return {**known, "state": key.refused(now) or "valid"}


def _usage(path: Path, found: "Usage") -> str:
    chain = found.chain
    lines = [f"{path}: {chain.records} verzoeken; de keten is {'gebroken' if chain.breaks else 'heel'}."]
    lines += [f"  regel {b.line}: {b.problem}" for b in chain.breaks]
    if chain.torn:
        lines.append(f"  de laatste regel is bij een onderbreking afgebroken ({chain.torn} bytes)")
    lines += [f"{count:>8}  {key or 'zonder sleutel'}" for key, count in found.requests.most_common()]
    return "\n".join(lines)


def _usage_json(found: "Usage") -> dict[str, Any]:
    chain = found.chain
    return {
        "records": chain.records,
        "breaks": [{"line": b.line, "problem": b.problem} for b in chain.breaks],
        "torn": chain.torn,
        "requests": [{"key": key, "count": count} for key, count in found.requests.most_common()],
    }
