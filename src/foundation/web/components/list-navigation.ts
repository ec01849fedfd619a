// How to find an item of a long list: search, filters, pages.
import type { Texts } from '#foundation/texts/texts.ts'
import { type Html, html } from '../html.ts'
import { encodeCursor } from '../http/pagination.ts'
import { icon } from './icon.ts'

export interface SearchForm {
  /** The path of the list. */
  readonly action: string
  /** The query parameter; also the id of the field. */
  readonly name: string
  readonly value?: string | undefined
  /** What is searched, for screen readers. */
  readonly label: string
  readonly placeholder: string
  /** The other query parameters, such as a filter, which the search keeps. */
  readonly hidden: Readonly<Record<string, string | undefined>>
}

/** A search in a list: a field with its button inside. Its method is GET, so that the result has a URL. */
export function searchForm({ words }: Texts, { action, name, value, label, placeholder, hidden }: SearchForm): Html {
  return html`<form class="search" method="get" action="${action}" role="search">
    <label class="unseen" for="${name}">${label}</label>
    ${Object.entries(hidden).map(
      ([kept, text]) => html`${text !== undefined && html`<input type="hidden" name="${kept}" value="${text}" />`}`,
    )}
    <input
      id="${name}"
      name="${name}"
      type="search"
      placeholder="${placeholder}"
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
      enterkeyhint="search"
      value="${value}"
    />
    <button type="submit">${icon('search')}<span class="unseen">${words.search}</span></button>
  </form>`
}

export interface Filter {
  readonly href: string
  readonly label: string
  /** The number of matching items, as it is shown. */
  readonly count?: number | string | undefined
  readonly current: boolean
}

/**
 * Filters of a list, of which one is selected. They are links, so that each has a URL that can be bookmarked. With the module `roving` they
 * are one stop of the Tab key.
 */
export function filterLinks(label: string, filters: readonly Filter[]): Html {
  return html`<nav class="filters" aria-label="${label}" data-roving>
    <ul>
      ${filters.map(linkOf)}
    </ul>
  </nav>`
}

function linkOf({ href, label, count, current }: Filter): Html {
  const text = html`${label}${count !== undefined && html` <span class="count">${count}</span>`}`
  return html`<li><a href="${href}" ${current && html`aria-current="true"`}>${text}</a></li>`
}

export interface Pages {
  /** The URL of the first page, if this is another. */
  readonly first?: string | undefined
  /** The URL of the previous page, if there is one. */
  readonly previous?: string | undefined
  readonly next?: string | undefined
}

/** Returns the links beside the page after `after` of a list that is read forwards only: back to its first page, at `path`, and on. */
export function pagesAround(path: string, { after, next }: { readonly after: unknown; readonly next: unknown }): Pages {
  const further = `${path}${path.includes('?') ? '&' : '?'}cursor=`
  return {
    previous: after === undefined ? undefined : path,
    next: next === null ? undefined : further + encodeCursor(next),
  }
}

/** Links to the previous and the next page; nothing if the list has one page. */
export function pager(say: Texts, pages: Pages): Html {
  if (pages.previous === undefined && pages.next === undefined) return html``
  return html`<nav class="pager" aria-label="${say.words.pages}">${pageLinks(say, pages)}</nav>`
}

/** The links of the pager alone, for a line that has other links too. */
export function pageLinks({ words }: Texts, { first, previous, next }: Pages): Html {
  return html`${first && html`<a href="${first}">${words.first}</a>`}
  ${previous && html`<a href="${previous}" rel="prev">${words.previous}</a>`}
  ${next && html`<a href="${next}" rel="next">${words.next}</a>`}`
}
