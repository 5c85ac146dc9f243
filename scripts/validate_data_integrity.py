"""Check every stored run: python scripts/validate_data_integrity.py [RUN_DIR ...] [--json]."""

import sys

from causal_interface_gym.storage.calibrations import open_calibrations
from causal_interface_gym.storage.folder import DATABASE, open_run
from causal_interface_gym.validation.commands import Runs, integrity_command

if __name__ == "__main__":
    sys.exit(integrity_command(sys.argv[1:], runs=Runs(DATABASE, open_run, open_calibrations)))
