import multiprocessing
import os
import pickle
import subprocess
import sys
import tempfile
import time
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from time import sleep as pause

import pytest

from audiostory.config import find_profile
from audiostory.errors import UsageError
from audiostory.executors import SerialExecutor, open_executor


def test_with_one_worker_this_process_works():
    with open_executor(1) as executor:
        assert isinstance(executor, SerialExecutor)
        assert executor.submit(os.getpid).result() == os.getpid()


def test_with_more_others_do():
    with open_executor(2) as executor:
        assert executor.submit(os.getpid).result(timeout=60) != os.getpid()


def test_an_error_is_handed_on_by_the_future():
    with open_executor(1) as executor:
        future = executor.submit(int, "x")
        with pytest.raises(ValueError, match="invalid literal"):
            future.result()


def test_what_went_wrong_in_another_process_arrives_with_its_advice():
    with open_executor(2) as executor:
        error = executor.submit(find_profile, "none").exception(timeout=60)
    assert isinstance(error, UsageError)
    assert error.what == 'There is no voice profile "none".'
    assert error.advice.startswith("Choose one of announce")


def test_a_process_that_dies_fails_its_own_call_and_no_other():
    with open_executor(2) as executor:
        calls = [executor.submit(pause, 0.2), executor.submit(os._exit, 1)]
        calls += [executor.submit(pause, 0.01) for _ in range(10)]
        errors = [call.exception(timeout=60) for call in calls]
    assert isinstance(errors[1], BrokenProcessPool)
    assert errors[:1] + errors[2:] == [None] * 11


def test_an_idle_process_that_was_killed_is_replaced():
    with open_executor(1 + 1) as executor:
        first = executor.submit(os.getpid).result(timeout=60)
        for child in multiprocessing.active_children():
            child.kill()
            child.join()
        assert executor.submit(os.getpid).result(timeout=60) != first


def test_no_process_is_left_at_the_end():
    with open_executor(2) as executor:
        calls = [executor.submit(os.getpid) for _ in range(4)]
    assert all(call.done() for call in calls)
    assert not multiprocessing.active_children()
    with pytest.raises(RuntimeError, match="after shutdown"):
        executor.submit(abs, -1)


def test_calls_that_were_cancelled_are_not_made(tmp_path: Path):
    executor = open_executor(2)
    for _ in range(2):
        executor.submit(pause, 0.5)
    calls = [executor.submit((tmp_path / str(n)).touch) for n in range(5)]
    executor.shutdown(cancel_futures=True)
    assert all(call.cancelled() for call in calls)
    assert not list(tmp_path.iterdir())


SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_an_interrupted_program_does_not_wait_for_what_is_under_way(tmp_path: Path):
    began = time.monotonic()
    with suppress(KeyboardInterrupt), open_executor(2) as executor:
        calls = [executor.submit(pause, 60), executor.submit(subprocess.run, SLEEP)]
        waiting = executor.submit((tmp_path / "made").touch)
        while not all(call.running() for call in calls):
            pause(0.01)
        raise KeyboardInterrupt
    assert time.monotonic() - began < 30
    assert waiting.cancelled()
    assert all(isinstance(call.exception(), BrokenProcessPool) for call in calls)
    assert not multiprocessing.active_children()


@pytest.mark.skipif(sys.platform == "win32", reason="a process is ended there without a word to it")
def test_a_worker_that_is_broken_off_leaves_nothing_behind(tmp_path: Path):
    with suppress(KeyboardInterrupt), open_executor(2) as executor:
        executor.submit(linger, tmp_path)
        while not list(tmp_path.iterdir()):
            pause(0.01)
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())


def linger(folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder):
        pause(60)


def test_where_an_error_arose_in_another_process_is_told():
    with open_executor(2) as executor:
        error = executor.submit(find_profile, "none").exception(timeout=60)
    assert "in find_profile" in "".join(error.__notes__)


def test_what_does_not_go_through_a_pipe_is_an_error_and_the_process_goes_on():
    with open_executor(2) as executor:
        with pytest.raises(RuntimeError, match="cannot be sent"):
            executor.submit(memoryview, b"").result(timeout=60)
        with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
            executor.submit(abs, memoryview(b"")).result(timeout=60)
        assert executor.submit(abs, -1).result(timeout=60) == 1


def test_workers_end_with_a_program_that_was_killed():
    program = (
        "import os, time\n"
        "from audiostory.executors import open_executor\n"
        "if __name__ == '__main__':\n"
        "    executor = open_executor(2)\n"
        "    print(executor.submit(os.getpid).result(), flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as running:
        worker = int(running.stdout.readline())
        running.kill()
    for _ in range(100):
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        pause(0.1)
    pytest.fail("the worker is still there")


def test_a_program_that_forgets_to_shut_down_ends():
    program = (
        "from audiostory.executors import open_executor\n"
        "if __name__ == '__main__':\n"
        "    print(open_executor(2).submit(abs, -1).result())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("1\n", "")
