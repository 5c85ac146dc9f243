"""``python -m tests.web.openapi FILE``: write the service's description for the client."""

import io
import json
import sys
import tempfile
from pathlib import Path

from causal_interface_gym.service.app import build_app
from causal_interface_gym.service.gym import Gym
from causal_interface_gym.service.watching.metrics import Metrics
from causal_interface_gym.service.watching.watch import json_log
from causal_interface_gym.storage.database import database_at
from causal_interface_gym.storage.schema import ensure_tables

__all__ = ["description"]


def description() -> str:
    """Give the forms of requests and replies as text, always the same for the same interface."""
    with tempfile.TemporaryDirectory() as folder:
        engine = database_at(f"sqlite:///{folder}/service.db")
        ensure_tables(engine)
        gym = Gym(engine, Path(folder), needs_key=False)
        app = build_app(gym, metrics=Metrics(), log=json_log(io.StringIO()))
        found = app.openapi()
        engine.dispose()
    # The pages name forms, not paths: the addresses of requests stand beside their calls.
    schemas = found["components"]["schemas"]
    about = {"title": found["info"]["title"], "version": "0"}
    forms = {"openapi": found["openapi"], "info": about, "paths": {}}
    return (
        json.dumps({**forms, "components": {"schemas": schemas}}, indent=1, sort_keys=True) + "\n"
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(description(), "utf-8")
