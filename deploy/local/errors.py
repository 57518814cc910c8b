"""The one kind of failure the local stack shows to the person at the keyboard."""


class StackError(Exception):
    """A failure somebody can act on: its text is one sentence that says what to do."""
