import os

import pytest

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
