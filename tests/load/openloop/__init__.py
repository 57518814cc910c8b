"""Load at a given rate, however slowly it is answered: latencies count from when a turn was meant to begin."""
