// The navigation beside a page: the pages of an area, or the sections of one page.
import { type Html, html } from '../html.ts'
import { type Drawing, withIcon } from './icon.ts'

/** An entry of a navigation. */
export interface NavigationLink {
  /** The path of a page, perhaps with the anchor of a section on it. */
  readonly path: string
  readonly label: string
  readonly drawing?: Drawing
  /** Prefixes of the paths that belong to the entry. */
  readonly below?: readonly string[]
}

export interface SideNavigation {
  /** What the navigation leads through, for screen readers. */
  readonly label: string
  readonly links: readonly NavigationLink[]
  /** The page above this one. */
  readonly back?: Pick<NavigationLink, 'path' | 'label'>
}

/**
 * The navigation beside a page. An entry of a section on this page is marked while the section is the target of the URL; with scripts the
 * module `sections` marks the section in sight.
 */
export function sideNavigation({ label, links, back }: SideNavigation, here: string): Html {
  return html`<nav class="side" aria-label="${label}">
    <ul>
      ${links.map((link) => navigationItem(link, isAt(link, here)))}
      ${back && html`<li class="back"><a href="${back.path}">← ${back.label}</a></li>`}
    </ul>
  </nav>`
}

/** Whether an entry leads to this page or to one above it. */
function isAt({ path, below = [] }: NavigationLink, here: string): boolean {
  return here === path || below.some((beginning) => here.startsWith(beginning))
}

/** The item of one entry. */
export function navigationItem({ path, label, drawing }: NavigationLink, isCurrent: boolean): Html {
  return html`<li>
    <a href="${path}" ${isCurrent && html`aria-current="page"`}>${drawing ? withIcon(drawing, label) : label}</a>
  </li>`
}
