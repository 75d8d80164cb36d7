from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside():
    """Tests know nothing of the user's AUDIOSTORY_ variables."""
    import os

    found = {name: os.environ.pop(name) for name in list(os.environ) if "AUDIOSTORY_" in name}
    yield
    os.environ.update(found)
