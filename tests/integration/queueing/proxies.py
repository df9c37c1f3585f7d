"""A proxy before a server, that loses the reply after the command ran."""

import asyncio
import contextlib


class Proxy:
    """Forwards bytes both ways; `drop_replies_to` names what is never answered."""

    def __init__(self, server_path, path):
        self.url = f"unix://{path}"
        self.dropped = 0
        self._server_path, self._path = server_path, path
        self._word, self._times = None, 0

    def drop_replies_to(self, word, times):
        self._word, self._times = word.encode(), times

    async def serve(self, reader, writer):
        there = await asyncio.open_unix_connection(self._server_path)
        silent = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._commands(reader, there[1], silent))
                tasks.create_task(self._replies(there[0], writer, silent))
        except* OSError:
            pass
        finally:
            writer.close()
            there[1].close()

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
            writer.write(data)


@contextlib.asynccontextmanager
async def a_proxy(server_url, path):
    proxy = Proxy(server_url.removeprefix("unix://"), path)
    listener = await asyncio.start_unix_server(proxy.serve, path)
    try:
        yield proxy
    finally:
        listener.close()
        await listener.wait_closed()
