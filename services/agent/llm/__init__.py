"""A language model, where one is configured: it guesses, words and looks up, and decides nothing."""
