import { relative } from 'node:path'
import type { TestEvent } from 'node:test/reporters'

/** `tests` counts what really ran; `leftOut` names skipped and todo tests, `empty` the files in which no test ran. */
export type CountedRun = { tests: number; leftOut: string[]; empty: string[] }

/** A reporter for machines: one JSON line about the whole run. */
export default async function* countRun(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const run: CountedRun = { tests: 0, leftOut: [], empty: [] }
  for await (const event of events) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue
    const { name, file, nesting, skip, todo } = event.data
    // The runner reports a file without tests as one test, named by the path it was given.
    const isFile = nesting === 0 && file !== undefined && (name === file || name === relative('', file))
    if (isFile) run.empty.push(name)
    else if (skip !== undefined && skip !== false) run.leftOut.push(name)
    else if (todo !== undefined && todo !== false) run.leftOut.push(name)
    else run.tests++
  }
  yield `${JSON.stringify(run)}\n`
}
