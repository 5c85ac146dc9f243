"""``docker`` and ``docker-compose`` of the runbook's test: they hand their command on."""

import json
import os
import socket
import sys


def main() -> int:
    """Ask the stack of the test; without one nothing works, as without an engine."""
    asked = {"program": sys.argv[1], "arguments": sys.argv[2:]}
    try:
        with socket.create_connection(("127.0.0.1", int(os.environ["CIG_TEST_ENGINE"]))) as line:
            line.sendall(json.dumps(asked).encode() + b"\n")
            reply = json.loads(b"".join(iter(lambda: line.recv(65_536), b"")))
    except (OSError, ValueError):
        sys.stderr.write("the engine does not answer\n")
        return 1
    sys.stdout.write(reply["out"])
    sys.stderr.write(reply["err"])
    return int(reply["code"])


if __name__ == "__main__":
    sys.exit(main())
