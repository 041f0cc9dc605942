"""From a transform, as policy has it, to the change that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.transform.address import EmailMask, IPMask
from zoneproxy.transform.change import Change
from zoneproxy.transform.constant import Null, Remove, Replace
from zoneproxy.transform.generalise import coarse
from zoneproxy.transform.keyed import Hash, Tokenise
from zoneproxy.transform.mask import FormatMask, Mask
from zoneproxy.transform.shift_date import ShiftDate
from zoneproxy.transform.truncate import Truncate


def make_change(transform: Transform, keys: Mapping[str, bytes], about: str = "") -> Change:
    """``transform`` with its key, if it needs one.

    ``about`` is what is to be changed, for tokens: a type of data, or the name of a field. Letter case, ``_``, ``-``
    and spaces make no difference. Raises KeyError: the key is not among ``keys``.
    """
    kind = transform.kind
    if kind is TransformKind.TOKENISE:
        return Tokenise(transform, keys, about)
    if kind in _WITH_KEY:
        return _WITH_KEY[kind](transform, keys)
    if kind is TransformKind.MASK and transform.keep_format:
        return FormatMask(transform)
    return _WITHOUT[kind](transform)


_WITH_KEY: dict[TransformKind, Callable[[Transform, Mapping[str, bytes]], Change]] = {
    TransformKind.HASH: Hash,
    TransformKind.SHIFT_DATE: ShiftDate,
}
_WITHOUT: dict[TransformKind, Callable[[Transform], Change]] = {
    TransformKind.MASK: Mask,
    TransformKind.MASK_EMAIL: EmailMask,
    TransformKind.MASK_IP: IPMask,
    TransformKind.TRUNCATE: Truncate,
    TransformKind.GENERALISE: coarse,
    TransformKind.REPLACE: Replace,
    TransformKind.NULL: Null,
    TransformKind.REMOVE: Remove,
}
