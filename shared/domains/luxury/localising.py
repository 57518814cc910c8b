"""Errors of this pack's endpoints in Chinese, for clients that ask for it."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from shared.errors import Unavailable
from shared.runtime.http import Problem
from shared.runtime.http.problems import invalid, unavailable

_WORDS: Final[Mapping[str, str]] = {
    "session_not_found": "会话不存在或已被删除。",
    "session_expired": "会话因长时间没有活动已过期，请新建会话。",
    "session_queue": "该会话等待处理的请求过多，请稍后再试。",
    "user_streams": "您打开的数据流过多，请先关闭一些。",
    "process_streams": "系统繁忙，请稍后再试。",
    "invalid_request": "请求内容有误，请检查参数。",
    "invalid_user": "用户标识必须是1到128个可见字符。",
    "invalid_idempotency_key": "Idempotency-Key 必须是1到255个ASCII字符。",
    "idempotency_key_reused": "该 Idempotency-Key 已用于其他内容，请换用新的。",
    "nothing_to_apply": "还没有可以应用的活动方案，请先描述您的活动。",
    "campaign_not_found": "活动不存在。",
    "unavailable": "系统的一部分暂时不可用，请稍后再试。",
    "not_acknowledged": "暂时无法确认请求是否已被接收，请用相同的 Idempotency-Key 重试。",
    "turn_cancelled": "该请求已被取消。",
    "turn_expired": "该请求等待过久，请重新发送。",
    "turn_exhausted": "处理时出现问题，请重新发送。",
    "turn_too_large": "结果过大，无法发送。",
    "turn_session_deleted": "该会话已被删除。",
}


def in_chinese(problem: Problem) -> Problem:
    """The same problem with its sentence in Chinese."""
    detail = _WORDS.get(problem.code)
    if detail is None:
        return problem
    return Problem(
        problem.status, problem.code, detail, param=problem.param, headers=problem.headers, **problem.members
    )


def as_asked(request: Request) -> Callable[[Problem], Problem]:
    """How problems are told to this client."""
    wanted = request.headers.get("accept-language", "").lower().lstrip()
    return in_chinese if wanted.startswith("zh") else _as_it_is


def _as_it_is(problem: Problem) -> Problem:
    return problem


class LocalisedRoute(APIRoute):
    """A route whose problems are told in the client's language."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def localised(request: Request) -> Response:
            try:
                return await handle(request)
            except Problem as problem:
                raise as_asked(request)(problem) from None
            except RequestValidationError as error:
                raise as_asked(request)(invalid(error)) from None
            except Unavailable as error:
                raise as_asked(request)(unavailable(error)) from None

        return localised
