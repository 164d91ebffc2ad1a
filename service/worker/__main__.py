"""`python -m service.worker`: the worker process, until SIGTERM or Ctrl-C; then it finishes what is in hand."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType

from service import config, worker
from service.errors import KeyMissing
from service.operations import keys, logs, runtime


def main() -> None:
    """Start the runtime and work."""
    stop = threading.Event()

    def stopped(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, stopped)
    signal.signal(signal.SIGINT, stopped)
    settings = config.load()
    logs.begin(settings.log_level, settings.log_format)
    runtime.start(settings)
    try:
        keys.check()
    except KeyMissing as missing:
        sys.exit(f"sluitend: {missing}")
    worker.run(stop)


if __name__ == "__main__":
    main()
