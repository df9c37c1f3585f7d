"""Workers may break, and nobody else notices; they see little and reach nothing."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import uvloop

from relay.eye.backlog import PATIENCE_S
from relay.eye.errors import ModelMissingError, ModelWrongError
from relay.eye.messages import NUMBER_BYTES, pack_number, unpack_number
from relay.eye.model import Counts
from relay.eye.pool import EyePool

CALL, CALLER = "call-1", "caller"


def pids(eye):
    return [desk.pid for desk in eye.pool._desks]


def files_of(pid):
    return [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]


def environment_of(pid):
    return Path(f"/proc/{pid}/environ").read_bytes()


def is_alive(pid):
    return Path(f"/proc/{pid}").exists()


async def test_a_worker_stands_back_for_its_relay_and_keeps_out_of_its_group(eye):
    """Linux may share a processor among sessions first: niceness counts within one."""
    [pid] = pids(eye)

    assert os.getsid(pid) == os.getsid(0)
    assert os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpgid(pid) not in {os.getpgid(0), os.getsid(0)}


async def test_a_killed_worker_is_replaced_and_costs_one_verdict(eye, film, until):
    frames = film(6.0)
    before = pids(eye)

    await until(lambda: eye.pool._bench.has_spare)  # before: a pause would be a freeze
    await eye.play(frames)
    os.kill(before[0], signal.SIGKILL)
    await until(lambda: pids(eye) != before and eye.pool._desks[0].ready.is_set())
    await eye.play(frames, starts_s=6)

    counts = eye.pool.stop(CALL, CALLER)
    assert counts.windows >= 9 - 1
    assert counts.windows == counts.legible
    assert eye.pool.load.restarts == 1


async def test_another_one_is_there_within_a_second_when_a_worker_ends(eye, until):
    desk = eye.pool._desks[0]
    for _ in range(2):
        await until(lambda: eye.pool._bench.has_spare)
        ended = desk.pid
        ended_at = time.monotonic()
        os.kill(ended, signal.SIGKILL)
        await until(lambda ended=ended: desk.pid not in {ended, None})
        await until(desk.ready.is_set)
        assert time.monotonic() - ended_at < 1


async def test_a_new_worker_asks_for_a_key_frame(eye, film, until):
    frames = film(6.0)
    await eye.play(frames)
    eye.asked.clear()

    os.kill(pids(eye)[0], signal.SIGKILL)
    await until(lambda: eye.pool.load.restarts == 1)
    await until(eye.pool._desks[0].ready.is_set)
    eye.pool.submit(eye.a_frame(frames[-1], starts_s=1))

    assert eye.asked == [(CALL, CALLER)]


async def test_a_worker_that_hangs_is_replaced_within_seconds(eye, film, until):
    await eye.play(film(6.0))
    before = pids(eye)

    os.kill(before[0], signal.SIGSTOP)
    await until(lambda: pids(eye)[0] not in {None, *before}, within_s=8)

    assert not is_alive(before[0])


@pytest.mark.parametrize(
    "loop", [uvloop.new_event_loop, asyncio.new_event_loop], ids=["uvloop", "asyncio"]
)
def test_workers_are_replaced_again_and_again_on_either_loop(opened, until, loop):
    async def kill_three_times():
        async with opened(workers=2) as eye:
            for times in range(3):
                os.kill(pids(eye)[0], signal.SIGKILL)
                await until(lambda times=times: eye.pool.load.restarts == times + 1)
                await until(eye.pool._desks[0].ready.is_set)
                await eye.rest()
            files = files_of(pids(eye)[0])
            left = pids(eye)
        return files, left

    with asyncio.Runner(loop_factory=loop) as runner:
        files, left = runner.run(asyncio.wait_for(kill_three_times(), 20))

    assert sum(name.startswith("pipe:") for name in files) == 4
    assert not any(name.startswith("socket:") for name in files)
    assert not any(map(is_alive, left))


async def test_another_worker_does_not_notice(opened, film, until):
    frames = film(6.0)
    async with opened(workers=2) as eye:
        for call in ("call-1", "call-2"):
            eye.pool.start(call, CALLER)
        await eye.play(frames, call="call-1")
        os.kill(pids(eye)[0], signal.SIGKILL)
        await until(lambda: pids(eye)[0] is None)

        desk = eye.pool._desks[1]
        for frame in frames:
            eye.pool.submit(eye.a_frame(frame, "call-2"))
            await until(lambda: len(desk.backlog) < 10)
        await until(lambda: eye.told[-1][0] == "call-2")
        await eye.rest()

        assert eye.pool.stop("call-2", CALLER) == Counts(windows=3, legible=3)


async def test_a_call_stays_with_one_worker_and_calls_spread(opened):
    async with opened(workers=2) as eye:
        for call in range(4):
            for participant in (CALLER, "agent:7"):
                eye.pool.start(f"call-{call}", participant)

        assert [len(desk.streams) for desk in eye.pool._desks] == [4, 4]
        assert (
            len({s.desk for k, s in eye.pool._seats.items() if k[0] == "call-0"}) == 1
        )


async def test_a_broken_frame_costs_one_verdict_and_asks_for_a_key_frame(
    eye, film, until
):
    frames = list(film(6.0))
    broken = type(frames[70])(b"\x00\x01", key=False, temporal_id=0, timestamp=0)
    await eye.play(frames[:70])
    eye.asked.clear()
    eye.pool._seats[CALL, CALLER].stream.begin_anew()

    eye.pool.submit(eye.a_frame(broken, starts_s=70 / 30))
    await until(lambda: eye.asked == [(CALL, CALLER)])
    await eye.play(frames, starts_s=71 / 30)

    counts = eye.pool.stop(CALL, CALLER)
    assert counts.windows >= 8 - 3 + 1 - 1
    assert counts.windows == counts.legible
    assert eye.pool.load.restarts == 0


async def test_noise_in_a_frame_breaks_nothing(eye, film):
    frames = list(film(6.0))
    data = bytearray(frames[50].data)
    data[len(data) // 2 :] = os.urandom(len(data) - len(data) // 2)
    frames[50] = type(frames[50])(bytes(data), False, 0, frames[50].timestamp)

    await eye.play(frames)

    assert eye.pool.stop(CALL, CALLER).windows == 3
    assert eye.pool.load.restarts == 0


async def test_too_many_frames_drop_the_oldest_and_stay_bounded(eye, film):
    frames = film(6.0)

    for turn in range(2):
        for frame in frames:
            eye.pool.submit(eye.a_frame(frame, starts_s=turn * 6.0))
            assert eye.pool.load.late_s <= PATIENCE_S
    dropped = eye.pool.load.dropped
    await eye.rest()
    judged = eye.pool._seats[CALL, CALLER].stream.counts.windows
    await eye.play(frames, starts_s=20)

    assert dropped >= len(frames)
    assert eye.pool._seats[CALL, CALLER].stream.counts.windows >= judged + 4


async def slowed(pid, share=0.4, round_s=0.1):
    """Let a process run for a share of the time, until cancelled."""
    try:
        while True:
            os.kill(pid, signal.SIGSTOP)
            await asyncio.sleep(round_s * (1 - share))
            os.kill(pid, signal.SIGCONT)
            await asyncio.sleep(round_s * share)
    finally:
        os.kill(pid, signal.SIGCONT)


async def test_a_worker_that_cannot_keep_up_leaves_nobody_out(opened, film):
    frames = film(6.0, layers=True)
    calls = [f"call-{number}" for number in range(16)]
    async with opened() as eye, asyncio.TaskGroup() as tasks:
        slowing = tasks.create_task(slowed(pids(eye)[0]))
        for call in calls:
            eye.pool.start(call, CALLER)
        began = asyncio.get_running_loop().time()
        for number, frame in enumerate(frames * 3):
            for call in calls:
                shown = eye.a_frame(frame, call, starts_s=number // len(frames) * 6)
                eye.pool.submit(shown)
            await asyncio.sleep(began + number / 30 - asyncio.get_running_loop().time())
        factor, restarts = eye.pool.load.factor, eye.pool.load.restarts
        slowing.cancel()
        windows = [eye.pool.stop(call, CALLER).windows for call in calls]

    assert factor > 1
    assert restarts == 0
    assert min(windows) > 0, windows
    assert len(eye.asked) <= 2 * len(calls)


async def test_a_no_stops_at_once(eye, film):
    frames = film(6.0)
    for frame in frames[:150]:
        eye.pool.submit(eye.a_frame(frame))

    eye.pool.stop(CALL, CALLER)
    eye.told.clear()
    await eye.play(frames[150:], starts_s=5)

    assert eye.told == []
    assert eye.pool.load.streams == 0
    assert eye.pool.stop(CALL, CALLER) == Counts()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux's /proc")
async def test_a_worker_has_no_socket_no_secret_and_steps_back(
    opened, film, monkeypatch
):
    monkeypatch.setenv(
        "ILLICO_RELAY_SECRET", "not for those who decode what strangers send"
    )
    async with opened() as eye:
        eye.pool.start(CALL, CALLER)
        await eye.play(film(6.0))
        assert eye.pool._desks[0].work.checks > 0
        pid = pids(eye)[0]

        opened_files = files_of(pid)
        environment = environment_of(pid)
        niceness = os.getpriority(os.PRIO_PROCESS, pid)

    assert [name for name in opened_files if name.startswith("socket:")] == []
    assert sum(name.startswith("pipe:") for name in opened_files) == 4
    assert b"ILLICO" not in environment
    assert niceness >= 10


async def test_the_eye_closes_within_two_seconds_and_leaves_nobody(opened, film):
    async with opened(workers=2) as eye:
        eye.pool.start(CALL, CALLER)
        for frame in film(6.0):
            eye.pool.submit(eye.a_frame(frame))
        workers = pids(eye)
        started = time.monotonic()

    assert time.monotonic() - started < 2
    assert not any(map(is_alive, workers))


async def test_an_error_of_the_house_leaves_the_eye_as_it_came(opened):
    with pytest.raises(LookupError, match="of the house"):
        async with opened():
            raise LookupError("of the house")


async def test_without_workers_the_eye_says_so_and_calls_go_on(opened, film):
    async with opened(workers=0) as eye:
        eye.pool.start(CALL, CALLER)
        eye.pool.submit(eye.a_frame(film(6.0)[0]))

        assert eye.pool.absent == "switched_off"
        assert eye.pool.stop(CALL, CALLER) == Counts()


async def test_a_wrong_or_missing_model_ends_the_start_with_its_code(tmp_path):
    wrong = tmp_path / "hand_landmarker.task"
    with pytest.raises(ModelMissingError):
        async with EyePool.open(workers=1, model=wrong, on_verdict=print):
            pass
    wrong.write_bytes(b"something else")
    with pytest.raises(ModelWrongError):
        async with EyePool.open(workers=1, model=wrong, on_verdict=print):
            pass


HANG = """
import os, sys, time
from relay.eye.messages import Picture, Watch
from relay.eye.thresholds import read_thresholds
from relay.eye.watcher import Finders
from relay.eye.worker import GREY, Worker, attend


class Endless:
    def find(self, picture, *more):
        while True:
            pass


worker = Worker(read_thresholds(), Finders(Endless(), Endless()))
attend(worker, Watch(stream=7), int(sys.argv[1]))
print(time.process_time(), flush=True)
attend(worker, Picture(stream=7, data=GREY[0], key=True, at=0.0), int(sys.argv[1]))
"""


def test_a_worker_that_hangs_on_one_picture_ends_within_a_second_of_work():
    trail, theirs = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", HANG, str(theirs)],
        stdout=subprocess.PIPE,
        pass_fds=[theirs],
    )
    os.close(theirs)
    assert process.stdout is not None
    with process, os.fdopen(trail, "rb") as numbers:
        worked_before_s = float(process.stdout.readline())
        at = numbers.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)

    assert process.returncode == -signal.SIGPROF
    assert used.ru_utime + used.ru_stime - worked_before_s < 1
    assert unpack_number(at[-NUMBER_BYTES:]) == 7


def end_at(pid, stream):
    """End a worker as pictures of a stream would: it has said that it is at them."""
    trail = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[-2].decode()
    with Path(f"/proc/{pid}/fd/{trail}").open("wb", buffering=0) as pipe:
        pipe.write(pack_number(stream))
    os.kill(pid, signal.SIGKILL)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux's /proc")
async def test_who_ends_two_workers_is_not_looked_at_any_more(eye, film, until):
    eye.pool.start("call-2", CALLER)
    desk = eye.pool._desks[0]
    for ended in (1, 2):
        await until(desk.ready.is_set)
        end_at(desk.pid, eye.pool._seats[CALL, CALLER].stream.number)
        await until(lambda ended=ended: eye.pool.load.restarts == ended)
        eye.pool.stop(CALL, CALLER)  # another leg
        eye.pool.start(CALL, CALLER)
    await until(desk.ready.is_set)

    await eye.play(film(6.0))
    assert desk.work.frames == 0
    await eye.play(film(6.0), call="call-2")

    assert eye.pool.load.blamed == 1
    assert eye.pool.stop(CALL, CALLER) == Counts()
    assert eye.pool.stop("call-2", CALLER) == Counts(windows=3, legible=3)


async def test_a_no_overtakes_what_is_already_on_its_way(eye, film, until):
    frames = film(6.0)
    await eye.play(frames)
    desk = eye.pool._desks[0]
    looked_at = desk.work.frames
    os.kill(desk.pid, signal.SIGSTOP)
    for frame in frames[:90]:
        eye.pool.submit(eye.a_frame(frame, starts_s=6))
    await until(lambda: eye.backlog < 80)

    eye.pool.stop(CALL, CALLER)
    os.kill(desk.pid, signal.SIGCONT)
    await eye.rest()

    assert desk.work.frames <= looked_at + 1
