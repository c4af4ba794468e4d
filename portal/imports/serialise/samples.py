"""A small file of each kind, as people have them, to try the pages with."""

from collections.abc import Mapping, Sequence

from portal.errors import NotFound

Sample = tuple[Sequence[str], Sequence[Sequence[str]]]

NETWORKS_OWN = (
    *("Case status", "Support level", "Start date", "Hours spent", "Last contact"),
    *("Kind of support", "RWV site", "RWV status", "RWV date", "RWV positive?", "RWV result"),
)
"""The columns of a sample that only a network's own file may have."""

SAMPLES: Mapping[str, Sample] = {
    "innovations": (
        (
            "Ref",
            "Company",
            "Product",
            "Short description",
            "Type",
            "Status",
            "Problem",
            "Setting",
            "Website",
            "Date added",
            "Proven?",
            *NETWORKS_OWN,
        ),
        (
            (
                "S-001",
                "Lantern Health Ltd",
                "Nightlight",
                "Reminds people who wake at night where they are",
                "Digital",
                "Ready for market",
                "Falls at night in people with dementia",
                "Care home",
                "https://lantern.example.org",
                "03/02/2025",
                "",
                *("Active", "Level 2", "10/03/2025", "6.5", "12 Jun 2025", "Evidence"),
                *("Larch House, Ward 2", "Completed", "30/09/2025", "Yes", "A third fewer falls"),
            ),
            (
                "S-002",
                "Quayside Devices",
                "Steady Cup",
                "A cup that tells how much was drunk",
                "Device",
                "Prototype",
                "People on wards drink too little",
                "Hospital ward",
                "",
                "17 Mar 2025",
                "Yes",
                *("on hold", "Level 1", "17 Mar 2025", "2 hours", "2 Apr 2025", "Signposting"),
                *("", "", "", "", ""),
            ),
            (
                "S-003",
                "Quayside Devices",
                "",
                "A mat that tells when somebody stands up",
                "Device",
                "Prototype",
                "Falls from beds",
                "Hospital ward",
                "",
                "17 Mar 2025",
                "",
                *("", "", "", "", "", ""),
                *("", "", "", "", ""),
            ),
        ),
    ),
    "organisations": (
        ("Company", "Type", "Website", "Postcode", "Company number", "Employees"),
        (
            ("Lantern Health Ltd", "Company", "lantern.example.org", "CV1 1AA", "1234567", ""),
            ("Quayside University", "University", "", "", "", ""),
            ("", "Charity or social enterprise", "nowhere.example.org", "", "", ""),
        ),
    ),
    "people": (
        ("Full name", "E-mail", "Organisation", "Role"),
        (
            ("Alex Moor", "alex.moor@example.org", "Health Innovation West Midlands", "HIN staff"),
            ("Sam Birch", "sam.birch", "Health Innovation West Midlands", "HIN staff"),
        ),
    ),
    "challenges": (
        (
            "Ref",
            "Challenge title",
            "Problem statement",
            "Who is affected",
            "Desired outcome",
            "Deadline",
            "Status",
        ),
        (
            (
                "C-01",
                "People leave hospital without knowing whom to ring",
                "Many come back within a week",
                "People over 65 and their carers",
                "Fewer come back within 30 days",
                "31/03/2030",
                "Draft",
            ),
            (
                "C-02",
                "",
                "Letters are not understood",
                "People with low literacy",
                "Fewer missed appointments",
                "",
                "Draft",
            ),
        ),
    ),
}


def sample_of(kind: str, *, is_network: bool = True) -> Sample:
    """Return the header and rows of a kind's sample, with what only a network says of its own work
    where it `is_network`; raises NotFound."""
    if kind not in SAMPLES:
        raise NotFound("There is no sample of this.")
    header, rows = SAMPLES[kind]
    if is_network or NETWORKS_OWN[0] not in header:
        return header, rows
    width = len(header) - len(NETWORKS_OWN)
    return header[:width], [row[:width] for row in rows]
