import signal
import subprocess
import sys

from audiostory.reading.worker import uninterrupted


def test_a_terminals_interrupt_does_not_reach_a_process_that_begins():
    code = "import time; print('begun', flush=True); time.sleep(0.5)"
    with uninterrupted():
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        process.send_signal(signal.SIGINT)
    assert process.returncode == 0
