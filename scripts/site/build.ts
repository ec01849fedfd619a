// Builds the site: lays its pages, its look and its settings into a folder of their own, and lets VitePress make HTML of them.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { shippedTokens } from '../../src/foundation/platform/config/accent.ts'
import { markDrawing } from '../../src/foundation/web/http/mark.ts'
import { markdownOptions } from './markdown-rules.ts'
import { pathOfFolder, type SitePlan } from './plan.ts'
import { listPage, siteSettings, startPage } from './settings.ts'

export interface SiteOptions {
  /** The folder that gets the site; what it held is removed. */
  readonly out: string
  /** The path below which the site is served, with a slash at both ends. */
  readonly base: string
  /** The URL at which a file of the repository is read; `{path}` stands for its path. */
  readonly sourceUrl: string | undefined
}

const SITE = import.meta.dirname
const ASSETS = join(SITE, '..', '..', 'assets')
const PICTURES = join(SITE, '..', '..', 'docs', 'pictures')
/** The pages of a sign-in beside each other, of which the start page shows the first. */
const SIGN_IN = ['way-in-light.png', 'way-in-dark.png']

/** Builds the site of a plan. VitePress must be installed. */
export async function buildSite(plan: SitePlan, { out, base, sourceUrl }: SiteOptions): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'doorward-site-'))
  try {
    layOut(plan, work)
    const made = join(work, 'made')
    const settings = { ...siteSettings(plan, base), outDir: made, markdown: markdownOptions(plan, sourceUrl) }
    await runVitePress(work, settings)
    rmSync(out, { recursive: true, force: true })
    mkdirSync(dirname(out), { recursive: true })
    cpSync(made, out, { recursive: true })
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Writes what VitePress reads: pages and pictures, the mark, the theme with the colours of the program's own pages. */
function layOut(plan: SitePlan, work: string): void {
  const write = (path: string, content: string | Buffer): void => {
    mkdirSync(dirname(join(work, path)), { recursive: true })
    writeFileSync(join(work, path), content)
  }
  for (const { path, text } of plan.pages.values()) write(path, text)
  for (const source of plan.folders.keys()) write(pathOfFolder(source), listPage(plan, source))
  for (const path of plan.pictures) write(`files/${path}`, readFileSync(join(plan.root, path)))
  write('index.md', startPage(plan))
  write('public/mark.svg', mark())
  for (const name of SIGN_IN) write(`public/${name}`, readFileSync(join(PICTURES, name)))
  cpSync(join(SITE, 'theme'), join(work, '.vitepress', 'theme'), { recursive: true })
  write('.vitepress/theme/palette.css', palette())
  // The rules before the first element name the typeface of headings as a file beside them.
  write('.vitepress/theme/headings.woff2', readFileSync(join(ASSETS, 'headings.woff2')))
  write('.vitepress/config.mjs', `export default globalThis[Symbol.for('${SETTINGS}')]\n`)
  symlinkSync(join(SITE, 'node_modules'), join(work, 'node_modules'), 'junction')
}

/** VitePress reads its settings from a file. Ours have functions, so the file names this property of the process. */
const SETTINGS = 'doorward.site.settings'

async function runVitePress(work: string, settings: object): Promise<void> {
  // A variable, since the types of VitePress are not installed where the sources are checked.
  const name = 'vitepress'
  const { build } = (await import(name)) as { build: (root: string) => Promise<void> }
  const before = process.cwd()
  // VitePress links Vue into the node_modules around the current folder unless it is there.
  process.chdir(work)
  Object.assign(globalThis, { [Symbol.for(SETTINGS)]: settings })
  try {
    await build(work)
  } finally {
    process.chdir(before)
  }
}

/** The tokens of the stylesheet of the program's pages: the rules before the first one that is about elements. */
function palette(): string {
  const stylesheet = readFileSync(join(ASSETS, 'doorward.css'), 'utf8')
  const end = stylesheet.indexOf('\n*,\n')
  if (end < 0 || !stylesheet.slice(0, end).includes('--accent:')) throw new Error('assets/doorward.css has no palette')
  return stylesheet.slice(0, end)
}

function mark(): Buffer {
  const [{ accent: leaf = '' }, { accent: bolts = '' }] = [shippedTokens('light'), shippedTokens('dark')]
  return markDrawing({ leaf, bolts })
}
