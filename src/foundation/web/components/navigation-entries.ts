// The entries of the navigation: pages declare them beside their access, and bar, side navigation, palette and keys are made of them.
import type { Context } from '#foundation/context.ts'
import type { Permission } from '#foundation/kernel/principal.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { isOpenTo, type RouteAccess } from '../http/access.ts'
import type { Drawing } from './icon.ts'
import type { NavigationLink, SideNavigation } from './side-navigation.ts'

/** The parts of the site, in the order of the bar; each has a navigation beside its pages. */
const AREAS = ['apps', 'account', 'security', 'admin'] as const
export type Area = (typeof AREAS)[number]

/** The groups of the pages of administration, in their order; the overview stands above them. */
export type NavigationGroup = 'people' | 'access' | 'system'

const AREA_LABELS: Readonly<Record<Area, (say: Texts) => string>> = {
  apps: (say) => say.ownApps.area,
  account: (say) => say.account.title,
  security: (say) => say.security.title,
  admin: (say) => say.overview.area,
}

export const AREA_DRAWINGS: Readonly<Record<Area, Drawing>> = {
  apps: 'apps',
  account: 'user',
  security: 'shield',
  admin: 'overview',
}

/** What a page declares. An entry is shown to those who may open the page. */
export interface NavigationEntry {
  /** `palette`: the page is found in the palette only, which has the pages of `admin` too. `person`: a form beside the username in the bar. */
  readonly area: Area | 'palette' | 'person'
  /** The position in the area, ascending; the numbers leave room for entries between them. */
  readonly order: number
  readonly label: (say: Texts) => string
  readonly drawing?: Drawing
  readonly group?: NavigationGroup
  /** The section of the page to which the entry leads. */
  readonly anchor?: string
  /** Prefixes of the paths that belong to the entry; by default those below its page, of a section those below the page with its name. */
  readonly below?: readonly string[]
  /** The key that opens the page after `g`. */
  readonly key?: string
  /** The route of the API by which the palette finds what the page lists: what is typed follows a `=` at its end, else the palette filters. */
  readonly finds?: string
  /** `apps`: the entry is shown only where an app is registered. */
  readonly where?: 'apps'
  /** How many things wait on the page. It is asked once for each page of the area, so it must be one cheap query. */
  readonly waiting?: (ctx: Context) => Promise<number>
}

interface DeclaredEntry extends NavigationEntry {
  readonly url: string
  readonly access: RouteAccess
  readonly count?: number | undefined
}

/** The entries of all routes, in their order. */
export type Navigation = readonly DeclaredEntry[]

declare module 'fastify' {
  interface FastifyInstance {
    /** The entries that the routes declare; none if absent. */
    readonly navigation?: Navigation
  }
  interface FastifyRequest {
    /** How many things wait on the pages of administration that the user may open, by URL; set on these pages only. */
    waiting?: ReadonlyMap<string, number> | undefined
  }
  interface FastifyContextConfig {
    /** The entry of the page in the navigation, or one for each of its sections. */
    readonly navigation?: NavigationEntry | readonly NavigationEntry[]
  }
}

interface EntriesNow {
  readonly hasApps: boolean
  /** How many things wait on a page, by its URL. */
  readonly waiting: ReadonlyMap<string, number> | undefined
}

/** The entries for a server with apps, or for one without, with what waits on their pages. */
export function entriesFor(navigation: Navigation, { hasApps, waiting }: EntriesNow): Navigation {
  const shown = hasApps ? navigation : navigation.filter(({ where }) => where !== 'apps')
  return waiting === undefined ? shown : shown.map((entry) => ({ ...entry, count: waiting.get(entry.url) }))
}

/** The entries of an area whose pages these permissions open. */
export function openEntries(
  navigation: Navigation,
  area: NavigationEntry['area'],
  permissions: readonly Permission[],
): Navigation {
  return navigation.filter((entry) => entry.area === area && isOpenTo(entry.access, permissions))
}

/** The area that a path belongs to, also if no page has the path; undefined if it belongs to none. */
export function areaOf(navigation: Navigation, path: string): Area | undefined {
  const prefixes = AREAS.flatMap((area) =>
    navigation
      .filter((entry) => entry.area === area)
      .flatMap(({ url, below = [] }) => [`${url}/`, ...below])
      .map((prefix) => ({ area, prefix })),
  )
  const above = prefixes.filter(({ prefix }) => `${path}/`.startsWith(prefix))
  return above.toSorted((a, b) => b.prefix.length - a.prefix.length)[0]?.area
}

/** The path of the first page of an area that these permissions open; undefined if they open none. */
export function areaHome(navigation: Navigation, area: Area, permissions: readonly Permission[]): string | undefined {
  return openEntries(navigation, area, permissions)[0]?.url
}

/** A link to each area of which these permissions open a page. */
export function areaLinks(
  say: Texts,
  navigation: Navigation,
  permissions: readonly Permission[],
): readonly (NavigationLink & { readonly area: Area })[] {
  return AREAS.flatMap((area) => {
    const path = areaHome(navigation, area, permissions)
    return path === undefined ? [] : [{ area, path, label: AREA_LABELS[area](say) }]
  })
}

/** The navigation beside the pages of an area. */
export function areaNavigation(
  say: Texts,
  navigation: Navigation,
  area: Area,
  permissions: readonly Permission[],
): SideNavigation {
  const links = openEntries(navigation, area, permissions).map(
    ({ url, anchor, label, drawing, group, count, below = [`${url}/${anchor ?? ''}`] }): NavigationLink => ({
      path: anchor === undefined ? url : `${url}#${anchor}`,
      label: label(say),
      ...(drawing && { drawing }),
      ...(group && { group: say.overview.groups[group] }),
      count,
      below,
    }),
  )
  return { label: AREA_LABELS[area](say), links }
}
