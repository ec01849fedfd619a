// The settings of VitePress, and the two pages that are made instead of written: the start, and the list of a folder.
import { join } from 'node:path'

import { type Entry, type Group, pathOfFolder, pathOnSite, type SitePlan } from './plan.ts'

const DESCRIPTION = 'One sign-in with a second step for all your apps, on your own server.'

/** The groups whose pages are folded until one of them is open. */
const FOLDED = ['Reference', 'Contribute']

const SIDEBAR_ITEM = join(import.meta.dirname, 'theme', 'SidebarItem.vue')

/**
 * Mends the window of the search, which VitePress marks as a button with a field in it and its results as options with links in them: it is a
 * dialog with a list of links.
 */
const searchAsDialog = {
  name: 'search-as-dialog',
  enforce: 'pre',
  transform: (code: string, id: string): string | undefined =>
    id.endsWith('/VPLocalSearchBox.vue') ? REPLACED.reduce(replaceIn, code) : undefined,
}

const REPLACED: readonly (readonly [RegExp, string])[] = [
  [
    /role="button"\s+:aria-owns="[^"]*"\s+aria-expanded="true"\s+aria-haspopup="listbox"/,
    'role="dialog" aria-modal="true"',
  ],
  [/:aria-activedescendant="[^"]*"\s+aria-autocomplete="both"/, ''],
  [/:role="results\?\.length \? 'listbox' : undefined"/, ''],
  [/:aria-selected="[^"]*"\s+role="option"/, ''],
  // Other names than what is seen.
  [/:aria-label="\[\.\.\.p\.titles, p\.title\]\.join\(' > '\)"/, ''],
  [/<kbd :aria-label="[^"]*"/g, '<kbd'],
]

function replaceIn(code: string, [pattern, text]: readonly [RegExp, string]): string {
  if (!pattern.test(code)) throw new Error(`VitePress's window of the search has no ${pattern.source}`)
  return code.replace(pattern, text)
}

export function siteSettings(plan: SitePlan, base: string): object {
  return {
    title: 'Doorward',
    titleTemplate: ':title · Doorward',
    description: DESCRIPTION,
    lang: 'en',
    base,
    head: [
      ['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}mark.svg` }],
      ['meta', { name: 'referrer', content: 'no-referrer' }],
    ],
    // `.html` in each URL, so that any server of files can serve the site.
    cleanUrls: false,
    // The plan has checked every link; those to http://localhost:8000 lead to a reader's own machine.
    ignoreDeadLinks: 'localhostLinks',
    vite: {
      logLevel: 'warn',
      // The index of the search is larger than a chunk should be, and is loaded when a search begins.
      build: { chunkSizeWarningLimit: 8000 },
      resolve: { alias: [{ find: /^.*\/VPSidebarItem\.vue$/, replacement: SIDEBAR_ITEM }] },
      plugins: [searchAsDialog],
    },
    themeConfig: {
      logo: { src: '/mark.svg', alt: '' },
      sidebar: plan.groups.map((group) => sidebarGroup(plan, group)),
      outline: { level: [2, 3], label: 'On this page' },
      docFooter: { prev: 'Previous', next: 'Next' },
      sidebarMenuLabel: 'Pages',
      darkModeSwitchLabel: 'Theme',
      externalLinkIcon: false,
      notFound: {
        title: 'There is no such page',
        quote: 'It may have moved. The search finds it by its words.',
        linkText: 'Start page',
        linkLabel: 'Start page',
      },
      search: { provider: 'local', options: searchOptions(plan) },
    },
  }
}

/**
 * A search ranks the pages lower whose words are those of every other page: lists for reference, and what is for developers. VitePress writes
 * the source of a function into the site, so that source is made here, with their paths in it.
 */
function searchOptions(plan: SitePlan): object {
  const lower = plan.groups
    .filter(({ name }) => FOLDED.includes(name))
    .flatMap(({ entries }) =>
      entries.map(({ source }) => pathOnSite(source).replace(/\.md$/, '').replaceAll('/', '\\/')),
    )
  const source = `(id) => (/\\/(?:${[...lower, 'pages', 'changelog'].join('|')})(?:\\.html|\\/)/.test(id) ? 0.1 : 1)`
  const boostDocument = Object.assign(() => 1, { toString: () => source })
  return {
    detailedView: false,
    miniSearch: { searchOptions: { boostDocument, combineWith: 'AND', boost: { title: 8, titles: 2, text: 1 } } },
  }
}

function sidebarGroup(plan: SitePlan, { name, entries }: Group): object {
  return {
    text: name,
    collapsed: FOLDED.includes(name),
    items: entries.map((entry) => sidebarItem(plan, entry)),
  }
}

function sidebarItem(plan: SitePlan, { text, source }: Entry): object {
  const listed = plan.folders.get(source)
  if (listed === undefined) return { text, link: `/${pathOnSite(source)}` }
  const items = listed.map(({ title, path }) => ({ text: title, link: `/${path}` }))
  return { text, collapsed: true, items: [{ text: `All ${items.length}`, link: `/${pathOfFolder(source)}` }, ...items] }
}

/** The start page: its data only, which the theme shows. */
export function startPage(plan: SitePlan): string {
  const groups = plan.groups.map(({ name, entries }) => {
    const source = entries[0]?.source ?? ''
    return { name, link: `/${plan.folders.has(source) ? pathOfFolder(source) : pathOnSite(source)}` }
  })
  const data = { layout: 'start', sidebar: false, aside: false, titleTemplate: false, groups }
  return `---\n${JSON.stringify(data)}\n---\n`
}

/** The list of a folder's pages. */
export function listPage(plan: SitePlan, folder: string): string {
  const name = plan.groups.flatMap(({ entries }) => entries).find(({ source }) => source === folder)?.text ?? folder
  const lines = (plan.folders.get(folder) ?? []).map(
    ({ title, source }) => `- [${title}](${source.slice(folder.length + 1)})`,
  )
  return `# ${name}\n\n${lines.join('\n')}\n`
}
