"""Cleaning of what people type: Unicode form, invisible characters, line ends. Pure."""

import re
import unicodedata
from collections.abc import Iterable

# NUL breaks PostgreSQL, the others break XML and CSV; none can be seen or typed on purpose.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n|[\r\u2028\u2029]")

# What has no shape of its own, by Unicode's property Default_Ignorable_Code_Point: soft hyphens,
# zero width spaces, marks that steer the direction of display, fillers. They come with texts that
# are pasted from PDFs, phones and office programs, and make two equal names different.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_RUN = re.compile(f"(.?)([{_INVISIBLE}]+)(?=(.?))", re.DOTALL)
_DIRECTION = set("\u061c\u200e\u200f")
_JOINERS = set("\u200c\u200d")
_SELECTORS = re.compile("[\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_TAGS = re.compile("[\U000e0020-\U000e007f]")
_PLAIN = ("LATIN", "GREEK", "CYRILLIC")
_BLANK_BRAILLE = "\u2800"

# What mail programs make a link of: an address with its scheme, "www.", and a domain without
# either. Of domains in small letters any; of others those of common ends ("St.John" is none).
_DOMAIN = (
    r"(?<![\w.])[\w-]+(\.[\w-]+)*\."
    r"([a-z]{2,}|(?i:app|biz|com?|dev|eu|gov|info|io|ltd|ly|me|net|nhs|org|ru|tv|uk|xyz))(?![\w-])"
)
_LINK = re.compile(rf"://|(?i:\bwww\.|\bmailto:|\btel:)|{_DOMAIN}")

_ADDRESS = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>().,;]{2,}")
_NO_CODE = r"(?<!\b[A-Za-z])(?<!\b[A-Z]{2})"
"""Not after one letter, or two capitals: "C0123456789" is a code."""
_NHS_NUMBER = re.compile(_NO_CODE + r"(?<![\d.,£-])\d{3}([ -]?)\d{3}\1\d{4}(?![\d%]|[.,]\d)")
_TELEPHONE = re.compile(
    _NO_CODE
    + r"(?<![\d.,£])(?:\+44\s?(?:\(0\)\s?)?|0044\s?|\(?0)[124-79](?:[\s()-]{0,2}\d){8,9}(?!\d)"
)
_THOUSANDS = re.compile(r"(?<![\d,.])\d{1,3}([,\s])\d{3}(?:\1\d{3})*(?![\d,])")
_OF_A_GRANT = re.compile(
    r"\b(?:grant|award|patent|reference|ref)\b\.?(?:\s(?:number|no|reference|ref)\b\.?)?[\s:#]*$",
    re.IGNORECASE,
)


LEGAL_FORMS = frozenset(
    {
        *("ltd", "limited", "plc", "llp", "llc", "inc", "incorporated", "gmbh", "bv", "cic"),
        *("company", "co", "uk", "group", "holdings", "the"),
    }
)
"""What does not tell one organisation from another."""
MARKS = str.maketrans("", "", "™®©℠'’")


def has_control_characters(text: str) -> bool:
    """Say whether ``text`` holds characters that nobody can see and no store should keep."""
    return bool(_CONTROL.search(_LINE_END.sub("\n", text)))


def without_control(text: str) -> str:
    """Return ``text`` without control characters; tabs and line ends stay."""
    return _CONTROL.sub("", text)


def has_link(text: str) -> bool:
    """Say whether somebody's mail program would make a link of a part of ``text``."""
    return bool(_LINK.search(unicodedata.normalize("NFKC", without_invisible(text))))


def count_links(text: str) -> int:
    """Return how many parts of ``text`` a mail program would make a link of, each once."""
    plain = unicodedata.normalize("NFKC", without_invisible(text))
    return len([word for word in plain.split() if _LINK.search(word)])


def personal_detail(text: str) -> str:
    """Return what a part of ``text`` looks like that leads to a person: "an email address", "an NHS
    number" (ten digits whose last checks the others) or "a telephone number"; "" for nothing.

    Numbers that begin with 03 and 08 lead to organisations (helplines), and what follows "grant",
    "award", "patent" or "reference" is a number of these unless it is a mobile's.

    Sources: NHS Data Model and Dictionary, NHS NUMBER, modulus 11; Ofcom, National Telephone
    Numbering Plan, for what numbers begin with.
    """
    plain = unicodedata.normalize("NFKC", without_invisible(text))
    if _ADDRESS.search(plain):
        return "an email address"
    if any(_is_nhs_number(found.group()) for found in _NHS_NUMBER.finditer(plain)):
        return "an NHS number"
    return "a telephone number" if _has_telephone(plain) else ""


def _has_telephone(text: str) -> bool:
    for found in _TELEPHONE.finditer(text):
        of_a_person = re.sub(r"\D", "", found.group()).removeprefix("0044").removeprefix("44")
        is_mobile = of_a_person.lstrip("0").startswith("7")
        if is_mobile or not _OF_A_GRANT.search(text[: found.start()]):
            return True
    return False


def _is_nhs_number(text: str) -> bool:
    digits = [int(character) for character in text if character.isdigit()]
    weighed = sum(digit * (10 - place) for place, digit in enumerate(digits[:9]))
    return (11 - weighed % 11) % 11 == digits[9]


def clean(text: str, *, lines: bool = False) -> str:
    """Return ``text`` in NFC, trimmed, without invisible characters; "" when nothing is visible.

    With ``lines`` line ends become "\\n" and stay; without, they, tabs and no-break spaces become
    spaces. Joiners stay where they join: in emoji and in scripts whose letters they shape.
    """
    plain = without_control(without_invisible(_LINE_END.sub("\n", text)))
    if not lines:
        plain = re.sub(r"\s", " ", re.sub("[\t\n]+", " ", plain))
    plain = unicodedata.normalize("NFC", plain).strip()
    return plain if any(map(_is_visible, plain)) else ""


def without_thousands(number: str) -> str:
    """Return what was typed as a number without the commas or spaces that set thousands apart:
    "1,200" and "1 200" are 1200. In "12,5" the comma stays: it may be meant as a decimal point,
    and without it the number would be ten times as large."""
    return _THOUSANDS.sub(lambda found: re.sub(r"[,\s]", "", found[0]), number)


def folded(name: str) -> str:
    """Return what two names have in common that only look different.

    Case, width, invisible characters and the kind and number of spaces do not tell names apart.
    """
    plain = unicodedata.normalize("NFKC", without_invisible(name)).casefold()
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def folded_for_sorting(name: str) -> str:
    """Return a name as it is sorted: without case and accents, so that É stands beside E."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def is_called(name: str, others: Iterable[str]) -> bool:
    """Say whether one of the others is the same name, or only looks different (`folded`)."""
    return folded(name) in map(folded, others)


def words_of(text: str) -> list[str]:
    """Return the words of a text, without accents, case, trade marks and punctuation."""
    plain = unicodedata.normalize("NFKD", text.translate(MARKS)).casefold()
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.findall(r"[^\W_]+", kept)


def organisation_key(name: str) -> str:
    """Return an organisation's name without its legal form: "Acme (UK) Ltd" gives "acme"."""
    words = words_of(name)
    return "".join(word for word in words if word not in LEGAL_FORMS) or "".join(words)


def company_key(number: str | None) -> str:
    """Return a number of Companies House as it is compared: eight characters, "" for none."""
    plain = re.sub(r"[^0-9A-Z]", "", (number or "").upper())
    return plain.zfill(8) if plain else ""


def without_invisible(text: str) -> str:
    """Return ``text`` without what has no shape, but for what shapes its neighbours."""
    if text.isascii():
        return text
    is_two_ways = any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)
    return _RUN.sub(lambda found: found[1] + _kept(found, is_two_ways=is_two_ways), text)


def _kept(found: re.Match[str], *, is_two_ways: bool) -> str:
    """Return what stays of a run of invisible characters between two others."""
    kept = ""
    before, after = found[1], found[3]
    is_flag = before == "\U0001f3f4"
    for character in found[2]:
        stays = (
            (character in _DIRECTION and is_two_ways)
            or (character in _JOINERS and _can_be_joined(before) and _can_be_joined(after))
            or (_SELECTORS.match(character) and _has_variants(before) and not kept)
            or (_TAGS.match(character) and is_flag)
            or (character == "\U000e007f" and is_flag)
        )
        kept += character if stays else ""
    return kept


def _can_be_joined(character: str) -> bool:
    """Say whether a joiner beside it shapes it: an emoji, or a letter of a script that joins."""
    category = unicodedata.category(character) if character else "Zs"
    if category in {"So", "Sk"} or character in "\u2640\u2642":
        return True
    return category[0] in "LM" and not unicodedata.name(character, "").startswith(_PLAIN)


def _has_variants(character: str) -> bool:
    """Say whether a selector after it chooses how it looks, as for emoji and Chinese letters."""
    if not character or character.isspace():
        return False
    return not unicodedata.name(character, "").startswith(_PLAIN)


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS" and character != _BLANK_BRAILLE
