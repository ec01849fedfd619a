// The output of a whole run: progress, each failure, the slowest files, and the runner's own summary.
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { EventData } from 'node:test'
import { spec, type TestEvent } from 'node:test/reporters'

import { notedIn } from './scope.ts'

const SHOWN_EVERY = process.stdout.isTTY ? 250 : 15_000
const SLOWEST = 10

export default async function* progress(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const run = new Progress()
  const summary = new spec()
  for await (const event of events) {
    run.note(event)
    if (isEndOfTests(event)) yield run.report()
    if (isPrinted(event, run.lastFailed)) summary.write(event)
    yield `${run.erased(summary.readableLength > 0)}${String(summary.read() ?? '')}${run.line()}`
  }
  summary.end()
  for await (const text of summary) yield String(text)
}

/**
 * Passed tests are only counted; failed tests and the output of processes are printed by the runner's own reporter. The diagnostics
 * of a test follow its result: they are printed if the test failed, or if they say that something was not run or that nothing caught an error.
 */
function isPrinted({ type, data }: TestEvent, hasFailed: boolean): boolean {
  if (type === 'test:diagnostic')
    return data.file === undefined || hasFailed || /^(?:Not run:|Error: )/.test(data.message)
  return ['test:fail', 'test:stderr', 'test:stdout', 'test:summary', 'test:interrupted'].includes(type)
}

/** The lines of the summary follow the plan of the whole run. */
function isEndOfTests({ type, data }: TestEvent): boolean {
  return type === 'test:plan' && data.nesting === 0 && data.file === undefined
}

class Progress {
  readonly #started = performance.now()
  readonly #units = JSON.parse(readFileSync(process.env.TEST_UNITS ?? '', 'utf8')) as string[]
  readonly #milliseconds: [name: string, file: string, milliseconds: number][] = []
  #done = 0
  #shown = 0
  #onScreen = false
  #passed = 0
  #failed = 0
  /** Whether the last reported test has failed. */
  lastFailed = false

  /** Counts tests when they complete. The runner reports them in the order of its processes, so a long first process holds back all others. */
  note({ type, data }: TestEvent): void {
    if (type === 'test:complete') this.#noteEnd(data)
    if (type === 'test:pass' || type === 'test:fail') this.lastFailed = type === 'test:fail'
  }

  #noteEnd({ name, file, nesting, details }: EventData.TestComplete): void {
    if (this.#units.includes(name)) return void (this.#done += 1)
    if (details.passed) this.#passed += 1
    else this.#failed += 1
    if (nesting === 0) this.#milliseconds.push([name, file ?? '', details.duration_ms])
  }

  /** The progress line, or empty if the last one is recent. On a terminal it replaces the last one. */
  line(): string {
    if (performance.now() - this.#shown < SHOWN_EVERY) return ''
    this.#shown = performance.now()
    const seconds = Math.round((performance.now() - this.#started) / 1000)
    const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
    const text = `${clock}  ${this.#passed} passed, ${this.#failed} failed, ${this.#done} of ${this.#units.length} processes done`
    if (!process.stdout.isTTY) return `${text}\n`
    this.#onScreen = true
    return `\r\u001B[2K${text}`
  }

  /** Clears the progress line on a terminal before other output. */
  erased(isNeeded: boolean): string {
    if (!isNeeded || !this.#onScreen) return ''
    this.#onScreen = false
    return '\r\u001B[2K'
  }

  report(): string {
    const ascribed = new Map(notedIn(process.env.TEST_ASCRIBED))
    const byFile = Map.groupBy(this.#milliseconds, ([name, file]) => ascribed.get(name) ?? file)
    const slowest = [...byFile]
      .map(([file, tests]) => ({ file, seconds: tests.reduce((sum, [, , one]) => sum + one, 0) / 1000 }))
      .toSorted((one, other) => other.seconds - one.seconds)
      .slice(0, SLOWEST)
    const lines = slowest.map(({ file, seconds }) => `  ${seconds.toFixed(1).padStart(5)} s  ${relative('', file)}`)
    return `${this.erased(true)}The slowest files:\n${lines.join('\n')}\n${LEFT_OUT[process.env.TEST_SCOPE ?? ''] ?? ''}`
  }
}

/** What a run leaves out, by its scope. */
const LEFT_OUT: Partial<Record<string, string>> = {
  quick: 'Left out: what npm run test:all and npm run test:exhaustive add (docs/tests.md).\n',
  all: 'Left out: what npm run test:exhaustive adds (docs/tests.md).\n',
}
