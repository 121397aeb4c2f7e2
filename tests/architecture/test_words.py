"""Every string of the interface is translated into Vietnamese, and nothing is loaded from elsewhere."""

import ast
import re

import polib
from django.utils.translation.template import templatize

from tests.architecture.source import BASE, committed, modules, templates

CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "gettext_noop"}


def _from_tree(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if texts:
                found.add(texts[1] if node.func.id.startswith("pgettext") else texts[0])
    return found


def _from_template(text: str) -> set[str]:
    """Django turns a template into something that looks like Python, with the strings in gettext calls."""
    return {
        ast.literal_eval(match)
        for match in re.findall(
            r"(?:gettext(?:_noop)?|\b_)\((u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|'''.*?'''|\"\"\".*?\"\"\"))",
            templatize(text),
            re.DOTALL,
        )
    }


def _catalogue() -> dict[str, str]:
    entries = {}
    for file in BASE.glob("*/locale/vi/LC_MESSAGES/django.po"):
        for entry in polib.pofile(str(file)):
            if not entry.obsolete and not entry.fuzzy:
                entries[entry.msgid] = entry.msgstr or "".join(entry.msgstr_plural.values())
    return entries


def _said() -> dict[str, str]:
    said = {}
    for name, tree in modules().items():
        said |= dict.fromkeys(_from_tree(tree), name)
    for name, text in templates().items():
        said |= dict.fromkeys(_from_template(text), name)
    return {text: name for text, name in said.items() if text.strip()}


def test_every_string_is_translated():
    catalogue = _catalogue()
    assert sorted((name, text) for text, name in _said().items() if not catalogue.get(text)) == []


def test_no_translation_is_left_over():
    said = set(_said())
    foreign = ("django.", "allauth")
    unused = [text for text in _catalogue() if text not in said and not text.startswith(foreign)]
    assert len(unused) <= 200, unused  # allauth's own words are translated here too


def test_placeholders_survive_translation():
    broken = {
        text: translated
        for text, translated in _catalogue().items()
        if sorted(re.findall(r"%\(\w+\)[sd]", text)) != sorted(re.findall(r"%\(\w+\)[sd]", translated))
    }
    assert broken == {}


def test_pages_load_nothing_from_another_host():
    remote = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//|url\(["']?https?:|@import ["']?http""")
    files = [f for f in committed() if f.suffix in {".html", ".css", ".js"} and "tests" not in f.parts]
    assert [str(f.relative_to(BASE)) for f in files if remote.search(f.read_text(encoding="utf-8"))] == []


def test_templates_have_no_inline_script_or_style():
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=|\son[a-z]+=[\"']", re.IGNORECASE
    )
    pages = {name: text for name, text in templates().items() if "/email/" not in name}
    assert [name for name, text in pages.items() if inline.search(text)] == []


def test_no_translated_literal_of_a_template_has_a_percent_sign():
    """Django looks _("50 %") up as "50 %%", finds no translation and shows both signs; a translate tag may have one."""
    doubled = re.compile(r"\b_\((?:\"[^\"]*%[^\"]*\"|'[^']*%[^']*')\)")
    assert [(name, found) for name, text in templates().items() for found in doubled.findall(text)] == []
