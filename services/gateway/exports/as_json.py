"""An export as one JSON document: everything, as it is stored."""

from typing import IO

import orjson

from services.gateway.exports.collecting import Collected


def write_json(collected: Collected, out: IO[bytes]) -> None:
    """Write `{"user_id", "exported_at", "tables": {table: [rows]}}`."""
    about = orjson.dumps({"user_id": collected.user_id, "exported_at": collected.at})
    out.write(about.removesuffix(b"}") + b',"tables":{')
    for number, (table, rows) in enumerate(collected.tables()):
        out.write(b"," if number else b"")
        out.write(orjson.dumps(table) + b":[")
        for place, row in enumerate(rows):
            out.write(b"," if place else b"")
            out.write(orjson.dumps(row))
        out.write(b"]")
    out.write(b"}}\n")
