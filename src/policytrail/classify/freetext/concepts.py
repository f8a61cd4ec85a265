"""What privacy policies speak of: families of concepts, each a name with the words that show it.

Data, not code: a new concept is one line. Patterns are matched on lower-case words (see `cues.words_of`), so they need
no punctuation. A concept counts once a passage, however often its words stand there.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

_DATA = {
    "names": r"(?:full |first |last |user ?|display |real )names?|names? and",
    "email address": r"e ?mails?(?: address(?:es)?)?",
    "phone number": r"(?:tele)?phone(?: numbers?)?|mobile numbers?",
    "postal address": r"(?:postal|home|street|billing|shipping|mailing|physical|residential) address(?:es)?",
    "location": r"(?:geo ?)?locations?(?: data)?|gps|latitude|whereabouts",
    "precise location": r"precise (?:geo ?)?locations?",
    "ip address": r"ip address(?:es)?|internet protocol",
    "device data": r"devices?(?: identifiers?| ids?| information| data)?|hardware model|operating systems?|imei|advertising ids?",
    "browsing": r"brows(?:ing|er)(?: histor(?:y|ies)| data)?|pages? (?:you )?(?:view|visit)(?:ed)?|clickstream|search histor(?:y|ies)",
    "usage data": r"usage (?:data|information)|log (?:data|files?|information)|interactions? with|activity (?:data|information)|telemetry",
    "payment data": r"payment (?:data|information|details|card|method)s?|credit cards?|bank account|debit cards?|financial (?:data|information)",
    "purchase history": r"purchase histor(?:y|ies)|transactions?(?: histor(?:y|ies)| data)?|orders? histor(?:y|ies)",
    "biometric data": r"biometrics?|fingerprints?|face ?(?:prints?|recognition|geometry|scans?)|facial|voice ?prints?|iris scans?",
    "health data": r"health(?: data| information|care)?|medical|vaccin\w+|diagnos(?:is|es|tic data)|disabilit(?:y|ies)|genetic",
    "government id": r"government(?: issued)? (?:id|identification)s?|passports?|driver s? ?licen[sc]es?|social security|national id\w*|tax id\w*",
    "photos and recordings": r"photos?|photographs?|pictures?|images?|videos?|audio|recordings?|voice (?:data|calls?|commands?)|selfies?",
    "messages": r"messages?(?: content)?|chats?|content of (?:your )?(?:communications|messages|calls)|correspondence",
    "contacts": r"address books?|contact lists?|phone books?|your contacts",
    "demographics": r"gender|sex(?:ual orientation)?|date of birth|birth ?dates?|\bage\b|ethnic\w*|rac(?:e|ial)|religio\w+|political|nationality|marital",
    "employment data": r"employ(?:ment|er)s?(?: histor(?:y|ies))?|job titles?|resumes?|curriculum|education(?:al)?|salary",
    "wallet": r"wallets?(?: address(?:es)?)?|blockchain|crypto\w*",
    "cookies": r"cookies?|web beacons?|pixels?(?: tags?)?|clear gifs?|local storage|tracking technolog(?:y|ies)|sdks?",
    "inferences": r"inferences?|inferred|profil(?:e|es|ing)|derived (?:data|information)|preferences",
    "user content": r"user generated content|content (?:that )?you (?:post|upload|submit|create|share)|posts?|comments?|uploads?",
    "credentials": r"passwords?|credentials?|login(?: data| information)?|authentication (?:data|information|codes?)",
    "identifiers": r"identifiers?|unique ids?|account (?:id|number)s?|user ids?",
    "social media": r"social (?:media|network)s?(?: accounts?| profiles?)?",
    "vehicle or driving": r"vehicles?(?: data)?|driving|trips?|mileage|odometer",
    "aggregate data": r"aggregated?|de ?identified|anonymi[sz]ed|pseudonymi[sz]ed",
}
_SENSITIVE = frozenset(
    {"biometric data", "health data", "precise location", "government id", "payment data", "messages"}
)
_PURPOSE = {
    "advertising": r"advertis\w*|ads?\b|targeted|remarketing|retargeting|interest based",
    "marketing": r"marketing|promotion\w*|promot(?:e|ing)|newsletters?|special offers?|sponsored",
    "analytics": r"analytics?|measur(?:e|ement|ing)|statistic\w*|insights?|audience",
    "personalization": r"personali[sz]\w+|custom(?:i[sz]\w+)|recommend\w*|tailor\w*|relevant content",
    "ai": r"\bai\b|artificial intelligence|machine learning|train(?:ing)? (?:our |its |their |the )?(?:ai|models?|algorithms?)|large language|generative",
    "automated decisions": r"automated (?:decision|processing|means)\w*|automatic decision\w*|credit scor\w+|eligibility",
    "fraud prevention": r"fraud\w*|abuse|misuse|suspicious|scams?|authenticity",
    "security purpose": r"security (?:purposes?|incidents?)|protect (?:against|our|the) |safety",
    "legal compliance": r"legal (?:obligations?|requirements?|claims?|process)|comply with|compliance|regulat(?:ory|ions?)|law enforcement|subpoenas?|court orders?",
    "research": r"research|surveys?|studies|scientific",
    "product development": r"develop(?:ment|ing)? (?:of )?(?:new|our|products?)|improv(?:e|ing|ement)|test(?:ing)? (?:new|out)|new features?",
    "service": r"provid(?:e|ing) (?:you |our |the )?(?:services?|products?|support|features?)|fulfil\w*|deliver(?:y|ing)?|operate",
    "support": r"customer (?:support|service|care)|troubleshoot\w*|help ?desk|complaints?",
    "communication": r"communicat(?:e|ing|ions?)|notif(?:y|ications?)|contact(?:ing)? you|inform(?:ing)? you|push",
    "identity verification": r"verif(?:y|ication|ying)(?: your)? (?:identit(?:y|ies)|age)|identity verification|know your customer|kyc|age (?:verification|assurance|estimation)",
    "moderation": r"moderat(?:e|ion|ing)|enforc(?:e|ement|ing) (?:our|the) (?:terms|policies|rules)",
}
_RECIPIENT = {
    "affiliates": r"affiliat\w+|subsidiar(?:y|ies)|parent compan(?:y|ies)|group compan(?:y|ies)|corporate famil(?:y|ies)",
    "service providers": r"service providers?|processors?|sub ?processors?|vendors?|contractors?|suppliers?",
    "partners": r"(?:business |marketing |advertising |commercial |trusted )?partners?|sponsors?|co ?branded",
    "advertisers": r"advertisers?|ad networks?|advertising networks?|publishers?|agencies",
    "third parties": r"third part(?:y|ies)|other compan(?:y|ies)|others",
    "authorities": r"law enforcement|authorit(?:y|ies)|government(?:al)?(?: agencies| bodies)?|courts?|regulators?|police|public actors?",
    "acquirers": r"merger|acqui(?:sition|rer|red|ring)|bankruptcy|successors?|sale of (?:all|our|assets)|reorgani[sz]ation",
    "public": r"publicly|general public|anyone|other users|visible to",
    "social networks": r"facebook|instagram|twitter|linkedin|tiktok|meta\b|google|youtube|snapchat|pinterest|microsoft|amazon|apple\b|stripe|paypal",
    "data brokers": r"data brokers?|aggregators?|credit (?:bureaus?|reference agenc\w+)|researchers?|insurers?|employers?",
}
_OTHER = {
    "sale": r"(?:sell|sale of|sold|selling|rent|renting|rented)\b(?: your| personal| or share)?",
    "transfer": r"transfer(?:s|red|ring)?(?: of)?(?: personal)? ?(?:data|information)?|cross border|outside (?:the|of|your)|standard contractual clauses|model clauses|privacy shield|data privacy framework|adequacy|third countr(?:y|ies)|binding corporate rules",
    "retention": r"retain(?:ed|s|ing)?|retention|store[ds]? for|kept for|keep (?:your|it|them|this|the)|delet(?:e|ed|es|ion|ing)|erase[ds]?|archiv\w+|expir\w+",
    "right": r"rights?(?: to)?|request (?:access|deletion|correction|a copy|erasure)|object to|portab\w+|rectif\w+|appeal",
    "choice": r"opt(?:ing|ed)? ?(?:in|out)s?|unsubscrib\w+|withdraw\w*|consent\w*|choices?|preferences|settings|disable|turn off|decline|reject",
    "security": r"encrypt\w*|safeguards?|firewalls?|secur(?:e|ed|ity)|iso ?27\w+|ssl|tls|password protected|two factor|access controls?",
    "children": r"child(?:ren)?s?|minors?|parents?(?:al)?|guardians?|under (?:the age of )?(?:13|14|15|16|17|18)|teen\w*|students?",
    "legal basis": r"legal bas(?:is|es)|legitimate interests?|lawful bas(?:is|es)|performance of (?:a|the|our) contract|public interest|gdpr|art(?:icle)? [0-9]+",
    "controller": r"(?:data )?controllers?|responsible (?:for|party|entity)|represent(?:ative|ed by)|contracting with|data protection officer",
    "dnt": r"do not track|\bdnt\b|global privacy control|\bgpc\b",
    "acceptance": r"continued use|by using|you (?:agree|accept|consent) to",
    "arbitration": r"arbitrat\w+|governing law|class actions?|jurisdiction of|disputes?",
    "policy change": r"changes? to (?:this|our|the) (?:privacy )?(?:policy|notice|statement)|update this|material changes?|notice of changes?|prior notice",
    "state law": r"california|ccpa|cpra|colorado|virginia|connecticut|utah|texas|oregon|washington|nevada|lgpd|pipeda|quebec|brazil|state (?:privacy )?laws?",
}
FAMILIES: dict[str, dict[str, re.Pattern[str]]] = {
    family: {name: re.compile(rf"\b(?:{pattern})") for name, pattern in entries.items()}
    for family, entries in (("data", _DATA), ("purpose", _PURPOSE), ("recipient", _RECIPIENT), ("other", _OTHER))
}
ACTS = re.compile(
    r"\b(?:collect|use|process|share|disclose|receive|obtain|gather|record|store|retain|sell|transfer|provide|access|track|"
    r"analy[sz]e|combine|link|infer|generate|send|scan|monitor|publish|release|train|verify|create)(?:s|d|ed|ing)?\b"
)
PROMISES = re.compile(
    r"\b(?:not|never|only|solely|prohibit\w*|require[sd]?|ensure[sd]?|guarantee\w*|limit(?:ed|s)?|without your (?:consent|permission)|"
    r"commit(?:ted|ment|ments)?|oblig(?:ed|ation|ations|ated)|promise[sd]?|unless)\b"
)


@lru_cache(maxsize=8192)
def concepts(words: str) -> frozenset[tuple[str, str]]:
    """In: a passage as lower-case words joined by blanks. Out: (family, concept) of everything that it speaks of."""
    return frozenset(
        (family, name) for family, entries in FAMILIES.items() for name, found in entries.items() if found.search(words)
    )


def is_sensitive(concept: str) -> bool:
    """Whether data of that kind is sensitive in the sense of the consent rules."""
    return concept in _SENSITIVE


def tally(passages: list[str]) -> Counter[tuple[str, str]]:
    """In how many passages of a document each concept stands."""
    return Counter(concept for words in passages for concept in concepts(words))
