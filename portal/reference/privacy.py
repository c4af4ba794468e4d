"""Where people stand in the reference data: nowhere."""

from portal.personal import Place

PLACES = (
    Place("bank_holiday", plain="name"),
    Place("former_label", plain="label"),
    Place("hin", plain="code name geography website source"),
    Place("hin_name", plain="name acronym"),
    Place("ics", plain="code name ics_name icb_name ods_code source"),
    Place("ics_name", plain="name"),
    Place("ics_succession", plain="part source"),
    Place("region", plain="code name source"),
    Place(
        "site",
        plain="code report name address town postcode parent_code commissioner_code geography_code",
    ),
    Place("site_file", plain="report file_name"),
    Place("site_name", plain="name"),
    Place("site_word", plain="word"),
    Place("term", plain="code label group definition value source"),
)
