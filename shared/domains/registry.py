"""Finds packs: by entry point of the group `parley.domains`, or by `module:attribute`."""

from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from shared.domains.base import AnyDomain, Domain
from shared.domains.installed import GROUP, domain_names


class UnknownDomainError(ValueError):
    """No such pack is installed."""


def load_domains(names: tuple[str, ...] | None = None) -> dict[str, AnyDomain]:
    """The packs of these names, or every installed one, by their own name.

    Raises `UnknownDomainError` with what is installed.
    """
    installed = {point.name: point for point in entry_points(group=GROUP)}
    domains: list[Any] = []
    for name in domain_names(names):
        if ":" in name:
            module, _, attribute = name.partition(":")
            domains.append(getattr(import_module(module), attribute))
        elif name in installed:
            domains.append(installed[name].load())
        else:
            raise UnknownDomainError(f"there is no pack {name!r}; installed: {', '.join(sorted(installed)) or 'none'}")
    return {domain.name: domain for domain in map(_checked, domains)}


def _checked(candidate: Any) -> AnyDomain:
    if not isinstance(candidate, Domain):
        raise UnknownDomainError(f"{candidate!r} is not a pack: its entry point must name a Domain")
    return candidate
