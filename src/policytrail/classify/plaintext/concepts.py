"""What privacy policies speak of: families of concepts, each a name with the words that show it.

Data, not code: a new concept is one line. Patterns are matched on lower-case words (see `cues.words_of`), so they need
no punctuation. A concept counts once a passage, however often its words stand there.
"""

from __future__ import annotations

import re
from functools import lru_cache

_DATA = {
    "names": r"(?:full|first|last|middle|maiden|legal|user|display|real|screen|account) ?names?|names? and|usernames?|nicknames?",
    "email address": r"e ?mail address(?:es)?",
    "phone number": r"(?:tele|mobile |cell )?phone numbers?|mobile numbers?",
    "postal address": r"(?:postal|home|street|billing|shipping|mailing|physical|residential|delivery) address(?:es)?|zip codes?|post ?codes?",
    "location": r"(?:geo ?)?location (?:data|information)|geolocations?|(?:your|approximate|general|current) locations?|gps|latitude|whereabouts",
    "precise location": r"(?:precise|exact|fine) (?:geo ?)?locations?",
    "ip address": r"ip address(?:es)?|internet protocol address(?:es)?",
    "device data": r"device (?:identifiers?|ids?|information|data|type|model|settings)|hardware model|operating systems?|imei|mac address(?:es)?|serial numbers?",
    "advertising id": r"advertising (?:ids?|identifiers?)|idfa|aaid|maids?",
    "browsing": r"brows(?:ing|er)(?: histor(?:y|ies)| data| type)?|pages? (?:you )?(?:view|visit)(?:ed)?|clickstream|search (?:histor(?:y|ies)|queries|terms)|urls? of|websites? you visit",
    "usage data": r"usage (?:data|information|statistics)|log (?:data|files?|information)|interactions? with|activity (?:data|information|logs?)|telemetry|crash (?:reports?|data)|diagnostic (?:data|information)",
    "payment data": r"payment (?:data|information|details|cards?|methods?)|credit cards?|bank accounts?|debit cards?|card numbers?|iban",
    "financial data": r"financial (?:data|information|details|situation)|income|credit (?:score|history|report)s?|assets",
    "purchase history": r"purchase histor(?:y|ies)|transaction (?:histor(?:y|ies)|data|information|details)|order histor(?:y|ies)|products? (?:you )?purchased",
    "biometric data": r"biometrics?|fingerprints?(?!ing)|face ?(?:prints?|recognition|geometry|scans?|templates?)|facial|voice ?prints?|iris scans?|retina|keystroke",
    "health data": r"health (?:data|information|conditions?|status|records?)|healthcare|medical|vaccin\w+|diagnos(?:is|es|tic data)|disabilit(?:y|ies)|medication|fitness|heart rate|menstrual|reproductive",
    "genetic data": r"genetic|dna|genom\w+",
    "government id": r"government(?: issued)? (?:id|identification|identifiers?)\w*|passports?|driver s? ?licen[sc]es?|driving licen[sc]es?|social security|national id\w*|identity (?:card|document)s?|tax(?:payer)? id\w*|copy of your id",
    "photos": r"photos?|photographs?|pictures?|images?|selfies?|avatars?",
    "recordings": r"videos?|audio|recordings?|voice (?:data|calls?|commands?|recordings?)|microphone|camera|cctv|transcripts?",
    "messages": r"(?<!error )(?<!push )(?<!commit )(?<!marketing )(?<!promotional )messages?(?: content)?|chats?|chat histor(?:y|ies)|content of (?:your )?(?:communications|emails?|messages|calls)|correspondence|prompts|inputs",
    "contacts": r"address books?|contact lists?|phone books?|your contacts|friends? lists?|contacts of",
    "demographics": r"demographics?|gender|date of birth|birth ?(?:dates?|days?)|\bage\b|nationality|citizenship|marital|household|language preferences?",
    "special categories": r"sexual orientation|sex life|ethnic\w*|racial|\brace\b|religio\w+|political (?:opinions?|views|beliefs)|trade union|criminal (?:records?|convictions?|offen[cs]es)|immigration",
    "employment data": r"employment (?:histor(?:y|ies)|data|information|status)|job titles?|resumes?|curriculum vitae|\bcvs?\b|education(?:al)? (?:data|information|histor(?:y|ies)|records?|background)|salary|occupation|profession",
    "wallet": r"wallet (?:address(?:es)?|data|information)|wallets?|blockchain|crypto ?currenc(?:y|ies)|public keys?",
    "cookies": r"cookies?|web beacons?|pixels?(?: tags?)?|clear gifs?|local storage|tracking technolog(?:y|ies)|sdks?|fingerprinting|session replay",
    "inferences": r"inferences?|inferred|profil(?:es|ing)|derived (?:data|information)|behaviou?r(?:al)?|your interests|attributes",
    "user content": r"user generated content|content (?:that )?you (?:post|upload|submit|create|share)|user content|files you|documents you",
    "credentials": r"passwords?|credentials?(?! stuffing)|credential information|login (?:data|information|details)|authentication (?:data|information|codes?)|security questions?|pins?\b",
    "identifiers": r"(?:unique|online|personal|device|other) identifiers?|unique ids?|account (?:id|number)s?|user ids?|pseudonyms?",
    "social media": r"social (?:media|network)s? (?:accounts?|profiles?|data|information|handles?)",
    "vehicle data": r"vehicle (?:data|information|identification)|driving (?:data|behaviou?r)|trip (?:data|history|recordings?)|mileage|odometer|license plates?",
    "sensor data": r"sensors?|bluetooth|accelerometer|gyroscope|proximity|nearby devices|wi ?fi (?:networks?|access points?)",
}
_SENSITIVE = frozenset(
    {
        "biometric data",
        "health data",
        "genetic data",
        "precise location",
        "government id",
        "payment data",
        "messages",
        "special categories",
        "contacts",
        "credentials",
    }
)
_PURPOSE = {
    "advertising": r"advertis\w*|\bads?\b|targeted|remarketing|retargeting|interest based",
    "marketing": r"marketing|promotion\w*|promot(?:e|ing)|newsletters?|special offers?|sponsored",
    "analytics": r"analytics?|analy[sz](?:e|ing)|measur(?:e|ement|ing)|statistic\w*|insights?|audience|metrics|monitor(?:ing)? (?:performance|usage)",
    "personalization": r"personali[sz](?:e|ed|ing|ation)|customi[sz]\w+|recommend\w*|tailor\w*|relevant content",
    "ai training": r"(?:train|trains|trained|training|fine ?tun\w+|improv\w+|develop\w*|build|building) (?:\w+ ){0,6}?(?:ai\b|artificial intelligence|machine learning|(?:language |foundation )?models?\b|algorithms?|llms?\b)|(?:ai|machine learning|model) (?:training|development)|(?:models?|algorithms?) (?:\w+ ){0,4}trained",
    "ai": r"\bai\b|artificial intelligence|machine learning|large language|generative|\bllms?\b|chatbots?",
    "automated decisions": r"automated (?:decision|processing|individual)\w*|automatic decision\w*|credit scor\w+|\bscoring\b|eligibility",
    "fraud prevention": r"fraud\w*|abuse|misuse|suspicious|scams?|authenticity|counterfeit\w*|replicas?|money laundering|sanctions",
    "security purpose": r"security (?:purposes?|incidents?)|protect (?:against|our|the)|safety|integrity",
    "legal compliance": r"legal (?:obligations?|requirements?|claims?|process)|comply with|compliance|regulatory|tax(?:es)?\b|\bvat\b|audit(?:s|ing)?|accounting",
    "research": r"research|surveys?|studies|scientific",
    "product development": r"develop(?:ment|ing)? (?:of )?(?:new|our|products?)|(?:improv(?:e|ing|ement)|enhanc\w+) (?:of )?(?:our|the|your|its|and|products?|services?)|test(?:ing)? (?:new|out)|new features?",
    "service": r"provid(?:e|ing) (?:you |our |the )?(?:services?|products?|support|features?)|fulfil\w*|deliver(?:y|ing)? (?:of )?(?:our|the|your|products?)|shipping",
    "support": r"customer (?:support|service|care)|troubleshoot\w*|help ?desk|complaint handling|respond(?:ing)? to your",
    "communication": r"communicat(?:e|ing) with|notif(?:y|ications?)|contact(?:ing)? you|inform(?:ing)? you|push notifications?|send(?:ing)? you|reminders?",
    "identity verification": r"verif(?:y|ication|ying)(?: your)? (?:identit(?:y|ies)|age)|identity verification|know your customer|kyc|age (?:verification|assurance|estimation)|background checks?",
    "moderation": r"content moderation|moderat(?:e|ion|ing)|enforc(?:e|ement|ing) (?:of )?(?:our|the) (?:terms|policies|rules)",
    "recruitment": r"recruit\w*|hiring|job applications?|onboarding",
}
_RECIPIENT = {
    "affiliates": r"affiliat\w+|subsidiar(?:y|ies)|parent compan(?:y|ies)|group compan(?:y|ies)|corporate (?:famil(?:y|ies)|group)",
    "service providers": r"service providers?|processors?|sub ?processors?|vendors?|contractors?|suppliers?|hosting providers?|cloud providers?",
    "partners": r"(?:business |marketing |advertising |commercial |trusted |program )?partners|sponsors?|co ?branded|resellers?|distributors?",
    "advertisers": r"advertisers?|ad networks?|advertising networks?|publishers?|agencies",
    "third parties": r"third part(?:y|ies)|other compan(?:y|ies)|other organi[sz]ations?",
    "authorities": r"law enforcement|(?:public |tax |competent |government )authorit(?:y|ies)|government(?:al)?(?: agencies| bodies)?|courts?|regulators?|police|public (?:actors?|bodies)|subpoenas?",
    "acquirers": r"merger|acquirer|acquired|acquiring|bankruptcy|successors?|sale of (?:all|our|assets)|reorgani[sz]ation",
    "public": r"publicly|general public|other users|visible to|search engines",
    "social networks": r"facebook|instagram|twitter|linkedin|tiktok|meta\b|google|youtube|snapchat|pinterest|microsoft|amazon|apple\b|openai",
    "data brokers": r"data brokers?|data aggregators?|credit (?:bureaus?|reference agenc\w+|agencies)",
    "insurers": r"insurers?|insurance compan(?:y|ies)",
    "researchers": r"researchers?|universit(?:y|ies)|academic",
    "employers": r"your employer|employers|organi[sz]ation (?:that|which|you)|administrators?",
    "advisers": r"(?:professional )?advis[eo]rs|lawyers|auditors|accountants|law firms?",
    "financial institutions": r"banks?\b|payment (?:processors?|providers?)|financial institutions?|card (?:issuers?|networks?)",
}
_RIGHT = {
    "access": r"(?:right|request|obtain|ask)(?: \w+){0,4} (?:to )?(?:access|copy|know)|subject access",
    "deletion": r"(?:right|request|ask|can|may)(?: \w+){0,5} (?:to )?(?:delete[ds]?|deletion|erasure|erase[ds]?|forgotten)|delete your (?:account|data|information)",
    "correction": r"(?:right|request|ask|can|may)(?: \w+){0,5} (?:to )?(?:correct(?:ed|ion)?|rectif\w+|modify|update|amend)",
    "portability": r"portab\w+",
    "objection": r"object(?:ion)? to|right to object|restrict(?:ion of)? (?:the )?processing|right to restrict",
    "complaint": r"(?:lodge|file|make|submit) (?:a |your )?complaints?|supervisory authorit(?:y|ies)",
    "appeal": r"appeal(?:s|ed)?\b",
    "non-discrimination": r"discriminat\w+|retaliat\w+",
}
_CHOICE = {
    "opt out": r"opt(?:ing|ed|s)? ?out|do not sell|limit the use",
    "opt in": r"opt(?:ing|ed|s)? ?in\b|(?:with|without) your (?:prior |explicit |express )?(?:consent|permission)",
    "withdrawal": r"withdraw\w*|revoke",
    "unsubscribe": r"unsubscrib\w+",
    "settings": r"(?:privacy|account|browser|device|cookie|your) (?:settings|preferences|choices)|turn off|disable|switch off",
    "refusal": r"decline|refuse|reject",
}
_OTHER = {
    "sale": r"(?:sell|sells|selling|sold|rent|rents|renting|rented|trade|lease)\b|sale of (?:your |personal )?(?:data|information)",
    "transfer": r"cross border|(?:outside|out) (?:of )?(?:the )?(?:eea|eu|uk|european|united kingdom|your country)|third countr(?:y|ies)|international (?:data )?transfers?|transfer(?:s|red|ring)? (?:to|from|of)? ?(?:the )?(?:united states|usa?|eu|eea|other countries)|transferring personal",
    "retention": r"retain(?:ed|s|ing)?|retention|store[ds]? for|kept for|keep (?:your|it|them|this|the) (?:data|information)|delet(?:e|ed|es|ion) (?:after|within|when|once)|archiv\w+|anonymi[sz]ed after|as long as",
    "security": r"encrypt\w*|safeguards?|firewalls?|security (?:measures?|controls?|practices|audits?)|iso ?27\w+|soc ?2|ssl|tls|two factor|access controls?|penetration",
    "children": r"child(?:ren)?s?\b|minors?\b|parent(?:s|al)?\b|guardians?|under (?:the age of )?(?:13|14|15|16|17|18)|teen\w*",
    "legal basis": r"legal bas(?:is|es)|legitimate interests?|lawful bas(?:is|es)|performance of (?:a|the|our) contract|public interest|balanc(?:e|ing) of interests",
    "controller": r"(?:data )?controllers?|responsible (?:for|party|entity)|representatives?|represented by|contracting with|data protection officer|registered (?:seat|office)|hereinafter|designated",
    "dnt": r"do not track|\bdnt\b|global privacy control|\bgpc\b",
    "acceptance": r"continued use|by (?:continuing|using|accessing|visiting)\b|you (?:agree|accept|consent) to",
    "arbitration": r"arbitrat\w+|governing law|class actions?|jurisdiction of|dispute resolution|governed by the laws?",
    "policy change": r"(?:changes?|modif\w+|updates?|amend\w*|revis\w+) (?:to )?(?:this|our|the) (?:privacy )?(?:policy|notice|statement)|material changes?|notice of changes?|prior notice|notify you of",
    "state law": r"california|ccpa|cpra|colorado|virginia|connecticut|utah|texas|oregon|washington|nevada|lgpd|pipeda|quebec|brazil|state (?:privacy )?laws?",
}
FAMILIES: dict[str, dict[str, re.Pattern[str]]] = {
    family: {name: re.compile(rf"\b(?:{pattern})") for name, pattern in entries.items()}
    for family, entries in (
        ("data", _DATA),
        ("purpose", _PURPOSE),
        ("recipient", _RECIPIENT),
        ("right", _RIGHT),
        ("choice", _CHOICE),
        ("other", _OTHER),
    )
}
_VERBS = (
    "collect use process share disclose receive obtain gather record store retain sell transfer provide access track analyze analyse "
    "combine link infer generate send scan monitor publish release train verify create keep save convey communicate pass give read "
    "match log request require make carry allow acquire derive buy hold transmit supply exchange"
)


def _forms(verb: str) -> tuple[str, ...]:
    """A regular verb as it is bent."""
    if verb.endswith("e"):
        return verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"
    if verb.endswith("y") and verb[-2] not in "aeou":
        return verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"
    return verb, f"{verb}{'es' if verb.endswith(('s', 'ch', 'sh')) else 's'}", f"{verb}ed", f"{verb}ing"


_IRREGULAR = (
    "sold",
    "sent",
    "kept",
    "given",
    "gave",
    "made",
    "held",
    "bought",
    "logging",
    "logged",
    "transferring",
    "transferred",
    "got",
)
ACT = f"(?:{'|'.join(sorted({form for verb in _VERBS.split() for form in _forms(verb)} | {*_IRREGULAR}))})"
ACTS = re.compile(rf"\b{ACT}\b")
PROMISES = re.compile(
    r"\b(?:not|never|only|solely|prohibit\w*|require[sd]?|ensure[sd]?|guarantee\w*|limit(?:ed|s)?|without your (?:consent|permission)|"
    r"commit(?:ted|ment|ments)?|oblig(?:ed|ation|ations|ated)|promise[sd]?|unless|will)\b"
)


@lru_cache(maxsize=8192)
def concepts(words: str) -> frozenset[tuple[str, str]]:
    """In: a passage as lower-case words joined by blanks. Out: (family, concept) of everything that it speaks of."""
    return frozenset(
        (family, name) for family, entries in FAMILIES.items() for name, found in entries.items() if found.search(words)
    )


def quoted(concept: str, words: str) -> str:
    """A concept with the words that show it, where they aren't its name: `insurers ("insurance companies")`."""
    pattern = next((entries[concept] for entries in FAMILIES.values() if concept in entries), None)
    found = pattern.search(words) if pattern else None
    return f'{concept} ("{found[0]}")' if found and found[0] != concept else concept


def is_sensitive(concept: str) -> bool:
    """Whether data of that kind is sensitive in the sense of the consent rules."""
    return concept in _SENSITIVE
