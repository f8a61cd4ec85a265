"""policy/approvers.yaml: who may rule on changes and who may release; without the file everyone with a commit may."""

from typing import Annotated, Literal

from policytrail.errors import SourceError
from policytrail.model.practice_fields import Plain
from policytrail.model.validation.field_types import AtLeast, Text
from policytrail.model.validation.record import FormError, Part
from policytrail.storage.files import read_text
from policytrail.storage.yaml_reader import load_yaml
from policytrail.workspace import APPROVERS, Workspace

from .problem_messages import problems_of

Act = Literal["decide", "release"]
_Email = Annotated[str, Text(r"[^@\s]+@[^@\s]+", max_length=254)]
_Key = Annotated[str, Text(r"([0-9A-Fa-f]{16,64}|SHA256:[A-Za-z0-9+/=]{43,44})")]


class Person(Part):
    """One person: the name for rulings, the addresses that their commits carry, what they may do.

    `keys` are fingerprints of their GPG or SSH keys; where there are any, only a good signature of one counts.
    """

    name: Plain  #: The name that rulings carry.
    emails: Annotated[tuple[_Email, ...], AtLeast(1)]  #: The addresses that their commits carry.
    may: Annotated[tuple[Act, ...], AtLeast(1)]  #: What they may do.
    #: Fingerprints of their GPG or SSH keys; where there are any, only a good signature of one counts.
    keys: tuple[_Key, ...] = ()

    def has(self, email: str) -> bool:
        """Whether a commit's address is theirs; letters' case doesn't matter."""
        return email.lower() in {each.lower() for each in self.emails}


class Approvers(Part):
    """Everyone who may decide or release. `two_persons`: who releases wrote and ruled on nothing in that release."""

    two_persons: bool = False  #: Whether who releases must have written and ruled on nothing in that release.
    people: Annotated[tuple[Person, ...], AtLeast(1)]  #: Everyone who may decide or release.

    def check_whole(self) -> None:
        """Each name and each address is one person's."""
        names = [person.name for person in self.people]
        emails = [email.lower() for person in self.people for email in person.emails]
        for listed, what in ((names, "name"), (emails, "address")):
            twice = sorted({each for each in listed if listed.count(each) > 1})
            if twice:
                raise ValueError(f"the {what} {twice[0]} stands here twice; give it to one person")

    def by_email(self, email: str) -> Person | None:
        """Whose address this is."""
        return next((person for person in self.people if person.has(email)), None)

    def refusal(self, act: Act, name: str, email: str, keys: frozenset[str] | None) -> str | None:
        """Why a person may not do this, as half a sentence; None where they may.

        In: the name that the act is done in, the address of the commit's author, the keys of its good signature (None:
        there is no commit yet, so that no signature can be asked for).
        """
        person = next((each for each in self.people if each.name == name), None)
        if person is None:
            return f"{name} isn't among the people of {APPROVERS}"
        if act not in person.may:
            return f"{name} may not {act} (see {APPROVERS})"
        if not person.has(email):
            return f"the commit is by {email or 'nobody'}, which isn't an address of {name} in {APPROVERS}"
        if person.keys and keys is not None and not keys & set(person.keys):
            return f"the commit carries no good signature of a key of {name} in {APPROVERS}"
        return None


def load_approvers(workspace: Workspace) -> Approvers | None:
    """Who may decide and release; None where the file isn't there. Raises SourceError with file:line."""
    path = workspace.approvers
    return parse_approvers(read_text(path, APPROVERS)) if path.exists() else None


def parse_approvers(text: str) -> Approvers:
    """The same from the file's text, for the text of an earlier commit. Raises SourceError with file:line."""
    document = load_yaml(APPROVERS, text)
    try:
        return Approvers.model_validate(document.value)
    except FormError as error:
        raise SourceError.of(problems_of(document, error, (), document.value)) from None
