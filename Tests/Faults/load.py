"""Client processes of the fault suite, as the suite holds them."""

import json
import pathlib
import signal
import subprocess
import sys
import threading

from environment import PATIENCE

HERE = pathlib.Path(__file__).resolve().parent


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
