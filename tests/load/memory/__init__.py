"""How fast memory's records answer with a million messages of fifty thousand users."""
