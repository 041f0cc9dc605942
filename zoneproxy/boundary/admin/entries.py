"""Requests that are a list of entries, each decided by itself: what is refused leaves, and comes back in the reply.

Kafka gives the results of these APIs in no order that means anything; clients look them up by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from zoneproxy.boundary.interceptor import GO_ON, Context, Forward, Outcome, Reply, Then

E = TypeVar("E")  # an entry of the request
R = TypeVar("R")  # a result in the reply


def forward_kept(
    asked: list[E],
    kept: Sequence[E],
    refused: Sequence[R],
    *,
    response: Callable[..., Any],
    results: str,
    seen: Callable[[Any, Context], bool] | None = None,
) -> Outcome:
    """Forward what is ``kept`` of ``asked``, if anything is; ``refused`` joins the reply.

    Args:
        response: the class of the reply; ``results`` is the name of its list.
        seen: what is done to the broker's reply first; True if it changed something.
    """
    if len(kept) == len(asked):
        return Forward(seen) if seen else GO_ON
    if not kept:
        return Reply(response(**{results: refused}))
    asked[:] = kept
    return Forward(_merge(refused, results, seen), edited=True)


def _merge(refused: Sequence[R], results: str, seen: Callable[[Any, Context], bool] | None) -> Then:
    def then(response: Any, ctx: Context) -> bool:
        if seen:
            seen(response, ctx)
        getattr(response, results).extend(refused)
        return True

    return then
