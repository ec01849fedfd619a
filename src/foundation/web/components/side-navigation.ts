// The navigation beside a page, which has the pages of an area, and the tabs under a heading, which lead to sections or pages.
import { type Html, html } from '../html.ts'
import { type Drawing, withIcon } from './icon.ts'

export interface NavigationLink {
  /** The path of a page, perhaps with the anchor of a section on it. */
  readonly path: string
  readonly label: string
  readonly drawing?: Drawing
  /** Prefixes of the paths that belong to the entry. */
  readonly below?: readonly string[]
  /** The heading of the entries that belong together, which follow each other. */
  readonly group?: string
  /** How many things wait on the page. */
  readonly count?: number | undefined
}

export interface SideNavigation {
  /** What the navigation leads through, for screen readers. */
  readonly label: string
  readonly links: readonly NavigationLink[]
}

/**
 * The navigation beside a page. An entry of a section on this page is marked while the section is the target of the URL; with scripts the
 * module `sections` marks the section in sight.
 */
export function sideNavigation({ label, links }: SideNavigation, here: string): Html {
  const groups = [...Map.groupBy(links, ({ group }) => group)]
  return html`<nav class="side" aria-label="${label}">
    <div class="pages">
      ${groups.map(([group, own], at) => {
        const items = own.map((link) => navigationItem(link, isAt(link, here)))
        if (group === undefined)
          return html`<ul>
            ${items}
          </ul>`
        return html`<p class="group" id="pages-${at}">${group}</p>
          <ul aria-labelledby="pages-${at}">
            ${items}
          </ul>`
      })}
    </div>
  </nav>`
}

/** Links to the sections of a page, or to the pages beside it, under its heading. */
export function tabs({ label, links }: SideNavigation, here: string): Html {
  return html`<nav class="tabs" aria-label="${label}">
    <ul>
      ${links.map((link) => navigationItem(link, link.path === here))}
    </ul>
  </nav>`
}

/** Whether an entry leads to this page or to one above it. */
function isAt({ path, below = [] }: NavigationLink, here: string): boolean {
  return here === path || below.some((beginning) => here.startsWith(beginning))
}

/** The item of one entry, perhaps with a class. */
export function navigationItem(
  { path, label, drawing, count = 0 }: NavigationLink,
  isCurrent: boolean,
  kind?: string,
): Html {
  const words = drawing ? withIcon(drawing, label) : label
  const waiting = count > 0 && html` <span class="count">${count}</span>`
  return html`<li ${kind && html`class="${kind}"`}>
    <a href="${path}" ${isCurrent && html`aria-current="page"`}>${words}${waiting}</a>
  </li>`
}
