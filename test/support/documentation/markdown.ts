// Reads a Markdown page: its headings, links and fenced blocks, among them those that a test runs.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

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
  return globSync(['*.md', 'docs/**/*.md', 'bench/README.md', 'examples/*/README.md'], { cwd: ROOT })
    .toSorted()
    .map((path) => readPage(path))
}

export function readPage(path: string, root = ROOT): Page {
  const text = readFileSync(join(root, path), 'utf8')
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

/** The targets of the page's links and pictures, without those to other sites. */
export function relativeLinks({ prose }: Pick<Page, 'prose'>): string[] {
  const written = prose.replaceAll(/`[^`\n]*`/g, '')
  const links = written.matchAll(/\]\(([^)\s]+)\)|\b(?:src|srcset|href)="([^"]+)"/g)
  const targets = [...links].map(([, target, attribute]) => target ?? attribute ?? '')
  return targets.filter((target) => !/^[a-z]+:/.test(target))
}

/** The anchors of the page's headings, as GitHub generates them. */
export function anchorsOf({ prose }: Page): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of prose.matchAll(/^#{1,6} (.+)$/gm)) {
    const plain = anchorOf(heading)
    let anchor = plain
    for (let copy = 1; anchors.has(anchor); copy++) anchor = `${plain}-${copy}`
    anchors.add(anchor)
  }
  return anchors
}

/** The anchor of a heading, but for the number that a repeated one ends with. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')
}

/** Runs the blocks of one page in the order in which they stand. */
export type Walk = (t: TestContext, page: Blocks) => Promise<void>

/** The blocks of a page that are marked `run`. */
export class Blocks {
  readonly #blocks: string[]

  constructor(path: string) {
    const { fences } = readPage(path)
    this.#blocks = fences.filter(({ kind }) => kind.endsWith(' run')).map(({ code }) => code)
  }

  get left(): number {
    return this.#blocks.length
  }

  /** Returns the next block. `instead` maps a text of the page to its replacement on this machine; each must occur. */
  next(instead: Readonly<Record<string, string>> = {}): string {
    const block = this.#blocks.shift()
    assert.ok(block !== undefined, 'the page has fewer blocks than the walk runs')
    let lines = block
    for (const [written, real] of Object.entries(instead)) {
      assert.ok(lines.includes(written), `"${written}" is not in the block:\n${block}`)
      lines = lines.replaceAll(written, real)
    }
    return lines
  }
}
