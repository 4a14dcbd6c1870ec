"""What may be done with a value. Security never depends on a model: labels say where each value came from, a plan says what the
person asked for before anything from outside was read, and one pure function decides every call of a tool."""
