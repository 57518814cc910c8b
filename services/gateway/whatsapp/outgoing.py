"""What a turn's ending says over WhatsApp. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final
from uuid import UUID, uuid5

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from shared.events.ids import TurnId
from shared.events.replies import DataPart, FailureReason, TurnCompleted, TurnEnded, TurnFailed
from shared.events.turns import Text

Message = Mapping[str, Any]
"""A message as the Graph API takes it, without whom it is for."""

LONGEST: Final = 4096
"""Characters of one text."""
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
# Nobody who asked is left to be told of the other reasons.
_APOLOGIES: Final[Mapping[FailureReason, tuple[str, str]]] = {
    "expired": (
        "Sorry, your message waited too long to be answered. Please send it again.",
        "抱歉，您的消息等待太久，未能处理，请重新发送。",
    ),
    "exhausted": (
        "Sorry, something went wrong while answering. Please send it again.",
        "抱歉，回复时出了点问题，请重新发送。",
    ),
    "too_large": (
        "Sorry, the answer was too large to send. Please ask for less at once.",
        "抱歉，回复内容太长，无法发送，请缩小范围再问一次。",
    ),
}
_WORDLESS: Final = "Sorry, I can only read text here. Please write what you need."


class _Document(BaseModel):
    """A file in a reply: anywhere on the web, or at a path of our own API that its person may read."""

    model_config = ConfigDict(extra="ignore")

    url: Annotated[str, StringConstraints(pattern=r"^(https?://|/[^/\s\x00])[^\s\x00]*$", max_length=2048)]
    filename: Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=240)] | None = Field(
        default=None, validation_alias=AliasChoices("filename", "title")
    )

    def message(self) -> Message:
        """The document as it is noted: a path becomes the id of a file when it is sent."""
        place = "path" if self.url.startswith("/") else "link"
        named = {} if self.filename is None else {"filename": self.filename}
        return {"type": "document", "document": {place: self.url, **named}}


def delivery_id(turn_id: TurnId, number: int) -> UUID:
    """The id of the how-manieth message of a turn, from 0."""
    return uuid5(turn_id, f"delivery {number}")


def messages(ended: TurnEnded) -> list[Message]:
    """What an ending says: its words in as many messages as they need, then its documents; or nothing."""
    if isinstance(ended, TurnCompleted):
        documents = [found for part in ended.reply.data if (found := _document(part)) is not None]
        return [*_texts(ended.reply.text), *documents]
    if isinstance(ended, TurnFailed) and ended.reason in _APOLOGIES:
        english, chinese = _APOLOGIES[ended.reason]
        is_chinese = isinstance(ended.input, Text) and _CHINESE.search(ended.input.text)
        return _texts(chinese if is_chinese else english)
    return []


def answer_to_wordless() -> Message:
    """What somebody is told who sent a picture or the like."""
    return _texts(_WORDLESS)[0]


def _texts(text: str) -> list[Message]:
    return [{"type": "text", "text": {"body": piece, "preview_url": False}} for piece in pieces(text)]


def pieces(text: str, most: int = LONGEST) -> Iterator[str]:
    """The text in pieces of at most so many characters, none blank, cut at the ends of lines or words if there are."""
    rest = text.replace("\x00", "").strip()
    while len(rest) > most:
        # One more: a cut may be right behind the last character that fits.
        head = rest[: most + 1]
        cut = max(head.rfind("\n", most // 2), 0) or max(head.rfind(" ", most // 2), 0) or most
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()
    if rest:
        yield rest


def _document(part: DataPart) -> Message | None:
    if part.kind != "document":
        return None
    try:
        return _Document.model_validate(part.value).message()
    except ValidationError:
        return None
