"""What a person says of a goal, read by code: the statement, the answer at a check-in, and what is not planned because it would harm."""
