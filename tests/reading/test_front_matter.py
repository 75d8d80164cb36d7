from hypothesis import given, settings
from hypothesis import strategies as st

from audiostory.reading.front_matter import split_front_matter

_PARTS = ["a: b", "title: ", "- x", "[", "]", "{", "}", "&a", "*a", "!!set", "? ", "<<: *a", "\n"]
_PARTS += ["'", '"', "|", ">", "%YAML 9", "...", " ", "\n---\n", "\n+++\n", 'x = "y"', "[[z]]"]


@given(
    st.sampled_from(["---\n", "+++\n"]),
    st.lists(st.sampled_from(_PARTS) | st.text(max_size=5), max_size=20).map("".join),
)
@settings(max_examples=300, deadline=None)
def test_any_head_is_front_matter_or_text_and_nothing_is_lost(fence: str, inner: str):
    text = f"{fence}{inner}\n{fence}Rest"
    front = split_front_matter(text)
    assert text.endswith(front.rest)
    assert front.rest == text or front.text in text
    assert not (front.problem and front.values)
    assert all(isinstance(it, str) and it for texts in front.values.values() for it in texts)
