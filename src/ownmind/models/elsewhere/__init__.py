"""Chat models on other machines: their protocols, and one model over all of them."""
