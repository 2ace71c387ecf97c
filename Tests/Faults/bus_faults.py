"""Faults of what is on the bus: mctpd, clients that die or do not read, and the bus itself."""

import os

import dbus

from environment import BRIDGE, MCTPD, ROOT

DIAGNOSTICS = BRIDGE + ".Diagnostics1"


class BusFaults:
    """Each does something now and returns what undoes it, and after how many seconds; None: not now."""

    def kill_mctpd(self):
        if not self.system.owned(MCTPD):
            return None
        self.simulate("StopMctpd")
        return self.start_mctpd, self.random.uniform(0.05, 1.0)

    def start_mctpd(self):
        if self.system.owned(MCTPD):
            return
        if self.random.random() < 0.5:
            self.simulate("StartMctpd")
        else:
            self.simulate("StartMctpdEmpty", "u", 10)

    def refuse_rights(self):
        """What sd-bus tells everybody but root and mctpd's own user."""
        self.simulate("SetMctpdRefusals", "as", dbus.Array(["Recover", "SetMTU"], signature="s"))
        return (
            lambda: self.simulate("SetMctpdRefusals", "as", dbus.Array([], signature="s")),
            self.random.uniform(0.1, 0.5),
        )

    def kill_client(self):
        # One that has made no call yet is not in the middle of one.
        calling = [load for load in self.loads if load.last["calls"]]
        if not calling:
            return None
        load = self.random.choice(calling)
        self.loads.remove(load)
        load.kill()
        self.lost_with_clients += load.last["flying"]
        self.add_up(load)
        self.spawn()
        return None, 0

    def unread_capture(self):
        # There is one capture at a time.
        if self.is_capturing:
            return None
        reading, writing = os.pipe()
        try:
            self.call(
                BRIDGE, ROOT, DIAGNOSTICS, "StartCapture", "ha{sv}",
                (dbus.types.UnixFd(writing), dbus.Dictionary({}, signature="sv")),
            )
        finally:
            os.close(writing)

        def end():
            try:
                self.call(BRIDGE, ROOT, DIAGNOSTICS, "StopCapture", "", ())
            finally:
                os.close(reading)
                self.is_capturing = False

        self.is_capturing = True
        return end, 0.5

    @property
    def bus_faults(self):
        return {
            "mctpd-killed": self.kill_mctpd,
            "mctpd-refuses": self.refuse_rights,
            "client-killed": self.kill_client,
            "client-never-reads": self.never_read,
            "capture-never-read": self.unread_capture,
        }
