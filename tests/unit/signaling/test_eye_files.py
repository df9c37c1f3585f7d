"""What the eye in a page gets of the relay's eye, and nothing else."""

import hashlib
import re
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from signaling import eye_files, pages

ROOT = Path(__file__).parents[3]
BROWSER = ROOT / "signaling" / "browser"
WASM = "vendor/tasks-vision/wasm/vision_wasm_module_internal.wasm"
MODELS = [
    pytest.param(
        name,
        marks=pytest.mark.skipif(not path.is_file(), reason=f"{name} was not built"),
    )
    for name, path in sorted(eye_files.FILES.items())
    if name != "thresholds.json"
]


@pytest_asyncio.fixture
async def client():
    app = web.Application()
    app.add_routes(eye_files.routes())
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_the_page_reads_the_relays_own_thresholds(client):
    answer = await client.get("/assets/eye/thresholds.json")

    assert answer.status == 200
    assert answer.content_type == "application/json"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert await answer.read() == (ROOT / "relay/eye/thresholds.json").read_bytes()


@pytest.mark.parametrize("name", MODELS)
async def test_a_model_that_is_asked_for_by_its_hash_is_kept_for_ever(client, name):
    digest = hashlib.sha256(eye_files.FILES[name].read_bytes()).hexdigest()

    named = await client.get(f"/assets/eye/{name}?sha256={digest}")
    other = await client.get(f"/assets/eye/{name}?sha256={'0' * 64}")

    assert (named.status, other.status) == (200, 200)
    assert "immutable" in named.headers["Cache-Control"]
    assert other.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", MODELS)
def test_the_pages_ask_for_the_models_that_the_build_has_checked(name):
    source = (BROWSER / "eye" / "models.js").read_text(encoding="utf-8")
    asked = re.search(rf'"/assets/eye/{name}\?sha256=([0-9a-f]{{64}})"', source)

    assert asked is not None
    content = eye_files.FILES[name].read_bytes()
    assert asked[1] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    "name", ["model.py", "README.md", "worker.py", "..%2fthresholds.json", ""]
)
async def test_nothing_else_of_the_relays_eye_is_served(client, name):
    assert (await client.get(f"/assets/eye/{name}")).status == 404


@pytest.mark.skipif(
    not (BROWSER / f"{WASM}.gz").is_file(), reason="what is vendored is older"
)
async def test_the_machine_that_runs_the_models_comes_compressed():
    app = web.Application()
    app.add_routes(pages.routes(lambda: pytest.fail("no room is asked")))

    async with TestClient(TestServer(app), auto_decompress=False) as client:
        answer = await client.get(
            f"/assets/signaling/browser/{WASM}", headers={"Accept-Encoding": "gzip"}
        )
        body = await answer.read()

    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.content_type == "application/wasm"
    assert len(body) < (BROWSER / WASM).stat().st_size / 2
