"""Parley with one fault planted in it, to show that the checker would see it."""
