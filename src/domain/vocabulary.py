"""The closed vocabularies: one word for one thing, in code, columns, documents and reports.

Every member's value is the word that is stored and shown. A `match` over one of these ends in
`assert_never`, so that a new member is a type error wherever it was not thought of.
"""

from __future__ import annotations

from enum import StrEnum


class Layer(StrEnum):
    """The part of a dataset that one set of rights covers."""

    METADATA = "metadata"
    BEHAVIOR = "behavior"
    AUDIO = "audio"
    ANNOTATIONS = "annotations"
    FEATURES = "features"
    LYRICS = "lyrics"
    IMAGES = "images"
    MODEL_WEIGHTS = "model_weights"
    CODE = "code"
    API = "api"


class SpeaksFor(StrEnum):
    """In whose name a page makes its statement; only the first two can grant anything."""

    RIGHTS_HOLDER = "rights_holder"
    PUBLISHER = "publisher"
    REDISTRIBUTOR = "redistributor"
    AGGREGATOR = "aggregator"
    HOUSE = "house"


class WatchRole(StrEnum):
    """What kind of page a watch reads."""

    LICENSE = "license"
    TERMS = "terms"
    API_TERMS = "api_terms"
    README = "readme"
    CARD = "card"
    RECORD = "record"
    ANNOUNCEMENT = "announcement"


class Access(StrEnum):
    """What stands between a stranger and the data."""

    OPEN_DOWNLOAD = "open_download"
    REGISTRATION = "registration"
    REQUEST_FORM = "request_form"
    API_KEY = "api_key"
    SCRAPE = "scrape"
    WITHDRAWN = "withdrawn"
    INTERNAL = "internal"


class Outcome(StrEnum):
    """What one look at one page came to."""

    SNAPSHOT = "snapshot"
    NOT_MODIFIED = "not_modified"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    GONE = "gone"
    SUSPECT = "suspect"


class Origin(StrEnum):
    """How the bytes of a snapshot reached us."""

    DIRECT = "direct"
    RECORDING = "recording"
    ARCHIVE = "archive"
    IMPORT = "import"


class Action(StrEnum):
    """What somebody may want to do with the data."""

    COMMERCIAL_USE = "commercial_use"
    REPRODUCE = "reproduce"
    DERIVE = "derive"
    TRAIN_MODEL = "train_model"
    RELEASE_MODEL = "release_model"
    REDISTRIBUTE = "redistribute"
    EVALUATE = "evaluate"


class RightValue(StrEnum):
    """What the terms say about an action."""

    PERMITTED = "permitted"
    CONDITIONAL = "conditional"
    PROHIBITED = "prohibited"
    SILENT = "silent"
    CONTRADICTORY = "contradictory"


class Basis(StrEnum):
    """What a right rests on: the page's words, a standard license, or a custom grant of use."""

    STATED = "stated"
    LICENSE = "license"
    INFERRED = "inferred"


class Purpose(StrEnum):
    """The purposes a right is limited to, widest first."""

    ANY = "any"
    NON_COMMERCIAL = "non_commercial"
    SCIENTIFIC_RESEARCH = "scientific_research"
    EVALUATION = "evaluation"
    TEACHING = "teaching"


class Assignee(StrEnum):
    """Who may exercise a right, widest first."""

    ANYONE = "anyone"
    NON_COMMERCIAL_ENTITY = "non_commercial_entity"
    ACADEMIC_INSTITUTION = "academic_institution"
    NAMED_SIGNATORY = "named_signatory"


class Duty(StrEnum):
    """What the user must do in return. The house needs a capability of the same name."""

    ATTRIBUTION = "attribution"
    SHARE_ALIKE = "share_alike"
    COPYLEFT = "copyleft"
    NOTICE = "notice"
    STATE_CHANGES = "state_changes"
    DELETION_ON_REQUEST = "deletion_on_request"
    NO_REIDENTIFICATION = "no_reidentification"
    REGISTER = "register"
    REPORT_USE = "report_use"
    PAY = "pay"
    USE_RESTRICTIONS = "use_restrictions"


class Condition(StrEnum):
    """What makes a right conditional."""

    ATTRIBUTION = "attribution"
    NOTICE = "notice"
    SHARE_ALIKE = "share_alike"
    STATE_CHANGES = "state_changes"
    NOT_SHARED = "not_shared"
    PERMISSION = "permission"
    FEE = "fee"
    SIGNATURE = "signature"
    APPROVAL = "approval"
    REGISTRATION = "registration"
    USE_RESTRICTIONS = "use_restrictions"

    @property
    def met_alone(self) -> bool:
        """Whether the licensee can meet it without another's act."""
        return self in _MET_ALONE


_MET_ALONE = frozenset(
    {Condition.ATTRIBUTION, Condition.NOTICE, Condition.SHARE_ALIKE, Condition.STATE_CHANGES, Condition.NOT_SHARED}
)


class Determination(StrEnum):
    """What a license means for anybody."""

    PRODUCTION_COMMERCIAL = "production-commercial"
    RESEARCH_ONLY = "research-only"
    PROHIBITED_UNCLEAR = "prohibited-unclear"


class Tier(StrEnum):
    """What this house may do with a source."""

    PRODUCTION_APPROVED = "production_approved"
    RESEARCH_ONLY = "research_only"
    BLOCKED = "blocked"

    @property
    def rank(self) -> int:
        """0 for the widest tier; grows as the tier narrows."""
        return _RANKS[self]

    @staticmethod
    def narrowest(tiers: list[Tier]) -> Tier:
        """The narrowest of some tiers; `blocked` of none, because absence is not permission."""
        return max(tiers, key=lambda tier: tier.rank, default=Tier.BLOCKED)


_RANKS = {tier: rank for rank, tier in enumerate(Tier)}


class GateKind(StrEnum):
    """Whether a gate caps the tier or is printed beside it."""

    BLOCKING = "blocking"
    CONDITION = "condition"


class ChangeClass(StrEnum):
    """What kind of difference two successive versions of a watch show."""

    FIRST = "first"
    NONE = "none"
    COSMETIC = "cosmetic"
    EDITORIAL = "editorial"
    MATERIAL = "material"
    UNSTABLE = "unstable"
    RE_EXTRACTION = "re-extraction"


class Direction(StrEnum):
    """Where a change moves the rights, seen from the user."""

    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    CLARIFIED = "clarified"
    WITHDRAWN = "withdrawn"
    MIXED = "mixed"


class EvidenceGrade(StrEnum):
    """How good the evidence is: A direct and independently archived, B direct look, C archive copy,
    D third-party claim (the catalog's quotes included), E a person's note or import."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


class Confidence(StrEnum):
    """How far a catalog claim was checked."""

    VERIFIED = "verified"
    PARTLY = "partly"
    UNVERIFIED = "unverified"


class Application(StrEnum):
    """What MLCore can use a source for."""

    METADATA_GRAPH = "metadata_graph"
    COOCCURRENCE_BEHAVIORAL = "cooccurrence_behavioral"
    CONTENT_EMBEDDING = "content_embedding"
    OFFLINE_EVALUATION = "offline_evaluation"


class PersonalData(StrEnum):
    """How near the data comes to natural persons."""

    NONE = "none"
    PSEUDONYMOUS = "pseudonymous"
    IDENTIFYING = "identifying"
    SPECIAL = "special"


class DerivationFlow(StrEnum):
    """How a source came out of an upstream one; decides whether upstream rights bind."""

    COPIES = "copies"
    JOINS = "joins"
    FILTERS = "filters"
    ANNOTATES = "annotates"
    COMPUTED_FROM = "computed_from"
    IMPORTED_VIA_API = "imported_via_api"
    TRAINED_ON = "trained_on"
    LINKS = "links"


class Availability(StrEnum):
    """Whether the data can be had today."""

    AVAILABLE = "available"
    ON_REQUEST = "on_request"
    FROZEN = "frozen"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


class Owner(StrEnum):
    """Who must act: closes a gate, decides a question, answers a check."""

    LEGAL = "legal"
    PRODUCT = "product"
    ENGINEERING = "engineering"
    OPERATIONS = "operations"
    PUBLISHER = "publisher"
    CLEARANCE = "clearance"


class EffortPart(StrEnum):
    """The three parts of an effort estimate."""

    INGESTION = "ingestion"
    NORMALIZATION = "normalization"
    GOVERNANCE = "governance"
