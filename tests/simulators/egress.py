"""A CONNECT proxy: a behaviour for `receiving` that leads every target to one port, or says no."""

import asyncio


def connects_to(port):
    """Whatever is asked for, the tunnel ends at this port of loopback."""

    async def behaviour(receiver, reader, writer):
        await receiver.head(reader)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))

    return behaviour


async def _pump(reader, writer):
    try:
        while part := await reader.read(65536):
            writer.write(part)
            await writer.drain()
    finally:
        writer.close()


async def refuses(receiver, reader, writer):
    """As smokescreen does with an address it judges private."""
    await receiver.head(reader)
    writer.write(
        b"HTTP/1.1 407 Request rejected by proxy\r\n"
        b"X-Smokescreen-Error: denied\r\nContent-Length: 0\r\n\r\n"
    )
    await writer.drain()
