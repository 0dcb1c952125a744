"""Reading a policy file: strict YAML and JSON, where every oddity is a mistake with a reason."""

import json
import os
from collections.abc import Callable, Hashable
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

LARGEST_BYTES = 1_000_000


class Unreadable(ValueError):
    """This file cannot be read as policy; says where and why."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key = key
        self.reason = reason


class StrictLoader(yaml.SafeLoader):
    """YAML of plain values only: no aliases, no repeated keys, dates stay text, yes is a word."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """As in YAML, without aliases."""
        if self.check_event(yaml.AliasEvent):
            raise Unreadable("-", "aliases (*) are not used here")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """As in YAML, but a key that is there twice is a mistake."""
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise Unreadable(key.value, f"is there twice ({_at(key.start_mark)})")
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def _at(mark: Any) -> str:
    return f"line {mark.line + 1}" if mark else "-"


def _plain_values_only() -> None:
    plain = ("null", "bool", "int", "float", "str", "seq", "map")
    tags = {f"tag:yaml.org,2002:{name}" for name in plain}
    StrictLoader.yaml_constructors = {
        tag: construct
        for tag, construct in yaml.SafeLoader.yaml_constructors.items()
        if tag in tags or tag is None
    }
    StrictLoader.yaml_implicit_resolvers = {
        first: [(tag, shape) for tag, shape in resolvers if not _surprises(tag, first)]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _surprises(tag: str, first: str) -> bool:
    """Dates would become objects; yes, no, on and off would become true and false."""
    kind = tag.rpartition(":")[2]
    return kind in {"timestamp", "merge", "value"} or (kind == "bool" and first not in "tTfF")


_plain_values_only()


def read(path: Path) -> tuple[bytes, str]:
    """The file's bytes, and its content as JSON text; Unreadable says what is wrong."""
    raw = _bytes(path)
    return raw, _as_json(raw, path.suffix)


@lru_cache(maxsize=256)
def _as_json(raw: bytes, suffix: str) -> str:
    parse: Callable[[bytes], Any] = _json if suffix == ".json" else _yaml
    try:
        return json.dumps(parse(raw))
    except (ValueError, TypeError, RecursionError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("-", f"cannot be read: {error}") from error


def _bytes(path: Path) -> bytes:
    if not os.path.isfile(path):
        raise Unreadable("-", "is not a file")
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise Unreadable("-", f"cannot be opened: {error.strerror}") from error
    if len(raw) > LARGEST_BYTES:
        raise Unreadable("-", f"is larger than {LARGEST_BYTES} bytes")
    return raw


def _yaml(raw: bytes) -> Any:
    try:
        return yaml.load(raw.decode("utf-8-sig"), StrictLoader)  # noqa: S506 - a safe loader
    except UnicodeDecodeError as error:
        raise Unreadable("-", "is not UTF-8 text") from error
    except yaml.MarkedYAMLError as error:
        raise Unreadable(_at(error.problem_mark), str(error.problem)) from error
    except yaml.YAMLError as error:
        raise Unreadable("-", f"is not YAML: {error}".splitlines()[0]) from error


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_without_repeats)
    except UnicodeDecodeError as error:
        raise Unreadable("-", "is not UTF-8 text") from error


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(twice, "is there twice")
    return content
