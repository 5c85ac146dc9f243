"""Prompts are versioned files; every strategy's prompts exist and are filled in whole."""

import hashlib
import re
from importlib import resources
from string import Template

import pytest

from causal_interface_gym.agents.prompts.prompt import prompt, prompt_names, read_prompt
from causal_interface_gym.agents.strategies.registry import STRATEGIES
from causal_interface_gym.errors import FormatError


@pytest.mark.parametrize("name", prompt_names())
def test_a_prompt_says_its_name_and_version_and_hashes_its_file(name: str) -> None:
    found = prompt(name)
    file = resources.files("causal_interface_gym.agents.prompts").joinpath(f"{name}.md")
    assert found.name == name
    assert found.version >= 1
    assert found.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert not found.text.startswith("---")


def test_every_prompt_of_a_strategy_exists() -> None:
    named = {name for made in STRATEGIES.values() for name in made.prompts}
    assert named - set(prompt_names()) == set()


@pytest.mark.parametrize("name", prompt_names())
def test_a_prompt_names_parts_by_letters_only(name: str) -> None:
    text = prompt(name).text
    assert Template(text).is_valid()
    assert set(re.findall(r"\$(\w+)", text)) == set(Template(text).get_identifiers())


def test_what_is_filled_in_is_not_searched_for_marks() -> None:
    made = read_prompt("---\nname: x\nversion: 1\n---\n$data, $fields\n")
    assert made.filled(data="$fields ${tag} $$", fields="f") == "$fields ${tag} $$, f"


def test_a_missing_part_is_an_error() -> None:
    with pytest.raises(KeyError):
        prompt("direct").filled(data="x")


@pytest.mark.parametrize("text", ["", "hello", "---\nname: x\n---\ntext", "---\nversion: 1\n---\n"])
def test_a_file_without_front_matter_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match="a prompt begins with ---"):
        read_prompt(text)


def test_an_unknown_prompt_is_refused() -> None:
    with pytest.raises(FormatError, match=r"no prompt 'indirect'; there are .*direct"):
        prompt("indirect")
