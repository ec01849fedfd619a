import { relative } from 'node:path'
import type { TestEvent } from 'node:test/reporters'

import { notedIn } from './scope.ts'

/** `tests` counts the tests that ran; `skipped` names skipped and todo tests; `files` are the paths of files with a test that ran. */
export type CountedRun = { tests: number; skipped: string[]; files: string[] }

/** A reporter for programs: one JSON line about the whole run. */
export default async function* countRun(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const run: CountedRun = { tests: 0, skipped: [], files: [] }
  const names = new Set<string>()
  const files = new Set<string>()
  for await (const event of events) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue
    const { name, file, nesting, skip, todo } = event.data
    // The runner reports a file without tests as one test, named by the path it was given.
    if (nesting === 0 && file !== undefined && (name === file || name === relative('', file))) continue
    if (isSet(skip) || isSet(todo)) run.skipped.push(name)
    else run.tests++
    if (file !== undefined) files.add(file)
    names.add(name)
  }
  for (const [name, file] of notedIn(process.env.TEST_ASCRIBED)) if (names.has(name)) files.add(file)
  yield `${JSON.stringify({ ...run, files: [...files] })}\n`
}

function isSet(flag: string | boolean | undefined): boolean {
  return flag !== undefined && flag !== false
}
