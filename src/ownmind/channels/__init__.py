"""How person and companion meet. Each channel turns what arrives into a call on the house, and shows what comes back."""
