"""What a statement is about: data, code, website or something else; which layers; in whose words.

Judged from what stands around it: the sentence, the item or table row, the heading path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.reading import Scope, Subject
from domain.vocabulary import Layer
from terms.document import BlockKind
from terms.layers import layers_in
from terms.naming import Name
from terms.sentences import LICENSE_HEADING, Context, Sentence

_CODE = re.compile(
    r"\b(?:code(?:base)?|source ?code|scripts?|software|programs?|librar(?:y|ies)|packages?|notebooks?|implementations?|tools?|toolbox|toolkit|plug-?in|api client|quellcode|quelltext|programmcode|logiciel|código)\b"
)
_REPOSITORY = re.compile(r"\b(?:repositor(?:y|ies)|repo|project|projekt|projet|proyecto)\b")
_DATA = re.compile(
    r"\b(?:data|data-? ?sets?|corpus|corpora|databases?|dumps?|annotations?|labels|metadata|audio|music|recordings?|tracks?|images?|texts?|"
    r"content|contents|collections?|clips|songs?|sounds|voices|lyrics|features|embeddings|weights|models?|benchmark|treebank|lexicon|files|material|materials|works?|videos?|"
    r"daten|datensatz|datensätze|datenbank|inhalte|werk|données|jeu de données|contenu|datos|conjunto de datos|contenido)\b"
)
_SITE = re.compile(
    r"\b(?:this|the|our)? ?(?:web ?-?site|site|website content|wiki|documentation|docs|blog|page|web page|pages|forum|editorial content|webseite|site web|sitio web)\b"
)
_OF_SITE = re.compile(
    r"\b(?:contents?|texts?|materials?|information|data|everything) (?:of|on) (?:this|the|our) (?:web ?-?site|site|wiki|page|blog|documentation|web ?page)\b|\b(?:my|our|all) (?:\w+ )?(?:posts|comments|threads|answers)\b|\bwiki (?:text|content)\b"
)
_SELF = re.compile(
    r"\b(?:this|the|our|these|all|its?|dieser?|dieses|ce|cette|este|esta) (?:\w+ ){0,3}(?:data ?-?sets?|data|corpus|corpora|collection|database|resource|benchmark|treebank|work|datensatz|jeu de données|conjunto de datos)\b"
)
_FOREIGN = re.compile(
    r"\b(?:based on|derived from|taken from|extracted from|adapted from|collected from|sourced from|sampled from|originat(?:es?|ing) from|comes? from|built (?:on|upon)|"
    r"includes? (?:code|data) from|uses? (?:code|data) from|originally|original (?:data|dataset|corpus|texts?|source)s?|underlying|source data|source (?:texts?|corpus|corpora)|"
    r"unlike|similar to|compared (?:to|with)|for example|e\.g\.|such as|citation|bibtex|in contrast to|companion (?:of|to)|(?:their|whose|his|her) works|compositions|composers|extends?|augments?|combines?|merges?)\b|\b(?:computed|extracted|taken|sampled|drawn|collected|crawled|downloaded|scraped|generated|selected|compiled|gathered|obtained)\b[^.]{0,80}\bfrom\b"
)
_PAPER = re.compile(r"\b(?:article|paper|manuscript|publication|preprint|thesis|chapter|journal)\b")
_ASSETS = re.compile(
    r"\b(?:icons?|fonts?|logos?|glyphs|theme|templates?|style ?sheets?|illustrations?|screenshots?|favicon|cover photo|background image)\b"
)
_NEGATED = re.compile(
    r"\b(?:not|never|n't|cannot|no longer)\b(?: \w+){0,6} (?:under|as|with|in)\b(?: \w+){0,2}\W*\Z|\bneither\b|\bnot (?:a |an |the )?\W*\Z|\bno longer\b|\bno[^\w,]*\Z"
)
_NOT_AFTER = re.compile(
    r"[\s\"')]{0,3}(?:licen[sc]e )?(?:(?:does|do|did|is|are|was|will|can) ?not\b|(?:doesn|don|isn|aren|won|can)'t\b)(?! only)"
)
_PAST = re.compile(
    r"\b(?:up to version|until|before version|formerly|previously|initially|earlier (?:versions?|releases?)|older (?:versions?|releases?)|prior to version|used to be|had been)\b"
)
_HEDGED = re.compile(
    r"\b(?:i think|i believe|i guess|i assume|probably|maybe|perhaps|might be|could be|not sure|seems? to be|as far as i|iirc|afaik|presumably|supposedly|plan(?:s|ned|ning)? to|intend(?:s|ed)? to|going to|will (?:be|probably|soon|eventually)|"
    r"would (?:be|like)|should be|consider(?:ing)?|discuss(?:ing|ed)?|propos(?:e|ed|al)|suggest(?:s|ed)?|hope to|aim to|in the (?:near )?future|once (?:it|the)|could (?:you|we)|can (?:you|we)|is it|what if|if it (?:is|were))\b"
)
_OTHER_THING = re.compile(
    r"\W*(?:(?:our|another|an?|the) other (?:data ?-?set|corpus|collection|database|benchmark)\b"
    r"|(?:many |most |some |other |all )?(?:similar|comparable|competing|existing|other) (?:data ?-?sets|corpora|collections|databases|benchmarks)\b"
    r"|(?:the |our |this )?(?:baseline|accompanying|companion|reference|example) (?:\w+ )?(?:models?|systems?|toolkit|tools?)\b)"
)
"""A sentence that begins with what stands beside the dataset: another dataset, a model made with it."""
_OLD_VERSION = re.compile(r"\b(?:version|release|edition|v) ?\d[\w.]* (?:was|were)\b|\bwas\b[^.;]{0,40} until\b")
_OWN_ACT = re.compile(r"\b(?:releas|publish|present|introduc|provid|offer|distribut|shar|creat)\w*\b")
_RELATIVE_CLAUSE = re.compile(
    r",? \b(?:which|that|whose) (?:is|are|was|were|has been|have been|itself)\b[^,;.]{0,60}\Z"
)
_RELATIVE = re.compile(r"\b(?:which|that|whose|who|where) \b(?:\w+ ){0,3}")
_COMPARISON = re.compile(r"\b(?:unlike|similar to|compared (?:to|with)|for example|e\.g\.|such as|in contrast to)\b")
_OTHER_HEADING = re.compile(
    r"citation|citing|reference|acknowledg|credits|dependenc|third[ -]part|bibliograph|changelog|change ?log|\bnews\b|example|other licen|software used|curation rationale|source data|"
    r"data instances?|data fields?|data splits?|^fields?$|schema|\bcolumns?\b|data format|zitat|contribut"
)
_QUESTIONS_HEADING = re.compile(r"frequently")
"""Under questions people are told what they may not do, too, but what an answer permits may be about anything."""
_OTHER_SETS = re.compile(
    r"\bother (?:data ?-?sets?|sets|corpora|collections|resources|projects)\b|\b(?:further|more|sister|companion) (?:data ?-?sets?|sets|corpora|collections)\b|\brelated\b|\bsimilar\b|see also"
)
_BIBTEX = re.compile(r"@\w{3,20}\{")
_CODE_HEADING = re.compile(
    r"^(?:source )?code\b|\bcode licen|software licen|\bsoftware$|\binstall|\bapi client|\bscripts?$"
)
_SITE_HEADING = re.compile(
    r"\bweb ?-?site\b|\bsite (?:licen|content|terms)|\bthis (?:page|wiki|site)\b|\bdocumentation licen"
)
_UNDER = r"(?:under|with|by|as|in|into|to|on|via|through|according to|subject to|unter|gemäß|sous|selon|bajo|según)"
GRANT = re.compile(
    r"\b(?:moves?|moved|changes?|changed|switch(?:es|ed)?|relicensed)\b[^.]{0,40}? (?:to|under)\b|\blicen[sc]ed?(?: to you)?(?: \w+){0,4} (?:under|as|by|with|according)|\b(?:released|distributed|available|published|provided|shared|offered|made available|placed|covered|governed|protected|"
    rf"redistributed|donated|dedicated|issued|dual[ -]licen[sc]ed|licen[sc]ed|use(?:d)?|reusable|free|subject|falls?|fall|comes?|hosted|lizenziert|veröffentlicht|verfügbar|bereitgestellt|stehen|steht|publié\w*|disponibles?|diffusé\w*|distribué\w*|placé\w*|soumis\w*|licenciad\w+|publicad\w+|distribuid\w+)\b[^.]{{0,80}}?\b{_UNDER}\b"
    r"|\b(?:licen[sc]es?|licen[sc]ing|copyright|terms of use|rights|lizenz|licence|licencia)\b[^.]{0,40}?(?:[:|=]|\bis\b|\bare\b|\bist\b|\best\b|\bes\b)|\bunder (?:the|a|an)\b[^.]{0,60}licen[sc]e|\bunder (?:cc|creative)"
    r"|\b(?:has|have|carries|carry|uses?|adopts?|with|hat) (?:an?|the|eine)\b[^.]{0,40}licen[sc]e|\b(?:licen[sc]e|grant|terms)\b[^.]{0,40}\bcan be found\b|\blicen[sc]e[sd]?\W{0,3}\Z"
)
_ATTRIBUTIVE = re.compile(
    r"\A[\s\"')]{0,3}(?:-?licensed|-?licenced|-?only)?\s?(?:data|content|tracks?|works?|music|materials?|files|subset|images|items|sources?|songs|recordings|code|software|repositories|projects|packages|articles|papers|photos|videos|texts)\b"
)
_LICENSED_NOUN = re.compile(
    r"\A\s(?!under\b|by\b|as\b|to\b|with\b|for\b|and\b|or\b|from\b|at\b|in\b|on\b|unless\b|except\b)[a-z]"
)
_PREDICATE = re.compile(r"\b(?:is|are|be|also|all|now) \Z")
_OWN_NOUN = re.compile(
    r"\A[\s\"')]{0,3}(?:-?licen[sc]ed)?\s?(?:\w+ ){0,2}(?:data ?-?set|corpus|database|collection|resource|benchmark|data)\b"
)
_LEAD = 500
_JOINS = re.compile(
    r"\W*(?:and|or|&|plus|as well as|und|ou|et|y|o)?\W*(?:the|a|an|under|licen[sc]e[sd]?|either|version)?\W*"
)
_FIELD_OF_CODE = re.compile(r"\b(?:code|software|source)\b")


@dataclass(frozen=True, slots=True)
class Judged:
    """A scope; whether the statement is `unsure` to be about the data (a repository, a software that
    may be the thing itself, a relative clause, a guess): such a one narrows but never permits beside a
    `firm` one; and whether it speaks of what the dataset was made from."""

    scope: Scope
    unsure: bool = False
    upstream: bool = False
    guess: bool = False
    firm: bool = False


@dataclass(frozen=True, slots=True)
class _Around:
    """A statement's sentence and place, its own words, and the words around it: from the sentence's
    start (`lead`), from the statement before (`before`), to the statement after (`after`)."""

    sentence: Sentence
    start: int
    lead: str
    before: str
    after: str
    named: str
    own_part: bool
    narrows: bool
    name: Name | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement at `text[start:end]`. `neighbors` are the end of the statement before it and the
    start of the one after it in the same sentence (or the sentence's bounds); in a dataset's `own_part`
    the heading above does not make it another's; a `clause` is no license name that could stand as an
    adjective; one that `narrows` permits nothing for any purpose; `name` is the dataset that is asked about."""

    start: int
    end: int
    neighbors: tuple[int, int]
    own_part: bool = False
    clause: bool = False
    narrows: bool = False
    name: Name | None = None


def judge(context: Context, statement: Statement) -> Judged:
    """The scope of a statement."""
    start, end, neighbors = statement.start, statement.end, statement.neighbors
    sentence = context.sentence_at(start)
    if sentence is None:
        return Judged(Scope())
    path = context.headings(start)
    before = context.shadow[max(sentence.start, neighbors[0], start - _LEAD) : start]
    after = context.shadow[end : min(sentence.end, neighbors[1])]
    lead = context.shadow[max(sentence.start, start - _LEAD) : start]
    if _JOINS.fullmatch(before) and sentence.kind is not BlockKind.ROW:
        # "… under Apache 2.0 and WTFPL": the second has the subject of the first.
        before = lead
    words = _scope_words(before, after)
    if sentence.kind is BlockKind.ROW:
        before, lead = _in_row(before, lead, context.column(start))
    elif cut := lead.rfind(";") + 1:
        lead = lead[cut:]
    named = "" if statement.clause else context.shadow[start:end]
    judged = _subject(
        context,
        _Around(sentence, start, lead, before, after, named, statement.own_part, statement.narrows, statement.name),
    )
    layers = layers_in(_subject_words(before)) or layers_in(words)
    if not layers and path and not LICENSE_HEADING.fullmatch(path[-1]) and not words:
        layers = layers_in(path[-1])
    if judged.scope.subject is Subject.CODE:
        layers = (Layer.CODE,)
    return Judged(Scope(judged.scope.subject, layers, words), judged.unsure, judged.upstream, judged.guess, judged.firm)


def _in_row(before: str, lead: str, column: str) -> tuple[str, str]:
    """What a statement in a table row stands under: its column's name, else its row's first cell."""
    if column and (layers_in(column) or _CODE.search(column) or _DATA.search(column)):
        return f"{column}: ", f"{column}: "
    if "|" in lead:
        first, _, rest = lead.partition("|")
        cell = rest.rpartition("|")[2]
        return (f"{first}: {cell}", f"{first}: {cell}") if layers_in(first) or _CODE.search(first) else (cell, cell)
    return before, lead


def _scope_words(before: str, after: str) -> str:
    """The page's own words for the part a statement covers: "… for core data" behind it, or
    "Core data: …", "The core data is …" before it."""
    behind = re.match(
        r"[\s\"'()\]*|]{0,4}(?:licen[sc]e\s)?(?:for|on|covers|covering|applies to)\s(?:all\s|the\s|our\s)?([\w' -]{3,60}?)(?=\s*(?:[./;,|()]|\band\b|$))",
        after,
    )
    if behind:
        return behind[1].strip()
    ahead = re.search(
        r"(?:^|[.;/|,]|\band\b)\s*(?:all |the |our |this )?([\w' -]{3,60}?)(?:\s(?:is|are|has|have been|was|were)\b|:)",
        before,
    )
    return ahead[1].strip() if ahead else ""


_INBOUND = re.compile(r"\b(?:contributions?|submissions?|pull requests?|uploads?)\b")
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|under|licen[sc]ed|released|distributed|available|may|can|must|carries|ist|sind|wird|werden|steht|stehen|est|sont|es|son|está|están)\b"
)


def _subject_words(before: str) -> str:
    """What stands before the verb of a statement: its grammatical subject, roughly."""
    match = _VERB.search(before)
    return before[: match.start()] if match and match.start() > 3 else before


def _subject(context: Context, around: _Around) -> Judged:
    sentence, lead, before, after, named = around.sentence, around.lead, around.before, around.after, around.named
    path = context.headings(around.start)
    last = path[-1] if path else ""
    if sentence.kind is BlockKind.FIELD:
        key = context.shadow[sentence.start : sentence.end].partition(":")[0]
        return Judged(Scope(Subject.CODE if _FIELD_OF_CODE.search(key) else Subject.DATA))
    in_code = sentence.kind is BlockKind.CODE and not context.mostly_code
    if in_code and not LICENSE_HEADING.search(last) and context.speaks_of_data:
        return Judged(Scope(Subject.OTHER))
    if _BIBTEX.search(lead):
        return Judged(Scope(Subject.OTHER))
    elsewhere = (
        _OTHER_HEADING.search(last)
        or (not around.narrows and _QUESTIONS_HEADING.search(last))
        or (not around.own_part and _OTHER_SETS.search(last))
    )
    if elsewhere and not re.search(r"licen[sc]", last):
        return Judged(Scope(Subject.OTHER))
    if (named and (_ATTRIBUTIVE.match(after) and not GRANT.search(lead))) or (
        _LICENSED_NOUN.match(after) and named.endswith(("licensed", "licenced")) and not _PREDICATE.search(lead)
    ):
        own = _OWN_NOUN.match(after) and re.search(r"\b(?:is|are|this|our) (?:an? |the )?(?:\w+ ){0,3}\W{0,2}\Z", lead)
        return Judged(Scope(Subject.DATA if own else Subject.OTHER))
    if context.speaks_of_data and (_begins_elsewhere(context, sentence) or _OLD_VERSION.search(lead)):
        return Judged(Scope(Subject.OTHER))
    if _NOT_AFTER.match(after) or _NEGATED.search(lead) or (_PAST.search(lead) and not re.search(r"\bnow\b", lead)):
        return Judged(Scope(Subject.OTHER))
    foreign = _FOREIGN.search(lead)
    relative = _RELATIVE_CLAUSE.search(lead)
    if foreign is not None:
        of_itself = bool(_SELF.search(lead, 0, foreign.start())) or _turns_to(around.name, lead, foreign.end())
        if not of_itself or _RELATIVE.search(lead, foreign.end()):
            return Judged(Scope(Subject.OTHER), upstream=not _COMPARISON.search(foreign.group()))
    if context.shadow[around.start : sentence.end].rstrip(" \"')*_").endswith("?") or (
        _HEDGED.search(lead) and context.begun(sentence) is not True
    ):
        return Judged(Scope(), guess=True)
    if (
        relative is not None
        and _VERB.search(lead, 0, relative.start())
        and not _OWN_ACT.search(lead, 0, relative.start())
    ):
        return Judged(Scope(), guess=True)
    if _INBOUND.search(_subject_words(before)):
        # What contributors grant is no offer to us, though what they reserve may bind us.
        return Judged(Scope(), guess=True)
    return _named_subject(context, _subject_words(before), last, before)


def _begins_elsewhere(context: Context, sentence: Sentence) -> bool:
    """Whether a sentence speaks of what stands beside the dataset, and of the dataset not at all."""
    low = context.shadow
    begins = _OTHER_THING.match(low, sentence.start, sentence.end)
    return begins is not None and _SELF.search(low, begins.end(), sentence.end) is None


def _turns_to(name: Name | None, lead: str, at: int) -> bool:
    """Whether the sentence comes to the dataset that is asked about: "Unlike A, B is …"."""
    comma = lead.find(",", at)
    return name is not None and comma >= 0 and name.within(lead, comma, len(lead))


def _named_subject(context: Context, subject: str, last: str, before: str) -> Judged:
    """What the words before the verb name: code, data, the site, or a repository that may hold any."""
    if _OF_SITE.search(subject):
        return Judged(Scope(Subject.WEBSITE))
    code, data, site = _CODE.search(subject), _DATA.search(subject), _SITE.search(subject)
    repository = _REPOSITORY.search(subject)
    if (_PAPER.search(subject) or _ASSETS.search(subject)) and not data:
        return Judged(Scope(Subject.OTHER))
    if code and not context.speaks_of_data:
        return Judged(Scope(), unsure=True)
    if code and data:
        # "the code of the dataset" and "the dataset's code" are code, "a corpus of code" is data,
        # "code and data" is both.
        first, second = sorted((code, data), key=lambda match: match.start())
        between = subject[first.end() : max(first.end(), second.start())]
        joined = re.search(r"\b(?:and|or|as well as|und|et|y)\b|[,&/]", between)
        holds = first is data and re.search(r"\b(?:of|from|containing|with|about)\b", between)
        return Judged(Scope(Subject.DATA if joined or holds else Subject.CODE), firm=True)
    if code:
        return Judged(Scope(Subject.CODE))
    if data:
        return Judged(Scope(), firm=True)
    if repository:
        return Judged(Scope(), unsure=not _DATA.search(before))
    if site and (context.speaks_of_data or "site" in site.group()):
        return Judged(Scope(Subject.WEBSITE))
    if last and _CODE_HEADING.search(last) and context.speaks_of_data:
        return Judged(Scope(Subject.CODE))
    if last and _SITE_HEADING.search(last):
        return Judged(Scope(Subject.WEBSITE))
    return Judged(Scope())
