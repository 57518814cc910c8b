"""What is known of people, and who may buy."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from services.gateway.gateway import Gateway, TheGateway
from services.gateway.principal import Principal
from services.gateway.routes.common import OPERATORS, Caller, Operator, ThePage, is_operator
from services.gateway.schemas import LeadPage, ProfileChange, ProfileView
from shared.errors import Unavailable
from shared.events.profiles import Temperature
from shared.runtime.http import Problem

router = APIRouter(tags=["people"])

UserPath = Annotated[str, Path(min_length=1, max_length=128)]
DomainQuery = Annotated[str | None, Query(max_length=64, description="The last active one when absent.")]


@router.get("/users/{user_id}/profile", summary="Get a profile")
async def get_profile(
    user_id: UserPath, caller: Caller, gateway: TheGateway, domain: DomainQuery = None
) -> ProfileView:
    """What is known of a person in a domain, and the scores with their factors. Your own; operators see anybody's."""
    _check_may_see(gateway, caller, user_id)
    return _found(await gateway.profiles.profile(caller, user_id, domain=domain))


@router.patch("/users/{user_id}/profile", summary="Change a profile")
async def change_profile(
    user_id: UserPath, change: ProfileChange, caller: Caller, gateway: TheGateway, domain: DomainQuery = None
) -> ProfileView:
    """Sets contact facts and preferences; null forgets one."""
    _check_may_see(gateway, caller, user_id)
    return _found(await gateway.profiles.change(caller, user_id, domain=domain, change=change))


@router.get("/leads", summary="List the leads", responses=OPERATORS)
async def list_leads(
    caller: Operator,
    gateway: TheGateway,
    page: ThePage,
    domain: DomainQuery = None,
    temperature: Temperature | None = None,
) -> LeadPage:
    """People who may buy, the highest score first. For operators."""
    found = await gateway.profiles.leads(
        caller, domain=domain, temperature=temperature, limit=page.limit, cursor=page.cursor
    )
    if found is None:
        raise Unavailable("profiles: has no list of leads")
    return found


def _check_may_see(gateway: Gateway, caller: Principal, user_id: str) -> None:
    if caller.user_id != user_id and not is_operator(gateway, caller):
        raise _unknown_profile()


def _found(profile: ProfileView | None) -> ProfileView:
    if profile is None:
        raise _unknown_profile()
    return profile


def _unknown_profile() -> Problem:
    return Problem(404, "profile_not_found", "There is no such profile.")
