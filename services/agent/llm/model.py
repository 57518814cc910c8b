"""What a model does for a turn: guess what is meant, word what was decided, look up what nobody planned for.

Everything it says is checked, and everything that goes wrong ends in the pack's own words.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from pydantic import JsonValue, ValidationError

from services.agent.llm.budget import Budget, Limits, SilentError
from services.agent.llm.checking import Source, denies
from services.agent.llm.messages import Asks, Call, Deaf, Request, Result, Tool, Words
from services.agent.llm.metrics import ModelMetrics
from services.agent.llm.prompts import Job, Prompts
from services.agent.sentences import sentences
from shared.domains.base import AnyDomain, Decision, Dialogue, Turn
from shared.events.replies import Usage
from shared.events.turns import Text

_EXAMPLES: Final = 3
_EARLIER: Final = 3
_LONGEST_WORDS: Final = 2000
_LONGEST_FACTS: Final = 8000
_LONGEST_RESULT: Final = 4000
"""Characters of what is handed to a model."""
_GUESS_TOKENS: Final = 200
_ANSWER_TOKENS: Final = 1000


class RefusedError(Exception):
    """A sentence is not borne out by what is known."""


class Shows(Protocol):
    """The live stream of the turn, as far as a model's words go there."""

    async def step(self, label: str) -> None: ...
    async def delta(self, text: str) -> None: ...
    async def reset(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Model:
    """The models of this process, and what they are told."""

    asks: Asks
    prompts: Prompts
    limits: Limits
    metrics: ModelMetrics

    def aid(self, domain: AnyDomain, turn: Turn[Any]) -> "Aid":
        """Their help with one turn."""
        return Aid(self, domain, turn, Budget(self.limits))


@dataclass(frozen=True, slots=True)
class Aid:
    """The help of models with one turn, within its budget."""

    model: Model
    domain: AnyDomain
    turn: Turn[Any]
    budget: Budget

    @property
    def usage(self) -> Usage | None:
        """What it took; None when no model was asked."""
        return self.budget.usage

    async def guess(self) -> str | None:
        """The intent of words that the core is not sure of; None when the model is not either."""
        instructions = self._instructions("intent")
        if instructions is None or not isinstance(self.turn.input, Text) or not self.domain.language.intents:
            return None
        intents: dict[str, JsonValue] = {
            name: list(examples[:_EXAMPLES]) for name, examples in self.domain.language.intents.items()
        }
        request = self._request(instructions, _GUESS_TOKENS, intents=intents, **self._context())
        try:
            async with asyncio.timeout(self.model.limits.guess):
                said = await self.model.asks.ask(request, self.budget, Deaf())
        except (SilentError, TimeoutError):
            return self._told("intent", None)
        return self._told("intent", _intent_in(said.text, intents))

    async def word(self, decision: Decision[Any], live: Shows) -> str | None:
        """Say the decision in a model's words; what was said, or None with nothing left standing in the stream.

        Questions are the pack's to put, and what is denied or done is not for a model to tell.
        """
        instructions = self._instructions("wording")
        if instructions is None or not decision.facts or not _rewordable(decision):
            return None
        facts = dict(decision.facts) if len(json.dumps(decision.facts, default=str)) <= _LONGEST_FACTS else {}
        source = Source.of(decision.text, facts)
        request = self._request(
            instructions, _ANSWER_TOKENS, reply=decision.text, facts=facts, language=self._language(decision)
        )
        telling = _Telling(live, source, longest=2 * len(decision.text) + 100)
        try:
            await self.model.asks.ask(request, self.budget, telling)
            return self._told("wording", await telling.finish())
        except (SilentError, RefusedError):
            await telling.restart()
            return self._told("wording", None)

    async def answer(self, decision: Decision[Any], tools: Any, live: Shows) -> str | None:
        """Answer what the pack has no rule for from what its abilities find; None when nothing may be said."""
        instructions = self._instructions("free")
        if instructions is None or not decision.free or not self.domain.abilities:
            return None
        lookup = _Lookup(self.domain, tools, self.budget, live)
        request = self._request(instructions, _ANSWER_TOKENS, reply=decision.text, language=self._language(decision))
        try:
            said = await self._looked_up(request, lookup)
        except SilentError:
            return self._told("free", None)
        source = Source.of(*lookup.found)
        borne_out = lookup.found and all(map(source.bears_out, sentences(said)))
        return self._told("free", said.strip() if borne_out else None)

    async def _looked_up(self, request: Request, lookup: "_Lookup") -> str:
        history = request.history
        tools = tuple(
            Tool(name, ability.description, ability.arguments.model_json_schema())
            for name, ability in self.domain.abilities.items()
        )
        while True:
            asked = Request(
                instructions=request.instructions, history=history, tools=tools, max_tokens=request.max_tokens
            )
            said = await self.model.asks.ask(asked, self.budget, Deaf())
            if not said.calls:
                return said.text
            history = (*history, said, *[Result(call, await lookup(call)) for call in said.calls])

    def _instructions(self, job: Job) -> str | None:
        return self.model.prompts.get(self.domain.name, job)

    def _language(self, decision: Decision[Any]) -> str:
        return decision.language or self.turn.understood.language

    def _request(self, instructions: str, max_tokens: int, **data: JsonValue) -> Request:
        words = self.turn.input.text[:_LONGEST_WORDS] if isinstance(self.turn.input, Text) else ""
        given = {**data, "earlier": _earlier(self.turn.dialogue), "words": words}
        # As JSON, so that nothing a person writes looks like an instruction of ours.
        text = json.dumps(given, ensure_ascii=False, default=str)
        return Request(instructions=instructions, history=(Words(text),), max_tokens=max_tokens)

    def _context(self) -> dict[str, JsonValue]:
        return {} if self.domain.context is None else {"context": self.domain.context(self.turn.state)}

    def _told(self, job: Job, outcome: str | None) -> str | None:
        self.model.metrics.jobs.labels(job, "kept" if outcome is not None else "dropped").inc()
        return outcome


class _Telling:
    """Shows an answer while it is written, a checked sentence at a time."""

    def __init__(self, live: Shows, source: Source, *, longest: int) -> None:
        self._live = live
        self._source = source
        self._longest = longest
        self._rest = ""
        self._shown: list[str] = []

    async def restart(self) -> None:
        if self._shown:
            await self._live.reset()
        self._rest, self._shown = "", []

    async def hear(self, text: str) -> None:
        """Show the sentences that are complete; raises `RefusedError` at the first that is not borne out."""
        self._rest = (self._rest + text) if self._shown or self._rest else text.lstrip()
        *complete, rest = sentences(self._rest) or [""]
        self._rest = rest
        for sentence in complete:
            await self._show(sentence)
        if sum(map(len, self._shown)) + len(rest) > self._longest:
            raise RefusedError("longer than what there is to say")

    async def finish(self) -> str:
        """Show what is left; everything that was shown."""
        if rest := self._rest.rstrip():
            await self._show(rest)
        return "".join(self._shown)

    async def _show(self, sentence: str) -> None:
        if denies(sentence) or not self._source.bears_out(sentence):
            raise RefusedError("not borne out")
        self._shown.append(sentence)
        await self._live.delta(sentence)


@dataclass(slots=True)
class _Lookup:
    """Runs what a model calls, if the pack has it and the arguments fit, with tools that know whose data it is."""

    domain: AnyDomain
    tools: Any
    budget: Budget
    live: Shows
    found: list[JsonValue] = field(default_factory=list)

    async def __call__(self, call: Call) -> str:
        """What was found, as JSON, or why nothing was. Raises `SilentError` at one call too many."""
        self.budget.call()
        ability = self.domain.abilities.get(call.name)
        if ability is None:
            return "There is no such tool."
        try:
            arguments = ability.arguments.model_validate_json(call.arguments)
        except ValidationError:
            return "The arguments do not fit the schema."
        await self.live.step(ability.step)
        found = await ability.run(self.tools, arguments)
        if not found:
            return "Nothing was found."
        text = json.dumps(found, ensure_ascii=False, default=str)
        if len(text) > _LONGEST_RESULT:
            return "Too much was found. Ask for less."
        self.found.append(found)
        return text


def _rewordable(decision: Decision[Any]) -> bool:
    return decision.question is None and not decision.outcomes and not denies(decision.text)


def _earlier(dialogue: Dialogue) -> list[JsonValue]:
    return [
        {"person": each.text[:_LONGEST_WORDS], "assistant": each.reply[:_LONGEST_WORDS]}
        for each in dialogue.recent[-_EARLIER:]
    ]


def _intent_in(text: str, intents: Mapping[str, object]) -> str | None:
    """The intent in a model's answer, if it is one the pack has."""
    first, last = text.find("{"), text.rfind("}")
    try:
        chosen = json.loads(text[first : last + 1])
    except (ValueError, RecursionError):
        return None
    intent = chosen.get("intent") if isinstance(chosen, dict) else None
    return intent if isinstance(intent, str) and intent in intents else None
