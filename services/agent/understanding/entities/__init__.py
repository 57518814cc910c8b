"""Readers of entities: each finds one family of things in the normalised words."""
