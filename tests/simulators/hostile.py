"""Receivers that do harm. Each is a behaviour for `tests.simulators.receivers.receiving`."""

import asyncio
import contextlib
import itertools
import socket
import ssl
import struct
import zlib
from functools import cache

CHUNK = b"x" * 65536
FOREVER = 3600


async def drips_its_body(receiver, reader, writer):
    """A byte a second, for ever."""
    await receiver.head(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    await _drip(writer)


async def drips_its_head(receiver, reader, writer):
    await receiver.head(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    await _drip(writer)


async def _drip(writer):
    for _ in itertools.repeat(None):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(1)


async def sends_without_end(receiver, reader, writer):
    await receiver.head(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in itertools.repeat(None):
        writer.write(b"10000\r\n" + CHUNK + b"\r\n")
        await writer.drain()


@cache
def _gzip_bomb():
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()


async def sends_a_gzip_bomb(receiver, reader, writer):
    """64 MiB of zeros in 64 KiB."""
    await receiver.head(reader)
    body = _gzip_bomb()
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()
    await asyncio.sleep(FOREVER)


async def sends_a_huge_header(receiver, reader, writer):
    """1 MiB in one header."""
    await receiver.head(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nX-Huge: ")
    for _ in range(16):
        writer.write(CHUNK)
        await writer.drain()
    writer.write(b"\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()


async def sends_headers_without_end(receiver, reader, writer):
    await receiver.head(reader)
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in itertools.count():
        writer.write(b"X-%d: %s\r\n" % (number, CHUNK[:1000]))
        await writer.drain()


async def announces_without_end(receiver, reader, writer):
    """Interim answers, one after the other, and never a final one."""
    await receiver.head(reader)
    for _ in itertools.repeat(None):
        writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.01)


def redirects_to(url):
    async def behaviour(receiver, reader, writer):
        await receiver.head(reader)
        answer = f"HTTP/1.1 302 Found\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n"
        writer.write(answer.encode())
        await writer.drain()
        await asyncio.sleep(FOREVER)

    return behaviour


def shakes_hands_with(context):
    """A handshake by OpenSSL itself: asyncio's server drops its alerts."""

    async def behaviour(receiver, reader, writer):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_side=True)
        try:
            while True:
                incoming.write(await reader.read(65536))
                with contextlib.suppress(ssl.SSLWantReadError):
                    tls.do_handshake()
                    return
        finally:
            writer.write(outgoing.read())
            await writer.drain()

    return behaviour


async def never_answers(receiver, reader, writer):
    """Takes the connection and the request, and is silent."""
    await asyncio.sleep(FOREVER)


async def resets_within_its_body(receiver, reader, writer):
    await receiver.head(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
    await writer.drain()
    _reset(writer)


def _reset(writer):
    """Close so that the kernel sends RST."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def stops_within_its_body(receiver, reader, writer):
    await receiver.head(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
    await writer.drain()


async def closes_at_once(receiver, reader, writer):
    return


async def speaks_ssh(receiver, reader, writer):
    writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
    await writer.drain()
    await asyncio.sleep(FOREVER)


async def miscounts_its_chunks(receiver, reader, writer):
    await receiver.head(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhalf\r\n")
    await writer.drain()
    await asyncio.sleep(FOREVER)


async def answers_twice(receiver, reader, writer):
    """The second answer comes when the first was read and the connection is kept."""
    await receiver.head(reader)
    writer.write(_answer(b"first"))
    await asyncio.to_thread(receiver.go.wait)
    writer.write(_answer(b"forged"))
    await writer.drain()
    receiver.done.set()
    await receiver.head(reader)
    writer.write(_answer(b"second"))
    await writer.drain()
    await asyncio.sleep(FOREVER)


async def answers_twice_at_once(receiver, reader, writer):
    await receiver.head(reader)
    writer.write(_answer(b"first") + _answer(b"forged"))
    await writer.drain()
    receiver.done.set()
    await receiver.head(reader)
    writer.write(_answer(b"second"))
    await writer.drain()
    await asyncio.sleep(FOREVER)


async def answers(receiver, reader, writer):
    """The well-behaved one: as many requests as come, over one connection."""
    for _ in itertools.repeat(None):
        await receiver.head(reader)
        writer.write(_answer(b"first", b"Set-Cookie: a=1\r\nX-Twice: 1\r\nx-twice: 2\r\n"))
        await writer.drain()


def _answer(body, headers=b""):
    return b"HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s" % (headers, len(body), body)
