"""The gateway: the public HTTP API and the live streams. It decides nothing about conversations."""
