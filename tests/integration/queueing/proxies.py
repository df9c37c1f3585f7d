"""A proxy before a server, that loses the reply after the command ran, or is slow."""

import asyncio
import contextlib


class Proxy:
    """Forwards bytes both ways; `drop_replies_to` names what is never answered.

    Every reply comes `delay` seconds late.
    """

    def __init__(self, server_path, path):
        self.url = f"unix://{path}"
        self.dropped = 0
        self.delay = 0.0
        self._server_path, self._path = server_path, path
        self._word, self._times = None, 0
        self._serving: set[asyncio.Task[None] | None] = set()

    def drop_replies_to(self, word, times):
        self._word, self._times = word.encode(), times

    async def serve(self, reader, writer):
        own = asyncio.current_task()
        self._serving.add(own)  # a client that leaves takes the last reference with it
        try:
            with contextlib.suppress(OSError):
                async with contextlib.AsyncExitStack() as stack:
                    stack.push_async_callback(_close, writer)
                    there = await asyncio.open_unix_connection(self._server_path)
                    stack.push_async_callback(_close, there[1])
                    await self._forward((reader, writer), there)
        finally:
            self._serving.discard(own)

    async def _forward(self, here, there):
        silent = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._commands(here[0], there[1], silent))
                tasks.create_task(self._replies(there[0], here[1], silent))
        except* OSError:
            pass

    async def _commands(self, reader, writer, silent):
        while data := await reader.read(65536):
            if self._times and self._word in data:
                self._times -= 1
                silent.set()
            writer.write(data)
        writer.write_eof()

    async def _replies(self, reader, writer, silent):
        while data := await reader.read(65536):
            if silent.is_set():
                self.dropped += 1
                raise ConnectionResetError
            await asyncio.sleep(self.delay)
            writer.write(data)
        raise ConnectionResetError  # the server has gone: its clients must see that


async def _close(writer):
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


@contextlib.asynccontextmanager
async def a_proxy(server_url, path):
    proxy = Proxy(server_url.removeprefix("unix://"), path)
    listener = await asyncio.start_unix_server(proxy.serve, path)
    try:
        yield proxy
    finally:
        listener.close()
        await listener.wait_closed()
