"""Personal data in what people write: finding it and taking it out."""
