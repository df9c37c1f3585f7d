"""A group of servers under Sentinels: one master, two replicas, real processes."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import redis

from tests.integration.queueing.servers import binary_of

MASTER = "queue"
DOWN_AFTER = 1.0
PATIENCE = 20.0


def free_ports(count):
    """Ports that are free at this moment; all held until all are known."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def until(holds, what):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(redis.RedisError):
            if holds():
                return
        time.sleep(0.02)  # other processes set no event of ours
    raise TimeoutError(what)


class Group:
    """Three servers and three Sentinels on ports of this machine."""

    def __init__(self, kind, folder: Path):
        self._kind, self._folder = kind, folder
        ports = free_ports(6)
        self.servers, self._sentinels = ports[:3], ports[3:]
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self.down_after = DOWN_AFTER

    @property
    def url(self):
        hosts = ",".join(f"127.0.0.1:{port}" for port in self._sentinels)
        return f"redis+sentinel://{hosts}/{MASTER}"

    def start(self):
        for port in self.servers:
            self._start_server(port)
        for port in self.servers[1:]:
            until(lambda port=port: self._is_linked(port), "a replica does not follow")
        for port in self._sentinels:
            self._start_sentinel(port)
        until(self._is_complete, "the Sentinels do not know each other")

    def kill(self):
        for process in self._processes.values():
            process.kill()
            process.wait(10)

    @contextlib.contextmanager
    def plain(self, port=None):
        client = redis.Redis(
            port=port or self.master(), decode_responses=True, socket_timeout=5
        )
        try:
            yield client
        finally:
            client.close()

    def master(self):
        """The port that the first Sentinel calls the master's."""
        with self.plain(self._sentinels[0]) as sentinel:
            return int(sentinel.execute_command("SENTINEL", "MASTER", MASTER)["port"])

    def fail_over(self):
        """Ask for another master; gives the port of the old one."""
        before = self.master()
        with self.plain(self._sentinels[0]) as sentinel:
            sentinel.execute_command("SENTINEL", "FAILOVER", MASTER)
        return before

    def kill_master(self):
        before = self.master()
        self._processes[before].kill()
        self._processes[before].wait(10)
        return before

    def freeze_master(self):
        before = self.master()
        self.freeze(before)
        return before

    def freeze(self, port):
        os.kill(self._processes[port].pid, signal.SIGSTOP)

    def thaw(self, port):
        os.kill(self._processes[port].pid, signal.SIGCONT)

    def wait_for_another(self, before):
        """Wait until a Sentinel names another master, and it is one."""
        until(lambda: self._is_master(self.master(), before), "no failover")

    def start_again(self, port):
        """Start a killed server; the Sentinels make a replica of it."""
        self._start_server(port, follow=self.master())

    def wait_until_whole(self):
        """Wait until one master has two replicas."""
        until(self._is_whole, "the group does not become whole")

    def _is_whole(self):
        with self.plain() as master:
            facts = master.info("replication")
        replicas = [facts.get(f"slave{n}", {}) for n in range(2)]
        return facts["role"] == "master" and all(
            replica.get("state") == "online" for replica in replicas
        )

    def _is_master(self, port, before):
        with self.plain(port) as server:
            return port != before and server.execute_command("ROLE")[0] == "master"

    def _start(self, port, *command):
        self._processes[port] = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def _start_server(self, port, follow=None):
        master = follow or self.servers[0]
        follows = ("--replicaof", f"127.0.0.1 {master}") if port != master else ()
        folder = self._folder / str(port)
        folder.mkdir(exist_ok=True)
        self._start(
            port,
            binary_of(self._kind),
            *("--port", str(port), "--bind", "127.0.0.1", "--save", ""),
            *("--dir", str(folder), "--maxmemory-policy", "noeviction"),
            *("--appendonly", "yes", "--appendfsync", "everysec"),
            *("--min-replicas-to-write", "1", "--min-replicas-max-lag", "10"),
            *("--repl-diskless-sync-delay", "0", *follows),
        )

    def _start_sentinel(self, port):
        file = self._folder / f"{port}.conf"
        file.write_text(
            f"port {port}\n"
            "bind 127.0.0.1\n"
            f"dir {self._folder}\n"
            f"sentinel monitor {MASTER} 127.0.0.1 {self.servers[0]} 2\n"
            f"sentinel down-after-milliseconds {MASTER} {round(DOWN_AFTER * 1000)}\n"
            f"sentinel failover-timeout {MASTER} 5000\n"
            f"sentinel parallel-syncs {MASTER} 2\n"
        )
        self._start(port, binary_of(self._kind), str(file), "--sentinel")

    def _is_linked(self, port):
        with self.plain(port) as server:
            return server.info("replication")["master_link_status"] == "up"

    def _is_complete(self):
        for port in self._sentinels:
            with self.plain(port) as sentinel:
                facts = sentinel.execute_command("SENTINEL", "MASTER", MASTER)
            if (int(facts["num-slaves"]), int(facts["num-other-sentinels"])) != (2, 2):
                return False
        return True


@contextlib.contextmanager
def a_group(kind="redis"):
    folder = Path(tempfile.mkdtemp(prefix="g"))
    group = Group(kind, folder)
    try:
        group.start()
        yield group
    finally:
        group.kill()
        shutil.rmtree(folder)
