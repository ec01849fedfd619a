// Reads a Markdown page: its headings, links and fenced blocks.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..', '..', '..')

export interface Page {
  /** Relative to the project's folder. */
  readonly path: string
  readonly text: string
  /** Everything outside fenced blocks. */
  readonly prose: string
  readonly fences: readonly Fence[]
}

interface Fence {
  /** The info string after the three backticks, such as `sh run`. */
  readonly kind: string
  readonly code: string
}

const FENCE = /^```([^\n]*)\n(.*?)^```$/gms

/** All pages, ordered by path. */
export function allPages(): Page[] {
  return globSync(['*.md', 'docs/**/*.md', 'bench/README.md'], { cwd: ROOT }).toSorted().map(readPage)
}

export function readPage(path: string): Page {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const fences = [...text.matchAll(FENCE)].map(([, kind = '', code = '']) => ({ kind: kind.trim(), code }))
  return { path, text, prose: text.replaceAll(FENCE, ''), fences }
}

/** The first fenced block below a heading. */
export function blockBelow({ path, text }: Page, heading: string): string {
  const [, below = ''] = text.split(`\n## ${heading}\n`)
  const [, , code] = new RegExp(FENCE.source, 'ms').exec(below) ?? []
  if (code === undefined) throw new Error(`${path} has no block below "${heading}"`)
  return code
}

/** The targets of the page's links, without those to other sites. */
export function relativeLinks({ prose }: Page): string[] {
  const targets = [...prose.replaceAll(/`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
  return targets.filter((target) => !/^[a-z]+:/.test(target))
}

/** The anchors of the page's headings, as GitHub generates them. */
export function anchorsOf({ prose }: Page): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of prose.matchAll(/^#{1,6} (.+)$/gm)) {
    const plain = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-')
    let anchor = plain
    for (let copy = 1; anchors.has(anchor); copy++) anchor = `${plain}-${copy}`
    anchors.add(anchor)
  }
  return anchors
}
