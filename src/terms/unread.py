"""What a section about licenses says and no rule understands: a limit, until somebody has read it.

Rules know wordings, and the next page has another one. Where a card has a section for its license, hardly a
sentence stands there that is neither known nor harmless, so one that is neither counts as a limit of use.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterator, Sequence
from enum import Enum
from functools import cache, lru_cache
from typing import assert_never

from ahocorasick_rs import AhoCorasick

from domain.reading import Finding, FindingKind, Scope, Subject
from domain.rights import Right, Rights
from domain.vocabulary import Action, Basis, Condition, RightValue
from terms.clauses import explained
from terms.document import Block, BlockKind
from terms.sentences import Sentence
from terms.standing import Standing

RULE = "clause/unread_beside_license"
NOTE = "unexplained_limit"
_LONGEST = 300
_LONGEST_BLOCK = 700
"""Longer paragraphs are legal text, which has its own rules, or tell how the data came about."""
_LONGEST_REMARK = 200
"""In prose, longer sentences tell of the study."""
_FEWEST_BLANKS = 2
_KINDS = frozenset({BlockKind.TEXT, BlockKind.ITEM})
_LIMIT = Rights().with_right(
    Action.COMMERCIAL_USE,
    Right(RightValue.CONDITIONAL, Basis.STATED, conditions=(Condition.USE_RESTRICTIONS,)),
)

_HEADING = re.compile(
    r"\W*(?:[\d.]+ )?(?:(?:\w+ )?licen[sc](?:e|es|ing)(?: (?:information|details?|terms|notice|statement|notes?))?|(?:\w+ )?rights(?: statement)?|"
    r"copyrights?(?: (?:notice|information|and \w+))?|(?:licen[sc]e|copyright|citation|terms|access|usage) (?:and|&) (?:licen[sc]e|copyright|citation|terms|access|usage|conditions)|"
    r"(?:data )?(?:terms|conditions)(?: (?:and conditions|of (?:use|access)))?|permissions?|lizenz(?:en)?|nutzungsbedingungen|nutzungsrechte|bildrechte|rechte|"
    r"(?:data )?access(?: (?:levels?|conditions|policy))?|data use(?: (?:limitations?|agreement|policy))?|restrictions|(?:image |data )?(?:use|usage|reuse) (?:policy|rights|terms|conditions|restrictions)|legal|policy|redistribution|"
    r"licencia|licence|droits|condiciones(?: de uso)?|conditions d['’]utilisation|aviso legal)\W*"
)
"""Headings under which terms stand and nothing else."""

_HARMLESS = re.compile(
    r"^\W*(?:to )?(?:share|sell|copy|train|modify|adapt|distribute|make|build|create|remix|publish|use)\b(?!.*\b(?:not|only|solely|but|without|alone|if|unless|before|after|research|academic|stud\w+|personal|private|class\w*)\b)|https?://\S+\W*\Z|\bhttp|\bwww\.|\bsee licen[sc]e\b|\brecruited\b|\b(?:see|refer to|consult|read) (?:the |our |also |here|this |for )|\bmore information\b|\bneeds? more\b|\bn/a\b|^\W*(?:source|license|licence|link|read more)\b[^:]{0,40}:\W*\Z|"
    r"^\W*(?:copyright|\(c\)|©)(?! (?:of|in|on|for|to)\b)|\b(?:cit(?:e|ed|es|ing|ations?)|acknowledg\w*|credit(?:s|ed|ing)?|attribut\w*|bibtex|zitier\w*|quellenangabe|namensnennung|citer|citez|citar|cite|citando)\b|"
    r"\b(?:asks?|asked|wish(?:es)?|likes?|would like|wants?) to be (?:named|mentioned|listed)\b|\bvouch for\b|\bwithout (?:a |an |any )?(?:log-?in|logging in|registration|registering|account|sign-?up|password|key)\b|\bno one (?:holds|owns|claims)\b|\bclaims? (?:none|no (?:copy)?rights?)\b|\bconsent (?:was|has been) (?:given|obtained)(?! for| to)\b(?!.*\bonly\b)|\bas[ -]is\b|\bwarrant\w*|\bliab\w+|\bresponsib\w+|\bguarantee\w*|\baccura\w+|\bdamages\b|\bendors\w*|\bfitness\b|\bopinions?\b|\bviews?\b(?! (?:only|by|it))|\bbugs?\b|\berrors?\b|"
    r"\bhereby granted\b|\b(?:copyright|permission) notice\b|\brequired by (?:applicable )?law\b|\bobtain a copy\b|\bcopy of the licen[sc]e\b|\bfree software\b|\bgnu\b|\bif not, see\b|\b(?:following|these|certain) (?:terms|conditions)\W*\Z|"
    r"\b(?:you are|everyone is|anyone is|are) (?:also )?(?:free|welcome|allowed|permitted) to\b|\banyone (?:can|may)\b|\bshare ?-?alike\b|\bremix\b|\badapt\b|\bany medium\b|\bany purpose\b|\beven commercially\b|\b(?:for|both) commercial (?:and|or)\b|"
    r"\b(?:may|can) (?:be )?(?:freely |also )?(?:re-?)?(?:use|used|shared?|copied|copy|modif\w+|redistribute[d]?|adapted|build)\b|\b(?:re-?use|redistribution) is (?:allowed|permitted|free|welcome)\b|\bno (?:\w+ )?restrictions?\b|\bpermissive\b|\bopen (?:to all|to every\w+|access|data|source)\b|"
    r"\bcommercial (?:use|usage|reuse) (?:is|are) (?:\w+ )?(?:allowed|permitted|fine|ok|okay|welcome)|\bpublic domain\b|\bgemeinfrei\b|\bdomaine public\b|\bdominio público\b|\bout of copyright\b|"
    r"\bcode\b|\bscripts?\b|\bsoftware\b|\bweb ?site\b|\bpretrained\b|\bmodels? (?:weights|is|are|was|were)\b|\bcheckpoints?\b|\bdocumentation\b|\blogo\b|\btrade ?marks?\b|"
    r"\be-?mail\b|\bcontact\b(?! (?:us|the \w+|\w+@\S+)? ?(?:for|before|if|first))|\bquestions\b(?: \w+)? ?(?:about|regarding|on|:|,)|\b(?:any|have|further) questions\b|\bfeedback\b|\bcontribut\w+|\bcomments\b|\bissues?\b|\btake ?down\b|\bremov(?:e|ed|al)\b|\bopt(?:ed)? out\b|"
    r"\bmore (?:details|information|about)\b|\bfor (?:further |more )?details\b|\bdetails (?:are|can|on)\b|\blegal code\b|\bsame (?:terms|licen[sc]e)\b|\blicen[sc]e file\b|\bpersonal (?:data|information)\b|\bidentif\w+|\bprivacy\b|\bno (?:registration|fee|permission|agreement|charge)\b|\bfree of charge\b|\bfunded\b|\bsupported by\b|\bgrant (?:no|number|agreement)\b|"
    r"\bannotators?\b|\bmicrophones?\b|\bsound card\b|\b(?:was|were) involved\b|\bwhether you\b|\bloader\b|\b(?:has|have) used\b|\b(?:do|does) not (?:need|have to)\b|\bcosts? no\b|\balike\b|\bsupport us\b|\bnot (?:restricted|limited) to\b|\b(?:was|were) (?:previously|formerly)\b|\bearlier\b|\bcrowd ?workers?\b|\bparticipants? (?:was|were|gave)\b|\blet us know\b|\b(?:does|do) not (?:restrict|limit)\b|\bpaid (?:for the|by)\b|\bno (?:\w+ ){0,3}(?:agreement|permission|registration|fee|licen[sc]e|terms) (?:is|are|apply|applies)\b|\buse cases\b|"
    r"\bhelped\b|\b(?:limited|restricted) (?:in|to (?:the )?(?:european|american|african|asian|north|south|native|adult))\b|\b(?:study|board|committee)\b[^.]{0,30}\bapproved\b|\bapproved by the (?:ethics|review)|\b(?:explicitly|expressly|also|fully) (?:allowed|permitted|welcome)\b|"
    r"\bse permite (?:el |su |cualquier |todo )|\bshipping\b|\bas fiction\b|\buntil \d{4}\b|\bofficial product\b|^\W*training ?:|\bauch in produkten\b|\bsin permiso\b|\bworkshop\b|\bcontien\w+|\bcollaboration\b|\blink\b|\bpull requests\b|"
    r"\breuse (?:policy|decision)\b|\bdecision \d{4}\b|\blegal status of\b|\bnot necessarily\b|\bdoes not reflect\b|\brepresentative\b|\bunder this licen[sc]e\b|\bof this licen[sc]e\b|\bby this licen[sc]e\b|\baccept and agree\b|"
    r"\bprotected by copyright and\b|\bobliged to\b|\bfreely\b|\b(?:may|can) (?:also )?be (?:freely )?(?:sold|reproduced|exploited|distributed)\b|\bfor any (?:use|reason)\b|\bwhatever you (?:want|like|wish)\b|\bidentit\w+|\bsupport contract\b|"
    r"\bauch (?:für )?kommerziell\w*|\bohne einschränkung\w*|\bfrei (?:verwend|genutz|nutzbar|verfügbar|kopier)\w*|\b(?:dürfen|können) (?:frei |beliebig )?(?:weiter|genutzt|verwendet|geteilt)\w*|\blibrement\b|\by compris (?:à des fins )?commercia\w*|\btambién comercial\w*|\bcualquier (?:fin|uso|propósito)\b|\blibremente\b|\bdecreto\b|"
    r"\b(?:test|train\w*|dev|validation) (?:set|split)s?\b|\bleaderboard\b|\bprohibited in any circumstance\b|\bseek permission\b|\bby querying\b|\bcommonly held\b|\bdepicts\b|"
    r"\bwe encourage (?:industry|companies|everyone|anyone)\b(?!.*\b(?:only|asks?|contact|first|before|write|permission|licen[sc]e)\b)|\b(?:do|does) not (?:fall|come) under (?:the|this|that) (?:agreement|restriction)|\bthe following are the (?:terms|licen[sc]es)\b|\bplease read before you\b|"
    r"\bnot subject to (?:any )?copyright\b(?!.*\b(?:only|but|however|except)\b)|\bdo not write to the\b|"
    r"\bwikipedia\b|\bwikimedia\b|\bgutenberg\b|\blove to\b|\bhappy to\b|\bplease (?:cite|consider)\b|\bwe (?:hope|thank|believe|would like)\b|\bthanks?\b|\bupdated\b|\blast modified\b|\bversions?\b(?! of (?:the|this) licen)|\bnot (?:required|needed|necessary)\b"
)
"""Words of sentences that take nothing back."""

_WEIGHS = re.compile(
    r"licen[sc]|permi(?:t|ss)|exception|consent|agree|allow|toler|\brights?\b|\brestrict|\blimit|\bonly\b|\bsole|\bexclusiv|\bnot\b|n't\b|\bnever\b|\bno\b|\bnobody\b|\bnon-|\bmust\b|\bneeds?\b|\brequire|\bask|\bunless\b|\bwithout\b|\bplease\b|"
    r"\bresearch|\bacademic|\bscholar|\bstud(?:y|ies|ents?)\b|\bteach|\bscien|\buniversit|\bhobby|\bfans?\b|\bcommerc|\bcompan|\bindustr|\bbusiness|\bcustomer|\bbuyers?\b|\bpurchas|\bsell(?:ing|s)?\b|\bsold\b|\bsale|\bprofit|\bpa(?:y|ys|id)\b|\bfees?\b|\bbuy|\bcharge|\bmoney|\bsubscri|\btrial\b|\bproducts?\b|"
    r"\bprivate|\bpersonal\b|\binternal|\bconfiden|\bnda\b|\bterms\b|\bconditions\b|\bpolic(?:y|ies)\b|\brequest|\bsign|\bmember|\bown(?:ed|s|ers?)\b|\bproperty\b|\bcopyright|\btraining\b|\blearning\b|\b(?:ai|llms?|ki|ia)\b|"
    r"\bused?\b|\bviewing\b|\bborrow|\bloan|\blend|\bcall us\b|\btalk to\b|\bcease|\bexpir|\bwithdrawn\b|\boff the table\b|\bout of bounds\b|\bclear(?:ed|ance)\b|\baccredited\b|\bclosed\b|\bundertak|\binsists?\b|\bwants?\b|\brivals?\b|\bnone\b|\bafter\b|\bthereafter\b|\bvendor|\bpublishers?\b|\bfor anything other\b|\bplatform rules\b|\btheirs\b|\bours\b|\bshop\b|"
    r"\bnur\b|\bnicht\b|\bkeine?\b|\bunerwünscht|\bdarf\b|\bforschung|\blehre\b|\bfirmen\b|\babsprache|\bgebühr|\brechte\b|\brecherche\b|\busage\b|\bmerci\b|\bdroits\b|\bne\b|\bréserv|\bpaiement|\binvestigaci|\buso\b|\bpermiso|\bempresa|\bderechos\b|\bsolo\b|\bsólo\b"
)
"""Words one of which stands in whatever takes something back: of leave, of people and purposes, of money, of use."""


_OTHERS_HEADING = re.compile(
    r"citation|referenc|acknowledg|bibliograph|related|change ?log|\bnews\b|install|data instances|data fields|data splits|personal and sensitive|\bbias|annotation|curat|source language|data collection|contribut|\bformats?\b|\bschema|\btasks?\b|leaderboard"
)

_USED_HEADING = re.compile(
    r"access|download|obtain|getting|\buses?\b|\busage\b|\busing\b|source data|participat|\bpric|tariff|\brates?\b|\bplans?\b|\bwho (?:can|may)\b|\bfaq\b|how it works|embargo|availab|ethic|distribut|condition|nutzung|zugang|utilis|écout|\buso\b"
)
"""Headings under which pages tell who gets the data and what for, among other things."""

_LEAVE = re.compile(
    r"permits?\b(?! (?:of|from|by|for)\b)|permiss|permitted|\ballow(?:s|ed)? (?:only|us|the use|use|reuse|people|for non)|\blets? (?:people|others|us|you)\b|\bentitl|\blicen[sc]|\bconsent\b|\bcopyright|\broyalt|\bclearance|\bagreement|\bcontract|\bterms\b|\brights\b|\bgo-ahead|\bforbid|\bprohibit|"
    r"\bauthori[sz]|\bbilled|\bcharge|\bfees?\b|\bpriced\b|\bprices? (?:is|are|on|upon|list|depends?|of|for|per|apply|applies|start)\b|\btariff|\bfree (?:for|if)\b|\bpaid for\b|\bsell\b|\bsale\b|\bsold\b|\bprofit|\bmoney|\bmoneti[sz]|\blent\b|\bembargo|\bhand(?:ed|s)? (?:out|over)|\bpassword\b|\bnda\b|\bcompan(?:y|ies)\b|\bindustry\b|\bfirms?\b|\bcommercial|"
    r"\bfaculty\b|\bpaying\b|\bn'autorise|\bwere not asked\b|\bwipe\b|\benclave\b|\bexclusive(?:ly)?\b|\bclosed for\b|\bclearance\b|\bnon-production\b|\bfinancial interest\b|\bsigned up for\b|\bworks? go(?:es)? through\b|\bour office\b|\bkeep it within\b|\bdoes not allow\b|\bonly \w+ can\b|\bnot compan"
)
"""Words of leave and money."""

_WHOSE = re.compile(
    r"\bresearch|\bacadem|\bscholar|\bscien|\bstudent|\bstudy\b|\bthesis\b|\btheses\b|\bschool|\bteach|\bclassroom|\buniversit|\binstitut|\blabs?\b|\bcolleagues\b|\bcommunity\b|\bhobby|\bmembers?\b|\bemployer|\bcompan(?:y|ies)\b|\bindustr|\bbusiness|\bfirms?\b|\bstart-?ups?\b|\bcustomer|\bclients?\b|\bbuyers?\b|\bvendors?\b|\bsponsors?\b|\bproducts?\b|\bservices?\b|\bapps?\b|\bproduction\b|\bdeploy|\bcommerc|\bmarket\b|\bpublishers?\b|\bhospital|\barchives?\b|\bmuseum|\bsupervisor|\bwhom\b|\bwhoever\b|"
    r"\bearn|\bliving\b|\bsell|\bsold\b|\bsales?\b(?! (?:slips?|figures|records?|data|prices?|history))|\bprofit|\bpay\b|\bpays\b|\bpaid\b|\bbuy|\bbought\b|\bmoney|\bsubscri|\bpriced\b|\bprices? (?:is|are|on|upon|list|depends?|of|for|per|apply|applies|start)\b|\bpricing|\bcosts?\b|\brents?\b|\brented\b"
)
"""People, purposes and money."""

_WHAT = re.compile(
    r"\breuse\b|\bredistribut|\bpersonal\b|\bprivate\b|\binternal|\bfiles\b|\brecordings\b|\bcop(?:y|ies)\b|\bmodels?\b|\bai\b|\bmachines?\b|\bchatbots?\b|\btraining\b|\bfair use\b"
)
"""What is done with data."""

_SCIENCE = re.compile(
    r"\bcode ?book\b|\b(?:main|pilot|original|this|our) study\b|\bmodels?\b|\blanguages?\b|\btasks?\b|\bquestions?\b|\bevaluat|\benglish\b|\bsentences?\b|\bbenchmark|\bour (?:approach|method|work|objective)|\bdesign|\bmember (?:states|countries)|\busers?\b|\bwe (?:only )?(?:consider|study|leverage|compare|focus|use|show|present|introduce|propose|built|build)\b|\breviews?\b|\bcomplaints?\b|\bpages?\b|\bhelp|\bexamples?\b|\bcovers\b|\bsampled\b|\bpopulation\b|\bhouseholds?\b|\bsurvey|\bvariables?\b"
)
"""Words of sentences that tell of a study and not of its terms."""

_HOLDS_BACK = re.compile(
    r"\bonly\b|\bsole|\bexclusiv|\bjust (?:for|to)\b|\bmerely\b|\brestrict|\bunless\b|\bask|\btalk to\b|\bwrite to\b|\bwrites? (?:to )?us\b|\bon request\b|\bupon request\b|\bdecide|\bsign(?:s|ed)?\b|\bagree|\btoler|\bapprov|\bconfiden|\bsecret|\bstays?\b|\bkeeps?\b|\bkept\b|\binside\b|\bwithin\b|\bleaves?\b|\blends?\b|\bloan|\bborrow|\bgift\b|\bexpire|\bends? (?:with|when)\b|\bis over\b|\bseparate (?:deal|arrangement)|\banything (?:more|else|beyond)\b|\ball else\b|\beverybody else\b|\beveryone else\b|\bothers\b|\bsorry\b|\bnot (?:to|for|in|by|on|what|something|you|us|our)\b|\brefrain|\bwelcome to (?:buy|join)|\bfor nothing\b|\bshares? the\b|\brights?\b|\bon your own\b|\bfirst\b|\bnever\b|\bmay (?:not|leave)\b|\bno (?:model|product|compan|firm|part|cop)"
)
"""What holds back: for some, for now, for a return."""

_LEAVE_ANYWHERE = re.compile(
    r"permits?\b(?! (?:of|from|by|for)\b)|permiss|permitted|\ballows? (?:only|us|the use|reuse|people)|\blets? (?:people|others|us|you)\b|\bentitl|\blicen[sc]e\b|\bconsent\b|\broyalt|\bclearance|\bgo-ahead|\bforbid|\bprohibit|\bauthori[sz]ed\b|\bbilled|\bfree for\b|\bpaid for\b|\bsale\b|\bsell\b|\bmake money|\bmoneti[sz]|\blent\b|\bembargo|\boffered to\b|\bnot for\b"
)
_FOR_WHOM = re.compile(
    r"\bresearch\b|\bacademi|\bscholar|\bscientists?\b|\bstudents?\b|\buniversit|\binstitut|\blabs?\b|non-?profit|\bcompan(?:y|ies)|\bindustr|\bfirms?\b|\bbusiness|\bvendors?\b|\bmakers?\b|\bcommercial|\bproducts?\b|\bpublishers?\b|\bthes[ie]s\b|\bteaching\b|\bclassroom|\bhobby|\bpersonal\b|\bprivate\b|\bshared task\b|\bcompetitions?\b"
)
"""Words of leave anywhere on a page, which say something of the terms only with those of people and purposes."""


def unread(standing: Standing, said: Sequence[Finding], items: Container[int]) -> Iterator[Finding]:
    """A finding for every sentence of a section about licenses that no rule explains, and for those elsewhere
    that speak of leave, of money, or of who may do what for which purpose. `items` are the starts of the list
    items under words that forbid."""
    context = standing.context
    if context.reads_as_terms or context.holds_license_text:
        return
    named = sorted(m.start for m in standing.mentions if m.start < m.end)
    for sentence, place in _placed(standing):
        words = context.shadow[sentence.start : sentence.end]
        if bisect_left(named, sentence.start) < bisect_left(named, sentence.end):
            words = _unnamed(words, sentence, named)
        if not place.weighs(words) or is_harmless(words):
            continue
        if sentence.start in items or any(_explains(f, sentence, place, words) for f in said):
            # The words that lead to a list say what its items are: what they forbid is heard with them.
            continue
        quote = context.document.text[sentence.start : sentence.end]
        yield Finding(FindingKind.CLAUSE, RULE, quote, sentence.start, sentence.end, Scope(), rights=_LIMIT, note=NOTE)


class _Place(Enum):
    """Where a sentence stands, which says how much it takes to make it one about terms."""

    LICENSE = "under a heading of licenses"
    USE = "under a heading of access or use, or in the paragraph of a license"
    ORIGIN = "under a heading of the sources, where licenses are another's"
    PROSE = "anywhere else"

    def weighs(self, words: str) -> bool:
        """Whether a sentence there may take something back."""
        match self:
            case _Place.LICENSE:
                weighs = _WEIGHS.search(words) is not None or _LEAVE.search(words) is not None
                return weighs and not explains(words)
            case _Place.USE:
                if _LEAVE.search(words) is not None:
                    return True
                told = _WHOSE.search(words) is not None or _WHAT.search(words) is not None
                return told and _HOLDS_BACK.search(words) is not None and not explains(words)
            case _Place.ORIGIN:
                return _LEAVE.search(words) is not None
            case _Place.PROSE:
                return (
                    _FOR_WHOM.search(words) is not None and _LEAVE_ANYWHERE.search(words) is not None
                ) or _is_remark(words)
        assert_never(self)


def _is_remark(words: str) -> bool:
    """Whether a sentence in prose holds something back from people, for a purpose or for money, and tells of no study."""
    return (
        len(words) <= _LONGEST_REMARK
        and _WHOSE.search(words) is not None
        and _HOLDS_BACK.search(words) is not None
        and _SCIENCE.search(words) is None
        and not explains(words)
    )


def _unnamed(words: str, sentence: Sentence, named: Sequence[int]) -> str:
    """A sentence without the parts that name a license: "CC BY until 2019; then by the vendor's terms"."""
    at, result = sentence.start, []
    for part in words.split(";"):
        if not any(at <= start < at + len(part) for start in named):
            result.append(part)
        at += len(part) + 1
    return ";".join(result)


def _explains(finding: Finding, sentence: Sentence, place: _Place, words: str) -> bool:
    """Whether a finding is what a sentence says: none that is another's where sources are told of, and no
    mere note on a sentence that goes on."""
    if not sentence.start <= finding.start < sentence.end:
        return False
    if finding.scope.subject is Subject.OTHER:
        return place is not _Place.ORIGIN
    return finding.rights.speaks or bool(finding.duties) or ";" not in words


def explains(words: str) -> bool:
    """Whether a sentence tells of other things than terms."""
    return explained().search(words) is not None


def is_harmless(words: str) -> bool:
    """Whether a sentence, as a shadow, says nothing that could take back what a license gives."""
    return (
        len(words) > _LONGEST
        or words.count(" ") < _FEWEST_BLANKS
        or words.rstrip(" \"')*_").endswith(("?", ":"))
        or _HARMLESS.search(words) is not None
    )


class _Leaves:
    """Where the words of leave begin in a text: each alternative up to what may vary. Most sentences hold none
    and are passed over at once."""

    def __init__(self) -> None:
        anywhere = _stems(_LEAVE_ANYWHERE) | _stems(_WHOSE)
        near = _stems(_LEAVE) | _stems(_WHAT)
        self._words = AhoCorasick([*anywhere, *(near - anywhere)])
        self._anywhere = len(anywhere)

    def of(self, shadow: str) -> tuple[list[int], list[int]]:
        """The places of those that count anywhere on a page, and of all."""
        found = self._words.find_matches_as_indexes(shadow, overlapping=True)
        return [at for stem, at, _ in found if stem < self._anywhere], [at for _, at, _ in found]


@cache
def _leaves() -> _Leaves:
    return _Leaves()


def _stems(pattern: re.Pattern[str]) -> set[str]:
    return {_stem(alternative) for alternative in re.split(r"\|(?![^(]*\))", pattern.pattern)}


def _stem(alternative: str) -> str:
    bare = alternative.removeprefix(r"\b")
    end = next((at for at, sign in enumerate(bare) if not (sign.isalpha() or sign in " -'")), len(bare))
    return bare[: end - 1] if bare[end : end + 1] == "?" else bare[:end]


def _placed(standing: Standing) -> Iterator[tuple[Sentence, _Place]]:
    """The sentences of a page that may be remarks about terms, and where they stand."""
    context = standing.context
    starts = sorted(m.start for m in standing.mentions if m.start < m.end)
    anywhere, near = _leaves().of(context.shadow)
    block: Block | None = None
    place: _Place | None = None
    for sentence in standing.place.sentences:
        if sentence.kind not in _KINDS or not standing.place.holds(sentence.start):
            continue
        here = context.block_at(sentence.start)
        if here is not block:
            block = here
            path = context.headings(sentence.start)
            place = _under(path[-1]) if here is not None and path else None
            if here is None or place is None or here.end - here.start > _LONGEST_BLOCK:
                place = place and _Place.PROSE
            elif place is _Place.PROSE and bisect_left(starts, here.start) < bisect_left(starts, here.end):
                place = _Place.USE
        if place is None:
            continue
        leaves = anywhere if place is _Place.PROSE else near
        if place is _Place.LICENSE or bisect_left(leaves, sentence.start) < bisect_left(leaves, sentence.end):
            yield sentence, place


@lru_cache(maxsize=4_096)
def _under(heading: str) -> _Place | None:
    """Where what stands right under a heading stands; None where no terms are told of."""
    if _OTHERS_HEADING.search(heading):
        return None
    if _HEADING.fullmatch(heading):
        return _Place.LICENSE
    if "source data" in heading:
        return _Place.ORIGIN
    return _Place.USE if _USED_HEADING.search(heading) else _Place.PROSE
