"""Runs the programs of the benchmark and prints NAME RATIO GOAL for each measure."""

import pathlib
import statistics
import subprocess
import sys
import time

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT / "Tests" / "System"))

# pylint: disable=wrong-import-position
from environment import ENDPOINT, PROPERTIES, BRIDGE, Process, System  # noqa: E402

BUILT = pathlib.Path(sys.argv[1])
ECHO = "benchmark.Echo"
ROUNDS = 40
CALLS = 200


def report(name, ours, theirs, goal, unit):
    """The line that counts, and what it was made of."""
    print(f"{name}: {ours} {unit} against {theirs}", file=sys.stderr)
    print(f"{name} {ours / theirs:.3f} {goal}", flush=True)


def start_echo(system):
    """Starts the C service on the system's bus."""
    echo = Process("echo", [BUILT / "echo", system.address], system.logs / "echo.log")
    system.wait_for_name(ECHO)
    return echo


def round_trip(system, name, ours, theirs, goal):
    """Measures two methods in turn, each (destination, path, interface, member, strings...)."""
    result = system.run(
        BUILT / "roundtrip", system.address, ROUNDS, CALLS, *ours, "--", *theirs
    )
    report(name, *(int(number) for number in result.stdout.split()), goal, "ns")


def wait_for_rest(process):
    """Waits until the process has done nothing for two seconds."""
    fields = ("voluntary_ctxt_switches", "nonvoluntary_ctxt_switches")
    quiet, before = 0, None
    while quiet < 4:
        now = [process.status_field(field) for field in fields]
        quiet = quiet + 1 if now == before else 0
        before = now
        time.sleep(0.5)


def measure_round_trips():
    """One drive, nothing else on the bus."""
    with System("round-trips") as system:
        # The daemon as it is installed, not as tests want to read it.
        system.log_level = "info"
        system.start_bus()
        echo = start_echo(system)
        system.start_simulator(drives=1)
        system.start_daemon()
        (endpoint,) = system.wait_for_endpoints(1)
        wait_for_rest(system.daemon)
        round_trip(
            system,
            "property-round-trip",
            (BRIDGE, endpoint, PROPERTIES, "Get", ENDPOINT, "State"),
            (ECHO, "/echo", PROPERTIES, "Get", ECHO, "State"),
            "1.10",
        )
        round_trip(
            system,
            "health-round-trip",
            (BRIDGE, endpoint, ENDPOINT, "GetHealth"),
            (ECHO, "/echo", ECHO, "Echo", "ready"),
            "2.5",
        )
        echo.stop()


def measure_integrity_check():
    """Needs no bus: a program of its own."""
    result = subprocess.run(
        [BUILT / "integrity"], capture_output=True, text=True, check=True, timeout=600
    )
    report("integrity-check", *(int(number) for number in result.stdout.split()), "0.05", "ns")


def measure_memory():
    """32 drives that nobody asks anything."""
    with System("memory") as system:
        system.log_level = "info"
        system.start_bus()
        # What is resident of a small program differs a little from start to start.
        sizes = []
        for _ in range(5):
            echo = start_echo(system)
            sizes.append(echo.memory("VmRSS"))
            echo.stop()
            system.wait_for(lambda: not system.owned(ECHO), "the echo to be gone")
        system.start_simulator(drives=32)
        system.start_daemon()
        system.wait_for_endpoints(32)
        wait_for_rest(system.daemon)
        report(
            "resident-memory",
            system.daemon.memory("VmRSS"),
            statistics.median(sizes),
            "2.0",
            "bytes",
        )


if __name__ == "__main__":
    measure_round_trips()
    measure_integrity_check()
    measure_memory()
