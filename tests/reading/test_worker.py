import signal
import subprocess
import sys
from pathlib import Path

import pytest

from audiostory.errors import SourceError
from audiostory.reading.worker import Limits, in_worker, uninterrupted


def test_a_terminals_interrupt_does_not_reach_a_process_that_begins():
    code = "import time; print('begun', flush=True); time.sleep(0.5)"
    with uninterrupted():
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        process.send_signal(signal.SIGINT)
    assert process.returncode == 0


def room() -> tuple[int, int]:
    """How much address space this process may have, and how much it has."""
    import resource  # Windows has none

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return resource.getrlimit(resource.RLIMIT_AS)[0], pages * resource.getpagesize()


def take(megabytes: int) -> int:
    return len(bytearray(megabytes * 2**20))


@pytest.mark.skipif(sys.platform != "linux", reason="others do not tell how large a process is")
def test_a_readers_memory_is_counted_from_what_it_begins_with():
    most, taken = in_worker("lamp.html", room, limits=Limits(memory_mb=100))
    assert 90 * 2**20 < most - taken <= 101 * 2**20
    assert in_worker("lamp.html", take, 60, limits=Limits(memory_mb=100)) == 60 * 2**20
    with pytest.raises(SourceError, match="more memory"):
        in_worker("lamp.html", take, 120, limits=Limits(memory_mb=100))
