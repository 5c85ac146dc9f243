"""A key that stands for one object."""

from causal_interface_gym.agents.scene.same import Same


def test_two_keys_are_equal_for_the_very_same_object_only() -> None:
    first, second = [1], [1]
    assert Same(first) == Same(first)
    assert hash(Same(first)) == hash(Same(first))
    assert Same(first) != Same(second)
    assert Same(first) != first
