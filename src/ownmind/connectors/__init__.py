"""Where a person's data comes from: one file a source."""
