"""A test double between the daemon and its drives: what a drive may say, and not only what ours says.

It listens as libmctp's demultiplexer does, passes everything on to the simulator's socket and back, and
does something else with single messages as its rules say. What it changes gets a good integrity check.

    double.when(cns=1, controller=0).during(0, 6).refuse_nvme(NVME_MEDIA_NOT_READY)
    double.when(kind=ADMIN).drop()
    double.when(dtyp=2).answer(struct.pack("<HHH", 9, 0, 1))
    double.when(opcode=HEALTH_POLL, kind=MI).nth(3).delay(0.5)
    double.asked(cns=3)         # how many such requests the daemon has sent

A rule says which requests it is for: fields of Request (see messages.py), each with a value, several of
them, or a function that judges it; then, if need be, which of these (`nth`, `times`, `during`), and what
befalls them (`Rule` has all of it). The oldest rule that a request fits, and no other, is carried out.
"""

import collections
import os
import time

from double_rules import Rule, fits
from messages import CONTROL, Answer, Request, checked
from relay import Relay

# How long a test waits for requests, in seconds.
PATIENCE = int(os.environ.get("NVMEMI_TEST_PATIENCE", "60"))


class Double(Relay):
    """Stands between the abstract sockets `listening` (the daemon's) and `server` (the simulator's)."""

    def __init__(self, listening, server, memory=200_000):
        """`memory` is how many requests are remembered."""
        self.rules = []
        self.requests = collections.deque(maxlen=memory)
        self.forgotten = 0
        # The request under way and its rule, by what an answer has in common with its request.
        self.open = {}
        self.answered_at = {}
        super().__init__(listening, server)

    # Rules

    def when(self, **where):
        """Begins a rule for requests with such fields."""
        return Rule(self, where)

    def add(self, rule):
        with self.lock:
            self.rules.append(rule)

    def remove(self, rule):
        with self.lock:
            self.rules.remove(rule)

    def clear(self):
        """Ends all rules and forgets what was asked."""
        with self.lock:
            self.rules = []
            self.requests.clear()
            self.forgotten = 0

    def send(self, eid, message, seconds=0):
        """Has a message come from a drive, now or later; its integrity check is made."""
        self.at(seconds, lambda: self._to_clients(bytes([eid]) + checked(message)))

    # What was asked

    def history(self, **where):
        """The requests that were sent to drives, in their order."""
        with self.lock:
            if self.forgotten:
                raise AssertionError(f"{self.forgotten} requests are forgotten")
            return [request for request in self.requests if fits(request, where)]

    def asked(self, **where):
        """How many such requests were sent to drives, whatever befell them."""
        return len(self.history(**where))

    def wait_until_asked(self, count, **where):
        """Waits until so many such requests were sent."""
        with self.lock:
            if not self.lock.wait_for(lambda: self.asked(**where) >= count, PATIENCE):
                raise AssertionError(f"{where} was asked {self.asked(**where)} times, not {count}")

    # The path

    def from_client(self, client, packet):
        now = time.monotonic()
        request = Request(packet[0], packet[1:-4], gap=self._gap(packet[0], now))
        # The registration is a packet of one byte.
        if request.kind is None or request.is_answer:
            client.other.send(packet)
            return
        self.forgotten += len(self.requests) == self.requests.maxlen
        self.requests.append(request)
        self.lock.notify_all()
        rule = next((rule for rule in self.rules if rule.takes(request, now)), None)
        self.open[key_of(request)] = (request, rule)
        changed = rule.to_request(request) if rule else request.data
        if changed is None:
            return
        if changed != request.data:
            packet = packet[:1] + checked(changed)
        if rule and rule.waits:
            self.at(rule.waits, lambda: client.other.send(packet))
        else:
            client.other.send(packet)

    def from_server(self, client, packet):
        answer = Answer(packet[0], packet[1:-4])
        request, rule = self.open.get(key_of(answer), (None, None))
        if answer.is_answer and answer.is_final:
            self.open.pop(key_of(answer), None)
        if rule and rule.to_answer:
            changed = rule.to_answer(request, answer)
            if changed is None:
                return
            if changed != answer.data:
                packet = packet[:1] + checked(changed)
        self.answered_at[packet[0]] = time.monotonic()
        client.send(packet)

    def _to_clients(self, packet):
        self.answered_at[packet[0]] = time.monotonic()
        for client in self.clients:
            client.send(packet)

    def _gap(self, eid, now):
        return now - self.answered_at[eid] if eid in self.answered_at else None


def key_of(message):
    """What an answer has in common with its request."""
    tag = message.number(5) if message.kind == CONTROL else None
    return message.eid, message.kind, message.slot, tag
