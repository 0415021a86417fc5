"""The names by which people cite what a clock profile follows, as they type them."""

CODES = {
    "民法典": "civil",
    "电商法": "ecommerce",
    "电子商务法": "ecommerce",
    "条例": "regulation",
    "DMCA": "dmca",
    "DSA": "dsa",
}
