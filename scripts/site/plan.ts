// What the site of the documentation consists of: the pages, the groups of docs/README.md in which they stand, and where links lead. All of
// it is read from the Markdown as it is, so that a page reads the same on a code host. Faults are found here, before a package is needed.
import { existsSync, globSync, statSync } from 'node:fs'
import { join, posix, sep } from 'node:path'

import { anchorsOf, type Page, readPage, relativeLinks } from '../../test/support/documentation/markdown.ts'

/** The headings of docs/README.md, in their order. */
export const GROUPS = [
  'Get started',
  'Use it from your app',
  'Run it',
  'People',
  'Policies',
  'Operate',
  'Reference',
  'Contribute',
] as const

export const INDEX = 'docs/README.md'

/** A file of Markdown, or a folder whose pages are listed: as a path of the repository. */
export type Source = string

export interface Entry {
  readonly text: string
  readonly source: Source
}

export interface Group {
  readonly name: string
  readonly entries: readonly Entry[]
}

export interface SitePage {
  readonly source: Source
  /** Its path on the site, such as `decisions/0001-layers.md`, which becomes `/decisions/0001-layers.html`. */
  readonly path: string
  readonly title: string
  readonly text: string
  readonly anchors: ReadonlySet<string>
  /** The targets of its relative links and pictures, as they are written. */
  readonly links: readonly string[]
}

export interface SitePlan {
  readonly root: string
  readonly groups: readonly Group[]
  readonly pages: ReadonlyMap<Source, SitePage>
  /** By folder, the pages that the site lists on a page of its own. */
  readonly folders: ReadonlyMap<Source, readonly SitePage[]>
  /** The files that pages show: pictures, as paths of the repository. */
  readonly pictures: readonly string[]
}

/** Where a link leads: a page of the site, a file that a page shows, or a file of the repository that the site does not have. */
export type Target =
  | { readonly kind: 'page'; readonly path: string; readonly anchor: string | undefined }
  | { readonly kind: 'picture'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string }

export class SiteFaults extends Error {
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`The site was not built:\n${faults.map((fault) => `- ${fault}`).join('\n')}`)
    this.faults = faults
  }
}

/** The groups of the index: each heading with the links in the first column of its table. */
function groupsIn(index: string): Group[] {
  return index
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      name: section.split('\n')[0]?.trim() ?? '',
      entries: [...section.matchAll(/^\|([^|]*)\|/gm)].flatMap(([, cell = '']) =>
        [...cell.matchAll(/\[([^\]]+)\]\(([^)\s]+)\)/g)].map(([, text = '', link = '']) => ({
          text,
          source: posix.join('docs', link.split('#')[0] ?? ''),
        })),
      ),
    }))
}

/** Reads the pages below `root`. Throws `SiteFaults` with every page that stands in no group and every link that leads nowhere. */
export function planSite(root: string): SitePlan {
  const groups = groupsIn(readPage(INDEX, root).text)
  const pages = readPages(root)
  const folders = listedFolders(groups, pages)
  const plan = { root, groups, pages, folders, pictures: picturesOf(root, pages) }
  const faults = [...faultsOfGroups(plan), ...faultsOfPaths(plan), ...faultsOfLinks(plan)]
  if (faults.length > 0) throw new SiteFaults(faults)
  return plan
}

/** Every page of docs/, and the Markdown outside it to which they lead. */
function readPages(root: string): Map<Source, SitePage> {
  const pages = new Map<Source, SitePage>()
  const waiting = globSync('docs/**/*.md', { cwd: root }).map((path) => path.split(sep).join('/'))
  for (let source = waiting.shift(); source !== undefined; source = waiting.shift()) {
    if (pages.has(source)) continue
    const page = sitePage(readPage(source, root))
    pages.set(source, page)
    const led = page.links.map((link) => pageAt(root, pathFrom(source, link)))
    waiting.push(...led.filter((path) => path !== undefined))
  }
  return new Map([...pages].toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

function sitePage(page: Page): SitePage {
  const [, title = page.path] = /^# (.+)$/m.exec(page.prose) ?? []
  return {
    source: page.path,
    path: pathOnSite(page.path),
    title,
    text: page.text,
    anchors: anchorsOf(page),
    links: relativeLinks(page),
  }
}

/** docs/ is the root of the site. Pages beside it are in lower case, and one that stands for its folder has the name of the folder. */
export function pathOnSite(source: Source): string {
  if (source === INDEX) return 'pages.md'
  if (source.startsWith('docs/')) return source.slice('docs/'.length)
  return source.replace(/\/README\.md$/, '.md').toLowerCase()
}

/** The path in the repository to which a relative link of a page leads, without its anchor. */
function pathFrom(source: Source, link: string): string {
  const [file = ''] = link.split('#')
  return file === '' ? source : posix.join(posix.dirname(source), decodeURIComponent(file)).replace(/\/$/, '')
}

/** The page at a path: a file of Markdown, or that of a folder. */
function pageAt(root: string, path: string): Source | undefined {
  if (path.startsWith('..') || !existsSync(join(root, path))) return undefined
  const own = statSync(join(root, path)).isDirectory() ? posix.join(path, 'README.md') : path
  return own.endsWith('.md') && existsSync(join(root, own)) ? own : undefined
}

/** The folders that the index names and that have no page of their own. */
function listedFolders(groups: readonly Group[], pages: ReadonlyMap<Source, SitePage>): Map<Source, SitePage[]> {
  const named = groups.flatMap(({ entries }) => entries.map(({ source }) => source.replace(/\/$/, '')))
  const folders = named
    .filter((source) => !source.endsWith('.md'))
    .map((source) => [source, [...pages.values()].filter((page) => posix.dirname(page.source) === source)] as const)
  return new Map(folders.filter(([, listed]) => listed.length > 0))
}

const PICTURE = /\.(?:png|jpe?g|svg|webp|gif)$/

function picturesOf(root: string, pages: ReadonlyMap<Source, SitePage>): string[] {
  const shown = [...pages.values()].flatMap(({ source, links }) => links.map((link) => pathFrom(source, link)))
  return [...new Set(shown)].filter((path) => PICTURE.test(path) && existsSync(join(root, path))).toSorted()
}

/** Where a relative link of a page leads; undefined if it leads nowhere. */
export function targetOf(plan: SitePlan, source: Source, link: string): Target | undefined {
  const path = pathFrom(source, link)
  const [, anchor] = link.split('#')
  if (plan.folders.has(path)) return { kind: 'page', path: pathOfFolder(path), anchor: undefined }
  const page = plan.pages.get(pageAt(plan.root, path) ?? '')
  if (page !== undefined) {
    const isThere = anchor === undefined || page.anchors.has(decodeURIComponent(anchor))
    return isThere ? { kind: 'page', path: page.path, anchor } : undefined
  }
  if (path.startsWith('..') || !existsSync(join(plan.root, path))) return undefined
  return plan.pictures.includes(path) ? { kind: 'picture', path: `files/${path}` } : { kind: 'file', path }
}

/** The page on which a folder is listed. */
export function pathOfFolder(source: Source): string {
  return `${pathOnSite(source)}/index.md`
}

function faultsOfGroups({ groups, pages, folders }: SitePlan): string[] {
  const names = groups.map(({ name }) => name)
  const isInOrder = names.join('\n') === GROUPS.join('\n')
  const order = isInOrder ? [] : [`${INDEX} has the headings ${names.join(', ')}; they must be ${GROUPS.join(', ')}`]
  const entries = groups.flatMap((group) => group.entries.map((entry) => ({ ...entry, group: group.name })))
  const known = (source: Source): boolean => pages.has(source) || folders.has(source.replace(/\/$/, ''))
  const lost = entries
    .filter(({ source }) => !known(source))
    .map(({ text, source }) => `${INDEX}: “${text}” leads to ${source}, which is no page`)
  const standing = entries.flatMap(
    ({ source }) => folders.get(source.replace(/\/$/, ''))?.map((page) => page.source) ?? source,
  )
  const wrong = [...pages.keys()]
    .filter((source) => source.startsWith('docs/') && source !== INDEX)
    .map((source) => ({ source, times: standing.filter((one) => one === source).length }))
    .filter(({ times }) => times !== 1)
    .map(({ source, times }) =>
      times === 0
        ? `${source} stands in no group of ${INDEX}`
        : `${source} stands ${times} times in ${INDEX}, instead of once`,
    )
  return [...order, ...lost, ...wrong]
}

/** Two files of the repository must not become one page, also where a file system ignores case. */
function faultsOfPaths({ pages, folders }: SitePlan): string[] {
  const made = [...pages.values()].map(({ source, path }) => ({ source, path: path.toLowerCase() }))
  const listed = [...folders.keys()].map((source) => ({ source, path: pathOfFolder(source) }))
  const start = { source: 'the start page', path: 'index.md' }
  const byPath = Map.groupBy([...made, ...listed, start], ({ path }) => path)
  return [...byPath]
    .filter(([, sources]) => sources.length > 1)
    .map(([path, sources]) => `${sources.map(({ source }) => source).join(' and ')} would both be ${path}`)
}

function faultsOfLinks(plan: SitePlan): string[] {
  return [...plan.pages.values()].flatMap(({ source, links }) =>
    links
      .filter((link) => targetOf(plan, source, link) === undefined)
      .map((link) => `${source}: the link ${link} leads nowhere`),
  )
}
