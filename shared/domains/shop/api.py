"""The shop's own endpoints: chat, and a user's conversations with their messages."""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from shared.domains.shop.catalogue import Customer
from shared.domains.shop.tools import ShopTools
from shared.domains.shop.views import (
    ChatRequest,
    ChatResponse,
    ClosedConversations,
    ClosedView,
    ConversationList,
    ConversationView,
    History,
    MessageView,
    Nothing,
    User,
    UserDetails,
    UserView,
)
from shared.domains.surface import Asked, Conversation, Page, Principal, Respond, Said, Summary, Surface
from shared.errors import Unavailable
from shared.events.replies import TurnCompleted
from shared.events.turns import Command, Text


async def remember_user(tools: ShopTools, details: UserDetails) -> Customer:
    """Note the caller as a user."""
    return await tools.remember(details.username, details.email)


async def find_user(tools: ShopTools, _: Nothing) -> Customer | None:
    """What is known of the caller."""
    return await tools.customer()


async def closed_conversations(tools: ShopTools, _: Nothing) -> ClosedConversations:
    """Which conversations the caller closed."""
    return ClosedConversations(closed=await tools.closed())


def routes(surface: Surface) -> APIRouter:
    """The endpoints of this pack."""
    router = APIRouter(prefix="/api", tags=["shop"])
    _add_talk(router, surface)
    _add_conversations(router, surface)
    _add_users(router, surface)
    return router


def _add_talk(router: APIRouter, surface: Surface) -> None:

    @router.post("/chat", summary="Say something to the shop assistant", response_model=ChatResponse)
    async def chat(request: Request, body: ChatRequest) -> Response:
        """Answers a message; without `conversation_id` it begins a conversation, titled by this message."""
        caller = surface.caller(request, body.user_id)
        if body.conversation_id is None:
            await _remember(surface, caller, body)
            conversation = await surface.open(caller)
        else:
            conversation = await surface.find(request, body.conversation_id, body.user_id)
        return await surface.answer(request, conversation, Asked(Text(text=body.message)), _answer)

    @router.post("/conversations/{conversation_id}/close", summary="Close a conversation", response_model=ClosedView)
    async def close(request: Request, conversation_id: str) -> Response:
        """Closes a conversation; saying something in it opens it again."""
        conversation = await surface.find(request, conversation_id)
        return await surface.answer(request, conversation, Asked(Command(name="close")), _closed(conversation))


def _add_conversations(router: APIRouter, surface: Surface) -> None:
    @router.get("/conversations/{user_id}", summary="List a user's conversations")
    async def conversations(
        request: Request,
        user_id: User,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
        cursor: Annotated[str | None, Query(max_length=512)] = None,
    ) -> ConversationList:
        """A user's conversations, the last active first."""
        caller = surface.caller(request, user_id)
        found = await surface.conversations(caller, Page(limit, cursor))
        closed = ClosedConversations.model_validate(await surface.operate(caller, "closed_conversations", Nothing()))
        views = tuple(_conversation(each, caller.user_id, closed) for each in found.items)
        return ConversationList(user_id=caller.user_id, conversations=views, next_cursor=found.next_cursor)

    @router.get("/conversations/{conversation_id}/history", summary="Read a conversation")
    async def history(
        request: Request,
        conversation_id: str,
        limit: Annotated[int, Query(ge=1, le=100)] = 100,
        cursor: Annotated[str | None, Query(max_length=512)] = None,
    ) -> History:
        """A conversation's messages in order, each with what was understood of it."""
        conversation = await surface.find(request, conversation_id)
        found = await surface.messages(conversation, Page(limit, cursor))
        messages = tuple(map(_message, found.items))
        return History(conversation_id=conversation.session_id, messages=messages, next_cursor=found.next_cursor)

    @router.delete("/conversations/{conversation_id}", status_code=204, summary="Delete a conversation")
    async def delete(request: Request, conversation_id: str) -> None:
        """Deletes a conversation and what was said in it."""
        await surface.delete(await surface.find(request, conversation_id))


def _add_users(router: APIRouter, surface: Surface) -> None:
    @router.get("/users/{user_id}", summary="Get a user")
    async def get_user(request: Request, user_id: User) -> UserView:
        """What the shop knows of a user."""
        caller = surface.caller(request, user_id)
        return UserView.model_validate(await surface.operate(caller, "find_user", Nothing()))

    @router.put("/users/{user_id}", summary="Set a user's name and e-mail address")
    async def put_user(request: Request, user_id: User, details: UserDetails) -> UserView:
        """Creates the user, or changes what is given."""
        caller = surface.caller(request, user_id)
        return UserView.model_validate(await surface.operate(caller, "remember_user", details))


async def _remember(surface: Surface, caller: Principal, details: UserDetails) -> None:
    """Note who begins to talk; that the notebook cannot be reached does not keep them from it."""
    with suppress(Unavailable):
        told = UserDetails(username=details.username, email=details.email)
        await surface.operate(caller, "remember_user", told)


def _answer(ended: TurnCompleted) -> ChatResponse:
    clarification = ended.reply.clarification
    return ChatResponse(
        conversation_id=ended.session_id,
        message_id=ended.turn_id,
        response=ended.reply.text,
        intent=ended.understood.intent,
        confidence=ended.understood.confidence,
        entities=tuple(entity.model_dump(mode="json") for entity in ended.understood.entities),
        needs_clarification=clarification is not None,
        clarification_options=clarification.options if clarification else (),
        data=tuple(part.model_dump(mode="json") for part in ended.reply.data),
    )


def _closed(conversation: Conversation) -> Respond:
    def respond(_: TurnCompleted) -> ClosedView:
        return ClosedView(conversation_id=conversation.session_id)

    return respond


def _conversation(summary: Summary, user_id: str, closed: ClosedConversations) -> ConversationView:
    return ConversationView(
        conversation_id=summary.session_id,
        user_id=user_id,
        title=summary.title,
        is_active=summary.session_id not in closed.closed,
        message_count=summary.message_count,
        created_at=summary.created_at,
        updated_at=summary.last_active_at,
    )


def _message(said: Said) -> MessageView:
    return MessageView.model_validate(
        {
            "message_id": said.message_id,
            "role": said.role,
            "content": said.text,
            "intent": said.intent,
            "confidence": said.confidence,
            "entities": [entity.model_dump(mode="json") for entity in said.entities],
            "created_at": said.created_at,
            "updated_at": said.created_at,
        }
    )
