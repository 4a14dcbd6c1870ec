"""Ownmind as a server of the Model Context Protocol, for programs that hold a key: memory, goals and people as tools and resources.

What a program may see is what its key's scopes name. What it sends is from outside, with the source ``client:NAME``, unless the key has
``own_words``: then what would be written waits for the person as a card, and the program hears what became of it (`writing`). Nothing
that is marked secret is given to a program. Forgetting is not offered.
"""
