"""What must be in order before the server may be reached: who can reach it, under which name, and with which keys."""

import ipaddress
from datetime import UTC, datetime
from urllib.parse import urlsplit

from api.access.guard import LOOPBACK
from api.access.keys import read_keys
from api.access.stack import AccessRules
from api.settings import Settings

_EVERYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - told apart here, not listened on


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_names(settings: Settings) -> tuple[str, ...]:
    """The names that the server answers to: this machine's, the address it listens on, and those of the setting."""
    own = (
        ()
        if settings.host in _EVERYWHERE
        else (f"[{settings.host}]" if ":" in settings.host else settings.host,)
    )
    given = [*settings.hosts.replace(",", " ").split(), *_site_name(settings)]
    return tuple(dict.fromkeys((*LOOPBACK, *own, *given)))


def needs_keys(settings: Settings) -> bool:
    """Whether nobody passes without a key: where it is asked for, and wherever others can reach the server."""
    return settings.keys_required or not is_loopback(settings.host)


def obstacle(settings: Settings) -> str | None:
    """Why the server may not start, and how it may; None when all is in order. Raises: StoreDamaged."""
    if not needs_keys(settings):
        return None
    now = datetime.now(UTC)
    if not any(key.refused(now) is None for key in read_keys(settings.keys_file)):
        why, otherwise = (
            ("Er is om toegangssleutels gevraagd", "laat --keys en WIJZER_KEYS_REQUIRED weg")
            if is_loopback(settings.host)
            else (
                f"{settings.host or 'Elk adres'} is van buiten deze machine te bereiken",
                "luister op 127.0.0.1",
            )
        )
        return (
            f"{why}, en {settings.keys_file} heeft geen geldige sleutel. Maak er een met `wijzer keys create --scope "
            f"vraag --name NAAM`, of {otherwise}."
        )
    if settings.host in _EVERYWHERE and len(host_names(settings)) == len(LOOPBACK):
        return (
            f"{settings.host or 'Een leeg adres'} staat voor elk adres van deze machine; noem in WIJZER_HOSTS de namen "
            f"waarop de server antwoordt, of luister op één adres, zoals 127.0.0.1."
        )
    return None


def rules_of(settings: Settings) -> AccessRules:
    """The rules that the settings ask for."""
    return AccessRules(
        settings.keys_file if needs_keys(settings) else None,
        (settings.site or "").lower().startswith("https:"),
        settings.rate,
        settings.audit,
        settings.audit_questions,
    )


def _site_name(settings: Settings) -> list[str]:
    """`"https://wijzer.voorbeeld.be/"` -> `["wijzer.voorbeeld.be"]`."""
    try:
        name = urlsplit(settings.site or "").hostname
    except ValueError:
        return []
    return [f"[{name}]" if ":" in name else name] if name else []
