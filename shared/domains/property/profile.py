"""Scores of a prospective buyer: how engaged, how close to buying, how warm, and at which stage.

Pure functions of the profile, with the formulas of the product:

- engagement (0-10) = min(sessions / 2, 3) + min(views / 5, 3) + min(interested, 2) + min(max(sentiment + 1, 0), 2)
- intent to buy (0-10) = min(interested * 1.5, 3) + 3 if any site visit + 2 if any call-back + min(sessions / 3, 2)
- temperature: hot from 15 for both together, warm from 10, else cold

A second formula may be tried on some people, or be put in force by re-scoring: *deeds*, where in the intent to buy the
brochures taken, at most 2, stand in for the sessions. Who comes back often without doing anything is no warmer for it.

`interested` counts the projects whose interest is medium or high. `sentiment` is the mean over the remembered
turns. A view of each project counts as `shared.domains.property.policy.signals` defines it.
"""

from shared.domains.person import Profile, Scores, Stage
from shared.events.profiles import Factor, Score, Temperature

HOT = 15
WARM = 10

VISIT = "site_visit"
CALLBACK = "callback"
DOWNLOAD = "download"

_DELIBERATING = ("compare", "price", "loan")


def score(profile: Profile) -> Scores:
    """All scores of a profile, by the product's formulas."""
    sessions = _factor("sessions", profile.sessions / 3, 2, f"{profile.sessions} sessions / 3")
    return _scores(profile, _intent(profile, sessions))


def score_by_deeds(profile: Profile) -> Scores:
    """All scores of a profile, by what the person did."""
    brochures = profile.done(DOWNLOAD)
    return _scores(profile, _intent(profile, _factor("brochures", brochures, 2, f"{brochures} brochures taken")))


def _scores(profile: Profile, intent: Score) -> Scores:
    engagement = _engagement(profile)
    return Scores(
        engagement=engagement,
        intent=intent,
        temperature=temperature(engagement.value + intent.value),
        stage=stage(profile),
    )


def temperature(total: float) -> Temperature:
    """How warm a lead is, by engagement and intent together."""
    reached = round(total, 9)  # thirds do not add up exactly in binary
    return "hot" if reached >= HOT else "warm" if reached >= WARM else "cold"


def stage(profile: Profile) -> Stage:
    """How far a person has come, by the furthest thing done.

    decision: a visit and a call-back; intent: one of the two; consideration: compared, asked about price or loan,
    voiced an objection, took a brochure, or has high interest in a project; interest: viewed a project or said what
    is wanted; else awareness.
    """
    visit, callback = profile.done(VISIT) > 0, profile.done(CALLBACK) > 0
    if visit and callback:
        return "decision"
    if visit or callback:
        return "intent"
    if _considers(profile):
        return "consideration"
    return "interest" if profile.views or profile.preferences else "awareness"


def interested(profile: Profile) -> int:
    """In how many projects the person's interest is medium or high."""
    return sum(1 for level in profile.interests.values() if level != "low")


def _considers(profile: Profile) -> bool:
    return (
        any(profile.intents.get(intent) for intent in _DELIBERATING)
        or bool(profile.objections)
        or profile.done(DOWNLOAD) > 0
        or "high" in profile.interests.values()
    )


def _engagement(profile: Profile) -> Score:
    projects = interested(profile)
    return _sum(
        _factor("sessions", profile.sessions / 2, 3, f"{profile.sessions} sessions / 2"),
        _factor("views", profile.total_views / 5, 3, f"{profile.total_views} views / 5"),
        _factor("interested projects", projects, 2, f"{projects} projects with medium or high interest"),
        _factor("sentiment", max(profile.sentiment + 1, 0), 2, f"mean sentiment {profile.sentiment:+.2f}, plus 1"),
    )


def _intent(profile: Profile, persistence: Factor) -> Score:
    projects, visits, callbacks = interested(profile), profile.done(VISIT), profile.done(CALLBACK)
    return _sum(
        _factor("interested projects", projects * 1.5, 3, f"{projects} projects with medium or high interest × 1.5"),
        _factor("site visit", 3 if visits else 0, 3, f"{visits} site visits booked"),
        _factor("call-back", 2 if callbacks else 0, 2, f"{callbacks} call-backs asked for"),
        persistence,
    )


def _factor(name: str, value: float, maximum: float, because: str) -> Factor:
    return Factor(name=name, value=min(value, maximum), maximum=maximum, because=f"{because}, at most {maximum:g}")


def _sum(*factors: Factor) -> Score:
    return Score(value=sum(factor.value for factor in factors), factors=factors)
