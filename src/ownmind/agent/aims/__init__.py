"""Goals and people in conversation: what a message says of them, and the reply, by code from the faces of both."""
