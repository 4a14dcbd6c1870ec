"""The pipelines of the built-in skills: what code does of them, whatever the model."""
