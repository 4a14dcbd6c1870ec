"""What is to be said to a person unasked, the receipts of it, and when to look again. Parts of `goals.due`'s road."""
