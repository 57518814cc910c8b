"""The one kind of failure the local stack shows to the person at the keyboard."""


class Trouble(Exception):
    """A failure somebody can act on: its text is one sentence that says what to do."""
