"""What Prometheus reads of a queue."""

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from queueing.app import serve
from queueing.metrics import Metrics
from queueing.monitor import Monitor
from queueing.settings import Settings
from tests.integration.queueing.pools import an_agent


async def a_reading(pool):
    monitor = Monitor(pool.here)
    await monitor.look()
    return samples(Metrics(monitor).render().decode())


def samples(text):
    return {
        (each.name, *sorted(each.labels.values())): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }


async def test_the_figures_are_those_of_the_pool(pool):
    await pool.staff(an_agent("agent1"), an_agent("agent2"))
    await pool.call("c1")
    await pool.call("c2")
    await pool.advance(7)
    await pool.answer("c1")
    await pool.refuse("c2")
    await pool.call("c3")
    await pool.advance(5)

    found = await a_reading(pool)

    name = "illico_queue"
    assert found[f"{name}_waiting", "telecom"] == 1
    assert found[f"{name}_longest_wait_seconds", "telecom"] == 12
    assert found[f"{name}_agents", "in_call"] == 1
    assert found[f"{name}_agents", "offered"] == 1
    assert found[f"{name}_agents", "away"] == 0
    assert found[f"{name}_calls_total", "telecom-demo"] == 3
    assert found[f"{name}_offers_total", "made", "telecom-demo"] == 3
    assert found[f"{name}_offers_total", "refused", "telecom-demo"] == 1
    assert found[f"{name}_violations_total",] == 0
    assert found[f"{name}_handle_seconds", "telecom-demo"] == 300


async def test_the_waits_are_a_histogram_with_an_edge_at_exactly_60_s(pool):
    await pool.publish(an_agent("agent1"), an_agent("agent2"))
    await pool.call("c1")
    await pool.advance(60)
    await pool.ready("agent1")
    await pool.answer("c1")
    await pool.call("c2")
    await pool.advance(60.001)
    await pool.ready("agent2")
    await pool.answer("c2")

    found = await a_reading(pool)

    bucket = "illico_queue_wait_seconds_bucket"
    assert found[bucket, "45.0", "telecom-demo"] == 0
    assert found[bucket, "60.0", "telecom-demo"] == 1
    assert found[bucket, "90.0", "telecom-demo"] == 2
    assert found[bucket, "+Inf", "telecom-demo"] == 2
    assert found["illico_queue_wait_seconds_sum", "telecom-demo"] == 120.001


async def test_the_process_serves_them_on_a_socket_of_its_own(real_server, tmp_path):
    settings = Settings.model_validate(
        {
            "ILLICO_REDIS_URL": real_server.url,
            "ILLICO_QUEUE_POOL": "figures",
            "ILLICO_QUEUE_METRICS_LISTEN": f"unix:{tmp_path}/queue.sock",
        }
    )
    async with (
        serve(settings),
        aiohttp.ClientSession(
            connector=aiohttp.UnixConnector(f"{tmp_path}/queue.sock")
        ) as session,
        session.get("http://queue/metrics") as response,
    ):
        found = samples(await response.text())

    assert response.status == 200
    assert (tmp_path / "queue.sock").stat().st_mode & 0o777 == 0o600
    assert ("illico_queue_sweep_seconds_count",) in found


@pytest.mark.parametrize("listen", ["queue.sock", "tcp://host", "http://x:1", ""])
def test_an_address_that_is_none_is_refused(listen):
    with pytest.raises(ValueError, match="ILLICO_QUEUE_METRICS_LISTEN"):
        Settings.model_validate({"ILLICO_QUEUE_METRICS_LISTEN": listen})
