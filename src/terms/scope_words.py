"""The words by which a statement's subject is judged: of data, code, sites, other things, negation and hedging."""

from __future__ import annotations

import re

CODE = re.compile(
    r"\b(?:code(?:base)?|source ?code|scripts?|software|programs?|librar(?:y|ies)|packages?|notebooks?|(?:data ?)?loaders?|implementations?|tools?|toolbox|toolkit|plug-?in|api client|sdk|dev(?:elopment)?[ -]?kit|utilit(?:y|ies)|(?:baseline|training|evaluation) recipes?|importer|crawler|scraper|downloader|quellcode|quelltext|programmcode|logiciel|código)\b"
)
CODE_AT_END = re.compile(
    r"\b(?:renderer|parser|simulator|converter|extractor|viewer|compiler|tracker|exporter|scorer|validator|plotter)s?\W*(?:\([^()]*\)\W*)?\Z"
)
"""Programs by what they do, where they are what is spoken of: "The parser (hoardlib) is under …"."""
IS_PROGRAM = re.compile(
    r"\b(?:is|are|was|provides?|offers?) (?:an? |the |our |just |only )?(?:(?!and\b|or\b)[\w+#-]+ ){0,4}?"
    r"(?:(?:python|r|julia|java|javascript|c\+\+|rust|matlab|software|pip|npm|command[- ]line) (?:\w+ )?(?:librar(?:y|ies)|packages?|modules?|tools?|programs?|apps?|scripts?)"
    r"|utilit(?:y|ies)|toolkits?|toolbox|wrappers?|downloaders?|(?:data ?)?loaders?|scripts?|sdk|plug-?ins?|api clients?|scrapers?|crawlers?|software(?! (?:librar|package|tool|program|module|app))"
    r"|(?:librar(?:y|ies)|packages?|tools?|programs?) (?:for|to|that|which))\b"
    r"(?!,? (?:and|&|or|as well as|plus|with) (?:an? |the |its? )?(?:[\w-]+ ){0,3}?(?:data|data-? ?sets?|corpus|corpora|databases?|annotations?|recordings?|benchmark)\b)"
)
"""What a sentence says something is when it is a program: what is said of "it" next is said of that."""
FACET = re.compile(r"\W*[^|:;]{1,70} \(\d[\d,. ]*\)\W*")
OTHER_SUBJECT = re.compile(r"\b(?:and|but|so) (?:we|you|there)\W*\Z")
OF_WHAT_WAS_SAID = re.compile(
    r"\W*(?:it(?:'s| is| was| has been| comes)|this is|(?:released|licensed|distributed) under)\b"
)
"""How a sentence begins that goes on about the subject of the one before."""
REPOSITORY = re.compile(r"\b(?:repositor(?:y|ies)|repo|project|projekt|projet|proyecto)\b")
DATA = re.compile(
    r"\b(?:data|data-? ?sets?|corpus|corpora|databases?|dumps?|annotations?|labels|metadata|audio|music|recordings?|tracks?|images?|texts?|"
    r"content|contents|collections?|clips|songs?|sounds|voices|lyrics|features|embeddings|weights|models?|benchmark|treebank|lexicon|files|material|materials|works?|videos?|"
    r"daten|datensatz|datensätze|datenbank|inhalte|werk|données|jeu de données|contenu|datos|conjunto de datos|contenido)\b"
)
SITE = re.compile(
    r"\b(?:this|the|our)? ?(?:web ?-?site|site|website content|wiki|documentation|docs|blog|page|web page|pages|forum|editorial content|webseite|site web|sitio web)\b"
)
OF_SITE = re.compile(
    r"\b(?:contents?|texts?|materials?|information|data|everything) (?:of|on) (?:this|the|our) (?:web ?-?site|site|wiki|page|blog|documentation|web ?page)\b|\b(?:web ?)?site content\b|\b(?:my|our|all) (?:\w+ )?(?:posts|comments|threads|answers)\b|\bwiki (?:text|content)\b"
)
SITE_LINE = re.compile(
    r"[|·•]\s*\b(?:imprint|impressum|privacy|cookies?|site ?map|accessibility|datenschutz|mentions légales|aviso legal|legal notice)\b|"
    r"\b(?:imprint|impressum|privacy(?: policy)?|cookies?|site ?map|accessibility|datenschutz|mentions légales|aviso legal|legal notice)\s*[|·•]"
)
"""A line of links as pages end with, in whatever markup: its license is the site's. What it forbids counts."""
CONCESSION = re.compile(r"\b(?:while|although|though|whereas)\b[^,;]{3,120},\s+")
DATA_OF_SITE = re.compile(
    r"\b(?:data|data ?-?sets|corpora|databases) (?:of|on) (?:this|the|our) (?:web ?-?site|site|page|web ?page)\b"
)
"""What a page forbids for the data on it is forbidden for the data, whatever license its words have."""
SELF = re.compile(
    r"\b(?:this|the|our|these|all|its?|dieser?|dieses|ce|cette|este|esta) (?:\w+ ){0,3}(?:data ?-?sets?|data|corpus|corpora|collection|database|resource|benchmark|treebank|work|datensatz|jeu de données|conjunto de datos)\b"
)
FOREIGN = re.compile(
    r"\b(?:based on|derived from|taken from|extracted from|adapted from|collected from|sourced from|sampled from|originat(?:es?|ing) from|comes? from|built (?:on|upon)|"
    r"includes? (?:code|data) from|uses? (?:code|data) from|originally|original (?:data|dataset|corpus|texts?|source)s?|underlying|source data|source (?:texts?|corpus|corpora)|"
    r"unlike|similar to|compared (?:to|with)|for example|e\.g\.|such as|citation|bibtex|in contrast to|companion (?:of|to)|(?:their|whose|his|her) works|compositions|composers|extends?|augments?|combines?|merges?)\b|\b(?:computed|extracted|taken|sampled|drawn|collected|crawled|downloaded|scraped|generated|selected|compiled|gathered|obtained)\b[^.]{0,80}\bfrom\b"
)
COMES_FROM = re.compile(
    r"\W*(?:since|because|as|given that) (?:the|this|our|all|it|its|most|much)\b[^;]{3,120}?, (?:it|they|we|the (?:data ?-?set|corpus|collection|data)|this (?:data ?-?set|corpus|collection))\b"
)
"""A reason, and then the dataset again: "Since the text comes from Wikipedia, it is distributed under …"."""
PAPER = re.compile(r"\b(?:article(?! \d)|paper|manuscript|publication|preprint|thesis|chapter|journal)\b")
ASSETS = re.compile(
    r"\b(?:icons?|fonts?|logos?|glyphs|theme|templates?|style ?sheets?|illustrations?|screenshots?|favicon|cover photo|background image)\b"
)
NEGATED = re.compile(
    r"(?:\b(?:not|never|cannot|no longer)|n't)\b(?: \w+){0,6} (?:under|as|with|in)\b(?: \w+){0,2}\W*\Z|\bneither\b|\b(?:nobody|no one)\b(?: \w+){0,6} (?:put|place|licen[sc]e|release|give)\b|\bnot (?:a |an |the )?\W*\Z|\bno longer\b|\bno[^\w,]*\Z|\bcompatible with(?: the)?\W*\Z"
)
NOT_AFTER = re.compile(
    r"[\s\"')]{0,3}(?:licen[sc]e )?(?:(?:does|do|did|is|are|was|will|can) ?not\b|(?:doesn|don|isn|aren|won|can)'t\b)(?! only)"
)
COVERS_CODE = re.compile(
    r"[\s\"')]{0,3}(?:licen[sc]e )?(?:only )?(?:covers?|applies (?:only )?to|governs|extends (?:only )?to) (?:only )?"
    r"(?:the |our |all |this )?(?:\w+ )?(?:code|scripts|software|loader)\b(?!,? (?:and|&|or|as well as) )"
)
"""Behind a license's name: whoever says so of the code says nothing of the data, and a tag with the same name means it."""
_PARTED = r"[\s\"']{0,2}(?:licen[sc]e )?(?:\(|for |on |für |pour |para )(?:for |für |pour |para )?(?:the |our |all |den |die |das |le |la |les |el |los |las )?"
FOR_CODE = re.compile(
    rf"{_PARTED}(?:source )?(?:code|scripts|software|loaders?|quellcode|código)\b(?!,? (?:and|&|or|as well as|und|et|y) )"
)
FOR_DATA = re.compile(
    rf"{_PARTED}(?:\w+ )?(?:data|data-? ?sets?|corpus|corpora|database|annotations?|labels|metadata|audio|recordings?|daten|datensatz|annotationen|données|corpus|datos|anotaciones)\b"
)
"""Behind one of several names: "MIT for the code, CC BY 4.0 for the data", "MIT (code)"."""
PAST = re.compile(
    r"\b(?:up to version|until|before version|formerly|previously|initially|earlier (?:versions?|releases?)|older (?:versions?|releases?)|prior to version|used to be|had been|(?:was|were|is|are|been) once)\b"
)
HEDGED = re.compile(
    r"\b(?:i think|i believe|i guess|i assume|probably|maybe|perhaps|might be|could be|not sure|seems? to be|as far as i|iirc|afaik|presumably|supposedly|plan(?:s|ned|ning)? to|intend(?:s|ed)? to|going to|will (?:be|probably|soon|eventually)|"
    r"would (?:be|like)|should be|consider(?:ing)?|discuss(?:ing|ed)?|propos(?:e|ed|al)|suggest(?:s|ed)?|hope to|aim to|in the (?:near )?future|once (?:it|the)|could (?:you|we)|can (?:you|we)|is it|what if|if it (?:is|were)|convert(?:s|ing) to|future licen[sc]e|intention is to|intention to|waiting for|to be (?:finali[sz]ed|decided|determined|confirmed|announced)|would (?:require|make|cause|force)|change licen[sc]e)\b"
)
OTHER_THING = re.compile(
    r"\W*(?:(?:an?|the|one) (?:\w+ )?(?:sample|excerpt|portion|fraction|preview|demo) of |(?:our|another|an?|the) other (?:data ?-?set|corpus|collection|database|benchmark)\b"
    r"|(?:many |most |some |other |all )?(?:similar|comparable|competing|existing|other) (?:data ?-?sets|sets|corpora|collections|databases|benchmarks)\b"
    r"|(?:the |our |this )?(?:baseline|accompanying|companion|reference|example|pre-?trained|fine-?tuned) (?:\w+ )?(?:models?|systems?|toolkit|tools?)\b)"
)
"""A sentence that begins with what stands beside the dataset: another dataset, a model made with it."""
REST = re.compile(
    r"\W*(?:licen[sc]es? (?:of|for) )?(?:(?:all|any|every)(?: of)?(?: the| our| these)? (?:others?|remaining)|the (?:others?|rest|remaining)|(?:everything|anything) else"
    r"|alle (?:anderen|übrigen)|die (?:anderen|übrigen)|tous les autres|toutes les autres|les autres|todos los demás|los demás|las demás)\b"
)
"""How a sentence begins that speaks of what nothing else was said of."""
OLD_VERSION = re.compile(r"\b(?:version|release|edition|v) ?\d[\w.]* (?:was|were)\b|\bwas\b[^.;]{0,40} until\b")
OWN_ACT = re.compile(r"\b(?:releas|publish|present|introduc|provid|offer|distribut|shar|creat)\w*\b")
RELATIVE_CLAUSE = re.compile(r",? \b(?:which|that|whose) (?:is|are|was|were|has been|have been|itself)\b[^,;.]{0,60}\Z")
RELATIVE = re.compile(r"\b(?:which|that|whose|who|where) \b(?:\w+ ){0,3}")
NOT_YET_AFTER = re.compile(
    r"[\s(]{0,2}(?:pending|planned|proposed|tbc|tbd|to be confirmed|expected|foreseen)\b|\s?\(?\?"
)
"""What follows the name of a license nobody has given yet."""
LABELED_OTHER = re.compile(
    r"\b(?:web ?-?site|web page|homepage|logo|docs|documentation|paper|article|slides|thumbnails?|icons?)(?: (?:is|are)(?: \w+)? under(?: an?| the)?| (?:is|are))?\s?:?\s?\Z"
    r"|\b(?:described|documented|explained|discussed|introduced|presented|reported|listed|shown) in (?:[\w-]+ ){1,4}\(\Z"
)
"""What a statement right behind it speaks of: "website: CC BY", "the logo is CC0", "described in the handbook (CC BY)"."""
EXAMPLES = frozenset({"such as", "e.g.", "for example"})
COMPARISON = re.compile(r"\b(?:unlike|similar to|compared (?:to|with)|for example|e\.g\.|such as|in contrast to)\b")
OF_INSTITUTION = re.compile(
    r"\b(?:the|our) (?:\w+ )?librar(?:y|ies) (?:\w+ )?(?:reserves?|holds?|grants?|requires?|asks?|permits?|allows?|retains?|claims?|owns?|charges?)\b"
)
"""A library that does what only people do is no code."""
ORIGIN_HEADING = re.compile(r"source data|\bnews\b")
"""Headings under which licenses are others' or of an earlier day, and what is forbidden binds all the same."""
OTHER_HEADING = re.compile(
    r"citation|citing|reference|acknowledg|credits|dependenc|third[ -]part|bibliograph|changelog|change ?log|\bnews\b|example|other licen|software used|curation rationale|source data|"
    r"data instances?|data fields?|data splits?|^fields?$|schema|(?<!key to )(?<!key to the )\bcolumns?\b|data format|zitat|contribut"
)
BESIDE_FOREIGN = re.compile(r"(?:,|;|\bhence|\btherefore|\bso)\s\Z")
"""What parts the license of an item from what the item was made from: "taken from tales, CC0"."""
NEWS_HEADING = re.compile(r"\bnews\b|change ?log")
OF_TOOLS_OR_SITE = re.compile(
    r"\b(?:servers?|code|scripts?|software|librar(?:y|ies)|tools?|toolkit|package|web ?site|leaderboard|logos?|templates?|papers?|slides|icons?|api|client|app)\b"
)
"""What a question may ask the license of that is no data."""
FROM_WHICH = re.compile(
    r"(?<!not )(?<!never )(?<!not been )(?<!never been )\b(?:changed?|moved?|switched?|relicensed|migrated|went|updated)\b(?: \w+){0,3} from (?:the |an? )?\W*\Z"
)
TO_WHICH = re.compile(r"[\s\"')]{0,3}(?:licen[sc]e )?to\b")
"""Before and behind the license that was left: "has been changed from CC BY-NC to CC BY"."""
QUESTIONS_HEADING = re.compile(r"frequently")
"""Under questions people are told what they may not do, too, but what an answer permits may be about anything."""
OTHER_SETS = re.compile(
    r"\bother (?:data ?-?sets?|sets|corpora|collections|resources|projects)\b|\b(?:further|more|sister|companion) (?:data ?-?sets?|sets|corpora|collections)\b|^\W*related\W*$|\brelated (?:\w+ )?(?:data\w*|sets?|corpora|works?|resources|projects|collections|items|records|materials?)\b|\bsimilar\b|see also"
)
BIBTEX = re.compile(r"@\w{3,20}\{")
CODE_HEADING = re.compile(
    r"^(?:source )?code\b|\bcode licen|software licen|\bsoftware$|\binstall|\bapi client|\bscripts?$"
)
TOOLS_HEADING = re.compile(
    r"\blicen[sc]es? (?:of|for) (?:the |our |its )?(?:(?:[\w-]+ ){1,2}?(?:code|software)|(?:[\w-]+ ){0,2}?(?:scripts?|tools?|loaders?|notebooks?))\W*\Z"
)
"""A heading of the license of what works with the data: "Licence of the plotting code"."""
SITE_HEADING = re.compile(
    r"\bweb ?-?site\b|\bsite (?:licen|content|terms)|\bthis (?:page|wiki|site)\b|\bdocumentation licen"
)
UNDER = r"(?:under|with|by|as|in|into|to|on|via|through|according to|subject to|unter|gemäß|sous|selon|bajo|según)"
GRANT = re.compile(
    r"\b(?:moves?|moved|changes?|changed|switch(?:es|ed)?|relicensed)\b[^.]{0,40}? (?:to|under)\b|\blicen[sc]ed?(?: to you)?(?: \w+){0,4} (?:under|as|by|with|according)|\b(?:released|distributed|available|published|provided|shared|offered|made available|placed|covered|governed|protected|"
    rf"redistributed|donated|dedicated|issued|dual[ -]licen[sc]ed|licen[sc]ed|use(?:d)?|reusable|free|subject|falls?|fall|comes?|hosted|lizenziert|veröffentlicht|verfügbar|bereitgestellt|stehen|steht|publié\w*|disponibles?|diffusé\w*|distribué\w*|placé\w*|soumis\w*|licenciad\w+|publicad\w+|distribuid\w+)\b[^.]{{0,80}}?\b{UNDER}\b"
    r"|\b(?:licen[sc]es?|licen[sc]ing|copyright|terms of use|rights|lizenz|licence|licencia)\b[^.]{0,40}?(?:[:|=]|\bis\b|\bare\b|\bist\b|\best\b|\bes\b)|\bunder (?:the|a|an)\b[^.]{0,60}licen[sc]e|\bunder (?:cc|creative)"
    r"|\b(?:has|have|carries|carry|uses?|adopts?|with|hat) (?:an?|the|eine)\b[^.]{0,40}licen[sc]e|\b(?:licen[sc]e|grant|terms)\b[^.]{0,40}\bcan be found\b|\blicen[sc]e[sd]?\W{0,3}\Z"
)
ATTRIBUTIVE = re.compile(
    r"\A[\s\"')]{0,3}(?:-?licensed|-?licenced|-?only)?\s?(?:data|content|tracks?|works?|music|materials?|files|subset|images|items|sources?|songs|recordings|code|software|repositories|projects|packages|articles|papers|photos|videos|texts)\b"
)
LICENSED_NOUN = re.compile(
    r"\A\s(?!under\b|by\b|as\b|to\b|with\b|for\b|and\b|or\b|from\b|at\b|in\b|on\b|unless\b|except\b)[a-z]"
)
PREDICATE = re.compile(r"\b(?:is|are|be|also|all|now) \Z")
OWN_NOUN = re.compile(
    r"\A[\s\"')]{0,3}(?:-?licen[sc]ed)?\s?(?:\w+ ){0,2}(?:data ?-?set|corpus|database|collection|resource|benchmark|data)\b"
)
JOINS = re.compile(
    r"\W*(?:and|or|&|plus|as well as|und|ou|et|y|o)?\W*(?:the|a|an|under|licen[sc]e[sd]?|either|version)?\W*"
)
FIELD_OF_CODE = re.compile(r"\b(?:code|software|source)\b")
INBOUND = re.compile(r"\b(?:contributions?|submissions?|pull requests?|uploads?)\b")
VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|under|licen[sc]ed|released|distributed|available|may|can|must|carries|ist|sind|wird|werden|steht|stehen|est|sont|es|son|está|están)\b"
)
