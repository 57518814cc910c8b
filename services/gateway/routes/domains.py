"""Which packs there are."""

from fastapi import APIRouter

from services.gateway.gateway import TheGateway
from services.gateway.schemas import CommandView, DomainList, DomainView, ExampleView
from shared.domains.base import AnyDomain

router = APIRouter(tags=["domains"])


@router.get("/domains", summary="List the domains")
async def list_domains(gateway: TheGateway) -> DomainList:
    """Every pack that a session can be opened with."""
    return DomainList(items=tuple(_view(domain) for _, domain in sorted(gateway.domains.items())))


def _view(domain: AnyDomain) -> DomainView:
    commands = tuple(
        CommandView(name=name, arguments=model.model_json_schema()) for name, model in sorted(domain.commands.items())
    )
    example = domain.example and ExampleView(user=domain.example.user, visits=domain.example.visits)
    return DomainView(
        name=domain.name, title=domain.title, greeting=domain.greeting, example=example, commands=commands
    )
