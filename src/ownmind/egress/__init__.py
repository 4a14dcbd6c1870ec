"""The only door out. Here it exists, is closed, and keeps the ledger."""
