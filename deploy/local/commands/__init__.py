"""The commands of `parley`, a module for each family; each adds itself to the application."""
