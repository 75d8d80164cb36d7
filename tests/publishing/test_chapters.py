import json

from audiostory.publishing.chapters import chapters_json
from tests.publishing.helpers import Maker, article


def test_json_chapters_of_the_podcast_namespace(make: Maker):
    episode = make(article())
    document = json.loads(chapters_json(episode))
    assert document["version"] == "1.2.0"
    assert [chapter["title"] for chapter in document["chapters"]] == ["Rain & shine", "Weather"]
    starts = [chapter["startTime"] for chapter in document["chapters"]]
    assert all(isinstance(start, float) for start in starts)
    assert starts == [0.0, 4.7]
    assert all(chapter["toc"] is True for chapter in document["chapters"])


def test_the_same_episode_gives_the_same_text(make: Maker):
    assert chapters_json(make(article())) == chapters_json(make(article()))


def test_an_article_without_headings_has_no_chapters(make: Maker):
    episode = make(article("<article id='a'><p id='p'>Only this.</p></article>"))
    assert json.loads(chapters_json(episode))["chapters"] == []
