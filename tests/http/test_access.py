"""Who may pass: every route against every sort of key, sessions of people, and how often one may come."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.routing import iter_route_contexts

from api.access.keys import KeyRing, create_key, revoke_key
from api.access.rate import Rate
from api.access.scopes import OPEN, ROWS, SCOPES, row_of, scope_of
from api.access.sessions import SESSION_SECONDS, Sessions
from api.access.stack import AccessRules

NOW = datetime.now(UTC)
PERSON = {"Accept": "text/html,application/xhtml+xml"}
HERE = {"Origin": "http://localhost:8000"}
ELSEWHERE = {"Origin": "https://elders.be", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def keys(tmp_path):
    return tmp_path / "sleutels" / "keys.json"


@pytest.fixture
def key(keys):
    """A factory of keys: `key("vraag")` gives the secret."""

    def make(*scopes, expires=None):
        return create_key(keys, "proef", scopes, NOW - timedelta(days=10), expires)[1]

    return make


@pytest.fixture
def guarded(client_for, keys):
    """A factory of clients of a server that asks for keys."""

    def make(*documents, per_minute=1_000_000, **changes):
        rules = AccessRules(keys, per_minute=per_minute, **changes)
        return client_for(*documents, access=rules)

    return make


def bearer(secret):
    return {"Authorization": f"Bearer {secret}"}


def requests_of(app):
    """A method and an address for every route that the application has."""
    for found in iter_route_contexts(app.routes):
        if not found.methods:  # a mounted application, or one that looks at the method itself
            path = found.original_route.path
            # A GET of /mcp would wait for messages for ever.
            yield ("GET", "/static/icon.svg") if path == "/static" else ("POST", path)
            continue
        for method in found.methods - {"HEAD"}:
            yield method, re.sub(r"\{[^}]*\}", "nota", found.path)


def test_every_route_has_a_row_so_that_somebody_thought_of_it(client_for):
    found = set(requests_of(client_for().app))
    assert ("POST", "/v1/ask") in found
    assert ("GET", "/static/icon.svg") in found
    assert sorted(path for _, path in found if row_of(path) is None) == []
    assert set(OPEN).union(ROWS) == {row_of(path) for _, path in found}, "a row without a route"


def test_every_route_against_every_sort_of_key(guarded, keys, key):
    client = guarded()
    revoked, expired = key(*SCOPES), key(*SCOPES, expires=NOW - timedelta(seconds=1))
    revoke_key(keys, revoked[3:11], NOW)
    only = {scope: key(scope) for scope in SCOPES}
    without = {scope: key(*(s for s in SCOPES if s != scope)) for scope in SCOPES}
    flipped = only["vraag"][:-1] + ("A" if only["vraag"][-1] != "A" else "B")
    nobody = [{}, bearer("onzin"), bearer(flipped), bearer(expired), bearer(revoked), {"x-api-key": revoked}]
    nobody += [{"Authorization": only["beheer"]}, {"Authorization": f"Basic {only['beheer']}"}]
    nobody += [bearer(f"{only['beheer']}x"), bearer(" "), {"Cookie": f"wijzer={only['beheer']}"}]
    checked, wrong = 0, []
    for method, path in [*requests_of(client.app), ("GET", "/staat/in/geen/tabel"), ("DELETE", "/v1/ask")]:
        needed = scope_of(method, path)
        if needed is None:
            assert row_of(path) in OPEN
            expected = [({}, {403} if path == "/aanmelden" else {401, 403}, False)]  # its 401 is a wrong key
        else:
            expected = [(headers, {401}, True) for headers in nobody]
            expected += [
                (bearer(without[needed]), {403}, True),
                ({"x-api-key": without[needed]}, {403}, True),
                (bearer(only[needed]), {401, 403}, False),
                ({"x-api-key": only[needed]}, {401, 403}, False),
            ]
        for headers, statuses, is_among in expected:
            response = client.request(method, path, headers=headers)
            checked += 1
            if (response.status_code in statuses) is not is_among:
                wrong.append((method, path, headers, response.status_code))
    assert wrong == []
    assert checked > 100


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/health", None),
        ("GET", "/ready", None),
        ("GET", "/static/page.css", None),
        ("GET", "/", "vraag"),
        ("POST", "/v1/ask", "vraag"),
        ("POST", "/v1/chat/completions", "vraag"),
        ("POST", "/mcp", "vraag"),
        ("POST", "/v1/feedback", "vraag"),
        ("GET", "/v1/feedback", "beheer"),
        ("GET", "/begroting/JB0-1JDB2CA-WT", "begroting"),
        ("POST", "/v1/memos", "memo"),
        ("GET", "/metrics", "beheer"),
        ("GET", "/healthy", "beheer"),
        ("GET", "/health/../v1/ask", None),
        ("GET", "//v1/ask", "beheer"),
        ("GET", "/v1/askew", "beheer"),
        ("GET", "/V1/ask", "beheer"),
        ("GET", "/nieuw", "beheer"),
    ],
)
def test_the_table_by_hand(method, path, scope):
    assert scope_of(method, path) == scope


def test_a_dotted_address_opens_nothing(guarded):
    client = guarded()
    for path in (
        "/health/../v1/documents/nota",
        "/static/..%2fv1/documents/nota",
        "/static/%2e%2e/bron/nota",
    ):
        response = client.request("GET", path)
        assert "premie" not in response.text
        assert response.status_code in (401, 404)


def test_a_refusal_is_a_problem_that_says_what_to_do(guarded, key):
    client = guarded()
    response = client.post("/v1/ask", json={"question": "de premie"})
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["www-authenticate"].startswith("Bearer ")
    assert response.json()["title"] == "Aanmelden nodig"
    refused = client.post("/v1/ask", json={"question": "de premie"}, headers=bearer(key("memo")))
    assert "‘vraag’" in refused.json()["detail"]


def test_a_key_in_the_address_is_no_key(guarded, key):
    secret = key("vraag")
    client = guarded()
    for query in (f"?key={secret}", f"?api_key={secret}", f"?access_token={secret}"):
        assert client.get(f"/v1/documents/nota{query}").status_code == 401


def test_on_this_machine_no_key_is_needed_and_any_key_is_taken(client_for):
    client = client_for()
    assert client.get("/v1/documents/nota").status_code == 200
    assert (
        client.get("/v1/documents/nota", headers=bearer("sk-wat-een-client-zelf-stuurt")).status_code == 200
    )
    assert client.get("/metrics").status_code == 200
    assert "geen sleutel nodig" in client.get("/aanmelden").text


def test_a_key_that_another_process_revokes_is_refused_at_the_next_request(guarded, keys, key, root):
    secret = key("vraag")
    client = guarded()
    assert client.get("/v1/documents/nota", headers=bearer(secret)).status_code == 200
    code = "from api.cli import main; main()"
    env = {**os.environ, "PYTHONPATH": str(root), "WIJZER_KEYS": str(keys)}
    done = subprocess.run(
        [sys.executable, "-c", code, "keys", "revoke", secret[3:11]], env=env, cwd=root, capture_output=True
    )
    assert done.returncode == 0
    response = client.get("/v1/documents/nota", headers=bearer(secret))
    assert response.status_code == 401
    assert "ingetrokken" in response.json()["detail"]


def test_a_key_that_expires_while_the_server_runs_is_refused(keys, key):
    times = [NOW]
    ring = KeyRing(keys, lambda: times[0])
    secret = key("vraag", expires=NOW + timedelta(hours=1))
    assert ring.key_of(secret).name == "proef"
    times[0] = NOW + timedelta(hours=1)
    assert ring.key_of(secret) == "expired"


@pytest.mark.parametrize(
    "damage", ["{", "[]", '{"format": 1}', '{"format": 9, "keys": []}', '{"format": 1, "keys": [{}]}', ""]
)
def test_while_the_keys_are_damaged_nobody_passes_and_afterwards_they_do(guarded, keys, key, caplog, damage):
    secret = key("vraag")
    client = guarded()
    assert client.get("/v1/documents/nota", headers=bearer(secret)).status_code == 200
    good = keys.read_bytes()
    keys.write_text(damage)
    for headers in (bearer(secret), {}, bearer(secret)):
        response = client.get("/v1/documents/nota", headers=headers)
        # without a key there is nothing to look up: 401 as ever
        assert response.status_code == (503 if headers else 401)
        assert str(keys) not in response.text
    assert caplog.text.count("Tot dan krijgt niemand toegang") == 1
    keys.write_bytes(good)
    keys.chmod(0o600)
    assert client.get("/v1/documents/nota", headers=bearer(secret)).status_code == 200


def test_while_the_keys_are_damaged_nobody_can_sign_in(guarded, keys, key):
    secret = key("vraag")
    client = guarded()
    signed_in(client, secret)
    keys.write_text("{")
    for response in (client.get("/aanmelden", headers=PERSON), signed_in(client, secret)):
        assert response.status_code == 503
        assert str(keys) not in response.text


def test_keys_that_others_may_write_open_nothing(guarded, keys, key):
    secret = key("vraag")
    client = guarded()
    keys.chmod(0o622)
    assert client.get("/v1/documents/nota", headers=bearer(secret)).status_code == 503


def test_without_a_key_file_nobody_passes(guarded, keys, key):
    secret = key("vraag")
    client = guarded()
    keys.unlink()
    assert client.get("/v1/documents/nota", headers=bearer(secret)).status_code == 401


# People


def signed_in(client, secret, naar="/"):
    return client.post(
        "/aanmelden", data={"sleutel": secret, "naar": naar}, headers=HERE, follow_redirects=False
    )


def test_a_person_without_a_key_gets_the_page_to_sign_in_on_at_the_same_address(guarded):
    response = guarded().get("/bron/nota?start=14&end=24", headers=PERSON)
    assert response.status_code == 401
    assert 'name="sleutel"' in response.text
    assert 'value="/bron/nota?start=14&amp;end=24"' in response.text
    assert "premie" not in response.text


def test_a_person_signs_in_once_and_signs_out(guarded, key):
    client, secret = guarded(), key("vraag")
    response = signed_in(client, secret, "/bron/nota")
    assert (response.status_code, response.headers["location"]) == (303, "/bron/nota")
    cookie = response.headers["set-cookie"]
    assert re.fullmatch(r"wijzer=[\w-]{43}; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict", cookie)
    assert secret not in cookie
    assert client.get("/bron/nota", headers=PERSON).status_code == 200
    assert client.post("/antwoord", json={"question": "de premie"}, headers=HERE).status_code == 200
    assert client.get("/metrics").status_code == 403
    assert "‘proef’" in client.get("/aanmelden").text
    held = dict(client.cookies)
    assert client.post("/afmelden", headers=HERE, follow_redirects=False).status_code == 303
    assert not client.cookies
    assert client.get("/bron/nota", headers={"Cookie": f"wijzer={held['wijzer']}"}).status_code == 401


def test_over_https_the_cookie_is_secure_and_for_this_host_alone(guarded, key):
    response = signed_in(guarded(https=True), key("vraag"))
    assert response.headers["set-cookie"].startswith("__Host-wijzer=")
    assert response.headers["set-cookie"].endswith("; Secure")
    assert "strict-transport-security" in response.headers


def test_a_session_ends_with_its_key_and_with_its_file(guarded, keys, key):
    client, secret = guarded(), key("vraag")
    signed_in(client, secret)
    assert client.get("/bron/nota").status_code == 200
    revoke_key(keys, secret[3:11], NOW)
    assert client.get("/bron/nota").status_code == 401


def test_a_session_ends_after_twelve_hours_and_a_made_up_one_is_none(keys, key):
    times = [0.0]
    sessions = Sessions(lambda: times[0])
    made = create_key(keys, "proef", ["vraag"], NOW)[0]
    name = sessions.open(made)
    assert sessions.find(name).key_id == made.id
    assert sessions.find("") is None
    assert sessions.find(name[:-1]) is None
    times[0] = SESSION_SECONDS
    assert sessions.find(name) is None
    times[0] = 0.0
    assert sessions.find(name) is None


@pytest.mark.parametrize(
    "given", ["", "onzin", "bw_00000000_" + "A" * 43, "<script>alert(1)</script>", "\x00"]
)
def test_a_wrong_key_on_the_page_is_told_and_not_repeated(guarded, given):
    response = signed_in(guarded(), given)
    assert response.status_code == 401
    assert 'role="alert"' in response.text
    assert "set-cookie" not in response.headers
    assert not given or given not in response.text


@pytest.mark.parametrize(
    "naar",
    ["//elders.be", "https://elders.be", "/\\elders.be", "/\n/elders.be", "javascript:1", "elders", ""],
)
def test_signing_in_leads_nowhere_else(guarded, key, naar):
    client = guarded()
    assert signed_in(client, key("vraag"), naar).headers["location"] == "/"
    assert "elders" not in client.get("/aanmelden", params={"naar": naar}).text


def test_a_form_that_is_no_form_is_no_key(guarded):
    for body in (b"\xff\xfe", b"sleutel=%FF", b"a=1&" * 1_000, b"{}"):
        assert guarded().post("/aanmelden", content=body, headers=HERE).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        ELSEWHERE,
        {"Origin": "https://elders.be"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "same-site"},
        {**ELSEWHERE, "x-api-key": ""},
        {},
    ],
)
def test_a_page_elsewhere_cannot_act_in_a_session(guarded, key, world, headers):
    client = guarded()
    signed_in(client, key("vraag"))
    response = client.post("/antwoord", json={"question": "de premie"}, headers=headers)
    assert response.status_code == 403
    assert not world.asked


def test_a_page_elsewhere_cannot_sign_someone_in_or_act_where_no_key_is_needed(
    guarded, client_for, key, world
):
    refused = guarded().post("/aanmelden", data={"sleutel": key("vraag")}, headers=ELSEWHERE)
    assert refused.status_code == 403
    refused = client_for().post("/antwoord", json={"question": "de premie"}, headers=ELSEWHERE)
    assert refused.status_code == 403
    assert not world.asked


def test_a_program_with_a_key_may_come_from_anywhere(guarded, key):
    headers = bearer(key("vraag")) | ELSEWHERE
    assert guarded().post("/v1/ask", json={"question": "de premie"}, headers=headers).status_code == 200


def test_headers_of_a_proxy_change_nothing(guarded, keys):
    client = guarded()
    pretended = {"X-Forwarded-For": "127.0.0.1", "Forwarded": "for=127.0.0.1", "X-Real-IP": "127.0.0.1",
                 "X-Forwarded-User": "beheer", "X-HTTP-Method-Override": "GET", "X-Original-URL": "/health"}  # fmt: skip
    assert client.get("/v1/documents/nota", headers=pretended).status_code == 401


# How often


def test_who_sends_too_much_waits_and_others_do_not(guarded, key):
    client, first, second = guarded(per_minute=4), key("vraag"), key("vraag")
    codes = [client.get("/v1/documents/nota", headers=bearer(first)).status_code for _ in range(4)]
    assert codes == [200, 200, 429, 429]
    refused = client.get("/v1/documents/nota", headers=bearer(first))
    assert 1 <= int(refused.headers["retry-after"]) <= 15
    assert refused.headers["content-type"] == "application/problem+json"
    assert client.get("/v1/documents/nota", headers=bearer(second)).status_code == 200
    assert client.get("/health").status_code == 200


def test_guessing_keys_is_slowed_down(guarded):
    client = guarded(per_minute=4)
    codes = [client.get("/", headers=bearer(f"bw_0000000{n}_{'A' * 43}")).status_code for n in range(4)]
    assert codes == [401, 401, 429, 429]
    assert signed_in(client, "onzin").status_code == 429


def test_a_bucket_fills_at_an_even_pace():
    times = [0.0]
    rate = Rate(60, lambda: times[0])
    assert [rate.seconds_to_wait("a") for _ in range(31)] == [0] * 30 + [1]
    times[0] = 0.5
    assert rate.seconds_to_wait("a") == 1
    times[0] = 1.5
    assert [rate.seconds_to_wait("a") for _ in range(2)] == [0, 1]
    assert rate.seconds_to_wait("b") == 0
    times[0] = 10_000.0
    assert [rate.seconds_to_wait("a") for _ in range(31)] == [0] * 30 + [1]


def test_where_no_key_is_needed_the_rate_is_that_of_an_address(client_for):
    client = client_for(access=AccessRules(per_minute=4))
    codes = [client.get("/v1/documents/nota").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
