"""The four processes of Parley; none imports another."""
