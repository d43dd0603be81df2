"""Rules that each page keeps besides axe's: its own title and description, no sideways scrolling, letters that can be
read, and pictures, links and fields that are whole. They are those of Lighthouse that one look at a page can decide.
"""

from __future__ import annotations

from playwright.sync_api import Page

SMALLEST_LETTERS = 11
"""Pixels; smaller ones are hard to read."""

_BROKEN = """({letters, language}) => {
    const found = []
    const say = (rule, element) => found.push(`${rule}: ${element ? element.outerHTML.slice(0, 200) : ''}`)
    const isShown = element => element.checkVisibility({opacityProperty: true, visibilityProperty: true})
        && element.getBoundingClientRect().width > 1
    const all = selector => [...document.querySelectorAll(selector)]
    const head = name => document.head.querySelector(`meta[name="${name}"]`)?.content ?? ''

    if (!document.title.trim()) say('no title')
    if (document.documentElement.lang !== language) say(`the language is ${document.documentElement.lang}`)
    if (head('description').length < 20) say('no description')
    if (!head('viewport').includes('width=device-width')) say('no viewport')
    if (/user-scalable=no|maximum-scale=[1-4]\\b/.test(head('viewport'))) say('zooming is forbidden')
    const headings = all('h1').filter(isShown)
    if (headings.length !== 1) say(`${headings.length} first headings`)
    for (const box of [document.scrollingElement, ...all('[data-testid=stMain]')])
        if (box.scrollWidth > box.clientWidth) say(`${box.scrollWidth - box.clientWidth} px too wide`, box)

    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const small = new Set()
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement
        if (!texts.currentNode.data.trim() || element.closest('script, style, noscript, svg')) continue
        if (isShown(element) && parseFloat(getComputedStyle(element).fontSize) < letters) small.add(element)
    }
    small.forEach(element => say('letters too small', element))

    for (const image of all('img').filter(isShown)) {
        if (!image.complete || !image.naturalWidth) say('picture without content', image)
        const enough = 3 * Math.max(2, devicePixelRatio) * image.getBoundingClientRect().width
        if (image.naturalWidth > enough && !image.src.endsWith('.svg')) say('picture too large', image)
    }
    for (const link of all('a[href]')) {
        if (link.target === '_blank' && !/noopener|noreferrer/.test(link.rel)) say('link without noopener', link)
        if (/^(javascript:|#?$)/.test(link.getAttribute('href'))) say('link to nowhere', link)
    }
    for (const field of all('input[type=password]'))
        if (!field.autocomplete) say('password that no manager can fill', field)
    for (const loaded of all('script[src], link[rel=stylesheet], img[src^=http]'))
        if (!(loaded.src || loaded.href).startsWith(location.origin)) say('from elsewhere', loaded)
    return found
}"""


def broken_rules(page: Page, language: str) -> list[str]:
    """What this page breaks, each with its rule and the element."""
    return page.evaluate(_BROKEN, {"letters": SMALLEST_LETTERS, "language": language})
