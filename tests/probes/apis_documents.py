"""One small invented document an interface, in its documented shape, and variants that shut the data off."""

from __future__ import annotations

import copy
import json
from typing import Any

SHA = "9a" * 20

HUB: dict[str, Any] = {
    "_id": "5e" * 12,
    "id": "moss-choir/field-hums",
    "sha": SHA,
    "createdAt": "2025-01-05T08:00:00.000Z",
    "lastModified": "2026-09-30T10:11:12.000Z",
    "private": False,
    "gated": False,
    "disabled": False,
    "usedStorage": 99_000_000,
    "tags": ["language:en", "license:cc-by-sa-4.0", "format:parquet"],
    "cardData": {
        "license": ["cc-by-sa-4.0", "other"],
        "license_name": "hums-audio-terms",
        "license_link": "AUDIO.md",
        "dataset_info": {"config_name": "default", "download_size": 41_000_000},
    },
    "siblings": [
        {"rfilename": "README.md", "size": 900},
        {"rfilename": ".gitattributes", "size": 100},
        {"rfilename": "data/train-0.parquet", "size": 40_000_000},
        {"rfilename": "data/notes.csv.gz", "size": 1_000_000},
    ],
}
HUB_SIZE: dict[str, Any] = {
    "size": {"dataset": {"dataset": "moss-choir/field-hums", "num_bytes_original_files": 41_000_000, "num_rows": 5120}},
    "pending": [],
    "failed": [],
    "partial": False,
}
RECORD: dict[str, Any] = {
    "created": "2025-03-01T09:00:00.5+00:00",
    "modified": "2026-08-20T07:00:00.5+00:00",
    "id": 7100042,
    "conceptrecid": "7100001",
    "revision": 6,
    "status": "published",
    "metadata": {
        "title": "Field hums",
        "publication_date": "2026-08-19",
        "version": "3.1",
        "access_right": "open",
        "license": {"id": "cc-by-nc-4.0"},
    },
    "files": [
        {"id": "a1", "key": "hums.tar.zst", "size": 5_000_000_000},
        {"id": "a2", "key": "LICENSE.txt", "size": 1200},
    ],
}
NATIVE_RECORD: dict[str, Any] = {
    "id": "abcde-12345",
    "access": {"record": "public", "files": "public", "embargo": {"active": False}},
    "metadata": {
        "publication_date": "2026-08-19",
        "rights": [
            {
                "id": "cc-by-4.0",
                "title": {"en": "Creative Commons Attribution 4.0 International"},
                "props": {"scheme": "spdx", "url": "https://creativecommons.org/licenses/by/4.0/legalcode"},
            },
            {"title": {"de": "Hausregeln"}, "description": {"en": "Only for study."}, "link": "https://hums.example/t"},
        ],
    },
    "files": {"enabled": True, "count": 2, "total_bytes": 77, "entries": {"a.csv": {"size": 70}, "b.csv": {"size": 7}}},
}
VERSIONS: dict[str, Any] = {
    "hits": {
        "total": 3,
        "hits": [
            {"metadata": {"publication_date": "2026-08-19", "license": {"id": "cc-by-nc-4.0"}}},
            {"metadata": {"publication_date": "2026-05-21", "license": {"id": "cc-by-nc-4.0"}}},
            {"metadata": {"publication_date": "2026-02-20", "license": {"id": "cc-by-4.0"}}},
        ],
    }
}
DOI: dict[str, Any] = {
    "data": {
        "id": "10.5072/field.hums",
        "type": "dois",
        "attributes": {
            "doi": "10.5072/field.hums",
            "dates": [{"date": "2025-03-01", "dateType": "Issued"}, {"date": "2026-08-19", "dateType": "Updated"}],
            "sizes": ["12.5 MB"],
            "formats": ["text/csv"],
            "version": "3.1",
            "rightsList": [
                {
                    "rights": "Creative Commons Attribution 4.0 International",
                    "rightsUri": "https://creativecommons.org/licenses/by/4.0/legalcode",
                    "rightsIdentifier": "cc-by-4.0",
                },
                {"rights": "Open Access", "rightsUri": "info:eu-repo/semantics/openAccess"},
            ],
            "metadataVersion": 8,
            "isActive": True,
            "state": "findable",
            "updated": "2026-08-20T07:00:00.000Z",
        },
    }
}
ARTICLE: dict[str, Any] = {
    "id": 88000123,
    "title": "Field hums",
    "version": 4,
    "published_date": "2026-04-02T00:00:00Z",
    "modified_date": "2026-04-03T12:00:00Z",
    "size": 2_000_000,
    "license": {"value": 50, "name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
    "is_embargoed": False,
    "embargo_date": None,
    "embargo_reason": "",
    "is_metadata_record": False,
    "is_confidential": False,
    "has_linked_file": False,
    "download_disabled": False,
    "files": [{"id": 1, "name": "hums.zip", "size": 2_000_000, "is_link_only": False}],
}
REPOSITORY: dict[str, Any] = {
    "id": 1,
    "full_name": "moss-choir/field-hums",
    "private": False,
    "visibility": "public",
    "archived": True,
    "disabled": False,
    "pushed_at": "2026-07-01T00:00:00Z",
    "size": 2048,
    "license": {"key": "mit", "name": "MIT License", "spdx_id": "MIT", "url": "https://api.github.com/licenses/mit"},
}
LICENSE_FILE: dict[str, Any] = {
    "name": "LICENSE",
    "path": "LICENSE",
    "sha": SHA,
    "type": "file",
    "content": "SHVtIGFzIHlvdSBsaWtlLgo=\n",
    "encoding": "base64",
    "license": {"key": "other", "name": "Other", "spdx_id": "NOASSERTION", "url": None},
}
RELEASES: list[dict[str, Any]] = [
    {
        "tag_name": "v3",
        "draft": False,
        "prerelease": False,
        "published_at": "2026-06-30T00:00:00Z",
        "assets": [{"name": "hums-v3.tar.gz", "size": 3_000_000}],
    },
    {"tag_name": "v2", "draft": False, "prerelease": False, "published_at": "2026-05-31T00:00:00Z", "assets": []},
    {"tag_name": "v1", "draft": False, "prerelease": False, "published_at": "2026-05-01T00:00:00Z", "assets": []},
    {"tag_name": "v4", "draft": True, "prerelease": False, "published_at": None, "assets": []},
]
VIEW: dict[str, Any] = {
    "id": 3,
    "ref": "moss-choir/field-hums",
    "totalBytes": 6_000_000,
    "lastUpdated": "2026-03-03T01:02:03.000Z",
    "isPrivate": False,
    "licenseName": "Database: Open Database, Contents: Database Contents",
    "currentVersionNumber": 5,
    "files": [],
    "versions": [],
}
DESCRIPTION: dict[str, Any] = {
    "data_set_description": {
        "id": "40404",
        "name": "field-hums",
        "version": "2",
        "format": "ARFF",
        "upload_date": "2025-03-01T10:00:00",
        "licence": "Public",
        "visibility": "public",
        "status": "active",
    }
}
DESCRIPTION_XML = b"""<oml:data_set_description xmlns:oml="http://openml.org/openml">
<oml:id>40404</oml:id><oml:name>field-hums</oml:name><oml:version>2</oml:version><oml:format>ARFF</oml:format>
<oml:creator>A</oml:creator><oml:creator>B</oml:creator><oml:upload_date>2025-03-01T10:00:00</oml:upload_date>
<oml:licence>Public</oml:licence><oml:visibility>public</oml:visibility><oml:status>active</oml:status>
</oml:data_set_description>"""
PACKAGE: dict[str, Any] = {
    "success": True,
    "result": {
        "id": "p1",
        "name": "field-hums",
        "state": "active",
        "private": False,
        "license_id": "cc-by",
        "license_title": "Creative Commons Attribution",
        "license_url": "http://www.opendefinition.org/licenses/cc-by",
        "isopen": True,
        "metadata_created": "2025-03-01T10:00:00.1",
        "metadata_modified": "2026-08-20T07:00:00.1",
        "version": None,
        "extras": [{"key": "update_frequency", "value": "monthly"}, {"key": "color", "value": "green"}],
        "resources": [{"name": "hums.csv", "format": "CSV", "size": "4096", "url": "https://hums.example/hums.csv"}],
    },
}
RIGHTS: dict[str, Any] = {
    "batchcomplete": "",
    "query": {
        "rightsinfo": {
            "url": "https://creativecommons.org/licenses/by-sa/4.0/",
            "text": "Creative Commons Attribution-ShareAlike 4.0",
        }
    },
}
DATASET_NODE: dict[str, Any] = {
    "@context": "https://schema.org/",
    "@type": ["Dataset"],
    "name": "Field hums",
    "version": "3.1",
    "datePublished": "2025-03-01",
    "dateModified": "2026-08-19",
    "license": {"@type": "CreativeWork", "name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
    "sdLicense": "https://creativecommons.org/publicdomain/zero/1.0/",
    "usageInfo": "https://hums.example/usage",
    "isAccessibleForFree": True,
    "distribution": [
        {
            "@type": "DataDownload",
            "contentUrl": "https://hums.example/hums.csv.gz",
            "encodingFormat": "text/csv",
            "contentSize": "12.5 MB",
            "license": "https://creativecommons.org/licenses/by-nc/4.0/",
        }
    ],
}
CROISSANT: dict[str, Any] = {
    "@context": {"@vocab": "https://schema.org/", "sc": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"},
    "@type": "sc:Dataset",
    "conformsTo": "http://mlcommons.org/croissant/1.1",
    "name": "field-hums",
    "version": "3.1",
    "datePublished": "2026-08-19",
    "license": ["https://creativecommons.org/licenses/by/4.0/"],
    "sdLicense": "https://creativecommons.org/publicdomain/zero/1.0/",
    "isLiveDataset": True,
    "usageInfo": [{"@type": "DefinedTerm", "name": "Non-commercial use only", "termCode": "DUO_0000018"}],
    "rai:dataReleaseMaintenancePlan": "A new dump on the first of the month.",
    "distribution": [
        {
            "@type": "cr:FileObject",
            "@id": "hums",
            "contentUrl": "https://hums.example/hums.csv.gz",
            "contentSize": "5000000 B",
            "encodingFormat": "text/csv",
        },
        {"@type": "cr:FileSet", "@id": "parts", "containedIn": {"@id": "hums"}, "encodingFormat": "text/csv"},
    ],
}
DCAT: dict[str, Any] = {
    "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"},
    "@id": "https://hums.example/",
    "@type": "dcat:Dataset",
    "dct:license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
    "dct:rights": "Sound left out",
    "dct:accessRights": {"@id": "http://publications.europa.eu/resource/authority/access-right/PUBLIC"},
    "dct:accrualPeriodicity": {"@id": "http://publications.europa.eu/resource/authority/frequency/QUARTERLY"},
    "dct:modified": {"@type": "xsd:date", "@value": "2026-08-19"},
    "dcat:version": "3.1",
    "dcat:distribution": [
        {
            "@type": "dcat:Distribution",
            "dcat:downloadURL": {"@id": "https://hums.example/hums.csv.gz"},
            "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": "5000000"},
            "dct:format": {"@id": "http://publications.europa.eu/resource/authority/file-type/CSV"},
            "dct:license": {"@id": "https://creativecommons.org/licenses/by-nc/4.0/"},
        }
    ],
}
ITEM: dict[str, Any] = {
    "created": 1_780_000_000,
    "item_last_updated": 1_780_000_000,
    "item_size": 9_000_000,
    "metadata": {
        "identifier": "field-hums",
        "licenseurl": "https://creativecommons.org/licenses/by-nc-nd/3.0/",
        "rights": ["Hums by the moss choir"],
        "publicdate": "2025-03-01 10:00:00",
    },
    "files": [
        {"name": "hums.flac", "source": "original", "size": "8000000"},
        {"name": "hums.mp3", "source": "derivative", "size": "900000"},
        {"name": "field-hums_meta.xml", "source": "original", "size": "700"},
    ],
}
STATUS: dict[str, Any] = {
    "version": "0.8",
    "jobs": {
        "articlesdump": {
            "status": "done",
            "updated": "2026-11-03 04:05:06",
            "files": {"humwiki-20261101-pages-articles.xml.bz2": {"size": 7_000_000}},
        },
        "metahistorybz2dump": {"status": "waiting", "updated": ""},
    },
}
FOLDER = b"""<html><head><title>Index of /dumps/</title></head><body><h1>Index of /dumps/</h1><pre><a href="../">../</a>
<a href="20261031-001500/">20261031-001500/</a>       31-Oct-2026 01:00     -
<a href="20261107-001500/">20261107-001500/</a>       07-Nov-2026 01:00     -
<a href="20261114-001500/">20261114-001500/</a>       14-Nov-2026 01:00     -
<a href="LATEST">LATEST</a>                           14-Nov-2026 01:01    16
</pre></body></html>"""
DUMP = b"""<html><head><title>Index of /dumps/20261114-001500/</title></head><body><pre><a href="../">../</a>
<a href="mbdump.tar.bz2">mbdump.tar.bz2</a>           14-Nov-2026 01:00     6000000000
<a href="mbdump-edit.tar.bz2">mbdump-edit.tar.bz2</a> 14-Nov-2026 01:00     1000000000
<a href="SHA256SUMS">SHA256SUMS</a>                   14-Nov-2026 01:00     500
</pre></body></html>"""
RUNS = b"""<html><head><title>Index of /humwiki/</title></head><body><pre><a href="../">../</a>
<a href="20261001/">20261001/</a>       05-Oct-2026 01:00     -
<a href="20261020/">20261020/</a>       24-Oct-2026 01:00     -
<a href="20261101/">20261101/</a>       05-Nov-2026 01:00     -
<a href="20261123/">20261123/</a>       23-Nov-2026 01:00     -
</pre></body></html>"""
BUCKET = b"""<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
<Name>hums</Name><Prefix>data/</Prefix><IsTruncated>false</IsTruncated>
<Contents><Key>data/hums_20261101.xml.gz</Key><LastModified>2026-11-02T03:04:05.000Z</LastModified><Size>4700</Size>
</Contents></ListBucketResult>"""


def changed(document: Any, **values: Any) -> Any:
    """A copy with values set at paths; `__` stands for a step down."""
    made = copy.deepcopy(document)
    for path, value in values.items():
        *steps, last = path.split("__")
        place = made
        for step in steps:
            place = place[int(step) if step.isdigit() else step]
        place[last] = value
    return made


def page_with(node: Any) -> bytes:
    """A web page that describes a dataset beside other things."""
    crumbs = json.dumps({"@type": "BreadcrumbList", "license": "MIT"})
    return (
        f"<html><head><script type='application/ld+json'>{crumbs}</script>"
        f'<script type="application/ld+json">{json.dumps([node])}</script></head><body>Hums</body></html>'
    ).encode()
