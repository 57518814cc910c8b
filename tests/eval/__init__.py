"""How well the understanding core understands each pack, on utterances that it was not trained on."""
