"""Elements as selectors are matched against them, however deep and long the article is."""

from __future__ import annotations

from collections.abc import Iterator

import cssselect2


class Element(cssselect2.ElementWrapper):  # type: ignore[misc]  # the library has no types
    """cssselect2's element, whose relations are walked and not kept.

    Its own keeps a tuple of all ancestors and of all earlier siblings with every element, which
    takes memory in the square of them and is built by recursion.
    """

    @property
    def ancestors(self) -> Iterator[Element]:
        """The elements around this one, the nearest first."""
        ancestor = self.parent
        while ancestor is not None:
            yield ancestor
            ancestor = ancestor.parent

    @property
    def previous_siblings(self) -> Iterator[Element]:
        """The siblings before this one, the nearest first."""
        sibling = self.previous
        while sibling is not None:
            yield sibling
            sibling = sibling.previous
