"""The page on which a person gives a key once, and the way out again."""

from urllib.parse import parse_qs

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.access.callers import Callers
from api.access.facts import current
from api.access.keys import Key, Refused
from api.pages.environment import render

MOST_FIELDS = 10
_WRONG: dict[Refused, str] = {
    "unknown": "Deze sleutel is niet bekend. Plak hem volledig, van bw_ tot het laatste teken.",
    "expired": "Deze sleutel is verlopen. Vraag een nieuwe aan de beheerder.",
    "revoked": "Deze sleutel is ingetrokken. Vraag een nieuwe aan de beheerder.",
}
routes = APIRouter()


@routes.get("/aanmelden")
async def signin_page(request: Request, naar: str = "/") -> Response:
    """The form; for who is signed in already, whose key it is and the way out."""
    callers = _callers(request)
    key = callers.key_of(request) if callers.ring else None
    name = key.name if isinstance(key, Key) else None
    return HTMLResponse(signin(inside(naar), name=name, is_open=callers.ring is None))


@routes.post("/aanmelden")
async def sign_in(request: Request) -> Response:
    """Open a session with the key that was given, and go where the person wanted to be."""
    callers = _callers(request)
    wanted, given = _fields(await request.body())
    if callers.ring is None:
        return RedirectResponse(wanted, 303)
    key = callers.key_given(given)
    if not isinstance(key, Key):
        return HTMLResponse(signin(wanted, wrong=_WRONG[key]), 401)
    current().key = key.id
    return RedirectResponse(
        wanted, 303, headers={"Set-Cookie": callers.set_cookie(callers.sessions.open(key))}
    )


@routes.post("/afmelden")
async def sign_out(request: Request) -> Response:
    """End the session."""
    callers = _callers(request)
    callers.sessions.close(request.cookies.get(callers.cookie, ""))
    return RedirectResponse("/aanmelden", 303, headers={"Set-Cookie": callers.set_cookie("")})


def signin(wanted: str, *, wrong: str = "", name: str | None = None, is_open: bool = False) -> str:
    """The page: `wanted` is where to go next, `wrong` what was wrong with the key, `name` that of the key in use."""
    return render("signin.html", wanted=inside(wanted), wrong=wrong, name=name, is_open=is_open)


def inside(address: str) -> str:
    """An address on this server, whatever was asked for: `"//elders.be"` -> `"/"`."""
    is_inside = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if is_inside and address.isprintable() else "/"


def _fields(body: bytes) -> tuple[str, str]:
    """Where to go, and the key, from the body of the form; what cannot be read is no key."""
    try:
        fields = parse_qs(body.decode(), max_num_fields=MOST_FIELDS)
    except ValueError:
        return "/", ""
    return inside(fields.get("naar", ["/"])[0]), fields.get("sleutel", [""])[0].strip()


def _callers(request: Request) -> Callers:
    found: Callers = request.app.state.callers
    return found
