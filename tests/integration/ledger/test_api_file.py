"""The interface does what its own OpenAPI file says, asked by a program that knows only it."""

import asyncio
import sys

import pytest

from ledger.api.operations import ROOT
from tests.integration.ledger.test_api import a_call, keys, mine, web
from tests.integration.ledger.test_portal import house, portal

__all__ = ["house", "keys", "mine", "portal", "web"]

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance,"
    "negative_data_rejection,missing_required_header,unsupported_method"
)


async def fuzzed(portal, key, examples, timeout_s, folder):
    """Let schemathesis ask for whatever the file allows, and for what it forbids."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run"),
        f"{portal.url}{ROOT}/openapi.json",
        *("--header", f"Authorization: Bearer {key}"),
        *("--max-examples", str(examples), "--seed", "1", "--no-color"),
        *("--checks", CHECKS, "--phases", "examples,coverage,fuzzing"),
        *("--suppress-health-check", "all", "--generation-database", "none"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=folder,
    )
    try:
        async with asyncio.timeout(timeout_s):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode, said.decode()


async def test_whatever_its_file_allows_is_answered_as_it_says(
    portal, queue, mine, keys, tmp_path
):
    await a_call(queue, mine, "call-1")
    made = await keys("telecom")

    code, said = await fuzzed(portal, made.secret, 6, 60, tmp_path)

    assert code == 0, said[-6000:]


@pytest.mark.long
@pytest.mark.timeout(960)
async def test_whatever_its_file_allows_is_answered_two_hundred_times(
    portal, queue, mine, keys, tmp_path
):
    await a_call(queue, mine, "call-1")
    made = await keys("telecom")

    code, said = await fuzzed(portal, made.secret, 200, 900, tmp_path)

    assert code == 0, said[-6000:]
