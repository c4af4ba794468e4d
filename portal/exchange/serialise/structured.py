"""Content as structured data: what schema.org calls it, for programs that read pages."""

from typing import Any

from flask import current_app, url_for

from portal.exchange.models import ContentItem, ContentKind, Licence
from portal.exchange.serialise.content import address
from portal.markdown import plain
from portal.notifications.outbox import full_address
from portal.reference.models import Site

SCHEMA = "https://schema.org"
TYPES = {
    ContentKind.CASE_STUDY: "Article",
    ContentKind.FUNDING: "MonetaryGrant",
    ContentKind.EVENT: "Event",
    ContentKind.PODCAST: "PodcastEpisode",
    ContentKind.VIDEO: "VideoObject",
    ContentKind.RESOURCE: "CreativeWork",
    ContentKind.NEWS: "NewsArticle",
    ContentKind.AWARD: "Article",
}
LICENCES = {
    Licence.OGL: "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC_BY_NC: "https://creativecommons.org/licenses/by-nc/4.0/",
}


def site() -> dict[str, Any]:
    """Return what the service is, and how it is searched."""
    found = full_address(url_for("search.results"))
    return {
        "@context": SCHEMA,
        "@type": "WebSite",
        "name": current_app.config["SERVICE_NAME"],
        "url": full_address("/"),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{found}?q={{words}}"},
            "query-input": "required name=words",
        },
    }


def structured(item: ContentItem) -> dict[str, Any]:
    """Return an item; what is not known is left out."""
    maker = item.hin.name if item.hin else current_app.config["SERVICE_NAME"]
    told = {
        "@context": SCHEMA,
        "@type": TYPES[item.kind],
        "name": item.title,
        "description": item.summary,
        "url": full_address(address(item)),
        **_own(item, {"@type": "Organization", "name": maker}),
    }
    return {name: value for name, value in told.items() if value}


def _own(item: ContentItem, maker: dict[str, str]) -> dict[str, Any]:
    if item.kind is ContentKind.FUNDING:
        return _grant(item)
    if item.kind is ContentKind.EVENT:
        return _event(item)
    published = item.published_at.isoformat() if item.published_at else ""
    work = {
        "headline": item.title,
        "datePublished": published,
        "dateModified": item.changed_at.isoformat(),
        "publisher": maker,
        "license": LICENCES.get(item.licence),
        "inLanguage": "en-GB",
        "keywords": ", ".join(term.label for term in item.terms),
        "contentLocation": [_place(site) for site in item.sites],
    }
    if item.kind is ContentKind.PODCAST:
        return work | {"associatedMedia": {"@type": "AudioObject", **_said(item)}}
    if item.kind is ContentKind.VIDEO:
        return work | {"uploadDate": published, **_said(item)}
    return work


def _place(site: Site) -> dict[str, Any]:
    """Return a place of the national directory by name, town and postcode."""
    parts = {"addressLocality": site.town, "postalCode": site.postcode, "addressCountry": "GB"}
    where = {name: value for name, value in parts.items() if value}
    address = {"@type": "PostalAddress", **where}
    return {"@type": "Place", "name": site.name, "address": address}


def _said(item: ContentItem) -> dict[str, str]:
    """Return where something is heard or seen, and its words: an episode has no words by the
    vocabulary, its recording has."""
    return {"contentUrl": item.link, "transcript": plain(item.answer("transcript"))}


def _grant(item: ContentItem) -> dict[str, Any]:
    """Return who gives money, how much in the funder's words, and from when until when."""
    amount = {
        "@type": "MonetaryAmount",
        "description": item.answer("amount"),
        "validFrom": item.opens_on and item.opens_on.isoformat(),
        "validThrough": item.closes_on and item.closes_on.isoformat(),
    }
    return {
        "funder": {"@type": "Organization", "name": item.answer("funder")},
        "amount": {name: value for name, value in amount.items() if value},
    }


def _event(item: ContentItem) -> dict[str, Any]:
    place, is_online = item.answer("place"), "online" in item.answer("place").casefold()
    there = {"@type": "VirtualLocation", "url": item.link or full_address(address(item))}
    way = "Online" if is_online else "Offline"
    return {
        "startDate": item.starts_at.isoformat() if item.starts_at else "",
        "endDate": item.ends_at.isoformat() if item.ends_at else "",
        "eventStatus": f"{SCHEMA}/EventScheduled",
        "eventAttendanceMode": f"{SCHEMA}/{way}EventAttendanceMode",
        "location": there if is_online else {"@type": "Place", "name": place, "address": place},
        "organizer": {"@type": "Organization", "name": item.answer("host")},
    }
