"""Forgetting: what would go (``plan``), what is close to it (``near``), that it goes (``deed``), that it is gone (``verify``), and
the gentler ways: words cut out of an item (``redact``); withholding and expiry are rows (``store/targets``).

An item takes with it its vectors, its index entries, the facts that rest on it alone, the companion's replies that cite it,
answer it or repeat it, and the kept file it was read from (a sealed file cannot be cut). What a forgotten fact had superseded is
current again, unless the person had said it was wrong. Keyed hashes stay, so that importing the same thing again does not bring
it back. Afterwards every page of the decrypted database is searched for the words.

Not covered: copies made outside (exports, older backups; restoring one replays the tombstones), and other items that say the same
in other words, unless the person chooses them from what ``near`` offers.
"""
