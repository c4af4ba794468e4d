"""The figures of programmes: what each counts, in words, and where its definition comes from."""

from portal.figures.rules import OURS, REPORT, Figure

PATIENTS = Figure(
    "patients_benefitting",
    "Patients benefitting, by programme",
    "People who had what a programme spreads in the quarter: as reported, or reckoned by the"
    " counting rule of the product. England is its own row where it has one, else the sum of"
    " its networks. A"
    " person in two programmes counts in both.",
    f"{REPORT}, section 5; {OURS}",
    "patients",
    one="patient",
    many="patients",
)

ACHIEVEMENT = Figure(
    "programme_achievement",
    "Achievement against trajectories, by programme",
    "What was counted in the quarter as a percentage of what the trajectory in force plans, over"
    " the same sites. Where nothing was reported there is none: that is not 0%. Percentages"
    " are worked"
    " out from counts, never averaged.",
    f"{REPORT}, section 2.2",
    "%",
    is_median=True,
)

PROGRAMMES = Figure(
    "programmes_running",
    "Programmes that run, by kind",
    "Programmes that have begun and not ended on the last day of the quarter. Of England; a network"
    " has those that it leads.",
    f"{REPORT}, section 2.5; {OURS}",
    "programmes",
    one="programme",
    many="programmes",
)

TRAINED = Figure(
    "people_trained",
    "People trained, by programme",
    "People who were trained in the quarter: as a network or the nation reported, or where nothing"
    " was reported as counted at the trainings of the programme. The two are never added. Who came"
    " to two trainings counts at both. England is its own row where it has one, else the sum of its"
    " networks.",
    f"{REPORT}, section 2.5; {OURS}",
    "people",
    one="person",
    many="people",
)

AWARDS = Figure(
    "fund_awards",
    "Awards of funds, by programme",
    "Applications to the fund of a programme that were awarded in the quarter, of sites in the area"
    " of the network through which they applied.",
    f"{REPORT}, section 2.5; {OURS}",
    "awards",
    one="award",
    many="awards",
)

AWARDED = Figure(
    "fund_awarded",
    "Awarded by funds, by programme",
    "Whole pounds awarded in the quarter: worked out from the awards, so that the networks make"
    " England's total.",
    f"{REPORT}, section 2.5; {OURS}",
    "pounds",
    one="pound",
    many="pounds",
)

DEFINITIONS: tuple[Figure, ...] = (PATIENTS, ACHIEVEMENT, PROGRAMMES, TRAINED, AWARDS, AWARDED)
