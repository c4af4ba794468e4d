"""What people of the demo world write to each other. No figure, no claim about a product."""

ENGAGING = (
    "Thank you for a clear submission. We want to work with you and will ring this week.",
    "We have read your record with our clinical advisers. I will be your contact from now on.",
    "This fits what our systems have told us they need. Let us meet and write a short plan.",
)
RAISED = (
    "The first meetings showed that more is needed: a plan for evaluation and sites to try it.",
    "Two systems in our area asked for it, so we agreed to work on adoption together.",
    "The evidence is ready and the work now is about spread.",
)
LOWERED = ("The agreed work is done; we stay in touch and advise when asked.",)
WAITING_FOR = (
    "the result of your talks with the first site",
    "the decision about your funding bid",
    "the date on which your clinical lead is back",
)
CLOSED = (
    "We have done what we agreed at the start. Come back when you want to go further.",
    "Our work together has reached its planned end. Your record stays on the pipeline.",
)
CLOSED_NEXT = "Your record stays on the pipeline, and the triage desk is open when you need it."
SURVEY_COMMENTS = (
    "Keep answering within days and saying plainly what will not work. (demonstration)",
    "Tell us earlier who will answer, and by when. The advice itself should stay. (demonstration)",
)
"""What owners want kept, or done otherwise: of those who are content, and of the others."""
PARTNER = (
    "We have heard of your work from our colleagues and have sites that want to see it.",
    "One of our systems has asked for this, so we would like to work beside your first network.",
)
CHANGES = {
    "need": "Please say how many people have the problem in a typical area, and how you know.",
    "evidence": "Please add the evaluation that you told us of, even if it is not published.",
}
CHANGES_MESSAGE = "Two things would help us to decide. Everything else is clear, thank you."
UNSUITABLE = (
    "We have looked for a service in our area that has this need now and found none. That says "
    "nothing against the idea."
)
ELSEWHERE = (
    "The national service for innovators can tell you about rules and funding; the design team of "
    "your nearest university hospital may want to try it."
)
ARCHIVED = {
    "sock-fit-guide": "We put the guide into SteadyStep's training instead.",
    "queue-kindly": "The hospital's own system now does this.",
}
PAUSED = "We have paused this to work on something else."
PLANS_DRAFT = "Agree with our network which sites come next, and write up what we have learnt."
RESTORED = "Two kitchens have asked for it again."
VALIDATION_QUESTION = "Does it work in everyday use as its makers say? (demonstration)"
VALIDATION_RESULT = (
    "Made up for the demonstration: this stands for a validation that ended well. It gives no "
    "figure, because none was measured."
)
TASK = "A table of your sites"
TASK_WORDS = "Please send us a table of the sites that use it, so that we can ask them."
TASK_DONE = "Here it is: all sites stand on the record now."
AIMS = "Bring it to every system of our region in three years. (demonstration)"
REVIEWS = (
    (
        "Who signs for the second trust is not settled yet. (demonstration)",
        False,
    ),
    ("Four of ten sites are live, and results are written up. (demonstration)", True),
)
MILESTONES = ("NEED_EXPLORED", "VALUE_PROPOSITION", "BUSINESS_MODEL")
MILESTONE_EVIDENCE = "Made up for the demonstration: it stands for what staff saw."
VALIDATION_PARTNER = "A university nearby (demonstration)"
VALIDATION_METHOD = "Before and after, with a month of records each. Made up for the demonstration."
VALIDATED_BY = frozenset({"EVALUATION_DESIGN", "EVIDENCE"})
VALIDATION_RUNNING = "Do staff go on using it after the first three months? (demonstration)"
EVIDENCE_TITLE = "Published evaluation (demonstration)"
EVIDENCE_RESULT = (
    "Made up for the demonstration, so that the record can show how verification works. It stands "
    "for a published result and gives no figure."
)
USE_SITE = "Made up for the demonstration"
USE_DATE_SITE = "Starting date made up for the demonstration"
STANDARD_REFERENCE = "Made up for the demonstration"
SOURCE_NOTE = (
    "Demonstration data. Facts about the innovation: {source}. People, contacts, dates of support, "
    "validations and whatever is marked as made up are invented."
)
INVENTED_NOTE = "Demonstration data: the innovation, its makers and its story are invented."
CLOSED_NOTES = {
    "adopted": "Two sites took it up after meeting the company through our network.",
    "trial": "One service is trying it for six months; we will look at the results together.",
    "solved_otherwise": "We changed how our teams hand over, and that was enough.",
    "nothing_found": "Nothing that we were shown worked with our systems. We will ask again.",
    "no_longer_needed": "The service was redesigned, so the need has gone.",
}
PURPOSES = (
    "We would like to see how it works in a service like ours and what it asks of our staff.",
    "We are planning for next year and want to know what a small trial would take.",
    "Two of our sites have this problem. We want to hear what others learnt who use it.",
)
TAKE_PART = (
    "Clinical lead, service manager and digital lead",
    "Programme lead and two matrons",
    "Transformation director and a patient representative",
)
CONTEXTS = (
    "This ICS has stated the need and has sites in mind. A first talk will show whether it fits.",
    "We know the team that asks. They have tried another way and say openly why it did not work.",
)
NOT_BROKERED = "The service that this is for is being rebuilt; a talk now would come too early."
ALTERNATIVES = "Ask again in the new financial year. Until then the case studies show more."
NOT_MET = "We cannot take on another area before the summer and do not want to promise too much."
WITHDRAWN = "Our plans changed and the service will be run by another organisation."
JOINED_MESSAGE = (
    "We have this too, in three of our places. Two of them tried something last winter; we would"
    " gladly share what came of it."
)
FIRST_MESSAGE = "Thank you for agreeing. Would a call of an hour next week suit you?"
SECOND_MESSAGE = "Gladly. Tuesday or Thursday morning would be best for us."
LATER_PERHAPS = "It fits, but there is no money for it this year."
DOES_NOT_FIT = "It needs a record system that our community services do not have."
REJECTED = ("We looked at it together and it answers a question next to ours.",)
UNMET = (
    "Something that our staff can begin to use without a new device for every patient.",
    "A service that works across several small sites, with help to set it up.",
    "An answer for the people who are not reached today, in more than one language.",
)
UNMET_CLOSED = (
    "Passed on to industry with our call for ideas. Two companies have asked for a talk.",
    "Another system is testing an answer of its own; we have put the two teams in touch.",
)
TALK = (
    (
        "We have the same problem at two of our sites. Shall we look at the matches together "
        "before either of us asks for a talk? (demonstration)"
    ),
    (
        "Gladly. We have a list of what our teams tried; I will bring it to the call on Thursday. "
        "(demonstration)"
    ),
)
ASKED = ("falls warning at night", "home monitoring for people with COPD")
ASKED_NOTES = (
    "Our care homes ask for something that needs no camera. (demonstration)",
    "It must work without broadband at home. (demonstration)",
    "Is there anything close that is not shared with us yet? (demonstration)",
)
ANSWERED = (
    "We looked through what we support. Nothing fits today; we will tell you when that changes. "
    "(demonstration)"
)
INTERACTION_NOTES = (
    "Went through what changed since we last spoke. (demonstration)",
    "They have a draft of their evaluation plan; we will comment by next week. (demonstration)",
    "Talked about who decides at a first site, and what they will want to see. (demonstration)",
    "Introduced them to a colleague who knows the standards. (demonstration)",
)
NEXT_STEPS = ("", "", "Send our comments", "Find a clinical lead to talk to", "Agree a date")
PROPOSALS = {
    "handover": (
        "The company has moved into your area and its first sites are yours. Our work is written "
        "up; we would pass it on in one call."
    ),
    "joint": (
        "One of your systems has asked for this and we know the product. You would look after the "
        "sites, we would look after the evidence."
    ),
}
PROPOSAL_YES = "Gladly. Let us agree in one call who does what."
PROPOSAL_NO = "We have nobody free before the summer. Please ask again then."
EXEMPTION = (
    "Their clinical lead is away until next month, and we agreed to wait for her before we decide."
)
TEMPLATE_NAME = "Drop-in session"
TEMPLATE_SUBJECT = "Questions about {innovation}? Come to our drop-in session"
TEMPLATE_BODY = (
    "Dear {owner},\n\nevery first Tuesday from 2 to 4 pm you can ask us anything, no booking "
    "needed. It may help with {innovation}.\n\n{network}"
)

MADE_UP = "made up for the demonstration"
PRICES = (
    (4800, "a site a year"),
    (12000, "a trust a year"),
    (95, "a patient a year"),
    (350, "a patient"),
    (18, "a test"),
    (2400, "a practice a year"),
)
"""What the demonstration's innovations cost, and what that buys."""

PLACE_NAMES = (
    *("Rosebank", "Willowbrook", "Elm Tree", "Larkfield", "Harbour View", "Millgate", "Oakhurst"),
    *("Brookside", "Fairmead", "Hawthorn", "Kingfisher", "Lindenhall", "Meadowgate", "Northcroft"),
)
TOWNS = ("Exampleton", "Sampleford", "Demoborough", "Inventham", "Madeup-on-Sea", "Fictionbury")
STREETS = ("High Street", "Station Road", "Church Lane", "Mill Lane", "North Street")
PLACES = {
    "trust": ("Hospitals NHS Trust", "NHS Foundation Trust"),
    "trust_site": ("General Hospital", "Infirmary", "Community Hospital"),
    "community": ("Community Clinic", "Health Centre"),
    "mental_health": ("Mental Health Unit", "Centre for Wellbeing"),
    "pcn": ("Primary Care Network",),
    "practice": ("Surgery", "Medical Practice", "Medical Centre"),
    "pharmacy": ("Pharmacy",),
    "care_home": ("Care Home", "House", "Nursing Home"),
}
"""What made-up places are called, by their kind."""
PLACE_NOT_FOUND = "Larkfield Hospice at Home"
"""A place that somebody entered by name."""
