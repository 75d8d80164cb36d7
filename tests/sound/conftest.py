from __future__ import annotations

import pytest

from .helpers import FORMS, Made, article, make


@pytest.fixture(scope="session", params=FORMS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    form = FORMS[request.param]
    return make(tmp_path_factory.mktemp("made") / "episode.mp3", article(form), form)
