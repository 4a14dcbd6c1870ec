"""What a message asks to be done: planned from the person's words alone, carried out step by step through the gate."""
