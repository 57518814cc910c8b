"""Scores everybody of a domain anew, beside what stands, until an operator has the new scores take its place."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from services.profiles.formulas import Formulas
from services.profiles.store import Rescorings
from shared.domains.rescoring import ComparisonView, RescoringList, RescoringRequest, RescoringView
from shared.events.ids import TenantId
from shared.runtime.http import Problem

_LISTED = 20


class Rescorer:
    """Rescorings as operators see them. A wish that cannot be granted raises a problem."""

    def __init__(
        self, rescorings: Rescorings, formulas: Formulas, domains: Sequence[str], now: Callable[[], datetime]
    ) -> None:
        self._rescorings = rescorings
        self._formulas = formulas
        self._domains = domains
        self._now = now

    async def list(self, tenant_id: TenantId) -> RescoringList:
        """What there is to choose from, what is in force, and the latest runs."""
        formulas = {domain: self._formulas.names(domain) for domain in self._domains}
        return RescoringList(
            formulas={domain: names for domain, names in formulas.items() if names},
            in_force=await self._rescorings.in_force(tenant_id),
            items=tuple(await self._rescorings.latest(tenant_id, _LISTED)),
        )

    async def start(self, tenant_id: TenantId, wanted: RescoringRequest, by: str) -> RescoringView:
        """Begin a run. 422 for a formula that is not installed, 409 while another run of the domain is not over."""
        installed = self._formulas.names(wanted.domain)
        if not wanted.shares.keys() <= set(installed):
            known = ", ".join(installed) or "none"
            raise Problem(422, "unknown_formula", f"The formulas of that domain are: {known}.", param="body.shares")
        run = RescoringView(
            id=uuid4(),
            domain=wanted.domain,
            shares=wanted.shares,
            state="running",
            done=0,
            people=0,
            started_by=by,
            started_at=self._now(),
            ended_at=None,
        )
        if not await self._rescorings.start(tenant_id, run):
            raise Problem(409, "rescoring_runs", "Another re-scoring of this domain is not over.")
        return await self.find(tenant_id, run.id)

    async def find(self, tenant_id: TenantId, run: UUID) -> RescoringView:
        """One run; 404 when there is none of this id."""
        found = await self._rescorings.find(tenant_id, run)
        if found is None:
            raise Problem(404, "unknown_rescoring", "There is no such re-scoring.")
        return found

    async def compare(self, tenant_id: TenantId, run: UUID) -> ComparisonView:
        """The new scores beside those that stand; 409 once they have taken their place, or were dropped."""
        found = await self.find(tenant_id, run)
        if found.state not in {"running", "ready"}:
            raise Problem(409, "nothing_to_compare", f"This re-scoring is {found.state}.")
        return await self._rescorings.compare(tenant_id, run)

    async def switch(self, tenant_id: TenantId, run: UUID) -> RescoringView:
        """Put the formulas in force and the new scores in place; 409 of a run that is not ready."""
        found = await self.find(tenant_id, run)
        if not await self._rescorings.switch(tenant_id, run) and found.state not in {"switching", "switched"}:
            raise Problem(409, "not_ready", f"This re-scoring is {found.state}, not ready.")
        return await self.find(tenant_id, run)

    async def drop(self, tenant_id: TenantId, run: UUID) -> None:
        """Give a run up; 409 once it has been switched to."""
        found = await self.find(tenant_id, run)
        if not await self._rescorings.drop(tenant_id, run, self._now()) and found.state != "dropped":
            raise Problem(409, "already_switched", f"This re-scoring is {found.state}.")

    async def work(self) -> None:
        """Do what there is to do, of all tenants, at most half of the time: live events share this process."""
        loop = asyncio.get_running_loop()
        for tenant_id, run in await self._rescorings.with_work():
            began = loop.time()
            while await self._rescorings.advance(tenant_id, run, self._now()):
                await asyncio.sleep(loop.time() - began)
                began = loop.time()
