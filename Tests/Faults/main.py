"""Runs the fault suite from the command line; see Tests/faults."""

import argparse
import random
import sys
import time

import suite


def main():
    parser = argparse.ArgumentParser(prog="Tests/faults", description=suite.__doc__.split("\n\n")[0])
    parser.add_argument("--seed", type=int, help="everything random follows from it")
    parser.add_argument("--seconds", type=float, help="how long at least (60 without --calls)")
    parser.add_argument("--calls", type=int, help="how many calls at least")
    parser.add_argument("--drives", type=int, default=50)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--window", type=int, default=8, help="calls of a client under way at once")
    parser.add_argument("--fault", action="append", help="only these faults")
    parser.add_argument("--list", action="store_true", help="print the names of the faults")
    options = parser.parse_args()

    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    tested = suite.Suite(
        "faults", seed, options.drives, options.clients, options.window,
        say=lambda text: print(text, flush=True),
    )
    if options.list:
        print("\n".join(tested.faults))
        return 0
    seconds = options.seconds
    if seconds is None and options.calls is None:
        seconds = 60
    if (seconds or 0) > 300:
        # In a long time the suite is busy elsewhere once while mctpd is away.
        tested.configuration = tested.configuration.replace("mctpd-grace-ms = 5000", "mctpd-grace-ms = 20000")
        tested.rest = 21
    print(f"seed {seed}", flush=True)
    began = time.monotonic()
    status = 0
    try:
        tested.start()
        began = time.monotonic()
        tested.run(seconds, options.calls, options.fault)
        tested.check_jobs()
        tested.check_descriptors()
        tested.check_memory()
        tested.check_tree()
        tested.check_log()
    except (suite.Violation, AssertionError) as violation:
        print(f"VIOLATION (seed {seed}): {violation}", flush=True)
        tested.system.print_logs()
        status = 1
    finally:
        print(tested.table(time.monotonic() - began), flush=True)
        complaints = tested.close()
    for complaint in complaints:
        print(f"VIOLATION (seed {seed}): {complaint}", flush=True)
        status = 1
    print("all held" if status == 0 else "something did not hold", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
