"""Where people stand in programmes."""

from portal.personal import Place
from portal.programmes.models import ProgrammeFile

PLACES = (
    Place(
        "programme",
        "programmes",
        typed="name commissioner led_by partners spreads people_meant goal cohort source note",
        plain="code",
    ),
    Place("programme_product", "products of programmes", typed="name supplier note source"),
    Place(
        "programme_resource",
        "resources of programmes",
        typed="title maker note source",
        plain="link",
    ),
    Place("programme_list", "lists of places that programmes count over"),
    Place("programme_lead", "people who lead a programme in a network"),
    Place(
        "measure",
        "measures",
        plain="code name group numerator denominator unit rhythm formula missing_rule adds_up"
        " source",
    ),
    Place(
        "programme_value",
        "values of programmes",
        typed="products part value_text source note corrected_why",
        plain="code area period qualifier unit",
    ),
    Place("counting_rule", "rules by which patients are counted", typed="words source part"),
    Place("trajectory", "trajectories", typed="part why source"),
    Place(
        "programme_aim",
        "aims of programmes",
        typed="words part baseline_note by_words replaced_why source note",
        plain="qualifier unit",
    ),
    Place("rating_override", "ratings set by hand", typed="why"),
    Place(
        "programme_note",
        "words of a quarter",
        typed="words outcome_words mitigation owner closed_how source",
        plain="code affects",
    ),
    Place("delivery_step", "steps of delivery plans", typed="words note"),
    Place("quarter_review", "reviews of a network's quarter", typed="words"),
    Place("fund_round", "rounds of a fund", typed="name"),
    Place(
        "fund_application",
        "applications to a fund",
        typed="site theme words decided_why outcome",
    ),
    Place(
        "mandate_criterion",
        "tests of the funding mandate",
        plain="code name test unit evidence_needed source note",
    ),
    Place("programme_event", "events of programmes", typed="title words", plain="link"),
    Place("programme_message", "messages of communities of practice", typed="body"),
    ProgrammeFile.place("files of communities of practice"),
    Place("programme_follower", "communities that people follow", theirs="user_id"),
    Place("evaluation_priority", "priorities of evaluations", typed="name words"),
    Place("intervention", "interventions of evaluations", typed="name words source"),
    Place("intervention_priority", "priorities of interventions"),
    Place("synthesis", "syntheses of evidence", typed="title words", plain="link"),
    Place("mandate_result", "what tests of the mandate found", typed="source note"),
    Place(
        "selection_criterion",
        "criteria for the next programmes",
        plain="code name asks score_0 score_1 score_2 score_3 score_4 evidence source note",
    ),
    Place("panel_weights", "weights of criteria", typed="why", plain="weights"),
    Place("programme_proposal", "proposals of programmes", typed="title words"),
    Place("proposal_assessor", "people who assess proposals", typed="conflict_words"),
    Place("proposal_score", "scores of proposals", typed="words"),
    Place("proposal_decision", "decisions on proposals", typed="why feedback"),
)
