"""`illico simulate` at a terminal, and the reports that are shipped."""

import asyncio
import json
from pathlib import Path

import pytest

from illico.simulate import files
from illico.simulate_plan import draw, read_plan
from illico.simulate_result import simulate
from tests.integration.illico.terminal import typed
from tests.unit.illico.test_simulate import HOUSE

SHIPPED = Path(__file__).parents[3] / "docs" / "simulations"


async def simulated(tmp_path, *words):
    process = await typed("simulate", *words, data=tmp_path, variables={})
    async with asyncio.timeout(50):
        output, _ = await process.communicate()
    return process.returncode, output.decode()


async def test_a_day_is_played_and_its_report_stands_beside_the_plan(tmp_path):
    plan = tmp_path / "my-day.toml"
    plan.write_text(HOUSE)

    code, text = await simulated(tmp_path, str(plan))

    assert code == 0, text
    assert "service level (contract)" in text
    made = {file.name for file in (tmp_path / "my-day").iterdir()}
    assert made == {"report.md", "result.json", "day.svg", "waits.svg", "levels.svg"}


async def test_a_day_is_one_json_object_for_programs(tmp_path):
    plan = tmp_path / "my-day.toml"
    plan.write_text(HOUSE)

    code, text = await simulated(tmp_path, str(plan), "--json")

    assert code == 0, text
    assert json.loads(text)["pooled"]["house"]["calls"] == 150
    assert not (tmp_path / "my-day").exists()


async def test_a_plan_that_is_not_there_is_said_in_one_sentence(tmp_path):
    code, text = await simulated(tmp_path, str(tmp_path / "none.toml"))

    assert code == 1
    assert "cannot be read" in text
    assert "Traceback" not in text


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ["house", "nation"])
def test_a_shipped_report_is_what_its_plan_gives(name):
    plan = read_plan((SHIPPED / f"{name}.toml").read_text())

    made = files(*(simulate(draw(plan, dedicated=way)) for way in (False, True)))

    for file, content in made.items():
        assert (SHIPPED / name / file).read_text() == content, file
