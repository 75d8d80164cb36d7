import os
from concurrent.futures.process import BrokenProcessPool

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


def test_a_process_that_dies_fails_its_own_work_and_no_later_work():
    with open_executor(2) as executor:
        with pytest.raises(BrokenProcessPool):
            executor.submit(os._exit, 1).result(timeout=60)
        assert executor.submit(abs, -1).result(timeout=60) == 1
