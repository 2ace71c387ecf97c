"""Faults of drives and of the way to them, by the simulator."""

import time

import dbus

from job_faults import DRIVE


class DriveFaults:
    """Each does something now and returns what undoes it, and after how many seconds; None: not now."""

    def victim(self, *kinds):
        """A drive that nothing else is happening to, for a while."""
        now = time.monotonic()
        # One that is pulled is plugged in again when the suite gets to it, which may be late.
        free = [
            drive for drive in self.of_kind(*kinds) if drive.busy_until <= now and drive.simulated is not None
        ]
        if not free:
            return None
        drive = self.random.choice(free)
        drive.busy_until = now + 2
        return drive

    def misbehave(self, fault, kinds=("faulty", "confused"), **options):
        drive = self.victim(*kinds)
        if drive is None:
            return None
        values = {
            name.replace("_", "-"): dbus.UInt32(value) if isinstance(value, int) else value
            for name, value in options.items()
        }
        category = self.random.choice([None, None, "mi", "admin", "control"])
        if category:
            values["category"] = category
        if self.random.random() < 0.5:
            values["count"] = dbus.UInt32(self.random.randint(1, 6))
        values = dbus.Dictionary(values, signature="sv")
        self.simulate("SetFault", "sa{sv}", fault, values, path=drive.simulated)
        self.misbehaviours += 1
        return self.clear(drive), self.random.uniform(0.1, 1.5)

    def faults_befallen(self):
        """How many requests met a fault of a drive, of the drives that are there."""
        return self.part_encounters_so_far() + sum(
            int(self.simulate("GetStatistics", path=path)["Faults"])
            for path in self.simulated_drives()
        )

    def clear(self, drive):
        simulated = drive.simulated
        return lambda: self.simulate("ClearFaults", path=simulated)

    def disconnect(self):
        drive = self.victim("faulty")
        if drive is None:
            return None
        self.simulate("Disconnect", path=drive.simulated)
        return (
            lambda: self.simulate("Reconnect", path=drive.simulated),
            self.random.uniform(0.1, 1.0),
        )

    def interrupt(self):
        drive = self.victim("faulty")
        if drive is None:
            return None
        self.simulate("Interrupt", "u", 300, path=drive.simulated)
        return None, 0

    def stall(self):
        # With a breath between, so that drives that nothing is done to can be expected to answer.
        if time.monotonic() < self.next_stall:
            return None
        duration = self.random.randint(20, 200)
        self.next_stall = time.monotonic() + 3 * duration / 1000
        self.simulate("StallCarrier", "u", duration)
        return None, 0

    def pull(self, drive):
        self.simulate("Pull", "o", drive.simulated)
        drive.simulated = None

    def plug(self, drive, turn):
        drive.simulated = str(
            self.simulate("Plug", "a{sv}", self.description(drive, turn, with_address=True))
        )

    def description(self, drive, turn, with_address):
        values = {
            "model": "u2",
            "serial-number": f"MOVING{drive.eid:04}{turn}",
            "temperature": str(self.temperature(drive)),
            # As a drive counts them: it is how one is known to have been switched off and on.
            "power-cycles": str(next(self.power_cycles)),
            **DRIVE,
        }
        if turn == 1:
            # There are drives that tell no UUID.
            values["uuid"] = "00000000-0000-0000-0000-000000000000"
        if with_address:
            values["eid"] = str(drive.eid)
        return dbus.Dictionary(values, signature="sv")

    def replug(self):
        drive = self.victim("moving")
        if drive is None:
            return None
        self.pull(drive)
        turn = self.random.randint(0, 1)
        # Some are away for so long that mctpd, which is asked to recover them, gives them up.
        absence = self.random.uniform(0.05, 0.6) if self.random.random() < 0.8 else self.random.uniform(1.4, 1.8)
        return lambda: self.plug(drive, turn), absence

    def swap(self):
        drive = self.victim("moving")
        if drive is None:
            return None
        successor = self.simulate(
            "Swap", "oa{sv}b", drive.simulated,
            self.description(drive, self.random.randint(0, 1), with_address=False),
            self.random.random() < 0.5,
        )
        drive.simulated = str(successor)
        return None, 0

    def change_eid(self):
        drive = self.victim("moving")
        if drive is None:
            return None
        simulated = drive.simulated
        self.simulate("ChangeEID", "yy", 1, 150 + drive.eid, path=simulated)
        return (
            lambda: self.simulate("ChangeEID", "yy", 1, drive.eid, path=simulated),
            self.random.uniform(0.1, 0.8),
        )

    @property
    def drive_faults(self):
        misbehave = self.misbehave
        milliseconds = self.random.randint
        return {
            "lost": lambda: misbehave("lost"),
            # The demux socket has no tags: what comes late, once more or in the other slot may be
            # misunderstood.
            "late": lambda: misbehave("late", ("confused",), delay_ms=milliseconds(1, 400)),
            # One after the other, but on a busy machine not at once.
            "twice": lambda: misbehave("twice", ("confused",), delay_ms=0),
            "twice-late": lambda: misbehave("twice", ("confused",), delay_ms=milliseconds(1, 100)),
            "wrong-mic": lambda: misbehave("wrong-mic"),
            "wrong-slot": lambda: misbehave("wrong-slot", ("confused",)),
            "wrong-type": lambda: misbehave("wrong-type"),
            "wrong-category": lambda: misbehave("wrong-category"),
            "wrong-tag": lambda: misbehave("wrong-tag"),
            "wrong-source": lambda: misbehave("wrong-source", ("confused",)),
            "truncated": lambda: misbehave("truncated", bytes=milliseconds(1, 30)),
            "short": lambda: misbehave("short", bytes=milliseconds(1, 8)),
            "oversize": lambda: misbehave(
                "oversize", bytes=self.random.choice([1, 4, 100, 4224, 60000])
            ),
            "unaligned": lambda: misbehave("unaligned"),
            "more-processing": lambda: misbehave(
                "more-processing", time_ms=milliseconds(100, 800), delay_ms=milliseconds(10, 400)
            ),
            "more-processing-forever": lambda: misbehave(
                "more-processing-forever", time_ms=100, delay_ms=milliseconds(5, 200)
            ),
            "slow": lambda: misbehave("slow", delay_ms=milliseconds(20, 1500)),
            "mute": lambda: misbehave("mute"),
            "status": lambda: misbehave("status", status=milliseconds(2, 8)),
            "nvme-status": lambda: misbehave("nvme-status", nvme_status=0x4006),
            "reset": lambda: misbehave("reset", ("faulty",)),
            "disconnected": self.disconnect,
            "interrupted": self.interrupt,
            "carrier-stalled": self.stall,
            "replugged": self.replug,
            "swapped": self.swap,
            "eid-changed": self.change_eid,
        }
