from __future__ import annotations

from zoneproxy.boundary.apis import OPEN
from zoneproxy.boundary.plans import Plans
from zoneproxy.boundary.said.catalogue import said
from zoneproxy.boundary.said.names import TopicNames
from zoneproxy.boundary.said.screen import Screen


def test_all_of_them_see_apis_that_are_there() -> None:
    screen = Screen(Plans({}), 1)
    interceptors = said(screen, TopicNames(screen))
    assert len({type(each) for each in interceptors}) == len(interceptors) == 6
    for each in interceptors:
        assert each.apis
        assert each.apis <= OPEN
