"""The one encrypted database, its keys, blobs and backups. Nothing else touches them."""
