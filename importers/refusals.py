"""What is said when an input gives no badge: one sentence that names it and the cause, and one that names the next step.

The codes are stable API (documented with the JSON output); the sentences are for people and may get better. A code may carry
what it met behind a colon, `unsupported:zip`. Only this module writes such sentences, so that they read alike and every
foreign word in them has passed `wallet.text.clean`.
"""

from __future__ import annotations

from dataclasses import dataclass

from importers.context import Context
from wallet.found import ImportReport, Refused
from wallet.text import clean

NAME_CHARACTERS = 120
DETAIL_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Sentence:
    """`message` and `remedy` are format strings: {source}, {host}, {detail} and {name} are filled in, cleaned."""

    message: str
    remedy: str


_OWN_AWARD = "Look for the link or the picture of your own award on the issuer's site, and import that."
_ASK_FOR_FILE = "Ask the issuer for the badge as a PNG, SVG or JSON file, and import that."
_BADGE_FILES = "Import the badge files themselves (PNG, SVG, JSON) or a folder of them."
_NOTHING_CHANGED = "Nothing was changed: try again later, or import the badge as a file."

SENTENCES: dict[str, Sentence] = {
    # pictures
    "no-credential-in-image": Sentence(
        "{source} is a {detail} picture without badge data in it.",
        "Download the original picture from the site that issued the badge: screenshots, chat and photo apps lose the data"
        " (on iOS save it to Files, not to Photos).",
    ),
    "picture-damaged": Sentence(
        "{source} is a damaged {detail}, and no badge could be read from it.",
        "Download the picture again from the site that issued the badge.",
    ),
    "file-damaged": Sentence(
        "{source} is a damaged {detail}, so not everything in it could be read.",
        "Download it again, or import the badge files in it by themselves.",
    ),
    # documents
    "not-a-badge:BadgeClass": Sentence(
        "{source} describes a kind of badge (a BadgeClass); it is not an award to you.", _OWN_AWARD
    ),
    "not-a-badge:Issuer": Sentence(
        "{source} describes an issuer of badges (a Profile); it is not an award to you.", _OWN_AWARD
    ),
    "not-a-badge:RevocationList": Sentence(
        "{source} is an issuer's list of withdrawn badges; it is not an award to you.", _OWN_AWARD
    ),
    "not-a-badge:CryptographicKey": Sentence(
        "{source} is an issuer's public key; it is not an award to you.", _OWN_AWARD
    ),
    "not-a-badge:Endorsement": Sentence(
        "{source} is an endorsement, which is somebody's word about a badge; it is not an award to you.", _OWN_AWARD
    ),
    "not-a-badge:collection": Sentence("{source} is a list that holds no badge itself.", _OWN_AWARD),
    "not-a-badge:schema": Sentence("{source} is a JSON schema; it is not an award to you.", _OWN_AWARD),
    "not-a-badge:credential": Sentence(
        "{source} is a verifiable credential, but not one about an achievement.",
        "Keep it in the wallet app it was made for; badgefolio keeps badges and learner records.",
    ),
    "not-a-badge:token": Sentence("{source} is a signed token (JWT), but what it says is not a badge.", _OWN_AWARD),
    "not-recognised": Sentence("{source} is {detail}; nothing in it is a badge.", _OWN_AWARD),
    "empty": Sentence("{source} is empty.", "Download it again, then import it."),
    "json-broken": Sentence(
        "{source} is not valid JSON: {detail}.", "Download it again, or ask the issuer for a correct file."
    ),
    "jws-broken": Sentence(
        "{source} looks like a signed badge, but {detail}.",
        "Download it again, or copy it again whole and without line breaks.",
    ),
    "only-links": Sentence(
        "{source} holds {detail}, and no badge itself.", "Import a link by itself: badgefolio import {name}"
    ),
    # the network
    "html-instead-of-json": Sentence(
        "{source} is {detail}, not a badge.",
        "Open it in a browser, use its link for downloading the badge, and import that file or link.",
    ),
    "no-candidate": Sentence(
        "No badge was found behind {source}; {detail}.",
        "Open it in a browser, use its link for downloading the badge, and import that file or link.",
    ),
    "dead-host": Sentence(
        "{source} leads nowhere any more. {detail}.",
        "If you still have the badge as a file, keep it and import that: it holds what the issuer wrote.",
    ),
    "auth-required": Sentence(
        "{source} needs a login ({detail}).",
        "Sign in there with a browser, download the badge, and import the file.",
    ),
    "host-unreachable": Sentence("{host} did not deliver {source}: {detail}.", _NOTHING_CHANGED),
    "http-404": Sentence(
        "{host} has nothing at {source} (404, not found).",
        "Compare the link with the one the issuer gave you, or import the badge as a file.",
    ),
    "http-410": Sentence(
        "{host} says that what was at {source} is gone (410): the badge may have been withdrawn.",
        "Ask the issuer whether it was revoked. If you still have the file, import it: verify then says how it stands.",
    ),
    "http-429": Sentence(
        "{host} asks for fewer requests (429), so {source} was not delivered.",
        "Nothing was changed: wait a few minutes and try again.",
    ),
    "http-4xx": Sentence("{host} refused to deliver {source} ({detail}).", _NOTHING_CHANGED),
    "http-5xx": Sentence("{host} has a fault of its own and did not deliver {source} ({detail}).", _NOTHING_CHANGED),
    "blocked-address": Sentence(
        "{host} was not contacted for {source}: {detail}.",
        "If you know that host, for example on campus, allow it with --allow-host {host}",
    ),
    "bad-url": Sentence(
        "{source} is not an address that can be opened: {detail}.",
        "Copy the whole link from the browser's address bar; it begins with https://",
    ),
    "offline": Sentence("{source} is an address, and this needs the network.", "Run it again online."),
    # accounts
    "account-item": Sentence(
        "{source} lists a badge without an address that can be opened ({detail}).",
        "Download that badge there and import the file.",
    ),
    # files and folders
    "no-such-file": Sentence("There is no file or folder {source}.", "Check the spelling and the folder you are in."),
    "not-a-file": Sentence("{source} is {detail}, not a file.", "Name the badge file itself."),
    "unreadable": Sentence("{source} cannot be read: {detail}.", "Change its permissions or copy it, then import it."),
    "no-badges-in-folder": Sentence(
        "The folder {source} holds no badge ({detail}).",
        "Name the folder where the badge files are: PNG, SVG, JSON or JWS.",
    ),
    "no-badges-inside": Sentence("{source} is {detail}.", _BADGE_FILES),
    "archive-unsafe": Sentence(
        "{source} was not read: {detail}.", "Unpack the archive with a program that you trust, and import the folder."
    ),
    "bundle-broken": Sentence(
        "{source} is a bundle, but nothing was taken from it: {detail}.",
        "Ask the sender to export it again; or unpack it and import the folder 'originals' in it.",
    ),
    # caps
    "too-big": Sentence("{source} is over the size limit ({detail}).", _BADGE_FILES),
    "too-deep": Sentence("{source} is nested too deeply ({detail}).", _BADGE_FILES),
    "too-many": Sentence("{source} holds more badges than one import takes ({detail}).", "Import it in parts."),
    # recognised, for another day
    "unsupported:archive": Sentence(
        "{source} is a packed archive ({detail}), which is not opened.", "Unpack it and import the folder."
    ),
    "unsupported:encrypted-zip": Sentence(
        "{source} is locked with a password ({detail}).", "Unpack it with its password and import the folder."
    ),
    "unsupported:encrypted-pdf": Sentence(
        "{source} is a PDF that opens only with a password.",
        "Save a copy without the password, or import the badge's picture or link instead.",
    ),
    "unsupported:outlook-msg": Sentence(
        "{source} is an Outlook or old Office file, which is not supported.",
        "Save the attached badge picture as a file of its own, and import that.",
    ),
    "unsupported:sd-jwt": Sentence("{source} is an SD-JWT credential, which is not supported.", _ASK_FOR_FILE),
    "unsupported:jwe": Sentence("{source} is an encrypted token (JWE), which is not supported.", _ASK_FOR_FILE),
    "unsupported:offer": Sentence(
        "{source} is an offer of a credential to a wallet app, not the credential.", _ASK_FOR_FILE
    ),
    "unsupported:binary": Sentence("{source} is a binary file of a kind that carries no badges.", _BADGE_FILES),
    "internal-error": Sentence(
        "{source} could not be read because of a fault in badgefolio ({detail}).",
        "Nothing was changed and other files go on; please report it together with the file, if you may share it.",
    ),
}


def refuse(
    context: Context, code: str, detail: str = "", *, name: str = "", characters: int = DETAIL_CHARACTERS
) -> ImportReport:
    """A report that holds one refusal. `detail` and `name` may be foreign text: they are cleaned here.

    characters: how long `detail` may get, for lists that are worth their length.
    """
    sentence = SENTENCES[code]
    words = {
        "source": clean(context.source, limit=NAME_CHARACTERS),
        "host": clean(context.host or "The host", limit=NAME_CHARACTERS),
        "detail": clean(detail, limit=characters),
        "name": clean(name, limit=DETAIL_CHARACTERS),
    }
    refused = Refused(
        source=context.source,
        code=code,
        message=sentence.message.format_map(words),
        remedy=sentence.remedy.format_map(words),
        steps=context.steps,
    )
    return ImportReport(refused=(refused,), notes=context.notes)


# In a folder these mean "this file has nothing to do with badges": counted, not reported as a failure.
_NO_BADGE = frozenset(
    {
        "no-credential-in-image",
        "not-recognised",
        "empty",
        "only-links",
        "html-instead-of-json",
        "not-a-file",
        "no-badges-inside",
    }
)
# These may hold a badge that nobody could look at.
_LOOKS_LIKE_ONE = frozenset(
    {
        "unsupported:sd-jwt",
        "unsupported:jwe",
        "unsupported:offer",
        "unsupported:encrypted-zip",
        "unsupported:encrypted-pdf",
        "unsupported:archive",
    }
)


def is_no_badge(refused: Refused) -> bool:
    """Whether a member of a folder that is refused with this code simply is no badge (`nothing-here`)."""
    if refused.code in _LOOKS_LIKE_ONE:
        return False
    return refused.code in _NO_BADGE or refused.code.startswith(("not-a-badge:", "unsupported:"))
