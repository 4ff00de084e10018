"""The accessibility statement that a Flemish public body publishes with a website."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from api.pages.environment import render

routes = APIRouter()


@routes.get("/toegankelijkheid")
async def accessibility_page() -> Response:
    """The statement, with the places that the organisation fills in marked as such."""
    return HTMLResponse(render("accessibility.html"))
