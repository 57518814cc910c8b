"""What those who sell are shown: cards, suggestions, what is due, and where interest is."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.domains.leads import Person, Tally
from shared.domains.person import Action, Objection, Preference, Profile, Scores, View
from shared.domains.property.listings import BookedVisit, CallWanted
from shared.domains.property.profile import CALLBACK, VISIT, score
from shared.domains.property.sales.desk import Project
from shared.domains.property.sales.heat import first_monday, heat_map
from shared.domains.property.sales.people import follow_ups, suggestions, summary

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
CITRINE = Project(id="citrine", project="Brigade Citrine", locality="Whitefield", city="Bengaluru")
ORCHARD = Project(id="orchard", project="Orchard Rise", locality="Hebbal", city="Bengaluru")
PROJECTS = {each.id: each for each in (CITRINE, ORCHARD)}


def view(count: int) -> View:
    return View(count=count, last_at=NOW, session_no=1)


def person(user_id: str = "asha", *, progressed: timedelta = timedelta(0), **more: Any) -> Person:
    profile = Profile(user_id=user_id, domain="property", last_active=NOW, **more)
    return Person(profile=profile, scores=score(profile), progressed_at=NOW - progressed)


def did(name: str, item: str | None = "citrine") -> Action:
    return Action(name=name, item=item, at=NOW, sequence=1)


def scores_of(lead: Person) -> Scores:
    assert lead.scores is not None
    return lead.scores


def visit(starts_at: datetime, **more: Any) -> BookedVisit:
    given = {
        "id": UUID(int=1),
        "user_id": "asha",
        "listing_id": "citrine",
        "project": "Brigade Citrine",
        "locality": "Whitefield",
        "city": "Bengaluru",
        "latitude": None,
        "longitude": None,
        "starts_at": starts_at,
        "requested_at": NOW,
        "changed_at": NOW,
        "revision": 0,
        "cancelled_at": None,
    }
    return BookedVisit.model_validate({**given, **more})


def call(**more: Any) -> CallWanted:
    given = {"id": UUID(int=2), "user_id": "ravi", "listing_id": None, "project": None, "preferred_at": None}
    return CallWanted.model_validate({**given, "requested_at": NOW, "done_at": None, "done_by": None, **more})


HOT = {
    "sessions": 6,
    "views": {"citrine": view(8), "orchard": view(7)},
    "interests": {"citrine": "high", "orchard": "high"},
    "actions": (did(VISIT), did(CALLBACK)),
}


def test_a_card_says_what_is_looked_for_and_why_the_score_is_what_it_is() -> None:
    lead = person(
        name="Asha",
        phone="+919845012345",
        views={"citrine": view(3), "gone": view(9)},
        interests={"citrine": "high"},
        preferences={
            "configuration": Preference(value=[2], sequence=1),
            "location": Preference(value=["Whitefield, Bengaluru"], sequence=1),
            "budget": Preference(value={"low": None, "high": 12_000_000, "currency": "INR"}, sequence=1),
        },
        objections={"price": Objection(count=2, answered=True)},
    )

    card = summary(lead, scores_of(lead), PROJECTS, None)

    assert card.looking_for == "2 BHK homes in Whitefield up to ₹1.2 Cr"
    assert [(each.project, each.views, each.interest) for each in card.projects] == [("Brigade Citrine", 3, "high")]
    assert [(each.kind, each.answered) for each in card.objections] == [("price", True)]
    assert card.next_step == "Offer a visit to Brigade Citrine"
    assert card.reasons[:2] == (
        "views 2.4: 12 views / 5, at most 3",
        "interested projects 1.5: 1 projects with medium or high interest × 1.5, at most 3",
    )
    assert card.who.phone == "+919845012345"


def test_the_next_step_follows_from_what_was_done_last() -> None:
    def step(lead: Person, coming: BookedVisit | None = None) -> str:
        return summary(lead, scores_of(lead), PROJECTS, coming).next_step

    concerned = person(objections={"trust": Objection(count=1)})

    assert step(person(), visit(NOW + timedelta(days=3))).startswith("Prepare the visit to Brigade Citrine on Saturday")
    assert step(concerned) == "Answer the objection to trust"
    assert step(person(actions=(did(VISIT),))).startswith("Ask how the visit was")
    assert step(person(actions=(did(CALLBACK, None),))) == "Call back"
    assert step(person(views={"orchard": view(1)})) == "Tell more about Orchard Rise"
    assert step(person()) == "Ask what they are looking for"


def test_who_keeps_looking_without_a_visit_is_suggested_one() -> None:
    keen = person("asha", views={"citrine": view(4), "orchard": view(2)})
    visited = person("ravi", views={"citrine": view(9)}, actions=(did(VISIT),))
    keener = person("maya", views={"orchard": view(5)})

    found = suggestions([keen, visited, keener], PROJECTS)

    assert [(each.who.user_id, each.project.id) for each in found] == [("maya", "orchard"), ("asha", "citrine")]
    assert found[1].words.startswith("You keep viewing Brigade Citrine in Whitefield")


def test_what_is_due_comes_with_the_longest_overdue_first() -> None:
    stuck = person("asha", progressed=timedelta(days=10), objections={"price": Objection(count=1)}, **HOT)
    stuck = stuck.model_copy(update={"scores": scores_of(stuck).model_copy(update={"stage": "intent"})})
    visits = [visit(NOW + timedelta(hours=30)), visit(NOW - timedelta(days=2), id=UUID(int=3))]

    due = follow_ups({"asha": stuck}, visits, [call()], NOW)

    assert [each.kind for each in due] == ["stuck", "after_visit", "confirm_visit", "call_back", "objection"]
    assert [each.due_at for each in due] == sorted(each.due_at for each in due)
    assert due[3].who.user_id == "ravi"
    assert due[3].call_id == UUID(int=2)


def test_nothing_is_due_of_cold_or_decided_leads_cancelled_visits_and_calls_wanted_later() -> None:
    cold = person("maya", progressed=timedelta(days=90), objections={"price": Objection(count=1)})
    decided = person("asha", progressed=timedelta(days=90), **HOT)
    off = visit(NOW + timedelta(hours=3), cancelled_at=NOW)
    later = call(preferred_at=NOW + timedelta(days=2))

    assert scores_of(decided).temperature != "cold"
    assert scores_of(decided).stage == "decision"
    assert follow_ups({"maya": cold, "asha": decided}, [off], [later], NOW) == ()


def test_weeks_begin_on_monday_in_india() -> None:
    assert first_monday(datetime(2026, 11, 22, 19, tzinfo=UTC), 1) == date(2026, 11, 23)
    assert first_monday(datetime(2026, 11, 22, 18, tzinfo=UTC), 1) == date(2026, 11, 16)
    assert first_monday(NOW, 8) == date(2026, 10, 5)


def test_interest_is_told_by_project_and_week_the_hottest_first() -> None:
    told = [
        Tally(week="2026-11-16", name="orchard", count=2, people=2),
        Tally(week="2026-11-23", name="citrine", count=4, people=1),
        Tally(week="2026-11-23", name="gone", count=9, people=3),
    ]

    heat = heat_map(told, PROJECTS, date(2026, 11, 16), 2)

    assert heat.weeks == (date(2026, 11, 16), date(2026, 11, 23))
    assert [(row.id, row.views, row.people, row.total) for row in heat.rows] == [
        ("citrine", (0, 4), (0, 1), 4),
        ("orchard", (2, 0), (2, 0), 2),
    ]
