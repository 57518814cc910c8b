"""Finding again what people said: embedding in the background, search within one person's own words."""
