"""A relay between two sockets that speak as libmctp's demultiplexer does; what passes can be something else.

Each connection to the one socket becomes one to the other. Nothing more is taken from a side while too
much waits for the other, so that whoever sends meets a full buffer as without a relay.
"""

import collections
import contextlib
import heapq
import itertools
import selectors
import socket
import threading
import time

# Packets that wait for one side before no more are taken from the other.
QUEUE = 64
# Longer than any packet.
PACKET = 1 << 17


def connection():
    return socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)


class Side:
    """One end of a relayed connection, with the packets that wait to be sent there."""

    def __init__(self, end):
        self.end = end
        end.setblocking(False)
        self.waiting = collections.deque()
        self.other = None

    def send(self, packet):
        self.waiting.append(packet)

    def flush(self):
        while self.waiting:
            try:
                self.end.send(self.waiting[0])
            except BlockingIOError:
                return
            self.waiting.popleft()

    @property
    def interest(self):
        """What to wait for."""
        reads = selectors.EVENT_READ if len(self.other.waiting) < QUEUE else 0
        return reads | (selectors.EVENT_WRITE if self.waiting else 0)


class Relay:
    """Listens on the abstract socket `listening` and connects to `server`; a thread of its own serves it.

    What is done with packets is a subclass's: `from_client` and `from_server` are called in the thread,
    with the lock held, and send what they like.
    """

    def __init__(self, listening, server):
        self.server = server
        # Told when something has passed.
        self.lock = threading.Condition()
        # The sides of those who have connected.
        self.clients = []
        self.later = []
        self.order = itertools.count()
        self.is_ending = False
        self.failure = None
        self.selector = selectors.DefaultSelector()
        self.listener = connection()
        self.listener.bind("\0" + listening)
        self.listener.listen()
        self.listener.setblocking(False)
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.waking, self.woken = socket.socketpair()
        self.selector.register(self.woken, selectors.EVENT_READ)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def close(self):
        """Ends it; raises what went wrong in its thread."""
        self.is_ending = True
        self._wake()
        self.thread.join()
        if self.failure:
            raise AssertionError(f"the relay failed: {self.failure!r}") from self.failure

    def from_client(self, client, packet):
        """A client has sent a packet."""
        client.other.send(packet)

    def from_server(self, client, packet):
        """The server has sent a packet for a client."""
        client.send(packet)

    def at(self, seconds, action):
        """Has the thread do something so many seconds from now."""
        with self.lock:
            heapq.heappush(self.later, (time.monotonic() + seconds, next(self.order), action))
        if threading.current_thread() is not self.thread:
            self._wake()

    def _wake(self):
        # It may have ended by a failure.
        with contextlib.suppress(OSError):
            self.waking.send(b"!")

    def _run(self):
        try:
            while not self.is_ending:
                self._turn()
        except Exception as failure:  # pylint: disable=broad-except
            self.failure = failure
        finally:
            for key in list(self.selector.get_map().values()):
                key.fileobj.close()
            self.selector.close()
            self.waking.close()

    def _turn(self):
        with self.lock:
            pause = max(0, self.later[0][0] - time.monotonic()) if self.later else None
        ready = self.selector.select(pause)
        with self.lock:
            for key, events in ready:
                if key.fileobj is self.listener:
                    self._accept()
                elif key.fileobj is self.woken:
                    self.woken.recv(PACKET)
                else:
                    self._serve(key.data, events)
            while self.later and self.later[0][0] <= time.monotonic():
                heapq.heappop(self.later)[2]()
            self._flush()

    def _accept(self):
        accepted, _ = self.listener.accept()
        upstream = connection()
        try:
            upstream.connect("\0" + self.server)
        except OSError:
            upstream.close()
            accepted.close()
            return
        client, server = Side(accepted), Side(upstream)
        client.other, server.other = server, client
        self.clients.append(client)
        for side in (client, server):
            self.selector.register(side.end, selectors.EVENT_READ, side)

    def _serve(self, side, events):
        try:
            if events & selectors.EVENT_WRITE:
                side.flush()
            packet = side.end.recv(PACKET) if events & selectors.EVENT_READ else None
        except BlockingIOError:
            return
        except OSError:
            packet = b""
        if packet == b"":
            self._drop(side)
        elif packet and side in self.clients:
            self.from_client(side, packet)
        elif packet:
            self.from_server(side.other, packet)

    def _drop(self, side):
        for end in (side, side.other):
            with contextlib.suppress(KeyError, ValueError):
                self.selector.unregister(end.end)
            end.end.close()
            if end in self.clients:
                self.clients.remove(end)

    def _flush(self):
        for client in list(self.clients):
            try:
                client.flush()
                client.other.flush()
            except OSError:
                self._drop(client)
                continue
            self._watch(client)
            self._watch(client.other)

    def _watch(self, side):
        is_watched = side.end in self.selector.get_map()
        if side.interest and is_watched:
            self.selector.modify(side.end, side.interest, side)
        elif side.interest:
            self.selector.register(side.end, side.interest, side)
        elif is_watched:
            self.selector.unregister(side.end)
