"""The house itself: what every file of the code base keeps to."""

import ast
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from flask import Flask
from jinja2 import Environment, nodes

from bots import dialogue
from tipline import settings
from tipline.services import composing
from tipline.web import create_app
from tipline.web.access import rule_of

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES, TESTS = ROOT / "templates", ROOT / "tests"
ENGLISH = ROOT / "tipline" / "translations" / "en" / "LC_MESSAGES"
LONGEST_FUNCTION, LONGEST_FILE = 40, 300
# The names under which pages mark their words, beside those that the extractor knows itself.
MARKS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
SKIPPING = {"skip", "skipif", "importorskip", "xfail"}


def python_files(*folders: str) -> list[Path]:
    return [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]


SOURCES = [*python_files("tipline", "bots"), ROOT / "wsgi.py"]
PAGES = sorted(str(file.relative_to(TEMPLATES)) for file in TEMPLATES.rglob("*.html"))
MESSAGES = sorted(file.name for file in (TEMPLATES / "messages").iterdir())


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def places(file: Path, found: Iterator[ast.AST]) -> list[str]:
    """Where these are, so that whoever reads a failure need not search."""
    return [f"{file.relative_to(ROOT)}:{node.lineno}" for node in found]


def name_of(function: ast.expr) -> str:
    """What a call calls: the last part of its name."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def calls(file: Path, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call) and name_of(node.func) in names:
            yield node


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with every part that it can have."""
    folder = str(tmp_path_factory.mktemp("whole"))
    chosen = settings.read({"TIPLINE_DATA": folder, "TIPLINE_DEMO": "1"})
    return create_app(chosen, dialogue=dialogue.converse)


def test_every_view_names_who_may_open_it(whole: Flask) -> None:
    endpoints = {rule.endpoint for rule in whole.url_map.iter_rules()}
    assert {part.split(".")[0] for part in endpoints} >= {"public", "desk", "hooks", "simulator"}
    assert sorted(name for name in endpoints if rule_of(whole, name) is None) == []


def test_the_code_base_commits_in_one_place() -> None:
    sites = [place for file in SOURCES for place in places(file, calls(file, "commit"))]
    assert [site.split(":")[0] for site in sites] == ["tipline/db.py"]


@pytest.mark.parametrize("name", ["Markup", "print", "eval", "exec", "system", "breakpoint"])
def test_nothing_calls_what_has_no_place_in_the_product(name: str) -> None:
    assert [place for file in SOURCES for place in places(file, calls(file, name))] == []


def test_no_command_goes_through_a_shell() -> None:
    keywords = ((file, node) for file in SOURCES for node in ast.walk(tree(file)))
    shells = [
        file for file, node in keywords if isinstance(node, ast.keyword) and node.arg == "shell"
    ]
    assert shells == []


def test_functions_are_short() -> None:
    functions = (
        (file, node)
        for file in SOURCES
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    long = [
        f"{file.relative_to(ROOT)}:{node.name}"
        for file, node in functions
        if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_files_are_short() -> None:
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in SOURCES}
    assert [str(file.relative_to(ROOT)) for file in lengths if lengths[file] > LONGEST_FILE] == []


def test_every_module_says_in_one_line_what_it_is_for() -> None:
    silent = [file for file in SOURCES if not ast.get_docstring(tree(file))]
    assert [str(file.relative_to(ROOT)) for file in silent] == []


def test_no_test_is_left_out() -> None:
    left_out = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in python_files("tests")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute) and node.attr in SKIPPING
    ]
    assert left_out == []


# Templates


@pytest.mark.parametrize("name", PAGES)
def test_every_page_compiles(whole: Flask, name: str) -> None:
    assert whole.jinja_env.get_template(name).root_render_func


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_compiles(name: str) -> None:
    assert composing.TEMPLATES.get_template(name).root_render_func


def parsed(env: Environment, name: str) -> nodes.Template:
    return env.parse((TEMPLATES / name).read_text(encoding="utf-8"))


def test_only_literals_of_ours_are_taken_for_safe_html(whole: Flask) -> None:
    unsafe = [
        f"{name}:{filtered.lineno}"
        for name in PAGES
        for filtered in parsed(whole.jinja_env, name).find_all(nodes.Filter)
        if filtered.name == "safe" and not isinstance(filtered.node, nodes.Const)
    ]
    assert unsafe == []


def test_no_page_turns_escaping_off(whole: Flask) -> None:
    switched = (nodes.ScopedEvalContextModifier, nodes.EvalContextModifier, nodes.MarkSafe)
    found = [name for name in PAGES if any(parsed(whole.jinja_env, name).find_all(switched))]
    assert found == []
    assert all(whole.jinja_env.autoescape(name) for name in PAGES)  # type: ignore[operator]


def test_no_page_can_see_the_configuration(whole: Flask) -> None:
    names = {
        name: {each.name for each in parsed(whole.jinja_env, name).find_all(nodes.Name)}
        for name in PAGES
    }
    assert [name for name in PAGES if "config" in names[name]] == []


# Words


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (ENGLISH / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def marked() -> set[str]:
    """Every text that the extractor finds, by the mapping that `make words` uses."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        mapping, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, mapping, options, keywords=MARKS)
    return {text if isinstance(text, str) else text[0] for _, _, text, _, _ in found}


def test_every_text_has_its_english(english: Catalog) -> None:
    texts = marked()
    assert len(texts) > 300
    told = {text: english.get(text) for text in texts}
    missing = [text for text, entry in told.items() if not entry or not entry.string]
    assert sorted(missing) == []
    assert sorted(text for text, entry in told.items() if entry and entry.fuzzy) == []


def test_the_english_fills_in_what_the_chinese_does(english: Catalog) -> None:
    assert [(entry.id, errors) for entry, errors in english.check()] == []


def test_the_compiled_english_is_that_of_the_source(english: Catalog) -> None:
    compiled = BytesIO()
    write_mo(compiled, english)
    compiled.seek(0)
    with (ENGLISH / "messages.mo").open("rb") as file:
        assert told(read_mo(file)) == told(read_mo(compiled))


def told(catalog: Catalog) -> set[tuple[str, str]]:
    """Texts with their translations; the head of the file is none."""
    return {(str(entry.id), str(entry.string)) for entry in catalog if entry.id}
