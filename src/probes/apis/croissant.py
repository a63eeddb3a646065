"""Croissant: a dataset's JSON-LD with its files, and the responsible-use fields beside them."""

from __future__ import annotations

from probes.apis import huggingface, kaggle
from probes.apis.json_ld import value_of, words_of
from probes.apis.page_urls import page_of, safe
from probes.apis.reading import ApiAnswer, ApiReading, Sheet
from probes.apis.schema_org import dataset_in, read_dataset


def urls(page: str) -> tuple[str, ...]:
    """Where a dataset's Croissant is: the hubs' own places for their pages, else the address itself."""
    found = page_of(page)
    if found is None:
        return ()
    if found.host == "huggingface.co" and not page.endswith("/croissant"):
        return tuple(f"{record.partition('?')[0]}/croissant" for record in huggingface.urls(page)[:1])
    if found.host == "kaggle.com" and kaggle.urls(page) and "croissant" not in found.segments:
        owner, name = (found.after("datasets") or ())[:2]
        return (f"{found.base}/datasets/{safe(owner)}/{safe(name)}/croissant/download",)
    return (page,)


def read(source_id: str, answer: ApiAnswer) -> ApiReading:
    """Stated facts and license claims; `sdLicense` is the metadata's alone."""
    sheet = Sheet(source_id, answer)
    node = dataset_in(sheet, answer)
    if isinstance(node, str):
        return sheet.reading(node)
    if "croissant" not in (words_of(node, "conformsTo") or "").lower():
        return sheet.reading("it does not say that it conforms to Croissant")
    read_dataset(sheet, node)
    plan = words_of(node, "dataReleaseMaintenancePlan")
    sheet.fact("maintenance", plan or "", measured=False)
    if value_of(node, "isLiveDataset") is True:
        sheet.fact("maintenance", "live dataset", measured=False)
    return sheet.reading()
