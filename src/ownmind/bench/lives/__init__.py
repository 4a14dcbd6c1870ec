"""Made-up lives for `ownmind bench follow-through`: what a person plans, where they travel, when their machine sleeps (``made``), the
real following through of it with a real store (``lived``), what should have happened by a second derivation (``oracle``), and a
scheduler that does it the usual way (``naive``)."""
