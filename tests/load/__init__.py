"""Load: what a turn costs beside other designs, how Parley bears many users and idle streams, and what grows."""
