"""Who asks, by the key that he shows, and whether his role allows it.

A key is asked for as soon as the service listens beyond loopback or its database is a server's.
Whoever shows none else is the one person on this machine, unless a gateway says that it asks for
somebody elsewhere.
"""

from http import HTTPStatus
from typing import Annotated, Final, NoReturn

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from causal_interface_gym.service.gym import gym_of
from causal_interface_gym.service.limits import is_loopback, place_of, rate_headers
from causal_interface_gym.storage.database import glancing
from causal_interface_gym.storage.service.accounts import Caller, KeyRefused, Role, authenticate

__all__ = ["LOCAL", "Researcher", "Viewer", "caller_of"]

LOCAL: Final = Caller("local", Role.RESEARCHER, "")
"""Who asks without a key where none is needed."""
_SCHEME: Final = "bearer"


def caller_of(request: Request) -> Caller:
    """Say who asks, and take the request from his budget.

    Raises:
        HTTPException: A key is needed and missing, or it is not good, or the budget is spent.
    """
    limits = gym_of(request).limits
    place = place_of(_host(request))
    found = _found(request)
    if isinstance(found, KeyRefused):
        limits.refuse(place)
        _refuse(found.reason)
    spent = limits.spend(found.key or place)
    if spent is not None:
        request.state.rate = rate_headers(*spent)
    return found


def _found(request: Request) -> Caller | KeyRefused:
    """Say who shows a good key, or is alone on this machine; or what to tell whoever is neither."""
    shown = request.headers.get("Authorization")
    gym = gym_of(request)
    if shown is None:
        if gym.needs_key or not is_loopback(_host(request)):
            return KeyRefused("this needs a key; send it as Authorization: Bearer cig_...")
        return LOCAL
    scheme, _, key = shown.partition(" ")
    if scheme.lower() != _SCHEME:
        return KeyRefused("a key is sent as Authorization: Bearer cig_...")
    with glancing(gym.engine) as connection:
        found = authenticate(connection, key.strip())
    if isinstance(found, KeyRefused):
        request.state.refused = found.reason
        return KeyRefused("this key is not good; it may be mistyped, revoked or over")
    request.state.account = found.account
    return found


class _Allowed:
    """Lets callers of a role through."""

    def __init__(self, needed: Role) -> None:
        self._needed = needed

    def __call__(self, caller: Annotated[Caller, Depends(caller_of)]) -> Caller:
        """Give the caller.

        Raises:
            HTTPException: The role does not suffice.
        """
        if not caller.may(self._needed):
            message = f"this needs the role {self._needed}; this key has the role {caller.role}"
            raise HTTPException(HTTPStatus.FORBIDDEN, message)
        return caller


Viewer = Annotated[Caller, Depends(_Allowed(Role.VIEWER))]
"""A caller who may look."""
Researcher = Annotated[Caller, Depends(_Allowed(Role.RESEARCHER))]
"""A caller who may also ask and play."""


def _host(request: Request) -> str:
    """Give the address that asks; a trusted gateway has said for whom."""
    return request.client.host if request.client else ""


def _refuse(message: str) -> NoReturn:
    headers = {"WWW-Authenticate": 'Bearer realm="causal-interface-gym"'}
    raise HTTPException(HTTPStatus.UNAUTHORIZED, message, headers)
