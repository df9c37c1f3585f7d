"""The children of one platform: started in order, kept alive, ended in reverse."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final, Self

from illico import logs, records
from illico.backoff import WINDOW_SECONDS, Deaths
from illico.child import Child
from illico.errors import IllicoError, KeptDyingError, StartFailedError
from illico.folder import DataFolder
from illico.plan import Program

ROOMS_SECONDS: Final = 3.2  # for all rooms together; then they are killed
SERVER_SECONDS: Final = 0.8  # for the queue's server to write its file out
PATIENCE_SECONDS: Final = 1.0  # for one stage, before the one below is told to end
ROTATE_SECONDS: Final = 20.0


class Fleet:
    """Owns the child processes and the tasks that look after them."""

    def __init__(
        self,
        folder: DataFolder,
        *,
        environment: Mapping[str, str],
        tell: Callable[[str], None],
    ) -> None:
        self._folder = folder
        self._environment = environment
        self._tell = tell
        self._tasks = asyncio.TaskGroup()
        self._keepers: list[asyncio.Task[None]] = []
        self._is_stopping = False
        self._given_up: set[str] = set()
        self._stages: list[list[Child]] = []

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        folder: DataFolder,
        *,
        environment: Mapping[str, str],
        tell: Callable[[str], None],
    ) -> AsyncIterator[Self]:
        """Have a fleet; leaving ends every child within 5 s.

        Raises:
            KeptDyingError: a child ended too often; the block is cancelled first.
        """
        fleet = cls(folder, environment=environment, tell=tell)
        try:
            async with fleet._tasks as tasks:
                fleet._keepers.append(tasks.create_task(fleet._rotate_logs()))
                yield fleet
                for keeper in fleet._keepers:
                    keeper.cancel()
        except BaseExceptionGroup as group:
            raise _single(group) from None
        finally:
            await fleet._stop()

    @property
    def children(self) -> list[Child]:
        """Every child, in the order of the start."""
        return [child for stage in self._stages for child in stage]

    async def start(self, *programs: Program) -> None:
        """Start programs side by side and wait until all serve.

        Raises:
            StartFailedError: one of them did not start.
        """
        children = [self._child(program) for program in programs]
        self._stages.append(children)
        try:
            async with asyncio.TaskGroup() as starting:
                for child in children:
                    starting.create_task(child.start())
        except BaseExceptionGroup as group:
            raise _single(group) from None
        for child in children:
            self._keepers.append(self._tasks.create_task(self._keep(child)))

    def give_up(self, name: str) -> None:
        """Let a child stay dead when it dies: benchmarks and tests want to see that."""
        self._given_up.add(name)

    def __getitem__(self, name: str) -> Child:
        return next(child for child in self.children if child.name == name)

    def _child(self, program: Program) -> Child:
        return Child(
            program,
            log=self._folder.log(program.name),
            environment=self._environment,
            born=self._save_records,  # at once: ready or not, it must be found again
        )

    def _save_records(self) -> None:
        records.save(
            self._folder.processes,
            [
                records.Record(child.name, child.pid, born)
                for child in self.children
                if child.pid is not None and (born := records.birth(child.pid))
            ],
        )

    async def _keep(self, child: Child) -> None:
        """Start the child again whenever it ends, unless it ends too often."""
        deaths = Deaths()
        loop = asyncio.get_running_loop()
        while True:
            how = await child.ended()
            if self._is_stopping or child.name in self._given_up:
                return
            deaths = deaths.add(loop.time())
            if deaths.is_enough:
                times = len(deaths.times)
                raise KeptDyingError(child.name, times, WINDOW_SECONDS, child.log)
            self._tell(f"{child.name} ended ({how}) and is started again: {child.log}")
            await asyncio.sleep(deaths.delay)
            await self._try_again(child)

    async def _try_again(self, child: Child) -> None:
        try:
            await child.start()
        except StartFailedError as error:
            self._tell(str(error))
        else:
            self._tell(f"{child.name} serves again.")

    async def _rotate_logs(self) -> None:
        while True:
            for child in self.children:
                logs.rotate(child.log)
            await asyncio.sleep(ROTATE_SECONDS)

    async def _stop(self) -> None:
        """End the rooms, then the server that they need; nobody may take too long."""
        self._is_stopping = True
        try:
            await self._end(_of(self._stages, are_servers=False), ROOMS_SECONDS)
            await self._end(_of(self._stages, are_servers=True), SERVER_SECONDS)
        finally:
            for child in self.children:
                child.signal(signal.SIGKILL)
            self._save_records()

    async def _end(self, stages: Sequence[Sequence[Child]], seconds: float) -> None:
        """Ask each stage to end, the last first; kill those that have not in time."""
        children = [child for stage in stages for child in stage]
        try:
            async with asyncio.timeout(seconds):
                for stage in reversed(stages):
                    await _ask_to_end(stage)
                for child in children:
                    await child.ended()
        except TimeoutError:
            late = ", ".join(child.name for child in children if child.pid is not None)
            self._tell(f"Killed, because still there after {seconds} s: {late}.")
        for child in children:
            await child.kill()


async def _ask_to_end(stage: Sequence[Child]) -> None:
    """Give all children of a stage the same while to end."""
    for child in stage:
        child.signal(signal.SIGTERM)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            for child in stage:
                await child.ended()


def _of(stages: Sequence[list[Child]], *, are_servers: bool) -> list[list[Child]]:
    return [
        [child for child in stage if bool(child.program.answers_on) is are_servers]
        for stage in stages
    ]


def _single(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Find what the person should read: our own sentence first, else the only error."""
    ours = group.subgroup(IllicoError)
    found: BaseException = ours if ours is not None else group
    while isinstance(found, BaseExceptionGroup):
        if ours is None and len(found.exceptions) > 1:
            return found
        found = found.exceptions[0]
    return found
