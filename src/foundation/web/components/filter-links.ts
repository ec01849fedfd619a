import { html } from '../html.ts'
import type { Html } from '../html.ts'

export interface Filter {
  readonly href: string
  readonly label: string
  /** The number of matching items, as it is shown. */
  readonly count?: number | string | undefined
  readonly current: boolean
}

/** Filters of a list, of which one is selected. They are links, so that each has a URL that can be bookmarked. */
export function filterLinks(label: string, filters: readonly Filter[]): Html {
  return html`<nav class="filters" aria-label="${label}">
    <ul>
      ${filters.map(linkOf)}
    </ul>
  </nav>`
}

function linkOf({ href, label, count, current }: Filter): Html {
  const text = html`${label}${count !== undefined && html` <span class="count">${count}</span>`}`
  return html`<li><a href="${href}" ${current && html`aria-current="true"`}>${text}</a></li>`
}
