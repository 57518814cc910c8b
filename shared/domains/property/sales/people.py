"""Leads as those who sell read them: cards, suggestions, and what is due. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from shared.domains.leads import Person
from shared.domains.person import Profile, Scores
from shared.domains.property.listings import BookedVisit, CallWanted, Wanted
from shared.domains.property.policy.recollection import wanted_of
from shared.domains.property.profile import CALLBACK, VISIT
from shared.domains.property.sales.desk import Project, starts_within
from shared.domains.property.sales.views import Concern, Contact, FollowUp, LookedAt, Suggestion, Summary
from shared.domains.property.words import criteria, listed, moment

KEEPS_LOOKING: Final = 3
"""Views of one project from which on somebody keeps looking at it."""
STUCK_AFTER: Final = timedelta(days=7)
CALL_WITHIN: Final = timedelta(days=1)
VISITED_LATELY: Final = timedelta(days=7)
_SHOWN = 5
_REASONS = 4

Projects = Mapping[str, Project]


def contact_of(profile: Profile) -> Contact:
    """Who somebody is."""
    return Contact(user_id=profile.user_id, name=profile.name, phone=profile.phone, email=profile.email)


def contact(people: Mapping[str, Person], user_id: str) -> Contact:
    """Who somebody is; no more than the id of somebody whose profile was deleted."""
    if user_id not in people:
        return Contact(user_id=user_id, name=None, phone=None, email=None)
    return contact_of(people[user_id].profile)


def summary(person: Person, scores: Scores, projects: Projects, next_visit: BookedVisit | None) -> Summary:
    """A lead on one card."""
    profile = person.profile
    looking_for = wanted_of(profile)
    return Summary(
        who=contact_of(profile),
        temperature=scores.temperature,
        stage=scores.stage,
        total=round(scores.engagement.value + scores.intent.value, 2),
        reasons=_reasons(scores),
        formula=scores.formula,
        looking_for=None if looking_for == Wanted() else criteria(looking_for),
        projects=looked_at(profile, projects)[:_SHOWN],
        objections=tuple(
            Concern(kind=kind, count=each.count, answered=each.answered)
            for kind, each in sorted(profile.objections.items())
        ),
        next_visit_at=next_visit.starts_at if next_visit else None,
        last_active=profile.last_active,
        progressed_at=person.progressed_at,
        next_step=_next_step(profile, projects, next_visit),
    )


def looked_at(profile: Profile, projects: Projects) -> tuple[LookedAt, ...]:
    """The projects somebody looked at that are still on sale, the ones looked at most first."""
    ranked = sorted(profile.views.items(), key=lambda each: (-each[1].count, each[0]))
    return tuple(
        LookedAt(
            id=name,
            project=projects[name].project,
            locality=projects[name].locality,
            views=view.count,
            interest=profile.interests.get(name),
            last_viewed_at=view.last_at,
        )
        for name, view in ranked
        if name in projects
    )


def suggestions(people: Iterable[Person], projects: Projects) -> tuple[Suggestion, ...]:
    """Who keeps looking at what without having booked a visit to it, the most views first."""
    found = [
        Suggestion(
            who=contact_of(person.profile),
            project=project,
            words=f"You keep viewing {project.project} in {project.locality}: shall we arrange a visit to the site?",
        )
        for person in people
        for project in looked_at(person.profile, projects)
        if project.views >= KEEPS_LOOKING and project.id not in _visited(person.profile)
    ]
    return tuple(sorted(found, key=lambda each: (-each.project.views, each.who.user_id, each.project.id)))


def follow_ups(
    people: Mapping[str, Person], visits: Sequence[BookedVisit], calls: Sequence[CallWanted], now: datetime
) -> tuple[FollowUp, ...]:
    """What is to be done until the same time tomorrow, the longest overdue first."""
    due = [*_calls(people, calls), *_visits(people, visits, now)]
    for person in people.values():
        due.extend(_open_ends(person))
    horizon = now + timedelta(days=1)
    return tuple(sorted((each for each in due if each.due_at <= horizon), key=lambda each: (each.due_at, each.kind)))


def _calls(people: Mapping[str, Person], calls: Sequence[CallWanted]) -> Iterator[FollowUp]:
    for call in calls:
        about = f"Call back about {call.project}" if call.project else "Call back"
        when = f", as wanted on {moment(call.preferred_at)}" if call.preferred_at else ""
        yield FollowUp(
            kind="call_back",
            due_at=call.preferred_at or call.requested_at + CALL_WITHIN,
            who=contact(people, call.user_id),
            about=about + when,
            call_id=call.id,
        )


def _visits(people: Mapping[str, Person], visits: Sequence[BookedVisit], now: datetime) -> Iterator[FollowUp]:
    day = timedelta(days=1)
    for visit in visits:
        who, told = contact(people, visit.user_id), f"{visit.project} on {moment(visit.starts_at)}"
        if starts_within(visit, now, now + 2 * day):
            yield FollowUp(
                kind="confirm_visit", due_at=visit.starts_at - day, who=who, about=f"Confirm the visit: {told}"
            )
        elif starts_within(visit, now - VISITED_LATELY, now):
            yield FollowUp(kind="after_visit", due_at=visit.starts_at + day, who=who, about=f"Ask how it was: {told}")


def _open_ends(person: Person) -> Iterator[FollowUp]:
    """What a warm or hot lead waits for."""
    profile, scores = person.profile, person.scores
    if scores is None or scores.temperature == "cold" or profile.last_active is None:
        return
    who = contact_of(profile)
    concerns = sorted(name for name, each in profile.objections.items() if not each.answered)
    if concerns:
        about = f"Answer the objection to {listed(concerns)}"
        yield FollowUp(kind="objection", due_at=profile.last_active + CALL_WITHIN, who=who, about=about)
    if scores.stage != "decision" and person.progressed_at is not None:
        about = f"{scores.temperature.capitalize()}, and at the stage of {scores.stage} since then"
        yield FollowUp(kind="stuck", due_at=person.progressed_at + STUCK_AFTER, who=who, about=about)


def _visited(profile: Profile) -> set[str | None]:
    return {action.item for action in profile.actions if action.name == VISIT}


def _reasons(scores: Scores) -> tuple[str, ...]:
    factors = sorted((*scores.engagement.factors, *scores.intent.factors), key=lambda each: -each.value)
    return tuple(f"{each.name} {each.value:g}: {each.because}" for each in factors[:_REASONS] if each.value > 0)


def _next_step(profile: Profile, projects: Projects, next_visit: BookedVisit | None) -> str:
    if next_visit is not None:
        return f"Prepare the visit to {next_visit.project} on {moment(next_visit.starts_at)}"
    concerns = sorted(name for name, each in profile.objections.items() if not each.answered)
    if concerns:
        return f"Answer the objection to {listed(concerns)}"
    favourites = [each for each in looked_at(profile, projects) if each.id not in _visited(profile)]
    if favourites and favourites[0].interest == "high":
        return f"Offer a visit to {favourites[0].project}"
    if profile.done(VISIT):
        return "Ask how the visit was, and offer the price and a loan"
    if profile.done(CALLBACK):
        return "Call back"
    return f"Tell more about {favourites[0].project}" if favourites else "Ask what they are looking for"
