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
import itertools
import json
import os
import pathlib
import random
import sys
import time

# Last, so that modules of other folders come before namesakes.
sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "System"))

# pylint: disable=wrong-import-position
import dbus  # noqa: E402

from client import QUESTIONS  # noqa: E402
from environment import BRIDGE, ENDPOINT, MANAGER, PATIENCE, ROOT  # noqa: E402
from partial_drives import DoubledSystem  # noqa: E402

from bus_faults import BusFaults  # noqa: E402
from checks import Checks  # noqa: E402
from drive_faults import DriveFaults  # noqa: E402
from flood import MEMBERS  # noqa: E402
from floods import Floods  # noqa: E402
from job_faults import DRIVE, FORMAT_BEHIND_ANSWER, JobFaults  # noqa: E402
from load import Load  # noqa: E402
from outside import Outside, Violation  # noqa: E402
from part_faults import PartFaults  # noqa: E402

CONFIGURATION = """
command-timeout-ms = 1000
first-retry-ms = 50
last-retry-ms = 400
recover-after-ms = 500
first-recover-ms = 200
last-recover-ms = 1000
health-interval-ms = 1000
mctpd-grace-ms = 5000
job-patience-ms = 5000
finished-job-ms = 10000

# Drives that nothing is done to, on a machine that has much else to do.
[drives]
model = Steady*
command-timeout-ms = 30000
"""
STEADY = "[drive]\nmodel-number = Steady Drive\n"
# Some are formatted while they answer, some behind their answer.
OTHERS = [
    "[drive]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
    for keys in (DRIVE, FORMAT_BEHIND_ANSWER)
]


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


class Suite(Outside, DriveFaults, BusFaults, Floods, PartFaults, JobFaults, Checks):
    """One system under test; `run()` may be called several times, `close()` once."""

    system_type = DoubledSystem
    log_level = os.environ.get("NVMEMI_LOG_LEVEL", "warning")
    configuration = CONFIGURATION
    # Places where drives take turns: the carrier must take a new drive by itself.
    has_moving_drives = True
    # Callers in such numbers that they need a processor of their own.
    has_floods = True
    # Whether drives may miss parts of what they tell.
    has_part_faults = True
    # Whether drives are erased, get other firmware and test themselves.
    has_jobs = True

    def __init__(self, name, seed, drives=50, clients=20, window=8, say=print):
        super().__init__()
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
        self.power_cycles = itertools.count(100)

    @property
    def has_double(self):
        """Whether a test double is between the bridge and the drives."""
        return hasattr(self.system_type, "start_double")

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
        count = self.number_of_drives
        healthy = max(2, count // 4)
        system.start_simulator(
            "--recover-interval=600", drives=STEADY * healthy + "".join(OTHERS[index % 2] for index in range(count - healthy))
        )
        if self.has_double:
            system.start_double(memory=1000)
        system.start_daemon(configuration=self.configuration)
        endpoints = self.wait_until(
            lambda: self.ready_paths(minimum=count), "every drive to be ready"
        )
        by_eid = {int(path.rsplit("/", 1)[1]): path for path in endpoints}
        moving = max(1, count // 12) if self.has_moving_drives else 0
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
        if self.has_jobs:
            self.start_callers()
        self.samples["start"] = self.at_rest()
        self.speeds_before = self.speeds()

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

    @property
    def faults(self):
        """Every fault by name."""
        faults = self.drive_faults | self.bus_faults
        if self.has_floods:
            faults |= self.floods
        if self.has_double and self.has_part_faults:
            faults |= self.part_faults
        if self.has_jobs:
            faults |= self.job_faults
        return faults

    # How often a fault is chosen, where it is not once.
    weights = {
        "client-killed": 0.3, "client-never-reads": 0.1, "mctpd-killed": 0.3,
        "capture-never-read": 0.2, "mctpd-refuses": 0.2, "carrier-stalled": 0.5,
        "objects-never-read": 0.02, "bus-stopped": 0.02,
        "job-firmware": 0.5, "job-sanitize": 0.2, "job-format": 0.2, "job-self-test": 0.2,
        "job-telemetry": 0.2, "job-cancelled": 0.2,
        **{f"flood-{member}{ending}": 0.02 for member in MEMBERS for ending in ("", "-no-reply")},
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

    def run(self, seconds=None, calls=None, faults=None, pause=0.04, until=None):
        """Load and faults until so many seconds have passed, so many calls were made, and `until` is true.

        What never becomes true ends the run after the patience of a test.
        """
        known = self.faults
        names = list(faults or known)
        # What takes the most memory comes first of a mixture, so that it is warm then.
        first = [name for name in names if name in self.floods] if len(names) > 1 else []
        weights = [self.weights.get(name, 1.0) if len(names) > 1 else 1.0 for name in names]
        while len(self.loads) < self.clients:
            self.spawn()
        # On a busy machine their start takes longer than a fault lasts.
        for load in self.loads:
            load.is_ready.wait(PATIENCE)
        began = time.monotonic()
        goal = self.calls_so_far() + (calls or 0)
        next_fault = began
        next_word = began + 60
        while True:
            now = time.monotonic()
            elapsed = now - began
            is_over = seconds is None or elapsed >= seconds
            if is_over and not first and self.calls_so_far() >= goal:
                if until is None or until() or elapsed >= (seconds or 0) + PATIENCE:
                    break
            if self.system.daemon.status is not None:
                raise Violation(f"the daemon ended with status {self.system.daemon.status}")
            self.undo(now)
            if now >= next_fault:
                next_fault = now + self.random.expovariate(1 / pause)
                # The first one may have to wait: there is one flood at a time.
                if first and self.inject(first[0], known):
                    first.pop(0)
                else:
                    [name] = self.random.choices(names, weights)
                    self.inject(name, known)
            is_warm = not first and elapsed >= min(60, (seconds or 60) / 4)
            if is_warm and "warm" not in self.samples:
                self.samples["warm"] = self.sample()
            if now >= next_word:
                next_word = now + 60
                self.tell_progress(elapsed)
            if len(self.complaints()) > 0:
                break
            time.sleep(max(0.0, min(0.02, next_fault - time.monotonic())))
        self.settle()

    def inject(self, name, known):
        """Has a fault happen; false when it cannot now."""
        undoing = known[name]()
        if undoing is None:
            return False
        self.injected[name] += 1
        action, after = undoing
        if action:
            self.undoings.append((time.monotonic() + after, action))
        return True

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
        if self.is_rescan_due:
            # What was refused for good is asked for again only when somebody wants it to be.
            self.is_rescan_due = False
            self.call(BRIDGE, ROOT, MANAGER, "Rescan", "", ())
        if self.has_jobs:
            self.wait_for_jobs()
        expected = {drive.path for drive in self.drives}

        def in_order():
            states = self.states()
            if set(states) != expected or set(states.values()) != {"ready"}:
                return False
            return not self.missing_parts()

        try:
            self.wait_until(in_order, "every drive to be ready, and no other")
        except Violation as violation:
            wrong = [
                (path, state, self.reason(path))
                for path, state in self.states().items()
                if state != "ready"
            ]
            missing = expected - set(self.states())
            parts = self.missing_parts()
            raise Violation(
                f"{violation}: {wrong or ''} missing: {missing or 'none'}, parts: {parts or 'none'}"
            ) from None
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

    def close(self):
        for load in self.loads:
            load.kill()
        if self.has_jobs:
            self.stop_callers()
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
            "jobs " + ", ".join(
                f"{name} {count}" for name, count in sorted(self.outcomes.items())
            ),
            f"healthy drives: median {quantile(0.5):.1f} ms, 99 % {quantile(0.99):.1f} ms, "
            f"longest {max(self.latencies, default=0) / 1000:.1f} ms",
        ]
        for when in ("start", "warm", "end"):
            if when in self.samples:
                values = ", ".join(f"{name} {value}" for name, value in self.samples[when].items())
                lines.append(f"{when}: {values}")
        return "\n".join(lines)
