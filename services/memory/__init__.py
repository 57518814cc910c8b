"""Keeps what was said: sessions and messages, projected from turns and their endings."""
