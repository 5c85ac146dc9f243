"""How one provider is reached: its key and its address, neither of which shows itself."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from causal_interface_gym.agents.llm.providers.redaction import Redactor
from causal_interface_gym.agents.llm.providers.table import Provider, provider
from causal_interface_gym.errors import AuthenticationError

__all__ = ["ProviderSettings"]

_NO_KEY: Final = "no-key-is-needed"
"""What is sent where nobody asks for a key."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """A provider with what reaches it, read once and handed in.

    ``repr`` shows neither the key nor the address, which may carry a password.

    >>> ProviderSettings("openai", key="sk-abcdefgh")
    ProviderSettings(name='openai', default_model='')
    """

    name: str
    key: str = field(default="", repr=False)
    base_url: str = field(default="", repr=False)
    default_model: str = ""

    @property
    def provider(self) -> Provider:
        """The provider's line in the table."""
        return provider(self.name)

    @property
    def is_available(self) -> bool:
        """Whether everything is set that a call needs; the key need not be right."""
        entry = self.provider
        has_url = bool(self.base_url or entry.base_url) or not entry.needs_url
        return has_url and (bool(self.key) or not entry.needs_key)

    @property
    def model(self) -> str:
        """The model that is asked where nobody names one; empty where there is none."""
        return self.default_model or self.provider.default_model

    @property
    def url(self) -> str:
        """Where calls go, empty where that is not set; may carry a password."""
        return self.base_url or self.provider.base_url

    @property
    def has_host(self) -> bool:
        """Whether the address names a machine, and a port that can be one."""
        try:
            parts = urlsplit(self.url)
            return bool(parts.hostname) and parts.port != 0
        except ValueError:
            return False

    @property
    def host(self) -> str:
        """The machine that calls go to, without anything secret; empty where there is none."""
        if not self.has_host:
            return ""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    @property
    def sent_key(self) -> str:
        """The key as it is sent.

        Raises:
            AuthenticationError: There is none and one is needed, or it cannot be one. The message
                does not show it.
        """
        names = " or ".join(self.provider.key_names)
        if not self.key:
            if self.provider.needs_key:
                raise AuthenticationError(f"no key; set {names}", provider=self.name)
            return _NO_KEY
        if not (self.key.isascii() and self.key.isprintable()) or " " in self.key:
            message = (
                f"the key in {names} has a line break, a blank or another character that no key "
                "has; write it again, on one line"
            )
            raise AuthenticationError(message, provider=self.name)
        return self.key

    @property
    def redactor(self) -> Redactor:
        """What takes this provider's secrets out of text."""
        parts = urlsplit(self.url) if self.has_host else None
        userinfo = (parts.password, parts.username) if parts is not None else (self.url,)
        return Redactor.of(text for text in (self.key, *userinfo) if text)
