// The blocks of a page that a test runs.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { readPage } from './markdown.ts'

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
