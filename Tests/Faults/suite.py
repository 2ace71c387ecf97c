"""The fault suite: everything that can go wrong around the bridge, singly and mixed, under load.

A private bus, simulated drives, the daemon, and clients that call without end while drives misbehave,
disappear and come back, mctpd is killed, clients are killed, and the carrier stalls. What must hold:

- every call has exactly one reply, and in time;
- the reply is the drive's own and answers the question;
- an error has a documented name, and only drives that something was done to have errors;
- in the end every drive is ready and tells the truth, the objects are those of a daemon that has just
  been started, and descriptors, threads, memory, open calls, exchanges and tags are what they were.

All that is random follows from the seed, as far as the machine's scheduling lets it.
"""

import collections
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
# Last, so that modules of other folders come before namesakes.
sys.path.append(str(HERE.parent / "System"))

# pylint: disable=wrong-import-position
import dbus  # noqa: E402

from client import QUESTIONS  # noqa: E402
from environment import (  # noqa: E402
    BRIDGE, ENDPOINT, MANAGER, MCTPD, PATIENCE, ROOT, SIMULATOR, System,
)

SIMULATION = ROOT + "/simulator"
SIMULATOR_INTERFACE = SIMULATOR + "1"
SIMULATED_DRIVE = SIMULATOR.removesuffix(".Simulator") + ".SimulatedDrive1"
DIAGNOSTICS = BRIDGE + ".Diagnostics1"
FIRST = 9

CONFIGURATION = """
command-timeout-ms = 1000
first-retry-ms = 50
last-retry-ms = 400
recover-after-ms = 500
first-recover-ms = 200
last-recover-ms = 1000
health-interval-ms = 1000
mctpd-grace-ms = 5000
"""

# Bytes by which the memory of its own may differ between warm-up and end.
MEMORY_LEEWAY = 1 << 20


# What Manager1.GetStatistics tells of what the bridge holds.
GAUGES = ("OpenCalls", "OpenExchanges", "ReservedTags", "EndingEndpoints", "Watches", "Timers")

# What must be given back.
COUNTED = ("Threads", "descriptors", *GAUGES)

# Seconds after which no timer of the start runs any more: mctpd-grace-ms, the longest, and some patience.
REST = 6

# What is raised on discovery, by its property.
SPEED = ("TransmissionUnit", "SMBusFrequency")


class Violation(AssertionError):
    """Something that must hold does not."""


class Load:
    """A client process and the last that it reported."""

    def __init__(self, plan, seed):
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "client.py"), str(plan), str(seed)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        )
        self.last = {"calls": 0, "flying": 0, "replies": {}, "latencies": {}, "violations": []}
        self.is_ready = threading.Event()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        for line in self.process.stdout:
            self.last = json.loads(line)
            self.is_ready.set()
        self.is_ready.set()

    def kill(self):
        """Ends it in mid-call."""
        self.process.kill()
        self.process.wait()
        self.thread.join()

    def finish(self):
        """Has it end when its calls are answered; returns whether it did."""
        # Sooner, the signal would end it in mid-start.
        self.is_ready.wait(PATIENCE)
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE * 2)
        except subprocess.TimeoutExpired:
            self.kill()
            return False
        self.thread.join()
        return self.process.returncode == 0


class Drive:
    """A place for a drive, and what the drives that are put there must answer."""

    def __init__(self, eid, kind, path):
        self.eid = eid
        self.kind = kind
        self.path = path
        self.truths = []
        # The simulator's object of the drive that is there.
        self.simulated = None
        self.busy_until = 0.0


class Suite:
    """One system under test; `run()` may be called several times, `close()` once."""

    system_type = System
    log_level = os.environ.get("NVMEMI_LOG_LEVEL", "warning")
    configuration = CONFIGURATION
    # Seconds that is waited for anything.
    patience = PATIENCE
    # Places where drives take turns: the carrier must take a new drive by itself.
    has_moving_drives = True

    def __init__(self, name, seed, drives=50, clients=20, window=8, say=print):
        self.seed = seed
        self.random = random.Random(seed)
        self.say = say
        self.clients = clients
        self.window = window
        self.name = name
        self.system = None
        self.counts = collections.Counter()
        self.latencies = collections.Counter()
        self.injected = collections.Counter()
        self.calls = 0
        self.lost_with_clients = 0
        self.violations = []
        self.loads = []
        self.undoings = []
        self.samples = {}
        self.spawned = 0
        self.number_of_drives = drives
        self.is_capturing = False
        # How often a drive was told to misbehave.
        self.misbehaviours = 0
        self.next_stall = 0.0

    # Setting up

    def start(self):
        """Starts everything and learns what every drive must answer."""
        system = self.system = self.system_type(self.name)
        system.log_level = self.log_level
        # A second reply to a call would be seen by nobody.
        system.passes_every_reply = True
        system.start_bus()
        # The suite would drown in signals.
        system.bus.remove_match_string("type='signal'")
        # mctpd gives a drive up after three polls: longer than an interruption, or nobody brings it back.
        system.start_simulator("--recover-interval=200", drives=self.number_of_drives)
        system.start_daemon(configuration=self.configuration)
        count = self.number_of_drives
        endpoints = self.wait_until(
            lambda: self.ready_paths(minimum=count), "every drive to be ready"
        )
        by_eid = {int(path.rsplit("/", 1)[1]): path for path in endpoints}
        moving = max(1, count // 12) if self.has_moving_drives else 0
        healthy = max(2, count // 4)
        self.drives = []
        for index, eid in enumerate(sorted(by_eid)):
            if index < healthy:
                # Clients that never read call the first one.
                kind = "healthy" if index else "flooded"
            elif index < healthy + moving:
                kind = "moving"
            else:
                kind = "faulty"
            self.drives.append(Drive(eid, kind, by_eid[eid]))
        # No neighbour follows it whose answers its wrong source could be taken for.
        self.drives[-1].kind = "confused"
        for drive, simulated in zip(self.drives, self.simulated_drives()):
            drive.simulated = simulated
            self.simulate("SetTemperature", "n", self.temperature(drive), path=simulated)
            if drive.kind == "moving":
                # Two drives take turns in each such place.
                for turn in (0, 1):
                    self.pull(drive)
                    self.plug(drive, turn)
                    self.wait_until(lambda: self.is_ready(drive.path), f"{drive.path} to be ready")
                    drive.truths.append(self.learn(drive))
            else:
                drive.truths = [self.learn(drive)]
        self.write_plan()
        self.samples["start"] = self.at_rest()
        self.speeds_before = self.speeds()

    def speeds(self):
        """Transmission unit and frequency of the drives that nothing is done to."""
        objects = self.system.objects()
        return {
            drive.path: [objects[drive.path][ENDPOINT][name] for name in SPEED]
            for drive in self.of_kind("healthy", "flooded")
        }

    @staticmethod
    def temperature(drive):
        """In degrees Celsius; neighbours have different ones."""
        return 21 + drive.eid % 40

    def write_plan(self):
        """Writes down what the clients must know."""
        self.plan = self.system.logs / "plan.json"
        self.plan.write_text(
            json.dumps(
                {
                    "address": self.system.address,
                    "window": self.window,
                    "drives": [
                        {"path": drive.path, "kind": drive.kind, "truths": drive.truths}
                        for drive in self.drives
                    ],
                }
            ),
            encoding="utf-8",
        )

    def learn(self, drive):
        """What the drive answers to every question."""
        return {question.name: question.essence(self.ask(drive, question)) for question in QUESTIONS}

    def ask(self, drive, question):
        path = drive.path + ("/controllers/0" if question.on == "controller" else "")
        return self.system.bus.call_blocking(
            BRIDGE, path, question.interface, question.member, question.signature,
            question.arguments, timeout=PATIENCE, byte_arrays=True,
        )

    def of_kind(self, *kinds):
        return [drive for drive in self.drives if drive.kind in kinds]

    # The system from outside

    def call(self, *arguments, **options):
        return self.system.bus.call_blocking(
            *arguments, timeout=PATIENCE, byte_arrays=True, **options
        )

    def simulate(self, member, signature="", *arguments, path=SIMULATION):
        interface = SIMULATOR_INTERFACE if path == SIMULATION else SIMULATED_DRIVE
        return self.call(SIMULATOR, path, interface, member, signature, arguments)

    def simulated_drives(self):
        return [
            str(path)
            for path in self.call(
                SIMULATOR, SIMULATION, "org.freedesktop.DBus.Properties", "Get", "ss",
                (SIMULATOR_INTERFACE, "Drives"),
            )
        ]

    def wait_until(self, condition, what):
        """Waits until condition() is true; the daemon must live meanwhile."""
        limit = time.monotonic() + self.patience
        while True:
            value = condition()
            if value:
                return value
            if self.system.daemon.status is not None:
                raise Violation(f"the daemon ended with status {self.system.daemon.status}")
            if time.monotonic() > limit:
                raise Violation(f"waited in vain for {what}")
            time.sleep(0.05)

    def states(self):
        return {
            path: str(interfaces[ENDPOINT]["State"])
            for path, interfaces in self.system.objects().items()
            if ENDPOINT in interfaces
        }

    def reason(self, path):
        """Why an endpoint is not ready, and what passed between it and the bridge."""
        properties = self.call(
            BRIDGE, path, "org.freedesktop.DBus.Properties", "GetAll", "s", (ENDPOINT,)
        )
        statistics = self.call(BRIDGE, path, ENDPOINT, "GetStatistics", "", ())
        counts = {
            str(name): int(value) for name, value in statistics.items() if isinstance(value, int)
        }
        eid = path.rsplit("/", 1)[1]
        places = self.system.objects("/au/com/codeconstruct/mctp1", MCTPD)
        place = places.get(f"/au/com/codeconstruct/mctp1/networks/1/endpoints/{eid}", {})
        connectivity = place.get("au.com.codeconstruct.MCTP.Endpoint1", {}).get("Connectivity")
        return str(properties["StateReason"]), f"mctpd says {connectivity}", counts

    def ready_paths(self, minimum):
        paths = [path for path, state in self.states().items() if state == "ready"]
        return paths if len(paths) >= minimum else None

    def is_ready(self, path):
        return self.states().get(path) == "ready"

    def sample(self):
        """What the daemon holds now."""
        daemon = self.system.daemon
        sample = {
            "RssAnon": daemon.memory("RssAnon"),
            "Threads": daemon.status_field("Threads"),
            "descriptors": len(os.listdir(f"/proc/{daemon.pid}/fd")),
        }
        statistics = self.call(BRIDGE, ROOT, MANAGER, "GetStatistics", "", ())
        return sample | {name: int(statistics[name]) for name in GAUGES}

    def at_rest(self, rest=REST):
        """What the daemon holds when nothing is under way, and nothing that ends by itself is left.

        The least of everything that is seen, and nothing less for some time.
        """
        least = self.sample()
        since = time.monotonic()
        while time.monotonic() < since + rest:
            time.sleep(0.05)
            now = self.sample()
            for name in COUNTED:
                if now[name] < least[name]:
                    since = time.monotonic()
                    least[name] = now[name]
        return least

    # Faults: each does something now and returns (what undoes it, after how many seconds)

    def victim(self, *kinds):
        """A drive that nothing else is happening to, for a while."""
        now = time.monotonic()
        free = [drive for drive in self.of_kind(*kinds) if drive.busy_until <= now]
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
        return sum(
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
        return lambda: self.plug(drive, turn), self.random.uniform(0.05, 0.6)

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

    def refuse_recovery(self):
        self.simulate("SetMctpdRefusals", "as", dbus.Array(["Recover", "SetMTU"], signature="s"))
        return (
            lambda: self.simulate("SetMctpdRefusals", "as", dbus.Array([], signature="s")),
            self.random.uniform(0.1, 0.5),
        )

    def kill_client(self):
        if not self.loads:
            return None
        load = self.loads.pop(self.random.randrange(len(self.loads)))
        load.kill()
        self.lost_with_clients += load.last["flying"]
        self.add_up(load)
        self.spawn()
        return None, 0

    def silent_client(self):
        [drive] = self.of_kind("flooded")
        process = subprocess.Popen(
            [sys.executable, str(HERE / "silent_client.py"), self.system.address, drive.path],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )

        def end():
            process.kill()
            process.wait()

        return end, 0.5

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
    def faults(self):
        """Every fault by name."""
        misbehave = self.misbehave
        milliseconds = self.random.randint
        return {
            "lost": lambda: misbehave("lost"),
            # The demux socket has no tags: what comes late, once more or in the other slot may be
            # misunderstood.
            "late": lambda: misbehave("late", ("confused",), delay_ms=milliseconds(1, 400)),
            "twice": lambda: misbehave("twice", delay_ms=0),
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
            "mctpd-killed": self.kill_mctpd,
            "mctpd-refuses": self.refuse_recovery,
            "client-killed": self.kill_client,
            "client-never-reads": self.silent_client,
            "capture-never-read": self.unread_capture,
        }

    # How often a fault is chosen, where it is not once.
    weights = {
        "client-killed": 0.3, "client-never-reads": 0.1, "mctpd-killed": 0.3,
        "capture-never-read": 0.2, "mctpd-refuses": 0.2, "carrier-stalled": 0.5,
    }

    # Running

    def spawn(self):
        self.spawned += 1
        self.loads.append(Load(self.plan, self.seed * 1000 + self.spawned))

    def add_up(self, load):
        self.calls += load.last["calls"]
        self.counts.update(load.last["replies"])
        self.latencies.update(
            {int(edge): count for edge, count in load.last["latencies"].items()}
        )
        self.violations += load.last["violations"]

    def calls_so_far(self):
        return self.calls + sum(load.last["calls"] for load in self.loads)

    def run(self, seconds=None, calls=None, faults=None, pause=0.04):
        """Load and faults until so many seconds have passed and so many calls were made."""
        known = self.faults
        names = list(faults or known)
        weights = [self.weights.get(name, 1.0) if len(names) > 1 else 1.0 for name in names]
        while len(self.loads) < self.clients:
            self.spawn()
        began = time.monotonic()
        goal = self.calls_so_far() + (calls or 0)
        next_fault = began
        next_word = began + 60
        while True:
            now = time.monotonic()
            elapsed = now - began
            if (seconds is None or elapsed >= seconds) and self.calls_so_far() >= goal:
                break
            if self.system.daemon.status is not None:
                raise Violation(f"the daemon ended with status {self.system.daemon.status}")
            self.undo(now)
            if now >= next_fault:
                next_fault = now + self.random.expovariate(1 / pause)
                [name] = self.random.choices(names, weights)
                undoing = known[name]()
                if undoing is not None:
                    self.injected[name] += 1
                    action, after = undoing
                    if action:
                        self.undoings.append((time.monotonic() + after, action))
            if "warm" not in self.samples and elapsed >= min(60, (seconds or 60) / 4):
                self.samples["warm"] = self.sample()
            if now >= next_word:
                next_word = now + 60
                self.tell_progress(elapsed)
            if len(self.complaints()) > 0:
                break
            time.sleep(max(0.0, min(0.02, next_fault - time.monotonic())))
        self.settle()

    def undo(self, now=None):
        due = [entry for entry in self.undoings if now is None or entry[0] <= now]
        self.undoings = [entry for entry in self.undoings if entry not in due]
        for _, action in sorted(due, key=lambda entry: entry[0]):
            action()

    def complaints(self):
        return self.violations + [text for load in self.loads for text in load.last["violations"]]

    def tell_progress(self, elapsed):
        sample = self.sample()
        self.say(
            f"{elapsed:7.0f} s  {self.calls_so_far()} calls  {sum(self.injected.values())} faults"
            f"  {sample['RssAnon'] // 1024} KiB  {sample['descriptors']} descriptors"
        )

    def settle(self):
        """Ends load and faults, and waits until every drive is in order again."""
        self.undo()
        for load in self.loads:
            if not load.finish():
                self.violations.append("a client had calls without a reply, or failed")
            self.add_up(load)
        self.loads = []
        for drive in self.drives:
            drive.busy_until = 0
            self.simulate("ClearFaults", path=drive.simulated)
            self.simulate("Reconnect", path=drive.simulated)
        self.start_mctpd()
        expected = {drive.path for drive in self.drives}

        def in_order():
            states = self.states()
            return set(states) == expected and set(states.values()) == {"ready"}

        try:
            self.wait_until(in_order, "every drive to be ready, and no other")
        except Violation as violation:
            wrong = [
                (path, state, self.reason(path))
                for path, state in self.states().items()
                if state != "ready"
            ]
            missing = expected - set(self.states())
            raise Violation(f"{violation}: {wrong or ''} missing: {missing or 'none'}") from None
        # An mctpd that refuses to set routes leaves every drive with the smallest packets.
        if "mctpd-refuses" not in self.injected:
            self.wait_until(
                lambda: self.speeds() == self.speeds_before, "drives that nothing was done to to be fast"
            )
        for drive in self.drives:
            if drive.kind == "confused" and not self.is_truthful(drive):
                # What was misunderstood of it is read anew.
                self.call(BRIDGE, ROOT, MANAGER, "Rescan", "", ())
                self.wait_until(lambda: self.is_truthful(drive), f"the truth of {drive.path}")
            elif not self.is_truthful(drive):
                self.violations.append(f"{drive.path} does not tell the truth in the end")
        complaints = self.complaints()
        if complaints:
            raise Violation("\n".join(complaints[:10]))

    def is_truthful(self, drive):
        try:
            return self.learn(drive) in drive.truths
        except dbus.DBusException as error:
            self.say(f"{drive.path}: {error}")
            return False

    def check_descriptors(self):
        """Nothing that can be counted may be left of what was."""
        before = self.samples["start"]
        first = self.sample()
        least = {name: first[name] for name in COUNTED}

        def leaks():
            now = self.sample()
            # Health is polled now and then, tags rest for a while, and not all rest at the same moment.
            least.update({name: min(least[name], now[name]) for name in COUNTED})
            self.samples["end"] = now | least
            return {name: (before[name], least[name]) for name in COUNTED if least[name] > before[name]}

        try:
            self.wait_until(lambda: not leaks(), "everything to be given back")
        except Violation as violation:
            raise Violation(f"{violation}: {leaks()} (before, now)") from None

    def check_memory(self):
        """Nor may the memory have grown since all had happened for a while."""
        warm, end = self.samples["warm"]["RssAnon"], self.samples["end"]["RssAnon"]
        if end > warm + MEMORY_LEEWAY:
            raise Violation(f"RssAnon: {warm} warm, {end} in the end")

    # What differs between a daemon that has seen much and a new one.
    #
    # A raised transmission unit that did not work is put back and not raised again.
    volatile = {
        "Tuning", "TransmissionUnit", "SMBusFrequency", "Updated", "Changed",
        "CompositeControllerStatus", "SMARTWarnings",
    }

    def tree(self):
        return {
            path: {
                interface: {
                    name: value for name, value in values.items() if name not in self.volatile
                }
                for interface, values in interfaces.items()
            }
            for path, interfaces in self.system.objects().items()
        }

    def are_all_polled(self):
        """Whether the health of every drive has been told."""
        health = BRIDGE + ".Health1"
        return all(
            interfaces[health]["Updated"]
            for interfaces in self.system.objects().values()
            if health in interfaces
        )

    def check_tree(self):
        """A new daemon must publish the same."""
        # A drive that was swapped without a sign is known from the next look on.
        self.call(BRIDGE, ROOT, MANAGER, "Rescan", "", ())
        time.sleep(2)
        self.wait_until(lambda: self.ready_paths(len(self.drives)), "the drives after a rescan")
        old = self.tree()
        self.system.stop_daemon()
        self.system.start_daemon(configuration=self.configuration)
        self.wait_until(lambda: self.ready_paths(len(self.drives)), "a new daemon's drives")
        self.wait_until(self.are_all_polled, "a new daemon's first polls")
        new = self.tree()
        for path in sorted(old.keys() | new.keys()):
            if old.get(path) != new.get(path):
                raise Violation(f"{path}: {old.get(path)} is {new.get(path)} in a new daemon")

    def check_log(self):
        """Nothing in the log that the bridge must not do."""
        for line in self.system.daemon.output:
            if re.search(r"not published|Fatal|<[0-3]>", line):
                raise Violation(f"the log says: {line}")

    def close(self):
        for load in self.loads:
            load.kill()
        for _, action in self.undoings:
            try:
                action()
            except dbus.DBusException:
                pass
        return self.system.stop()

    # Telling

    def table(self, seconds):
        """The figures of the run."""
        total = sum(self.latencies.values())

        def quantile(share):
            seen = 0
            for edge in sorted(self.latencies):
                seen += self.latencies[edge]
                if seen >= share * total:
                    return edge / 1000
            return 0

        lines = [
            f"seed {self.seed}, {self.number_of_drives} drives, {self.clients} clients, "
            f"{seconds:.0f} s",
            f"calls {self.calls} ({self.calls / max(seconds, 1):.0f} a second), of which "
            f"{self.lost_with_clients} ended with a killed client",
            "replies " + ", ".join(
                f"{name.rsplit('.', 1)[-1]} {count}" for name, count in self.counts.most_common()
            ),
            "faults " + ", ".join(
                f"{name} {count}" for name, count in sorted(self.injected.items())
            ),
            f"healthy drives: median {quantile(0.5):.1f} ms, 99 % {quantile(0.99):.1f} ms, "
            f"longest {max(self.latencies, default=0) / 1000:.1f} ms",
        ]
        for when in ("start", "warm", "end"):
            if when in self.samples:
                values = ", ".join(f"{name} {value}" for name, value in self.samples[when].items())
                lines.append(f"{when}: {values}")
        return "\n".join(lines)
