"""Translations: read with file:line, held against their source, ruled on like any change, frozen with the version."""

from __future__ import annotations

import email
import json
import re
from pathlib import Path

import pytest
from samples import commit, edit, git, write_policy
from translated_samples import PROMISE, REGISTRATION, digest, translate
from world import World

from conftest import Cli
from policytrail.archive.snapshot_json import from_record, to_record
from policytrail.archive.store import load_versions
from policytrail.classify.engine import classify
from policytrail.errors import SourceError
from policytrail.model.policy import Snapshot
from policytrail.model.translations.translation import closest, direction, tag_problem
from policytrail.sources.load import load_draft
from policytrail.workspace import Workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_policy(tmp_path)
    translate(tmp_path, PROMISE, REGISTRATION)
    return tmp_path


def draft(root: Path) -> Snapshot:
    return load_draft(root / "policy")


def refused(root: Path) -> str:
    with pytest.raises(SourceError) as error:
        draft(root)
    return str(error.value)


def test_a_translation_is_read_with_the_policys_data_in_its_own_words(root: Path) -> None:
    found = draft(root)
    french = found.translations["fr"]
    assert (
        french.clauses["collection/registration"].text == "À l'inscription, nous demandons : nom, adresse électronique."
    )
    assert (french.name, french.words["Sharing"]) == ("Français", "Communication à des tiers")
    assert found.behind("fr") == ()
    assert found.missing("fr") == ("sharing/processors", "changes/notice", "contact")


def test_a_language_may_need_more_room_than_the_source(root: Path) -> None:
    edit(root, "translations/fr/words.yaml", "  name: nom\n", f"  name: {'nom ' * 250}\n")
    assert len(draft(root).translations["fr"].words["name"]) == 999
    edit(root, "translations/fr/words.yaml", "nom nom nom", "nom " * 60 + "nom nom")
    assert f"{FOLDER}/words.yaml:6: 'words.name'" in refused(root)


def test_a_snapshot_with_translations_survives_freezing(root: Path) -> None:
    found = draft(root)
    again = from_record(json.loads(json.dumps(to_record(found))))
    assert again.translations == found.translations
    assert "translations" not in to_record(Snapshot(found.policy, {}, {}, {}))


FOLDER = "policy/translations/fr"
BAD = [
    ("sharing/promise.md", "of: ", "off: ", f"{FOLDER}/sharing/promise.md:3: 'off' is no field here."),
    ("sharing/promise.md", "---\ntitle", "title", f"{FOLDER}/sharing/promise.md:1: This clause has no front matter."),
    ("sharing/promise.md", "title: Notre promesse", "title: ''", f"{FOLDER}/sharing/promise.md:2: 'title'"),
    ("sharing/promise.md", "Nous ne", "Nous <b>ne</b>", f"{FOLDER}/sharing/promise.md:5: HTML isn't allowed"),
    ("sharing/promise.md", "Nous ne", "Nous\u202e ne", f"{FOLDER}/sharing/promise.md:5: An invisible character"),
    (
        "sharing/promise.md",
        "Nous ne",
        "[Nous](javascript:1) ne",
        f"{FOLDER}/sharing/promise.md:5: A link may not point",
    ),
    (
        "sharing/promise.md",
        "Nous ne",
        "{{ nothing }} ne",
        f"{FOLDER}/sharing/promise.md:5: The template can't be filled in",
    ),
    ("sharing/promise.md", "Nous ne", "{% set a = 1 %} ne", f"{FOLDER}/sharing/promise.md:5: 'assign' isn't allowed"),
    (
        "words.yaml",
        "  name: nom\n",
        "  name: nom\n  name: nom\n",
        f"{FOLDER}/words.yaml:7: The key 'name' stands here again",
    ),
    ("words.yaml", "  name: nom\n", "  name: ''\n", f"{FOLDER}/words.yaml:6: 'words.name'"),
    ("words.yaml", "  name: nom\n", "", f"{FOLDER}/collection/registration.md:5: There is no fr word for 'name'."),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), BAD)
def test_a_broken_translation_is_refused_at_its_line(root: Path, file: str, old: str, new: str, said: str) -> None:
    edit(root, f"translations/fr/{file}", old, new)
    assert said in refused(root)


def test_an_empty_text_an_unknown_clause_and_a_stray_file_are_refused(root: Path) -> None:
    folder = root / FOLDER
    (folder / "sharing/promise.md").write_text("---\ntitle: Vide\nof: '0123456789abcdef'\n---\n\n")
    (folder / "sharing/promises.md").write_text("---\ntitle: Autre\nof: '0123456789abcdef'\n---\nTexte.\n")
    (folder / "contact.md").write_text("---\ntitle: Contact\nof: soon\n---\nTexte.\n")
    (folder / "notes.txt").write_text("?")
    said = refused(root)
    assert f"{FOLDER}/sharing/promise.md:5: This translation is empty." in said
    assert f"{FOLDER}/sharing/promises.md:1: There is no clause 'sharing/promises' to translate. Did you mean" in said
    assert f"{FOLDER}/contact.md:3: 'soon' names no text" in said
    assert f"{FOLDER}/notes.txt: This file is no part of a translation." in said


@pytest.mark.parametrize(
    ("tag", "hint"),
    [
        ("FR", "Write it as fr."),
        ("pt_br", "Write it as pt-BR."),
        ("french", "Name the"),
        ("xx", "Use a code"),
        ("en", "Change the clauses"),
        ("api", "Add a region"),
    ],
)
def test_a_language_that_is_none_is_refused(root: Path, tag: str, hint: str) -> None:
    (root / FOLDER).rename(root / "policy/translations" / tag)
    said = refused(root)
    assert said.startswith(f"policy/translations/{tag}: ") and hint in said


def test_a_language_kept_elsewhere_cant_be_kept_here_too(root: Path) -> None:
    edit(root, "policy.yaml", "sections:", "translations: [{id: fr, of: 0123456789abcdef}]\nsections:")
    assert "kept elsewhere, too" in refused(root)


def test_lists_and_dates_arent_written_in_a_language_that_isnt_spoken(root: Path) -> None:
    text = "{{ practices.collection.registration.data | and_list }}"
    translate(
        root, ("collection/registration", "الاسم", text), language="ar", words="words: {name: a, email address: b}"
    )
    assert "policy/translations/ar/collection/registration.md:5" in refused(root)


def test_tags_and_directions() -> None:
    assert [tag_problem(each, "en") for each in ("fr", "pt-BR", "zh-Hant", "es-419", "gsw", "az-Arab-IR")] == [None] * 6
    assert [direction(each) for each in ("ar", "he-IL", "az-Arab", "fr", "ar-Latn")] == [
        "rtl",
        "rtl",
        "rtl",
        "ltr",
        "ltr",
    ]
    known = frozenset({"fr", "pt-BR"})
    assert [closest(each, known) for each in ("fr-CA", "pt-br", "pt", "FR", "")] == ["fr", "pt-BR", None, "fr", None]


def kinds(old: Snapshot, new: Snapshot) -> dict[str, str]:
    """What a comparison says of translations: kind -> severity."""
    return {
        f"{each.kind} {each.subject}": str(each.severity)
        for each in classify(old, new, "a", "b").changes
        if each.subject.startswith("translation:")
    }


def test_what_follows_the_source_is_editorial_and_anything_else_is_for_a_person(root: Path) -> None:
    with_french = draft(root)
    bare = Snapshot(with_french.policy, with_french.practices, with_french.clauses, {}, with_french.vocabulary)
    assert kinds(bare, with_french) == {"translation.follows.added translation:fr": "editorial"}
    assert kinds(with_french, bare) == {"translation.dropped.removed translation:fr": "review"}
    edit(root, "translations/fr/sharing/promise.md", "ni ne communiquons", "mais communiquons")
    assert kinds(with_french, draft(root)) == {"translation.reworded.changed translation:fr:sharing/promise": "review"}
    edit(root, "translations/fr/words.yaml", "  name: nom", "  name: prénom")
    assert "translation.reworded.changed translation:fr" in kinds(with_french, draft(root))
    (root / FOLDER / "sharing/promise.md").unlink()
    assert "translation.dropped.removed translation:fr:sharing/promise" in kinds(with_french, draft(root))


def test_a_source_that_moves_on_leaves_its_translation_behind_once(root: Path) -> None:
    before = draft(root)
    edit(root, "clauses/sharing/promise.md", "as told below", "as we tell you below")
    edit(root, "policy.yaml", "title: Sharing", "title: Who gets data")
    after = draft(root)
    assert after.behind("fr") == ("sharing/promise",)
    behind = {
        "translation.behind.changed translation:fr:sharing/promise": "review",
        "translation.behind.changed translation:fr": "review",
    }
    assert kinds(before, after) == behind
    assert kinds(after, after) == {}  # it was ruled on when that version was released
    translate(root, PROMISE, words="")
    edit(root, "translations/fr/words.yaml", "Sharing:", "Who gets data:")
    assert kinds(after, draft(root)) == {"translation.follows.changed translation:fr": "editorial"}


@pytest.mark.slow
def test_a_translation_behind_blocks_a_release_until_it_is_ruled_on(tmp_path: Path) -> None:
    made = World(tmp_path)
    translate(made.root, PROMISE, REGISTRATION)
    commit(made.root)
    made.release("2020-02-01", "2020-01-20")
    assert load_versions(Workspace(made.root))[-1].snapshot.translations["fr"].clauses.keys() == {
        PROMISE[0],
        REGISTRATION[0],
    }
    made.edit(("clauses/sharing/promise.md", "as told below", "as we tell you below"))
    told = made.run("check", status=3)
    now = digest(made.root, "sharing/promise")
    assert f"Bring policy/translations/fr/sharing/promise.md up to date and write of: '{now}' in it" in told.stderr
    shown = made.run("translations").stdout
    assert "What changed since 2020-02-01:" in shown and "{+we tell you+}" in shown.replace("\n", " ").replace(
        "  ", " "
    )
    found = json.loads(made.run("check", "--format", "json", status=3).stdout)
    place = next(each for each in found["comparison"]["changes"] if each["kind"] == "translation.behind.changed")
    assert place["undecided"]
    assert "undecided" in made.release("2020-06-01", "2020-02-10", status=3).stderr
    made.decide("editorial")
    edit(
        made.root, "clauses/sharing/promise.md", "as we tell you below", "as we tell you here"
    )  # the ruling goes stale
    commit(made.root)
    assert "is stale" in made.run("check", status=3).stdout
    made.decide("editorial")
    made.release("2020-06-01", "2020-02-10")
    assert made.run("verify", "--as-of", "2020-02-10").exit_code == 0
    letter = email.message_from_bytes((made.root / "versions/2020-06-01/notice/mail.fr.eml").read_bytes())
    assert (letter["Content-Language"], letter.get_content_type()) == ("fr", "multipart/alternative")
    listed = made.manifest("2020-06-01")["files"]
    assert {"policy.fr.md", "policy.fr.txt", "notice.fr.json"} <= listed.keys()
    plain = (made.root / "versions/2020-06-01/policy.fr.md").read_text()
    assert plain.startswith("# Politique de confidentialité\n\nEn vigueur à partir du 1er juin 2020")
    assert (
        "[Ce passage n'est pas encore traduit" in plain
        and "[Ce passage est la traduction d'un texte plus ancien.]" in plain
    )
    text = made.root / "versions/2020-06-01/policy.fr.txt"
    text.write_text(text.read_text() + ".")
    assert "policy.fr.txt" in made.cli("verify", "--as-of", "2020-02-10").stderr
    git(made.root, "checkout", "--", "versions")
    frozen = made.root / "versions/2020-06-01/policy.json"
    frozen.write_text(frozen.read_text().replace("Notre promesse", "Notre promessse"))
    assert "policy.json" in made.cli("verify", "--as-of", "2020-02-10").stderr


@pytest.mark.slow
def test_where_every_language_counts_no_ruling_helps(tmp_path: Path) -> None:
    made = World(tmp_path, ("policy.yaml", "regimes: [promise]", "regimes: [promise, gdpr]"))
    translate(made.root, PROMISE)
    edit(made.root, "clauses/sharing/promise.md", "as told below", "as we tell you below")
    commit(made.root)
    said = made.run("check", status=3).stderr
    assert re.search(
        r"sharing/promise\.md is of an older text of sharing/promise\. Bring it up to date, then write of:", said
    )
    made.decide("editorial")
    assert "is of an older text" in made.release("2020-06-01", "2020-02-10", status=3).stderr


def test_the_language_that_governs_must_be_whole(root: Path) -> None:
    edit(root, "policy.yaml", "sections:", "governs: de\nsections:")
    assert re.search(r"policy/policy\.yaml:\d+: There is no text in 'de' that could govern", refused(root))
    edit(root, "policy.yaml", "governs: de", "governs: fr")
    told = Cli(root)("check", "--as-of", "2020-01-01")
    assert told.exit_code == 3 and "The text in fr governs, but contact isn't translated" in told.stderr


def test_progress_as_data(root: Path) -> None:
    found = json.loads(Cli(root)("translations", "fr", "--format", "json").stdout)["languages"][0]
    assert (found["language"], found["done"], len(found["missing"])) == ("fr", 2, 3)
    assert {"clause": "contact", "of": digest(root, "contact")} in found["missing"]
    assert "No sharing" in found["words"] and "name" not in found["words"]
    assert Cli(root)("translations", "de").exit_code == 2


@pytest.mark.slow
def test_a_translation_is_published_for_a_version_that_is_frozen(tmp_path: Path) -> None:
    made = World(tmp_path)
    translate(made.root, PROMISE)
    commit(made.root)
    publish = ("translations", "fr", "--publish", "2020-01-01", "--by", "A. Lawyer")
    made.run(*publish, "--as-of", "2020-01-20")
    record = made.records("2020-01-01")[-1]
    assert (record["kind"], record["record"]["by"], record["on"]) == ("translation", "A. Lawyer", "2020-01-20")
    assert "says the same as" in made.run("check").stdout
    assert "Notre promesse" in (made.site("2020-01-20") / "fr/index.html").read_text()
    assert not (made.site("2020-01-19") / "fr").exists()
    made.run("verify", "--as-of", "2020-01-20")
    assert "already" in made.run(*publish, "--as-of", "2020-01-21", status=3).stderr
    made.edit(("clauses/sharing/promise.md", "as told below", "as we tell you below"))
    translate(made.root, PROMISE)
    commit(made.root)
    assert "isn't of the text of 2020-01-01" in made.run(*publish, "--as-of", "2020-01-21", status=3).stderr
    assert made.cli("translations", "--publish", "2020-01-01").exit_code == 2
    made.decide("editorial", "--as-of", "2020-01-21")
    made.release("2020-03-01", "2020-01-10")  # a translation on record says nothing of when notice was given
    path = next((made.root / "versions/2020-01-01/evidence").glob("*-translation.json"))
    path.write_text(path.read_text().replace("ne vendons", "vendons"))
    assert path.name in made.cli("verify", "--as-of", "2020-01-20").stderr


def test_a_translation_is_exported_and_says_what_governs(root: Path) -> None:
    edit(root, "clauses/sharing/promise.md", "as told below", "as we tell you below")
    cli = Cli(root)
    plain = cli("export", "draft", "--format", "txt", "--language", "fr").stdout
    assert plain.startswith("Politique de confidentialité\n=")
    assert "Ceci est une traduction. Seul le texte original (anglais) fait foi." in plain
    assert plain.index("[Ce passage est la traduction d'un texte plus ancien.]") < plain.index("Nous ne vendons")
    assert (
        "[Ce passage n'est pas encore traduit ; voici le texte original (anglais).]".replace(" ;", "\u00a0;") in plain
    )
    assert "There is no de translation" in cli("export", "draft", "--format", "md", "--language", "de").stderr
    assert cli("export", "draft", "--format", "jsonld", "--language", "fr").exit_code == 2
