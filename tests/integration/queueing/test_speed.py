"""The benchmark of the queue measures whole calls; its figures are no test's business."""

import pytest

from benchmarks import queue_load, queue_speed
from benchmarks.nation import a_nation
from benchmarks.servers import Kind, bare_server


@pytest.mark.parametrize("kind", Kind)
def test_what_is_measured_are_calls_that_met_somebody(kind):
    nation = a_nation(agents=800, companies=4)
    with bare_server(kind) as server, server.client() as client:
        over = queue_speed.Overload(client, nation, 500, warm=False)
        light = queue_speed.Light(client, nation, 300, warm=False)
        meter = queue_speed.Meter(server)

        over.round(meter, "over")
        light.round(meter, "light")
        meter.plain("plain", client, 10)

        ratio = meter.ratio(("plain",), ("over enqueue", "over freed"))
        assert 0 < ratio < 1
        tag = over.load.keys.tag
        assert client.hget(f"{tag}:meta", "violations") is None
        held = client.zcard(f"{tag}:server:{queue_load.SERVER}:calls")
        assert 500 <= held <= 500 + queue_speed.WORKING
