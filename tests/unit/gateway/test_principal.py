import pytest
from starlette.datastructures import Headers

from services.gateway.principal import principal
from shared.events.ids import OPEN_TENANT
from shared.runtime.http import Problem


def named(*users: bytes) -> Headers:
    return Headers(raw=[(b"x-parley-user", user) for user in users])


def test_everybody_is_anonymous_until_they_say_otherwise() -> None:
    caller = principal(named(), "r-1")
    assert (caller.tenant_id, caller.user_id, caller.request_id) == (OPEN_TENANT, "anonymous", "r-1")


@pytest.mark.parametrize("name", ["asha", "阿莎", "a@b.example", "x" * 128])
def test_user_is_whom_the_header_names(name: str) -> None:
    assert principal(named(name.encode()), "r-1").user_id == name


@pytest.mark.parametrize("name", [b"", b"x" * 129, b"a\tb", b"a\x7fb", b"\xff\xfe"])
def test_name_that_cannot_be_one_is_a_problem(name: bytes) -> None:
    with pytest.raises(Problem) as refused:
        principal(named(name), "r-1")
    assert refused.value.status == 400
    assert name.decode("latin-1") not in refused.value.detail or not name
