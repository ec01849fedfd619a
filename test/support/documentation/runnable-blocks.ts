// The blocks of a page that a test runs.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { readPage } from './markdown.ts'

/** Follows one page, block by block, in the order in which a reader meets them. */
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

  /** The next block; `instead` puts what this machine has in place of what the page names. */
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
