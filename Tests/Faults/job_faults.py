"""Jobs among the load, on drives that everything else is done to."""

import collections
import functools

import dbus

from environment import BRIDGE, MANAGER, ROOT
from job_callers import JobCallers
from outside import Violation

JOB = BRIDGE + ".Job1"
OVER = ("done", "failed", "cancelled")
# All slots of all drives have this revision, so that a drive is what it was before.
REVISION = "1.0.0"
# What simulated drives are told, so that jobs can be on them; in the form of a description.
DRIVE = {"firmware": f"{REVISION}, {REVISION}, {REVISION}", "format-time-ms": "300"}
FORMAT_BEHIND_ANSWER = {**DRIVE, "format-in-background": "yes"}
IMAGE = f"SIMULATED-FIRMWARE {REVISION}\n".encode().ljust(16 * 4096, b"\xa5")
ALL = 0xFFFFFFFF


class JobFaults:
    """Each starts a job; what comes of it is for `check_jobs` to judge."""

    callers = None

    def __init__(self):
        # The numbers of jobs that have ended, and whose end is as it should be.
        self.judged = set()
        # How jobs ended, by operation and state.
        self.outcomes = collections.Counter()
        # Why they failed.
        self.failures = collections.Counter()

    def start_callers(self):
        self.callers = JobCallers(self.system.address, self.seed, self.violations)

    def stop_callers(self):
        if self.callers:
            self.callers.close()

    def start_job(
        self, interface, member, signature, arguments=(), content=None, is_named=True, kinds=("faulty", "moving"),
        **options,
    ):
        drive = self.victim(*kinds)
        if drive is None:
            return None
        # What befalls the drive meanwhile is what the job has to bear.
        drive.busy_until = 0
        options = dbus.Dictionary(options, signature="sv")
        if is_named:
            # Of drives that take turns one is meant, be it there or not.
            truth = self.random.choice(drive.truths)
            options["serial-number"] = dbus.String(truth["identity"])
        is_started = self.callers.start(
            drive.path + "/controllers/0", interface, member, signature, (*arguments, options), content
        )
        return (None, 0) if is_started else None

    def start_update(self):
        action, reset = self.random.choice(
            [(0, "none"), (1, "none"), (1, "controller"), (1, "subsystem"), (3, "none")]
        )
        return self.start_job(
            "Firmware1", "Update", "ha{sv}", (), IMAGE,
            # One that is reset may be given up by mctpd for a moment, as others are not.
            kinds=("faulty", "moving") if reset == "none" else ("moving",),
            slot=dbus.Byte(self.random.choice([0, 2, 3])), action=dbus.Byte(action), reset=reset,
            force=dbus.Boolean(self.random.random() < 0.2),
        )

    def start_format(self):
        erase = self.random.choice(["None", "UserData", "Cryptographic"])
        nsid = dbus.UInt32(self.random.choice([1, ALL]))
        return self.start_job(
            "Erase1", "Format", "ua{sv}", (nsid,), **{"secure-erase": erase, "timeout-ms": dbus.UInt32(5000)}
        )

    def start_sanitize(self):
        action = self.random.choice(["CryptoErase", "BlockErase", "Overwrite"])
        return self.start_job("Erase1", "Sanitize", "sa{sv}", (action,))

    def cancel_job(self):
        """A job that goes on is cancelled, where it can be."""
        alive = [number for number, job in self.note_jobs().items() if job["Cancelable"]]
        if not alive:
            # Next time there is one.
            self.start_update()
            return None
        try:
            self.call(BRIDGE, f"{ROOT}/jobs/{self.random.choice(alive)}", JOB, "Cancel", "", ())
        except dbus.DBusException as error:
            # It may have come to its end, or be at what is not left half done.
            name = error.get_dbus_name().rsplit(".", 1)[-1]
            if name not in ("NotAllowed", "UnknownObject", "UnknownMethod", "Unavailable", "Timeout"):
                self.violations.append(f"Cancel: {error}")
        return None, 0

    @property
    def job_faults(self):
        capture = functools.partial(
            self.start_job, "ControllerControl1", "CaptureTelemetry", "ha{sv}", (), b"", False
        )
        return {
            "job-self-test": lambda: self.start_job(
                "ControllerControl1", "SelfTest", "sa{sv}", ("Short",), is_named=False
            ),
            "job-sanitize": self.start_sanitize,
            "job-format": self.start_format,
            "job-firmware": self.start_update,
            "job-telemetry": capture,
            "job-cancelled": self.cancel_job,
        }

    def jobs(self):
        """The properties of every job, by its number."""
        return {
            int(path.rsplit("/", 1)[1]): interfaces[JOB]
            for path, interfaces in self.system.objects().items()
            if JOB in interfaces
        }

    def wait_for_jobs(self):
        """No job is without an end, and no call that starts one without an answer."""
        self.wait_until(lambda: not self.callers.are_busy, "every call that starts a job to be answered")

        def alive():
            return {
                number: (str(job["Operation"]), str(job["State"]), str(job["Step"]))
                for number, job in self.jobs().items() if job["State"] not in OVER
            }

        try:
            self.wait_until(lambda: not alive(), "every job to end")
        except Violation as violation:
            raise Violation(f"{violation}: {alive()}") from None
        self.note_jobs()
        self.check_slots()

    def note_jobs(self):
        """Judges the jobs that have ended since this was done last; returns all."""
        jobs = self.jobs()
        for number, job in jobs.items():
            if job["State"] in OVER and number not in self.judged:
                self.judged.add(number)
                self.outcomes[f"{job['Operation']} {job['State']}"] += 1
                self.judge_job(number, job)
        return jobs

    def judge_job(self, number, job):
        """A job that has ended says how, and what the drive told of it."""
        result = job["Result"]
        if job["State"] != "done" and not job["ErrorMessage"]:
            self.violations.append(f"job {number} {job['State']} without a word")
        if job["State"] == "failed":
            self.failures[f"{job['Operation']}: {job['ErrorMessage']}"[:120]] += 1
        if job["State"] != "done":
            return
        expected = {
            "Sanitize": lambda: result["Status"] == "Completed",
            "Format": lambda: all(after["BlocksInUse"] == 0 for after in result["NamespacesAfter"]),
            "FirmwareUpdate": lambda: result["NewRevision"] == REVISION,
            "SelfTest": lambda: result["Outcome"] == "Completed",
            "CaptureTelemetry": lambda: result["Bytes"] >= 512,
        }[str(job["Operation"])]
        if job["Progress"] != 1 or not expected():
            self.violations.append(f"job {number} ({job['Operation']}) is done, and the result is {dict(result)}")

    def check_slots(self):
        """What a drive runs is what the last update of it says that it runs."""
        last = {}
        for number, job in sorted(self.jobs().items()):
            if job["Operation"] == "FirmwareUpdate":
                last[str(job["Drive"])] = number, job
        for drive, (number, job) in last.items():
            result = job["Result"]
            if job["State"] != "done" or not result["Activated"] or "Slot" not in result:
                continue
            for path in self.drive_endpoints(drive):
                slots = self.call(
                    BRIDGE, path + "/controllers/0", "org.freedesktop.DBus.Properties", "Get", "ss",
                    (BRIDGE + ".Firmware1", "Slots"),
                )
                active = [int(slot["Slot"]) for slot in slots if slot["Active"]]
                if active != [int(result["Slot"])]:
                    self.violations.append(
                        f"job {number} activated slot {result['Slot']} of {drive}, and {active} is active"
                    )

    def drive_endpoints(self, drive):
        interfaces = self.system.objects().get(drive, {})
        return [str(path) for path in interfaces.get(BRIDGE + ".Drive1", {}).get("Endpoints", [])]

    def check_jobs(self):
        """The list of jobs is that of the objects."""
        def listed():
            return self.call(
                BRIDGE, ROOT, "org.freedesktop.DBus.Properties", "Get", "ss", (MANAGER, "Jobs")
            )

        # Those that ended some time ago are forgotten at any moment.
        self.wait_until(lambda: len(listed()) == len(self.jobs()), "the jobs to be those that are listed")
