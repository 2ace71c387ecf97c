"""Runs the programs of the benchmark and prints NAME RATIO GOAL for each measure.

    measure.py PROGRAMS [NAME...]

PROGRAMS is the folder with the programs; names of measures leave out the others.
"""

import grp
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT / "Tests" / "System"))

# pylint: disable=wrong-import-position
from environment import (  # noqa: E402
    BRIDGE,
    ENDPOINT,
    HEALTH,
    MANAGER,
    PATIENCE,
    PROGRAMS,
    PROPERTIES,
    ROOT,
    SIMULATOR,
    Process,
    System,
)
import instructions  # noqa: E402
from raw_client import RawClient  # noqa: E402

BUILT = pathlib.Path(sys.argv[1])
# Everything on one processor but what says otherwise, as style and sense demand: across processors the
# wake-ups of a virtual machine swamp what is measured. The last is the least likely to be busy.
PROCESSORS = sorted(os.sched_getaffinity(0))
SIMULATED_DRIVE = SIMULATOR.removesuffix(".Simulator") + ".SimulatedDrive1"
ECHO = "benchmark.Echo"
LIBDBUS_ECHO = "benchmark.LibdbusEcho"
UDISKS = "org.freedesktop.UDisks2"
UDISKS_PROGRAM = "/usr/libexec/udisks2/udisksd"
ROUNDS = 40
CALLS = 200
EXCHANGES = 200
# Drives whose cost is compared, each.
FEW, MANY = 8, 128

NEIGHBOURS = 50
NEIGHBOUR_ROUNDS = 6
NEIGHBOUR_CALLS = 20000
NEIGHBOUR_BLOCK = 5000
# What a call takes to be given up and made again: from then on there is some of everything.
NEIGHBOUR_SECONDS = 6

# As many as one MCTP network has room for beside the machine itself: the socket that the drives are
# behind knows no networks, and of the 250 that a big machine has these are what can be had there.
STARTS = 246
FLOODS = 10
FLOOD_DRIVES = 30
# What ten programs take to start.
FLOOD_SECONDS = 3
FLOOD_CALLS = 101
START_ROUNDS = 5
LATENCY = 50

REST_SECONDS = 10


def report(name, ours, theirs, goal, unit):
    """The line that counts, and what it was made of."""
    print(f"{name}: {ours} {unit} against {theirs}", file=sys.stderr)
    print(f"{name} {ours / theirs:.3f} {goal}", flush=True)


def start_echo(system, program="echo", name=ECHO):
    """Starts a C service on the system's bus."""
    echo = Process(program, [BUILT / program, system.address], system.logs / f"{program}.log")
    system.wait_for_name(name)
    return echo


def start_udisks(system):
    """Starts Debian's udisks2, which does in band what the bridge does, on the system's bus."""
    udisks = Process(
        "udisksd",
        [UDISKS_PROGRAM, "--no-debug"],
        system.logs / "udisksd.log",
        # It knows no other bus than the system's.
        {"DBUS_SYSTEM_BUS_ADDRESS": system.address},
    )
    system.wait_for_name(UDISKS)
    return udisks


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
        echoes = [start_echo(system), start_echo(system, "echo_libdbus", LIBDBUS_ECHO)]
        system.start_simulator(drives=1)
        system.start_daemon()
        (endpoint,) = system.wait_for_endpoints(1)
        wait_for_rest(system.daemon)
        get = (BRIDGE, endpoint, PROPERTIES, "Get", ENDPOINT, "State")
        round_trip(
            system,
            "property-round-trip",
            get,
            (LIBDBUS_ECHO, "/echo", PROPERTIES, "Get", ECHO, "State"),
            "1.05",
        )
        round_trip(
            system,
            "health-round-trip",
            (BRIDGE, endpoint, ENDPOINT, "GetHealth"),
            (ECHO, "/echo", ECHO, "Echo", "ready"),
            "2.5",
        )
        udisks = start_udisks(system)
        manager = f"/{UDISKS.replace('.', '/')}/Manager"
        round_trip(
            system,
            "udisks-round-trip",
            get,
            (UDISKS, manager, PROPERTIES, "Get", f"{UDISKS}.Manager", "Version"),
            "0.45",
        )
        for process in (udisks, *echoes):
            process.stop()


def measure_integrity_check():
    """Needs no bus: a program of its own."""
    result = subprocess.run(
        [BUILT / "integrity"], capture_output=True, text=True, check=True, timeout=600
    )
    report("integrity-check", *(int(number) for number in result.stdout.split()), "0.05", "ns")


def memory_with(drives):
    """(anonymous memory, proportional memory) in kB, at rest, when all drives are known and have been polled."""
    with System(f"memory-of-{drives}") as system:
        system.log_level = "info"
        system.start_bus()
        system.start_simulator(drives=drives)
        # As it is installed, where there is such a group: to find that there is none, the C library loads
        # libnss_systemd and six more, half a megabyte.
        system.start_daemon(configuration=f"administrators = {grp.getgrgid(0).gr_name}")
        for endpoint in system.wait_for_endpoints(drives):
            system.wait_for(
                lambda endpoint=endpoint: system.get(endpoint, HEALTH, "Updated") > 0,
                "the first poll",
            )
        wait_for_rest(system.daemon)
        rollup = pathlib.Path(f"/proc/{system.daemon.pid}/smaps_rollup").read_text(encoding="utf-8")
        anonymous, proportional = (
            int(re.search(rf"^{name}:\s*(\d+)", rollup, re.MULTILINE).group(1))
            for name in ("Pss_Anon", "Pss")
        )
        return anonymous, proportional


def measure_memory():
    """32 drives that nobody asks anything, on one network."""
    one, _ = memory_with(1)
    many, proportional = memory_with(32)
    print_figure("anonymous-memory-per-drive", many - one, 31, "kB", "24")
    print_figure("proportional-memory", proportional, 1024, "kB", "7.0")


def measure_size():
    """The daemon without symbols."""
    stripped = BUILT / "nvmemid.stripped"
    subprocess.run(["strip", "-o", stripped, PROGRAMS / "nvmemid"], check=True)
    print_figure("stripped-size", stripped.stat().st_size, 1_000_000, "bytes", "7.5")


def measure_call_instructions():
    """What calls cost in the daemon, by counts."""
    get, own, health = instructions.measure_calls()
    print_figure("property-own-instructions", round(own), 1000, "instructions", "8")
    report("health-instructions", round(health), round(get), "2.5", "instructions")


def measure_growth():
    """Whether many drives cost more a drive than few."""
    for name, (few, many) in instructions.growth(FEW, MANY).items():
        goal = "1.05"
        report(f"{name}-growth", round(many), round(few), goal, f"instructions a drive of {MANY}")


def measure_dead_drives():
    """One healthy drive, with neighbours that ignore everything in every second round.

    The daemon is the same throughout, and the rounds take turns, so that what happens on the machine
    meanwhile happens to both. What counts is the median of the 99th percentiles of short blocks: that
    of all calls together is what the machine did in its worst seconds.
    """
    with System("dead-drives") as system:
        system.log_level = "info"
        system.start_bus()
        system.start_simulator(drives=1 + NEIGHBOURS)
        system.start_daemon()
        endpoint, *neighbours = system.wait_for_endpoints(1 + NEIGHBOURS)
        be_deaf(system)
        command = [BUILT / "neighbours", system.address]
        call = [NEIGHBOUR_CALLS, BRIDGE, ENDPOINT, "GetHealth", endpoint]
        blocks = {True: [], False: []}
        for number in range(2 * NEIGHBOUR_ROUNDS):
            # Which comes first changes as well.
            dead = number % 4 in (1, 2)
            set_mute(system, dead)
            if dead:
                result = system.run(*command, NEIGHBOUR_SECONDS, *call, *neighbours)
                print(f"dead drives: {result.stderr.strip()}", file=sys.stderr)
            else:
                wait_for_recovery(system)
                result = system.run(*command, 0, *call)
            times = [int(line) for line in result.stdout.split()]
            for start in range(0, NEIGHBOUR_CALLS, NEIGHBOUR_BLOCK):
                block = times[start : start + NEIGHBOUR_BLOCK]
                blocks[dead].append(statistics.quantiles(block, n=100)[98])
        set_mute(system, False)
        report(
            "health-p99-beside-dead-drives",
            *(round(statistics.median(blocks[dead])) for dead in (True, False)),
            "1.05",
            f"ns in {NEIGHBOUR_ROUNDS * NEIGHBOUR_CALLS} calls",
        )


def measure_floods():
    """A polite caller beside clients that call without end."""
    members = ("GetHealth", "Rescan", "GetStatistics", "Introspect", "GetManagedObjects")
    with System("floods") as system:
        system.log_level = "info"
        os.sched_setaffinity(0, PROCESSORS)
        system.start_bus()
        system.start_simulator(drives=FLOOD_DRIVES)
        system.start_daemon()
        endpoint, *_ = system.wait_for_endpoints(FLOOD_DRIVES)
        be_deaf(system)
        polite = RawClient(system.address)
        alone = median_round_trip(polite, endpoint)
        worst = 0
        for member in members:
            for answers in ("reply", "none"):
                program = pathlib.Path(__file__).with_name("flood.py")
                floods = [
                    subprocess.Popen([sys.executable, program, system.address, member, answers])
                    for _ in range(FLOODS)
                ]
                time.sleep(FLOOD_SECONDS)
                beside = median_round_trip(polite, endpoint)
                for flood in floods:
                    flood.kill()
                    flood.wait()
                print(f"beside {member}, {answers}: {beside} ns, alone {alone}", file=sys.stderr)
                worst = max(worst, beside)
        os.sched_setaffinity(0, {PROCESSORS[-1]})
        report("health-beside-floods", worst, 10_000_000 + alone, "1.0", "ns")


def median_round_trip(client, endpoint):
    """The median of GetHealth in nanoseconds."""
    times = []
    for _ in range(FLOOD_CALLS):
        start = time.perf_counter_ns()
        answer = client.call(endpoint, ENDPOINT, "GetHealth")
        times.append(time.perf_counter_ns() - start)
        if answer.error:
            raise AssertionError(f"GetHealth failed: {answer.error}")
    return round(statistics.median(times))


def be_deaf(system):
    """Gives up the signals that the system listens to, but for names: to get them takes time."""
    system.bus.remove_match_string("type='signal'")
    system.bus.add_match_string("type='signal',sender='org.freedesktop.DBus'")


def set_mute(system, on):
    """Has every drive but the first ignore everything, or stop doing so."""
    for number in range(2, 2 + NEIGHBOURS):
        path = f"{ROOT}/simulator/drives/{number}"
        if on:
            arguments = ("SetFault", "sa{sv}", "mute", {})
        else:
            arguments = ("ClearFaults",)
        system.call(path, SIMULATED_DRIVE, *arguments, destination=SIMULATOR)


def wait_for_recovery(system):
    """Waits until every endpoint is ready again, and the daemon at rest."""
    # By itself it would look after pauses of up to a minute.
    system.call(ROOT, MANAGER, "Rescan")
    polled_wait_for_endpoints(system, 1 + NEIGHBOURS)
    wait_for_rest(system.daemon)


def polled_wait_for_endpoints(system, count):
    """As wait_for_endpoints(), without signals."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        objects = system.objects().values()
        states = [interfaces.get(ENDPOINT, {}).get("State") for interfaces in objects]
        if states.count("ready") == count:
            return
        time.sleep(0.2)
    raise AssertionError(f"waited in vain for {count} endpoints to be ready")


def measure_start():
    """Drives that take their time, from the start of the daemon until all are published as ready."""
    times = {1: [], STARTS: []}
    simulator, daemon = PROCESSORS[0], PROCESSORS[-1]
    for drives in times:
        with System(f"start-of-{drives}") as system:
            system.log_level = "notice"
            os.sched_setaffinity(0, {simulator})
            system.start_bus()
            be_deaf(system)
            system.start_simulator(f"--set=latency-ms={LATENCY}", drives=drives)
            for _ in range(START_ROUNDS):
                os.sched_setaffinity(0, {simulator})
                watcher = Process(
                    "ready",
                    [BUILT / "ready", system.address, drives],
                    system.logs / "ready.log",
                )
                watcher.wait_for_line("listening")
                os.sched_setaffinity(0, {daemon})
                began = time.monotonic_ns()
                system.start_daemon()
                os.sched_setaffinity(0, {simulator})
                times[drives].append(int(watcher.wait_for_line(r"^(\d+)$").group(1)) - began)
                watcher.wait()
                system.stop_daemon()
    os.sched_setaffinity(0, {PROCESSORS[-1]})
    report(
        f"start-of-{STARTS}-endpoints",
        statistics.median(times[STARTS]),
        statistics.median(times[1]),
        "1.3",
        "ns",
    )


def measure_exchange_instructions():
    """The client alone, on a kernel that answers at once and is not counted."""
    for name, command, goal in (
        ("exchange-instructions", "identify", "0.45"),
        ("exchange-instructions-health", "health", "4"),
    ):
        counts = [count_instructions(program, command) for program in ("bridge", "libnvme")]
        report(name, *counts, goal, "instructions")


def count_instructions(program, command):
    """What a program spends on one exchange."""
    return count(f"exchange-{program}", command)


def count(program, command):
    """What a program spends on doing something once, as callgrind counts it."""
    result = subprocess.run(
        [
            "valgrind",
            "--tool=callgrind",
            "--collect-atstart=no",
            f"--callgrind-out-file={BUILT}/{program}-{command}.callgrind",
            BUILT / program,
            command,
            str(EXCHANGES),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    return int(re.search(r"Collected : (\d+)", result.stderr).group(1)) // EXCHANGES


def measure_layouts():
    """What one declared field costs, and what decoding does."""
    source = "".join(path.read_text() for path in (CHECKOUT / "Sources/NVMeMI").rglob("*.swift"))
    declared = len(re.findall(r"^        Field\(", source, re.MULTILINE))
    # The initializers of layouts and requests, and what is in them apart from their one-time calls.
    initializer = re.compile(r"^\d+ (\d+) [tT] \$s6NVMeMI\w*(?:6layout|7request)(?:_WZ|AA6Layout\w*fi)")
    symbols = (BUILT / "layouts.symbols").read_text().splitlines()
    code = sum(int(found.group(1)) for found in map(initializer.match, symbols) if found)
    print_figure("layout-code-per-field", code, declared, "bytes", "90")
    memory = subprocess.run([BUILT / "layouts", "memory"], capture_output=True, text=True, check=True)
    print_figure("layout-memory-per-field", *map(int, memory.stdout.split()), "bytes", "100")
    for command, goal in (("health", "1.0"), ("identify", "30")):
        number = count("layouts", command)
        print_figure(f"decode-instructions-{command}", number, 1000, "instructions", goal)


def print_figure(name, number, divisor, unit, goal):
    """A figure that stands for itself."""
    print(f"{name}: {number} {unit} to {divisor}", file=sys.stderr)
    print(f"{name} {number / divisor:.1f} {goal}", flush=True)


def measure_rest():
    """32 drives that nobody asks anything, also not the daemon."""
    with System("rest") as system:
        system.log_level = "info"
        system.start_bus()
        system.start_simulator(drives=32)
        system.start_daemon(configuration=without_polling(system))
        system.wait_for_endpoints(32)
        wait_for_rest(system.daemon)
        before = system.daemon.status_field("voluntary_ctxt_switches")
        time.sleep(REST_SECONDS)
        number = system.daemon.status_field("voluntary_ctxt_switches") - before
        print(f"wakeups-at-rest: {number} in {REST_SECONDS} s", file=sys.stderr)
        print(f"wakeups-at-rest {number / REST_SECONDS:.1f} 0", flush=True)


def without_polling(system):
    """The configuration of a daemon that polls no drive's health."""
    sample = system.run(PROGRAMS / "nvmemid", "--print-configuration").stdout
    # A daemon without the key has no polling.
    return "health-interval-ms = 0" if "health-interval-ms" in sample else ""


MEASURES = {
    measure_round_trips: (
        "property-round-trip",
        "health-round-trip",
        "udisks-round-trip",
    ),
    measure_integrity_check: ("integrity-check",),
    measure_memory: ("anonymous-memory-per-drive", "proportional-memory"),
    measure_size: ("stripped-size",),
    measure_call_instructions: ("property-own-instructions", "health-instructions"),
    measure_growth: tuple(f"{name}-growth" for name in instructions.GROWING),
    measure_dead_drives: ("health-p99-beside-dead-drives",),
    measure_floods: ("health-beside-floods",),
    measure_start: (f"start-of-{STARTS}-endpoints",),
    measure_exchange_instructions: ("exchange-instructions", "exchange-instructions-health"),
    measure_layouts: (
        "layout-code-per-field",
        "layout-memory-per-field",
        "decode-instructions-health",
        "decode-instructions-identify",
    ),
    measure_rest: ("wakeups-at-rest",),
}


def main(wanted):
    """Takes the measures of those names, or all."""
    os.sched_setaffinity(0, {PROCESSORS[-1]})
    known = [name for names in MEASURES.values() for name in names]
    for name in wanted:
        if name not in known:
            sys.exit(f"there is no measure {name}; there are: {', '.join(known)}")
    for measure, names in MEASURES.items():
        if not wanted or set(wanted) & set(names):
            measure()


if __name__ == "__main__":
    main(sys.argv[2:])
