"""The proof that streams survive disconnects: clients that hang up anywhere and go on at the other gateway."""
