"""Faults: what holds while processes, servers and links break."""
