"""Domain packs: one folder a product. The platform knows them only through `base`."""
