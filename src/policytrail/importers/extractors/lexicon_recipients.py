"""Which words of a policy point to a kind of recipient, a country, a mechanism of transfer."""

from __future__ import annotations

from .entries import entries

RECIPIENTS = entries(
    (
        "payment_processors",
        "payment processors",
        r"(?:payment|credit card|card) (?:processors?|providers?|processing (?:compan\w+|providers?))",
    ),
    (
        "analytics_providers",
        "analytics providers",
        r"analytics (?:providers?|services?|partners?|compan\w+)|google analytics|tracking (?:utility )?services?",
    ),
    (
        "advertising_networks",
        "advertisers and advertising networks",
        r"advertisers?|ad(?:vertising)? (?:networks?|partners?|agencies)|(?:advertising and )?marketing (?:and advertising )?partners?",
    ),
    (
        "social_networks",
        "social networks",
        r"social (?:media|network)\w* (?:providers?|platforms?|sites?|networks?|compan\w+)|social networks|facebook|twitter|linkedin|instagram|tiktok",
    ),
    (
        "affiliates",
        "affiliated companies",
        r"(?<!non)(?<!non-)affiliate[sd]?(?: compan\w+| entit\w+)?|subsidiar\w+|parent compan\w+|group compan\w+|corporate (?:family|group)",
    ),
    (
        "service_providers",
        "service providers",
        r"(?:third[- ]party )?service providers?|vendors?|(?:sub-?)?contractors?|data processors?|sub-?processors?|agents? working|suppliers?"
        r"|(?:compan\w+|partners?|third part\w+|those) (?:that|who|which) (?:work|perform|provide services|act)\b|on (?:our|its) behalf",
    ),
    (
        "authorities",
        "authorities and courts",
        r"law enforcement|(?:government(?:al)?|public|regulatory|tax|supervisory|competent) (?:authorit\w+|agenc\w+|bod\w+)|authorities|courts?|regulators?|subpoenas?|legal process|postal service",
    ),
    (
        "acquirer",
        "a company that acquires or merges with us",
        r"merge[rd]s?(?: with)?|acqui(?:re[rd]?|ring|sition)s?(?: by)?|bankruptcy|successors?|sale of (?:all|our|substantially|assets|the business)|reorgani[sz]ation",
    ),
    (
        "professional_advisers",
        "professional advisers",
        r"lawyers?|auditors?|accountants?|(?:professional|legal) advis[eo]rs?|insurers?",
    ),
    (
        "carriers",
        "delivery companies",
        r"carriers?|(?:shipping|delivery|courier) (?:compan\w+|services?|partners?)|couriers?",
    ),
    ("data_brokers", "data brokers", r"data brokers?|credit (?:bureaus?|reference agenc\w+|reporting agenc\w+)"),
    (
        "public_readers",
        "everyone",
        r"publicly (?:available|accessible|visible|display\w*)|general public|(?:other|all) (?:users|members|visitors)|others who access",
    ),
    (
        "business_partners",
        "business partners",
        r"(?:business|trusted|commercial|joint|co-branded|strategic|selected) partners?|partners?(?! control)",
    ),
    (
        "third_parties",
        "third parties",
        r"third[- ]part(?:y|ies)|other (?:people|compan\w+|organi[sz]ations?|parties)|non-?affiliated compan\w+",
    ),
)
ROLES = {
    "service_providers": "processor",
    "payment_processors": "processor",
    "analytics_providers": "processor",
    "authorities": "authority",
    "acquirer": "acquirer",
    "public_readers": "public",
}
COUNTRIES = {
    "us": r"united states|the us\b|\bu\.s\.|\busa\b",
    "gb": r"united kingdom|\buk\b",
    "ca": r"canada",
    "in": r"india",
    "ie": r"ireland",
    "sg": r"singapore",
    "jp": r"japan",
    "au": r"australia",
    "cn": r"china",
    "br": r"brazil",
}
MECHANISMS = {
    "standard_contractual_clauses": r"(?:standard|model) (?:contractual |contract )?clauses",
    "adequacy": r"adequacy",
    "binding_corporate_rules": r"binding corporate rules",
    "data_privacy_framework": r"data privacy framework",
    "privacy_shield": r"privacy shield",
    "safe_harbor": r"safe harbo[u]?r",
}
