"""Every guard of docs/security.md that can be taken away, and the tests that fail without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from unittest import mock

from bench.guards_off import (
    ALWAYS,
    NEVER,
    any_zip,
    asks_proxies,
    believes_short_bodies,
    buffers_anything,
    checks_no_certificate,
    checks_with_our_house,
    contradicts_nothing,
    crowds_hosts,
    default,
    dials_names,
    escapes_no_html,
    gone_is_gone,
    interrupts_nothing,
    lets_storage_failures_through,
    limits,
    mends_streams,
    open_reader,
    plain_yaml,
    reads_dtds,
    seconds_left,
    swap,
)


@dataclass(frozen=True, slots=True)
class Control:
    """A guard, how it is taken away, and the tests (functions of one file) that must fail then.

    `file` is seen from the folder tests/security.
    """

    guard: str
    off: Callable[[], Any]
    file: str
    fails: frozenset[str]


def _control(guard: str, off: Callable[[], Any], file: str, *fails: str) -> Control:
    return Control(guard, off, file, frozenset(fails))


_NETWORK, _READING = "test_network_guards.py", "test_reading_guards.py"
_INJECTION, _EVIDENCE = "test_injection.py", "test_evidence_bundle.py"

_POLITE, _ADDRESSES = "test_politeness.py", "../probes/test_address_guard.py"
_HOSTILE = "../probes/test_network_hostile.py"
_EXPORTS, _FEED = "../exports/test_exported_files.py", "../alerts/test_alert_feed.py"
_LIES, _FAULTS, _JSON_LD = "test_lying_servers.py", "test_faults.py", "test_json_ld.py"
_PDF, _TEXTS = "../terms/test_pdf_extraction.py", "../terms/test_hostile_texts.py"
_QUERY, _FILES = "../warehouse/test_query_surface.py", "../warehouse/test_warehouse_files.py"

CONTROLS = (
    _control(
        "addresses that are not public",
        swap("probes.guard.why_not_public", lambda _: None),
        _NETWORK,
        "test_a_name_that_resolves_to_an_address_that_is_not_public_is_not_dialed",
    ),
    _control(
        "odd spellings of addresses",
        swap("probes.guard._NUMERIC_LABEL", NEVER),
        _NETWORK,
        "test_an_oddly_spelled_address_is_not_resolved",
    ),
    _control(
        "schemes",
        swap("probes.guard._PORTS", {"http": 80, "https": 443, "ftp": 21}),
        _NETWORK,
        "test_only_http_and_https_are_asked_for",
    ),
    _control(
        "credentials",
        swap("httpx.URL.userinfo", property(lambda _: b"")),
        _NETWORK,
        "test_no_user_name_is_sent_anywhere",
    ),
    _control(
        "rebinding",
        dials_names,
        _NETWORK,
        "test_what_was_checked_is_dialed_and_nothing_is_resolved_twice",
    ),
    _control("proxies", asks_proxies, _NETWORK, "test_proxies_of_the_environment_are_not_asked"),
    _control(
        "certificates",
        swap("httpx.create_ssl_context", checks_no_certificate),
        _NETWORK,
        "test_certificates_and_names_are_checked",
    ),
    _control(
        "the cap on the wire", default("most_wire_bytes", 10**9), _NETWORK, "test_a_body_ends_at_its_cap_on_the_wire"
    ),
    _control("the cap on bodies", default("most_body_bytes", 10**8), _NETWORK, "test_a_bomb_does_not_go_off"),
    _control("the time limit", seconds_left(60.0), _NETWORK, "test_a_slow_drip_of_headers_or_body_ends_in_time"),
    _control("the limit of redirects", default("most_redirects", 10**6), _NETWORK, "test_redirects_end"),
    _control(
        "huge headers",
        swap("httpcore._async.http11.AsyncHTTP11Connection.MAX_INCOMPLETE_EVENT_SIZE", 10**9),
        _HOSTILE,
        "test_headers_without_end_are_refused",
    ),
    _control(
        "ports of other services",
        swap("probes.guard._FIRST_UNPRIVILEGED_PORT", 0),
        _ADDRESSES,
        "test_ports_of_other_services_are_not_dialed",
    ),
    _control(
        "robots.txt",
        swap("probes.robots.Robots.delay_for", mock.AsyncMock(return_value=0.0)),
        _POLITE,
        "test_robots_txt_is_asked_first_and_what_it_closes_is_not_asked",
    ),
    _control(
        "one request at a time to a host",
        crowds_hosts,
        _POLITE,
        "test_a_host_sees_one_connection_and_one_request_at_a_time",
    ),
    _control(
        "Retry-After across runs",
        swap("flows.look_at_pages._left_alone", lambda *_: {}),
        _POLITE,
        "test_no_later_run_asks_before_the_time_a_server_gave",
    ),
    _control(
        "processor time of a page",
        limits(cpu_seconds=60),
        _READING,
        "test_a_page_that_takes_too_long_is_suspect_and_the_next_one_is_read",
    ),
    _control(
        "memory of a page",
        limits(memory_bytes=2**30),
        _READING,
        "test_a_page_that_takes_too_much_memory_is_not_half_read",
    ),
    _control("wall time of a page", limits(wall_seconds=60.0), _READING, "test_a_page_that_never_answers_is_suspect"),
    _control(
        "depth of markup",
        swap("terms.screening.MAX_DEPTH", 10**9),
        _READING,
        "test_markup_nested_beyond_sense_is_not_parsed",
    ),
    _control(
        "Markdown",
        swap("reports.escape._MARKUP", NEVER),
        _INJECTION,
        "test_markdown_stays_words",
        "test_an_artifact_of_a_run_shows_problems_as_words",
    ),
    _control("HTML", escapes_no_html, _INJECTION, "test_html_stays_text"),
    _control(
        "terminals and logs",
        swap("clearance.output._CONTROL", NEVER),
        _INJECTION,
        "test_lines_of_output_and_of_the_log_carry_no_escapes",
        "test_no_terminal_obeys_a_publisher",
    ),
    _control(
        "CSV",
        swap("warehouse.exporting._FORMULA", NEVER),
        _EXPORTS,
        "test_a_hostile_cell_is_inert_in_csv_and_whole_in_parquet",
    ),
    _control(
        "Atom",
        swap("alerts.feed._printable", lambda text: text),
        _FEED,
        "test_upstream_words_are_never_markup_and_never_break_the_feed",
    ),
    _control("files from SQL", open_reader, _INJECTION, "test_a_query_reads_no_file"),
    _control(
        "the chain",
        swap("warehouse.verify.broken_links", lambda _: ()),
        _EVIDENCE,
        "test_every_value_that_is_changed_anywhere_is_found",
        "test_a_row_slipped_in_and_a_chain_cut_in_the_middle_are_found",
    ),
    _control(
        "digests of a bundle",
        swap("warehouse.evidence_check._changed_files", lambda _: []),
        _EVIDENCE,
        "test_any_flipped_byte_of_any_file_is_found",
        "test_files_that_are_missing_or_do_not_belong_are_found",
    ),
    _control(
        "the form of a zip",
        any_zip,
        _EVIDENCE,
        "test_any_flipped_byte_of_a_zip_is_found",
    ),
    _control("lengths of bodies", believes_short_bodies, _HOSTILE, "test_a_body_cut_short_is_no_page"),
    _control(
        "announced lengths",
        lambda: mock.patch("probes.exchange.int", create=True, return_value=0).start(),
        _HOSTILE,
        "test_a_body_announced_as_too_large_is_not_even_read",
    ),
    _control(
        "what not modified confirms",
        swap("probes.network._confirms", lambda *_: True),
        _NETWORK,
        "test_not_modified_counts_only_where_it_was_asked_for",
        "test_not_modified_of_something_else_confirms_nothing",
    ),
    _control(
        "a whole look now and then",
        swap("flows.look_at_pages._long_unseen", lambda *_: False),
        _LIES,
        "test_no_server_hides_a_change_behind_not_modified_for_ever",
    ),
    _control("anchors in YAML", plain_yaml, _INJECTION, "test_a_catalog_of_aliases_is_refused_at_once"),
    _control(
        "depth of YAML",
        swap("catalog.nodes.MAX_DEPTH", 10**9),
        "../catalog/test_catalog_errors.py",
        "test_mistakes_are_told_with_file_and_line",
    ),
    _control(
        "number of statements",
        swap("terms.reader.MAX_STATEMENTS", 10**9),
        _TEXTS,
        "test_more_statements_than_terms_ever_make_are_not_read",
        "test_a_list_of_very_many_licenses_is_no_page_of_terms",
    ),
    _control(
        "length of a PDF",
        swap("terms.pdf.MAX_TEXT", 10**9),
        _PDF,
        "test_a_pdf_built_to_stop_a_reader_gives_one_line",
    ),
    _control(
        "pictures in a PDF",
        swap("terms.pdf._Page.is_picture", False),
        _PDF,
        "test_what_is_not_text_as_a_whole_gives_its_reason_and_no_license",
    ),
    _control(
        "damaged streams of a PDF",
        mends_streams,
        _PDF,
        "test_a_damaged_stream_is_not_read_in_part",
        "test_a_pdf_built_to_stop_a_reader_gives_one_line",
    ),
    _control("DTDs", reads_dtds, "../probes/test_apis_readers.py", "test_xml_with_a_dtd_is_not_read"),
    _control(
        "plain lines for chats",
        swap("alerts.digest.one_line", lambda text: text),
        _INJECTION,
        "test_chats_and_webhooks_get_plain_lines",
    ),
    _control(
        "names of reviews",
        swap("catalog.reviews.ID", ALWAYS),
        _INJECTION,
        "test_a_review_file_holds_any_words_and_its_name_is_no_path",
    ),
    _control(
        "names of the site's pages",
        swap("reports.site.addresses._SAFE_NAME", ALWAYS),
        "../reports/test_site_pages.py",
        "test_file_names_are_safe_and_different_for_different_ids",
        "test_hostile_strings_in_every_field_are_words_and_nothing_else",
    ),
    _control("names of bodies", swap("warehouse.bodies._DIGEST", ALWAYS), _FILES, "test_what_is_no_digest_is_no_path"),
    _control(
        "JSON-LD in a page",
        swap("reports.json_ld._INERT", {}),
        _JSON_LD,
        "test_json_ld_opens_no_script_in_the_page_it_is_put_into",
    ),
    _control(
        "addresses in JSON-LD",
        swap("reports.json_ld.web_address", lambda url: url),
        _JSON_LD,
        "test_json_ld_leads_to_nothing_but_the_web",
    ),
    _control(
        "one SELECT",
        swap("warehouse.query._refuse_all_but_one_select", lambda _: None),
        _QUERY,
        "test_every_other_statement_is_refused_by_its_kind",
        "test_exactly_one_statement_is_allowed",
    ),
    _control("time of a query", interrupts_nothing, _QUERY, "test_what_takes_too_long_is_interrupted"),
    _control(
        "memory of a query",
        buffers_anything,
        _QUERY,
        "test_what_needs_too_much_memory_is_refused",
        "test_rows_that_together_are_too_large_are_refused",
    ),
    _control(
        "failures of the disk in one line",
        lets_storage_failures_through,
        _FAULTS,
        "test_a_full_disk_is_told_in_one_line_and_the_next_run_completes",
    ),
    _control(
        "a folder that cannot be made",
        swap("flows.run_pipeline.InvalidInput", OSError),
        _FAULTS,
        "test_a_disk_that_takes_nothing_is_told_in_one_line",
    ),
    _control(
        "failures of the network as outcomes",
        swap("probes.exchange.NETWORK_ERRORS", ()),
        _FAULTS,
        "test_names_that_do_not_resolve_are_an_outcome",
    ),
    _control(
        "approvals of a clock that was ahead",
        swap("warehouse.decisions._held_later", lambda *_: []),
        _FAULTS,
        "test_what_a_clock_that_was_ahead_approved_does_not_come_back_on_that_day",
    ),
    _control(
        "looks of a clock that was ahead",
        swap("flows.follow_watch._not_after", lambda state, _: state),
        "../flows/test_follow_watch.py",
        "test_a_clock_that_was_ahead_holds_up_nothing",
    ),
    _control("failing is not gone", gone_is_gone, _FAULTS, "test_a_day_of_500s_changes_no_tier"),
    _control("the time limit of a look", seconds_left(6.0), _FAULTS, "test_hosts_that_hang_cost_their_own_looks_only"),
    _control(
        "contradictions in a bundle",
        contradicts_nothing,
        _EVIDENCE,
        "test_a_bundle_made_anew_around_other_words_contradicts_itself",
    ),
    _control(
        "nothing but Python in a bundle",
        checks_with_our_house,
        _EVIDENCE,
        "test_a_bundle_is_whole_on_a_machine_that_has_only_python",
    ),
)
