"""The description of the routes for programs (OpenAPI), with every problem that each of them can give."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.problem import TITLES
from api.v1.models import ANSWER, Problem

PATH = "/v1/openapi.json"
_VERSION = "1"
_DESCRIPTION = (
    "Vragen over Vlaamse beleidsdocumenten, met verwijzingen die op het teken af kloppen. Een plaats (`start`, `end`) "
    "telt Unicode-codepunten van de canonieke tekst van het document, zonder het laatste. Een fout komt als "
    "application/problem+json."
)
_ALWAYS = (401, 403, 408, 421, 429, 500, 503, 504)
_WITH_BODY = (400, 408, 413, 422)
_RETRY = {429, 503, 504}
_SECURITY = "sleutel"
_EVENT = {
    "type": "object",
    "properties": {
        "event": {"type": "string"},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
    "required": ["data"],
}
_FRAMEWORK = "Validation Error"
routes = APIRouter(include_in_schema=False)


@routes.get(PATH)
async def openapi_v1(request: Request) -> Response:
    """The description of every route under `/v1`."""
    app: FastAPI = request.app
    app.openapi_schema = app.openapi_schema or described(app)
    return JSONResponse(app.openapi_schema)


def described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of an application; a key is optional where the application lets everyone in."""
    document = get_openapi(
        title="Beleidswijzer", version=_VERSION, description=_DESCRIPTION, routes=app.routes
    )
    document["paths"] = {path: item for path, item in document["paths"].items() if path.startswith("/v1/")}
    key = {_SECURITY: list[str]()}
    needed = [{}, key] if app.state.callers.ring is None else [key]
    for path, item in document["paths"].items():
        for operation in item.values():
            _complete(path, operation)
            operation["security"] = needed
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {}) | _problem_schemas()
    for schema in schemas.values():
        schema.pop("description", None)  # of the records in the code, for who works on them
    schemas["AnswerObject"]["examples"] = [ANSWER]  # the framework would leave out what is null in it
    components["schemas"] = _reached(document["paths"], schemas)
    components["securitySchemes"] = {
        _SECURITY: {"type": "http", "scheme": "bearer", "description": "Een toegangssleutel: `bw_…`."}
    }
    return document


def _complete(path: str, operation: dict[str, Any]) -> None:
    """Add the problems that the operation can give, and the form of the events in a stream."""
    statuses = {*_ALWAYS}
    if "requestBody" in operation:
        statuses.update(_WITH_BODY)
    if operation.get("parameters"):
        statuses.add(422)
    if "{" in path or path == "/v1/feedback":
        statuses.add(404)
    responses = operation["responses"]
    for response in responses.values():
        stream = response.get("content", {}).get("text/event-stream")
        if stream is not None:
            stream.pop("schema", None)
            stream["itemSchema"] = _EVENT
    statuses.update(int(status) for status in responses if int(status) >= 400)
    for status in sorted(statuses):
        responses[str(status)] = _told(status) | _given(responses.get(str(status)))


def _given(response: dict[str, Any] | None) -> dict[str, Any]:
    """What a route itself says of one of its problems: its description, where that is not the framework's."""
    said = response and response.get("description")
    return {"description": said} if said and said != _FRAMEWORK else {}


def _told(status: int) -> dict[str, Any]:
    """How a problem is answered."""
    headers = {"Retry-After": {"description": "Seconden.", "schema": {"type": "string"}}}
    return {
        "description": TITLES.get(status, "Fout"),
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    } | ({"headers": headers} if status in _RETRY else {})


def _problem_schemas() -> dict[str, Any]:
    _, schemas = models_json_schema([(Problem, "serialization")], ref_template="#/components/schemas/{model}")
    found: dict[str, Any] = schemas["$defs"]
    return found


def _reached(paths: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """The schemas that the paths need, those of pages not among them."""
    wanted, waiting = set[str](), _references(paths)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting |= _references(schemas[name])
    return {name: schemas[name] for name in sorted(wanted)}


def _references(value: Any) -> set[str]:
    """The schemas that a piece of the description refers to: `{"$ref": "#/components/schemas/Claim"}` -> `{"Claim"}`."""
    if isinstance(value, Mapping):
        own = {value["$ref"].rpartition("/")[2]} if isinstance(value.get("$ref"), str) else set[str]()
        return own.union(*map(_references, value.values()))
    if isinstance(value, list):
        return set[str]().union(*map(_references, value))
    return set()
