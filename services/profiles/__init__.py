"""Learns who is talking: signals become profiles, profiles become scores that explain themselves."""
