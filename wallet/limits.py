"""Every cap in one place, with its unit in its name.

A cap is there so that one hostile file or host cannot take the machine, never to judge a badge: whatever runs into
a cap is *undetermined* or *refused by name*, not invalid. Sizes are bytes, times are seconds.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """One value for each cap; pass another instance to tighten or widen them in a test."""

    # files that a learner brings
    picture_bytes: int = 10 * 2**20
    credential_bytes: int = 4 * 2**20
    container_depth: int = 4
    finds: int = 2_000
    import_fetches: int = 40
    page_fetches: int = 8
    page_bytes: int = 512 * 1024
    page_links: int = 200
    # what holds other files; all of one source share the bytes and the entries
    archive_bytes: int = 256 * 2**20
    archive_entries: int = 2_000
    archive_entry_bytes: int = 10 * 2**20
    unpacked_bytes: int = 256 * 2**20
    unpacked_ratio: int = 100
    unpacked_ratio_from_bytes: int = 2**20
    archive_depth: int = 2
    gzip_content_bytes: int = 64 * 2**20
    mail_bytes: int = 25 * 2**20
    mail_parts: int = 1_000
    mail_boundaries: int = 100
    mail_headers: int = 100_000
    mail_line_bytes: int = 2**20
    pdf_attachments: int = 200
    pdf_attachment_bytes: int = 10 * 2**20
    pdf_attached_bytes: int = 16 * 2**20
    pdf_pages: int = 1_000
    pdf_cpu_seconds: int = 10
    pdf_memory_bytes: int = 72 * 2**20  # beyond what the program that reads it takes itself
    offers: int = 2_000
    # fetched documents
    json_body_bytes: int = 2 * 2**20
    image_body_bytes: int = 10 * 2**20
    url_characters: int = 2_048
    redirects: int = 5
    fetches_per_badge: int = 30
    endorsements_per_badge: int = 30
    dns_seconds: float = 5.0
    connect_seconds: float = 5.0
    read_seconds: float = 10.0
    resource_seconds: float = 20.0
    badge_seconds: float = 60.0
    retry_after_seconds: float = 30.0
    run_cache_bytes: int = 64 * 2**20
    timeouts_per_host: int = 3
    connections_per_host: int = 2
    workers: int = 8
    # JSON and JSON-LD
    json_depth: int = 64
    json_nodes: int = 50_000
    contexts_per_document: int = 10
    # pictures
    png_pixels: int = 100_000_000
    decoded_side_pixels: int = 4_096
    png_text_bytes: int = 4 * 2**20
    png_chunks: int = 100_000
    svg_depth: int = 200
    svg_elements: int = 100_000
    svg_attributes: int = 250_000
    svg_element_attributes: int = 10_000
    svg_declared_attributes: int = 100
    svg_entities: int = 100_000
    # keys
    rsa_min_bits: int = 2_048
    rsa_max_bits: int = 8_192
    rsa_exponent_bits: int = 33
    # what is shown
    shown_characters: int = 500
    shown_marks_per_letter: int = 4
    # pathways
    pathway_bytes: int = 4 * 2**20
    pathway_places: int = 10_000
    pathway_rules_per_element: int = 200
    pathway_stars_per_pattern: int = 4
    pathway_depth: int = 64
    pathway_flows: int = 2_000
    pathway_states: int = 4_096
    # definitions written by other software
    pathway_import_nodes: int = 10_000
    pathway_import_values: int = 200_000
    pathway_import_steps: int = 1_000_000


LIMITS = Limits()
