"""Nothing leaves a worker but what it says in its pipes: tried from inside, after loading.

Each test runs what a worker runs before its first picture, and then does what somebody
would do who had taken the worker over with a picture made for it.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from relay.eye import seal
from relay.eye.bench import Bench
from relay.eye.desk import Desk
from relay.eye.messages import Ready
from tests.integration.relay_eye.conftest import MODEL

ROOT = Path(__file__).parents[3]

INSIDE = """
import ctypes, json, mmap, os, signal, socket, subprocess, sys, threading
from pathlib import Path
from relay.eye.messages import Ping
from relay.eye.worker import GREY, Picture, Tick, Watch, be_modest, prepare

be_modest()
listener = socket.create_server(("127.0.0.1", 0))
here, there = socket.socketpair()
datagrams = socket.socket(type=socket.SOCK_DGRAM)
worker, unsealed = prepare(Path(sys.argv[1]))
mine, parent = os.getpid(), os.getppid()
libc = ctypes.CDLL(None, use_errno=True)


def call(number):
    if libc.syscall(number, 0, 0, 0, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def io_uring():
    call(425)


def x32_socket():
    call(0x40000029)


ACTS = {
    "a socket": lambda: socket.socket(),
    "a socket of packets": lambda: socket.socket(type=socket.SOCK_DGRAM),
    "a socket of the machine": lambda: socket.socket(socket.AF_UNIX),
    "a pair of sockets": lambda: socket.socketpair(),
    "connecting a socket from before": lambda: datagrams.connect(("127.0.0.1", 9)),
    "sending by a socket from before": lambda: datagrams.sendto(b"x", ("127.0.0.1", 9)),
    "sending to a socket from before": lambda: here.send(b"x"),
    "accepting at a socket from before": lambda: listener.accept(),
    "a name looked up": lambda: socket.getaddrinfo(b"example.org", 443),
    "a file written": lambda: open(sys.argv[2], "w"),
    "a file added to": lambda: open(sys.argv[1], "ab"),
    "a file read": lambda: open(sys.argv[1], "rb"),
    "the parent's environment": lambda: open(f"/proc/{parent}/environ", "rb"),
    "a file renamed": lambda: os.rename(sys.argv[1], sys.argv[2]),
    "a file removed": lambda: os.unlink(sys.argv[1]),
    "a folder made": lambda: os.mkdir(sys.argv[2]),
    "a link": lambda: os.symlink(sys.argv[1], sys.argv[2]),
    "a pipe with a name": lambda: os.mkfifo(sys.argv[2]),
    "memory with a name": lambda: os.memfd_create("leak"),
    "a fork": lambda: os.fork() or os._exit(0),
    "another program": lambda: os.execv("/bin/true", ["true"]),
    "a program beside": lambda: subprocess.run(["/bin/true"]),
    "a signal to the parent": lambda: os.kill(parent, signal.SIGCONT),
    "a ring of requests": io_uring,
    "calls by other numbers": x32_socket,
}


def outcome(act):
    try:
        act()
    except OSError as error:
        return "refused" if error.errno == 1 or isinstance(error, socket.gaierror) else repr(error)
    except BaseException as error:
        return repr(error)
    return "done"


answers = []

for message in [
    Watch(stream=1),
    *(Picture(stream=1, data=data, key=at == 0, at=at / 3) for at, data in enumerate(GREY)),
    Tick(stream=1, at=3.0, arrived=3.0, frames=90, pressure=1.0),
    Ping(number=7),
]:
    answers += worker.answer(message)
thread = threading.Thread(target=lambda: answers.append("a thread"))
thread.start()
thread.join()
print(json.dumps({
    "unsealed": unsealed,
    "outcomes": {name: outcome(act) for name, act in ACTS.items()},
    "answers": [str(answer) for answer in answers],
}), flush=True)
os._exit(0)
"""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux can close a worker's doors"
)


@pytest.fixture(scope="module")
def inside(opened, tmp_path_factory):
    """What somebody in a worker who tries everything reports; skips without an eye."""
    leak = tmp_path_factory.mktemp("inside") / "leak"
    done = subprocess.run(
        [sys.executable, "-c", INSIDE, str(MODEL), str(leak)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        timeout=60,
    )
    assert done.stdout, done.stderr.decode()
    assert not leak.exists()
    return json.loads(done.stdout)


def threads_of(pid):
    """What the kernel tells of each thread."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [(task / "status").read_text() for task in tasks]


def test_a_worker_is_sealed_on_this_machine(inside):
    assert inside["unsealed"] is None


def test_nothing_that_would_leave_is_done(inside):
    let = {name: what for name, what in inside["outcomes"].items() if what != "refused"}

    assert let == {}
    assert len(inside["outcomes"]) == 25


def test_a_sealed_worker_still_looks_and_answers(inside):
    assert any(
        "Pong" in answer and "checks=1" in answer for answer in inside["answers"]
    )
    assert "a thread" in inside["answers"]


async def test_every_thread_of_every_worker_is_sealed(opened, film):
    async with opened(workers=2) as eye:
        eye.pool.start("call-1", "caller")
        await eye.play(film(6.0))
        states = [state for desk in eye.pool._desks for state in threads_of(desk.pid)]
        sealed = eye.pool.load.sealed

    assert len(states) > 2
    assert all("Seccomp:\t2" in state for state in states)
    assert all("NoNewPrivs:\t1" in state for state in states)
    assert sealed == 2


async def test_where_a_worker_cannot_be_sealed_the_log_says_so(capsys):
    desk = Desk(0, Bench(MODEL), on_message=print, on_lost=print)

    desk._hear(Ready(unsealed="there is no seccomp on this system"))

    assert desk.ready.is_set()
    assert not desk.is_sealed
    told = capsys.readouterr().out
    assert "eye worker not sealed" in told
    assert "there is no seccomp on this system" in told


@pytest.mark.parametrize("machine", seal.ARCHITECTURES)
def test_the_filter_lets_only_what_is_listed(machine):
    column, architecture = seal.ARCHITECTURES[machine]
    allowed = {numbers[column] for numbers in seal.REMAINING.values()} - {None}

    for number in range(600):
        let = _run(seal.filter_of(column, architecture), number, architecture)
        assert (let == "allow") == (number in allowed), number


@pytest.mark.parametrize("machine", seal.ARCHITECTURES)
def test_a_thread_may_start_and_a_process_may_not(machine):
    column, architecture = seal.ARCHITECTURES[machine]
    program, clone = seal.filter_of(column, architecture), seal.CLONE[column]

    assert _run(program, clone, architecture, flags=0x00010F00) == "allow"
    assert _run(program, clone, architecture, flags=17) == "refuse 1"
    assert _run(program, seal.CLONE3[column], architecture) == "refuse 38"


def test_calls_of_another_architecture_end_the_process():
    column, architecture = seal.ARCHITECTURES["x86_64"]

    assert _run(seal.filter_of(column, architecture), 1, 0x40000003) == "kill"


def _run(program, number, architecture, flags=0):
    """Run a filter as the kernel would; four kinds of instruction are enough."""
    shown = {0: number, 4: architecture, 16: flags}
    at, held = 0, 0
    while True:
        operation, if_so, if_not, value = seal.INSTRUCTION.unpack_from(program, 8 * at)
        at += 1
        match operation:
            case 0x20:
                held = shown[value]
            case 0x15:
                at += if_so if held == value else if_not
            case 0x45:
                at += if_so if held & value else if_not
            case 0x06 if value == 0x7FFF0000:
                return "allow"
            case 0x06 if value == 0x80000000:
                return "kill"
            case _:
                assert operation == 0x06
                return f"refuse {value & 0xFFFF}"
