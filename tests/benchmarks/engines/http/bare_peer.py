"""The floor of a service: Starlette on uvicorn, asyncpg, and nothing between them.

``python -m bare_peer ADDRESS PORT`` answers ``GET /row`` with one row of PostgreSQL and ``POST
/row`` with one that it inserts; each is a transaction of its own.
"""

import importlib
import json
import sys
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

POOL = 16


def made(address: str) -> Starlette:
    """Make the application; its pool is made with the first request."""
    held: list[Any] = []
    asyncpg = importlib.import_module("asyncpg")  # installed in this peer's environment only

    async def pool() -> Any:  # noqa: ANN401 - as above
        if not held:
            held.append(await asyncpg.create_pool(address, min_size=POOL, max_size=POOL))
        return held[0]

    async def read(_: Request) -> Response:
        row = await (await pool()).fetchrow("SELECT id, spec FROM run WHERE id = $1", "june")
        return Response(json.dumps({"id": row["id"], "spec": json.loads(row["spec"])}))

    async def write(request: Request) -> Response:
        body = await request.body()
        insert = "INSERT INTO bare (body) VALUES ($1) RETURNING id"
        number = await (await pool()).fetchval(insert, body.decode())
        return Response(json.dumps({"id": number}))

    return Starlette(routes=[Route("/row", read), Route("/row", write, methods=["POST"])])


if __name__ == "__main__":
    uvicorn.run(made(sys.argv[1]), port=int(sys.argv[2]), log_level="error", access_log=False)
