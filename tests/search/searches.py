"""Searches in the words of an integrated care system, each with the records that answer it.

Written down from the records alone, before any of them was run.
"""

THIRTY = {
    "residents in care homes being taken to A&E when they deteriorate": {
        "managing-deterioration-care-homes-west-midlands", "restore2",
    },
    "long waits for ADHD assessment": {"qbtest-focus-adhd"},
    "young people with anorexia waiting for treatment": {"freed"},
    "getting cholesterol down after a heart attack": {
        "lipid-pathway", "high-intensity-statins", "pcsk9-inhibitors", "inclisiran",
    },
    "patients who do not turn up to outpatient clinics": {"deep-medical", "drdoctor"},
    "finding irregular heartbeat before a stroke": {
        "digital-heart-monitors-staffordshire", "af-detect-protect-perfect", "kardiamobile",
        "zio-xt",
    },
    "beds blocked after lung surgery": {"thopaz"},
    "overprescribing in older people": {"polypharmacy-reviews", "pincer"},
    "strong painkillers for chronic pain": {"opioid-reduction"},
    "waiting list for colonoscopy": {"qfit", "colon-capsule"},
    "alternatives to sleeping pills": {"sleepio", "cbti-for-staff"},
    "pre-eclampsia test": {"plgf-testing", "elecsys-sflt1-plgf", "triage-plgf"},
    "premature babies brain injury": {"precept", "periprem", "preterm-optimisation"},
    "support for families of people with dementia": {"start"},
    "filling rota gaps without agency staff": {"lantum-connected-scheduling"},
    "patients who do not speak English": {"cardmedic"},
    "wound infection after an operation": {"plus-sutures"},
    "leg ulcers": {"transforming-wound-care"},
    "greener operating theatres": {"volatile-capture", "reusable-textiles"},
    "breast screening radiologist shortage": {"mia-mammography"},
    "finding a doctor for a Mental Health Act assessment": {"s12-solutions"},
    "kidney disease in people with diabetes": {"minuteful-kidney"},
    "men with an enlarged prostate": {
        "urolift", "greenlight-xps", "rezum", "plasma-system",
    },
    "knee pain without surgery": {"escape-pain", "aposhealth", "jigsaw-e"},
    "discharge to community pharmacy": {"tcam"},
    "one record across hospital and GP": {
        "shared-care-record-black-country", "shared-care-record-three-icss",
        "your-care-connected",
    },
    "diagnosing asthma in general practice": {"feno-testing", "niox-vero", "nobreath"},
    "end of life wishes shared between services": {
        "coordinate-my-care", "treatment-escalation-plans-care-homes",
    },
    "recurrent C diff": {"frozen-fmt"},
    "spotting sepsis on hospital wards": {"news2", "nervecentre", "respirasense"},
}  # fmt: skip
"""What was typed, and the keys of the records of which one belongs in the first three places."""
