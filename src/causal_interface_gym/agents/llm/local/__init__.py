"""A model of one's own: a GGUF file served on loopback by a process that ends with this one."""

from causal_interface_gym.agents.llm.local.gguf import GgufFile, read_gguf
from causal_interface_gym.agents.llm.local.process import LocalModels, LocalServer, ServerOptions

__all__ = ["GgufFile", "LocalModels", "LocalServer", "ServerOptions", "read_gguf"]
