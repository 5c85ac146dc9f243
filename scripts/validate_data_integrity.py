"""Check every stored run: python scripts/validate_data_integrity.py [RUN ...] [--json]."""

import sys

from causal_interface_gym.ops.stored import stored_runs
from causal_interface_gym.validation.commands import integrity_command

if __name__ == "__main__":
    sys.exit(integrity_command(sys.argv[1:], runs=stored_runs()))
