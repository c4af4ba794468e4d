"""A small file of each kind, as people have them, to try the pages with."""

from collections.abc import Mapping, Sequence

from portal.errors import NotFound

Sample = tuple[Sequence[str], Sequence[Sequence[str]]]

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
            ),
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


def sample_of(kind: str) -> Sample:
    """Return the header and rows of a kind's sample; raises NotFound."""
    if kind not in SAMPLES:
        raise NotFound("There is no sample of this.")
    return SAMPLES[kind]
