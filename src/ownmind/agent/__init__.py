"""One turn of conversation: what the model is shown, and what comes back."""
