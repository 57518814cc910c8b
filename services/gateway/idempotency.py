"""Idempotency-Key: the same key from the same user on the same route names the same thing."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

from services.gateway.principal import Principal
from services.gateway.store import Acceptance
from shared.runtime.http import Problem

HEADER = "idempotency-key"
_QUOTED = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
_KEY = re.compile(r"[\x20-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Submission:
    """A request that makes something: the id of what it makes, and its body's fingerprint."""

    id: UUID
    body_hash: str

    def agreed(self, known: Acceptance) -> datetime:
        """When this was first submitted; raises a 422 problem when it was something else."""
        if known.body_hash != self.body_hash:
            detail = "This Idempotency-Key was used with another body. Use a new key for a new request."
            raise Problem(422, "idempotency_key_reused", detail, param=HEADER)
        return datetime.fromisoformat(known.submitted_at)


def submission_of(headers: Mapping[str, str], caller: Principal, *scope: str, body: bytes) -> Submission:
    """What a request submits. `scope` is the route and what it acts on; without a key everything is new."""
    given = headers.get(HEADER)
    return keyed(caller, *scope, key=None if given is None else parse_key(given), body=body)


def keyed(caller: Principal, *scope: str, key: str | None, body: bytes) -> Submission:
    """What is submitted under a key, or under none."""
    body_hash = hashlib.sha256(body).hexdigest()
    if key is None:
        return Submission(uuid7(), body_hash)
    # None of the parts but the last can contain a line end, so that no two requests are confused.
    return Submission(uuid5(caller.tenant_id, "\n".join((caller.user_id, *scope, key))), body_hash)


def parse_key(header: str) -> str:
    """The key, quoted as the draft standard has it or bare; raises a 400 problem when it is neither."""
    text = header.strip()
    quoted = _QUOTED.fullmatch(text)
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else text
    if not _KEY.fullmatch(key) or (quoted is None and '"' in key):
        raise Problem(
            400, "invalid_idempotency_key", "Idempotency-Key must be 1 to 255 ASCII characters.", param=HEADER
        )
    return key
