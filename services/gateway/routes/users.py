"""What is known of people. One's own; operators see and change everybody's."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from services.gateway.gateway import Gateway, TheGateway
from services.gateway.principal import Principal
from services.gateway.routes.common import Caller, ThePage, is_operator, problems
from services.gateway.schemas import ProfileChange, ProfileView, ScorePage
from shared.runtime.http import Problem

router = APIRouter(prefix="/users/{user_id:path}/profile", tags=["people"])

UserPath = Annotated[str, Path(min_length=1, max_length=128)]
DomainQuery = Annotated[str | None, Query(max_length=64, description="The last active one when absent.")]


@router.get("", summary="Get a profile")
async def get_profile(
    user_id: UserPath, caller: Caller, gateway: TheGateway, domain: DomainQuery = None
) -> ProfileView:
    """What is known of a person in a domain, and the scores with their factors."""
    _check_may_see(gateway, caller, user_id)
    return _found(await gateway.profiles.profile(caller, user_id, domain=domain))


@router.post("", status_code=201, summary="Create a profile", responses=problems(_409="There is one."))
async def create_profile(
    user_id: UserPath,
    facts: ProfileChange,
    caller: Caller,
    gateway: TheGateway,
    domain: Annotated[str, Query(min_length=1, max_length=64)],
) -> ProfileView:
    """Begins the profile of somebody who has not talked in this domain yet."""
    _check_may_see(gateway, caller, user_id)
    return await gateway.profiles.create(caller, user_id, domain=gateway.domain(domain).name, facts=facts)


@router.patch("", summary="Change a profile")
async def change_profile(
    user_id: UserPath, change: ProfileChange, caller: Caller, gateway: TheGateway, domain: DomainQuery = None
) -> ProfileView:
    """Sets contact facts, preferences and interests, and notes objections as answered; null forgets a fact."""
    _check_may_see(gateway, caller, user_id)
    return _found(await gateway.profiles.change(caller, user_id, domain=domain, change=change))


@router.delete("", status_code=204, summary="Delete a profile")
async def delete_profile(
    user_id: UserPath,
    caller: Caller,
    gateway: TheGateway,
    domain: Annotated[str | None, Query(max_length=64, description="Every domain when absent.")] = None,
) -> Response:
    """Deletes what is known of a person, with the signals and scores. What happens from now on is learned anew."""
    _check_may_see(gateway, caller, user_id)
    if not await gateway.profiles.delete(caller, user_id, domain=domain):
        raise _unknown_profile()
    return Response(status_code=204)


@router.get("/scores", summary="List a person's scores")
async def list_scores(
    user_id: UserPath, caller: Caller, gateway: TheGateway, page: ThePage, domain: DomainQuery = None
) -> ScorePage:
    """How the scores came about: after each interaction, the latest first, with their factors and formula."""
    _check_may_see(gateway, caller, user_id)
    found = await gateway.profiles.scores(caller, user_id, domain=domain, page=page)
    if found is None:
        raise _unknown_profile()
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
