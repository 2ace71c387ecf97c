"""Callers that start jobs beside the rest of the suite; some are gone when their job has begun."""

import os
import queue
import random
import threading

import dbus
import dbus.bus

from client import ABSENCE, FLOOD, TROUBLE
from environment import BRIDGE, PATIENCE

# What a call may come to that starts a job on a drive that something may befall.
EXPECTED = TROUBLE | ABSENCE | FLOOD


class JobCallers:
    """Threads with a connection each: a call may wait for its drive, and nobody else shall."""

    number = 4

    def __init__(self, address, seed, violations):
        self.address = address
        self.violations = violations
        self.orders = queue.Queue()
        self.threads = [
            threading.Thread(target=self._run, args=(random.Random(seed + index),), daemon=True)
            for index in range(self.number)
        ]
        for thread in self.threads:
            thread.start()

    @property
    def are_busy(self):
        return self.orders.unfinished_tasks > 0

    def start(self, *order):
        """Has a job started: path, interface, member, signature, arguments, and the bytes of a file or None.

        Where there are bytes, a memfd with them is the argument in front of the others or, of two, the first. Returns
        whether anybody is free for it.
        """
        if self.orders.unfinished_tasks >= self.number:
            return False
        self.orders.put(order)
        return True

    def close(self):
        for _ in self.threads:
            self.orders.put(None)
        for thread in self.threads:
            thread.join(PATIENCE * 2)

    def _run(self, chance):
        bus = None
        while True:
            order = self.orders.get()
            try:
                if order is None:
                    return
                if bus is None:
                    bus = dbus.bus.BusConnection(self.address)
                    bus.set_exit_on_disconnect(False)
                self._call(bus, *order)
                # Who has started a job may go: it is of the drive.
                if chance.random() < 0.5:
                    bus.close()
                    bus = None
            except Exception as error:  # pylint: disable=broad-except
                self.violations.append(f"{order}: {error!r}")
                bus = None
            finally:
                self.orders.task_done()

    def _call(self, bus, path, interface, member, signature, arguments, content):
        file = None
        if content is not None:
            file = os.memfd_create("job")
            os.write(file, content)
            arguments = (dbus.types.UnixFd(file), *arguments)
        try:
            bus.call_blocking(
                BRIDGE, path, f"{BRIDGE}.{interface}", member, signature, arguments, timeout=PATIENCE
            )
        except dbus.DBusException as error:
            if error.get_dbus_name() not in EXPECTED:
                self.violations.append(f"{member} of {path}: {error}")
        finally:
            if file is not None:
                os.close(file)
