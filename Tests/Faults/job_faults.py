"""Jobs among the load, on drives that everything else is done to."""

import functools

import dbus

from client import ABSENCE, FLOOD, TROUBLE
from environment import BRIDGE, MANAGER, ROOT
from outside import Violation

JOB = BRIDGE + ".Job1"
OVER = ("done", "failed", "cancelled")


class JobFaults:
    """Each starts a job; what comes of it is for `check_jobs` to judge."""

    def start_job(self, interface, member, action, with_serial_number):
        drive = self.victim("faulty")
        if drive is None:
            return None
        # What befalls the drive meanwhile is what the job has to bear.
        drive.busy_until = 0
        options = dbus.Dictionary({}, signature="sv")
        if with_serial_number:
            options["serial-number"] = dbus.String(drive.truths[0]["identity"])
        try:
            self.call(
                BRIDGE, drive.path + "/controllers/0", f"{BRIDGE}.{interface}", member, "sa{sv}",
                (action, options),
            )
        except dbus.DBusException as error:
            if error.get_dbus_name() not in TROUBLE | ABSENCE | FLOOD:
                self.violations.append(f"{member} of {drive.path}: {error}")
            return None
        return None, 0

    @property
    def job_faults(self):
        return {
            "job-self-test": functools.partial(
                self.start_job, "ControllerControl1", "SelfTest", "Short", False
            ),
            "job-sanitize": functools.partial(
                self.start_job, "Erase1", "Sanitize", "CryptoErase", True
            ),
        }

    def jobs(self):
        """The properties of every job, by its number."""
        return {
            int(path.rsplit("/", 1)[1]): interfaces[JOB]
            for path, interfaces in self.system.objects().items()
            if JOB in interfaces
        }

    def check_jobs(self):
        """No job is without an end, and a drive is as the last of its jobs says."""
        def alive():
            return {
                number: (str(job["Operation"]), str(job["State"]), str(job["Step"]))
                for number, job in self.jobs().items() if job["State"] not in OVER
            }

        try:
            self.wait_until(lambda: not alive(), "every job to end")
        except Violation as violation:
            raise Violation(f"{violation}: {alive()}") from None
        listed = self.call(
            BRIDGE, ROOT, "org.freedesktop.DBus.Properties", "Get", "ss", (MANAGER, "Jobs")
        )
        if len(listed) != len(self.jobs()):
            raise Violation(f"{len(listed)} jobs are listed, {len(self.jobs())} published")
        for number, job in self.jobs().items():
            result = job["Result"]
            if job["State"] == "failed" and not job["ErrorMessage"]:
                raise Violation(f"job {number} failed without a word")
            if job["State"] == "done" and job["Operation"] == "Sanitize":
                if result["Status"] != "Completed":
                    raise Violation(f"job {number} is done, and the drive tells {result['Status']}")
