"""Which words of a policy point to which key: data categories and purposes of the vocabulary, kinds of recipients.

Data, not code: a new word is one line. Patterns are matched on lower-case text. Where a key and one above it are both
found, the more special one is kept. A proposal is never more than that: a person confirms each.
"""

from __future__ import annotations

from .entries import entries
from .lexicon_recipients import RECIPIENTS

DATA = entries(
    ("user.name", "name", r"(?<!domain )(?<!user )(?<!brand )(?<!company )names?(?! of (?:the|our))"),
    (
        "user.contact.email",
        "email address",
        r"e-?mail address(?:es)?|e-?mails?(?=, (?:phone|tele|post|name|address)| and phone)",
    ),
    ("user.contact.phone_number", "phone number", r"(?:tele)?phone(?: numbers?)?|(?:mobile|cell)(?: phone)? numbers?"),
    ("user.contact.fax_number", "fax number", r"fax(?: numbers?)?"),
    (
        "user.contact.address",
        "postal address",
        r"(?:postal|home|street|mailing|shipping|billing|physical|residential|delivery|e-?mail and) address(?:es)?"
        r"|name(?:s)?,? (?:and )?address(?:es)?|places? of residence",
    ),
    ("user.contact.address.postal_code", "postal code", r"(?:zip|postal|post) ?codes?"),
    ("user.contact", "contact details", r"contact (?:details|information|data)"),
    ("user.account.username", "user name", r"user ?names?|login names?|screen names?"),
    ("user.authorization.password", "password", r"passwords?(?! protect)(?!-protect)"),
    ("user.account", "account information", r"account (?:details|information|data|number)s?"),
    ("user.device.ip_address", "IP address", r"(?:ip|internet protocol)(?: \(ip\))? address(?:es)?"),
    ("user.device.cookie_id", "cookie identifier", r"cookie (?:id|identifier)s?|unique cookie"),
    (
        "user.device.device_id",
        "device identifier",
        r"(?:device|advertising|machine|hardware) (?:id|identifier)s?|unique (?:device|code)\b[^.]{0,40}|imei|mac address(?:es)?",
    ),
    (
        "user.device",
        "device information",
        r"(?:device|hardware|browser|computer) (?:type|information|model|data|settings|version)s?|operating systems?|types? of (?:device|browser)"
        r"|information about your (?:device|computer|printer|browser)|browser types?",
    ),
    ("user.location.precise", "precise location", r"precise (?:geo-?)?locations?(?: data)?|gps(?: data| coordinates)?"),
    (
        "user.location",
        "location",
        r"(?:geo-?)?location(?: data| information)|geo-?locations?|your (?:current )?location",
    ),
    (
        "user.behavior.browsing_history",
        "pages visited",
        r"(?:web ?)?pages? (?:that )?(?:you )?(?:view|visit|access|request)\w*|brows(?:ing|er) (?:history|activit\w+|behaviou?r)|click-?stream"
        r"|(?:aggregate )?user movement|referr(?:ed|ing) (?:you|url|site|page)\w*|visits? to our (?:site|website)",
    ),
    ("user.behavior.search_history", "search history", r"search (?:histor\w+|quer\w+|terms?)"),
    (
        "user.behavior.purchase_history",
        "purchase history",
        r"purchase histor\w+|order histor\w+|transaction(?:al)? (?:histor\w+|information|data|details)|postage transactions?"
        r"|past use of|products? (?:or services )?(?:that )?you (?:buy|bought|purchase\w*)",
    ),
    ("user.behavior.media_consumption", "media consumption", r"(?:viewing|listening|watch) histor\w+"),
    (
        "user.behavior",
        "use of the service",
        r"usage (?:data|information)|how you (?:use|interact)|interactions? with (?:our|the)|log (?:data|files?|information)|activity (?:data|logs?)"
        r"|print(?:ing)? histor\w+",
    ),
    ("user.telemetry", "diagnostic data", r"telemetry|crash (?:reports?|data|logs?)|diagnostic (?:data|information)"),
    (
        "user.financial.credit_card",
        "card data",
        r"(?:credit|debit|payment|bank) cards?(?: numbers?| data| information| details)?(?! processor)",
    ),
    ("user.financial.bank_account", "bank account", r"bank account(?: number| information| details)?s?|iban"),
    ("user.payment", "payment data", r"(?:payment|billing) (?:data|information|details|method)s?"),
    ("user.financial", "financial data", r"financial (?:data|information)"),
    ("user.government_id.passport_number", "passport", r"passports?(?: numbers?)?"),
    ("user.government_id.drivers_license_number", "driving licence", r"driv(?:er'?s?|ing) licen[sc]es?"),
    (
        "user.government_id.national_identification_number",
        "national identification number",
        r"social security numbers?|national (?:id|identification|identity)\w*|tax(?:payer)? (?:id|identification)\w*(?: numbers?)?",
    ),
    (
        "user.government_id",
        "government identification",
        r"government[- ](?:issued )?(?:id|identification|identifier)s?|identity documents?",
    ),
    ("user.biometric.voice", "voice recordings", r"voice ?(?:prints?|recordings?|data)"),
    (
        "user.biometric",
        "biometric data",
        r"biometrics?|fingerprints?|face ?(?:scans?|recognition|geometry)|facial (?:recognition|scans?|geometry)",
    ),
    ("user.health_and_medical.genetic", "genetic data", r"genetic (?:data|information)"),
    (
        "user.health_and_medical",
        "health data",
        r"health(?:-related)? (?:data|information|conditions?)|medical (?:data|information|records?|histor\w+)",
    ),
    ("user.demographic.date_of_birth", "date of birth", r"dates? of birth|birth ?dates?|birthdays?"),
    ("user.demographic.age_range", "age", r"your age|age(?= range| group|,)"),
    ("user.demographic.gender", "gender", r"gender"),
    ("user.demographic.race_ethnicity", "race or ethnicity", r"race|racial|ethnic\w*"),
    ("user.demographic.religious_belief", "religious belief", r"religio\w+(?: beliefs?)?"),
    ("user.demographic.political_opinion", "political opinion", r"political (?:opinion|belief|view)s?"),
    ("user.demographic.sexual_orientation", "sexual orientation", r"sexual orientations?|sex life"),
    ("user.demographic.marital_status", "marital status", r"marital status"),
    ("user.demographic.profile", "profile", r"profile (?:data|information|pictures?)"),
    ("user.demographic", "demographic data", r"demographics?(?: data| information)?"),
    ("user.content.self_image", "pictures of you", r"photo(?:graph)?s?|selfies?|profile pictures?"),
    (
        "user.content.private",
        "content of messages",
        r"(?:contents? of|your) (?:messages?|communications?|correspondence|e-?mails|chats?)|messages? (?:that )?you send|correspondence (?:with|between|that)",
    ),
    (
        "user.content.public",
        "public posts",
        r"(?:public )?(?:posts?|comments?|reviews?|blogs?|forums?) (?:that )?(?:you|may be read)\b|user[- ]generated content",
    ),
    (
        "user.content",
        "your content",
        r"content (?:that )?you (?:post|upload|submit|create|share|provide)|audio recordings?|videos? you",
    ),
    (
        "user.social",
        "social media data",
        r"social (?:media|network(?:ing)?) (?:accounts?|profiles?|information|data|features?)",
    ),
    ("user.job_title", "job title", r"job titles?|occupations?|professions?"),
    ("user.workplace", "employer", r"employers?|employment (?:data|information|histor\w+)"),
    ("user.criminal_history", "criminal history", r"criminal (?:records?|histor\w+|convictions?)"),
    ("user.unique_id", "unique identifier", r"unique (?:id|identifier|number)s?|(?:online|persistent) identifiers?"),
    (
        "user",
        "personal information",
        r"(?:(?<!non-)(?<!non)(?<!non )personal(?:ly)?(?: |-)(?:identifiable |identifying )?(?:data|information)|information (?:related to|about|concerning) you"
        r"|your (?:personal )?(?:data|information|details)|(?:certain|the|this|that|such|other|following) (?:types? of )?information|personal details|pii)",
    ),
)

PURPOSES = entries(
    (
        "essential.service.payment_processing",
        "processing payments",
        r"process(?:ing)? (?:your |the )?(?:payments?|transactions?|credit cards?)|billing purposes|payment processing",
    ),
    (
        "essential.service.authentication",
        "verifying who you are",
        r"verify(?:ing)? (?:your |the )?(?:identity|account)|authenticat\w+|(?:log|sign)[- ]?in(?:g)? to",
    ),
    (
        "essential.service.security",
        "security",
        r"(?:security|safety) (?:purposes?|and)|(?:protect|secur|safeguard)\w* (?:the |our |your )?(?:security|services?|website|site|account|platform|rights)|keep\w* [^.]{0,30}\b(?:safe|secure)",
    ),
    (
        "essential.fraud_detection",
        "preventing fraud and abuse",
        r"fraud\w*|abuse|misuse|(?:illegal|suspicious|unlawful) activit\w+",
    ),
    (
        "essential.legal_obligation",
        "legal duties and claims",
        r"legal (?:obligations?|requirements?|process|claims?|rights|duties)|comply(?:ing)? with (?:the |our |any |applicable )*(?:law|legal|regulat)\w*|legal compliance|subpoenas?|court orders?|required by (?:applicable )?law|regulatory (?:\w+ )?(?:function|obligation|requirement)s?",
    ),
    (
        "essential.service.operations.support",
        "customer support",
        r"customer (?:support|service|care)|(?:respond|reply|answer)\w* (?:to )?(?:your )?(?:\w+ )?(?:questions?|inquir\w+|enquir\w+|requests?|comments?)|troubleshoot\w*|technical support|need assistance",
    ),
    (
        "essential.service.notifications",
        "service messages",
        r"service[- ](?:related )?(?:announcements?|messages?|notices?)|(?:notify|inform|tell)(?:ing)? you (?:about|of)|administrative (?:messages?|e-?mails?)|important notices?",
    ),
    (
        "essential.service",
        "providing products and services",
        r"(?:provid|deliver|fulfill?|operat|perform|offer|render|supply)\w* (?:you |to you |our |the |your |these |those |such |that |with )*"
        r"(?:requested |requests for )?(?:products?|services?|orders?|requests?|contract|website|site|platform|app)",
    ),
    (
        "functional.service.improve",
        "improving services",
        r"(?:improv|enhanc|develop)\w* (?:our |the |your |new |these |and )*(?:\w+ )?(?:services?|products?|websites?|sites?|features?|experience|platform|apps?)|product development|better manage",
    ),
    ("personalize", "personalized service", r"personali[sz]\w*|customi[sz]\w*|tailor\w*|recommend(?:ations?|ing)"),
    (
        "analytics.reporting",
        "measuring use",
        r"analytics?|analy[sz](?:e|ing|is)|measur(?:e|ing|ement)s?|statistic\w*|(?:audience|traffic) (?:size|patterns?)|track(?:ing)? (?:the number|usage)|monitor\w* (?:trends|usage)|research",
    ),
    (
        "marketing.advertising.third_party.targeted",
        "targeted advertising",
        r"(?:interest|behaviou?ral)(?:ly)?[- ]based (?:ads?|advertis\w+)|targeted (?:ads?|advertis\w+|content)|re-?target\w+|re-?market\w+|cross-context",
    ),
    ("marketing.advertising", "advertising", r"advertis\w+|\bads"),
    (
        "marketing.communications",
        "marketing messages",
        r"marketing (?:communications?|e-?mails?|messages?|materials?|purposes?)|promotional (?:communications?|e-?mails?|messages?|materials?|offers?|information)|newsletters?|special offers?|direct marketing",
    ),
    ("marketing", "marketing", r"marketing|promotions?|sweepstakes|contests?"),
    (
        "train_ai_system",
        "training of AI systems",
        r"train(?:ing)? (?:our |its |their |the |of )?(?:[\w-]+ ){0,2}(?:ai|models?|algorithms?)|machine learning|artificial intelligence",
    ),
    ("employment.recruitment", "recruitment", r"recruit\w*|job appli\w+|your application for"),
    (
        "operations",
        "running the business",
        r"(?:internal|business|administrative) (?:purposes|operations|administration)|auditing|accounting",
    ),
)


def labels() -> dict[str, str]:
    """The plain words for every key of the lexicon."""
    return {purpose.key: purpose.label for purpose in (*DATA, *PURPOSES, *RECIPIENTS)}
