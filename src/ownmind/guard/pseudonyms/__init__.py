"""Pseudonyms before a remote model is asked: the person's own names, places and numbers stay here, and come back in the reply.

``veil`` replaces what a ``Dictionary`` of known values names and what a checksum or a shape gives away; ``restore`` puts it back, also
piece by piece (``Restoring``). Words are replaced word by word, so that "Ana García's" stays a name with a possessive and a reply
may inflect, shorten or break it. All of it is pure; the rows are kept by ``store/pseudonyms``. This is a courtesy, not the
consent: the person is shown the exact text (``guard/preview``).

Not covered: what nobody told this store and no pattern shows (a stranger's name, "the bakery beside the old mill"); names written in
another script than the store holds them in; one typing error at most; and a reply that breaks a name with a hyphen.
"""

from ...store.pseudonyms import Pseudonym
from .book import Unveilable
from .personal import Dictionary, Known, Sort
from .veil import Replaced, Restoring, Veiled, restore, veil

__all__ = ["Dictionary", "Known", "Pseudonym", "Replaced", "Restoring", "Sort", "Unveilable", "Veiled", "restore", "veil"]
