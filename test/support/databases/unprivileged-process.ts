// Reports what a program without root's privileges sees of a file: file modes do not restrict root. file-access.test.ts runs it in
// a separate process, which gives up root after it has loaded all modules.
import { sql } from 'kysely'

import { describeFailure } from '#entry/cli/terminal/failure.ts'
import { accessProblem } from '#foundation/platform/database/sqlite/file-access.ts'
import { openSqlite } from '#foundation/platform/database/sqlite/sqlite.ts'

/** The account that owns the files of the test; the test's own account where that is not root. */
export const ACCOUNT = process.getuid?.() === 0 ? 65_534 : (process.getuid?.() ?? 0)

export interface Seen {
  readonly problem: string | undefined
  /** The detail of the problem when opening the database or the first write failed. */
  readonly refused: string | undefined
}

async function look(file: string): Promise<Seen> {
  return { problem: accessProblem(file), refused: await refusalOf(file) }
}

async function refusalOf(file: string): Promise<string | undefined> {
  try {
    const db = await openSqlite(file, { create: true })
    await sql`create table if not exists t (a)`.execute(db)
    await sql`insert into t values (1)`.execute(db)
    await db.destroy()
    return undefined
  } catch (error) {
    return describeFailure(error, { sqlite: file }).problem.detail
  }
}

const [, program, file] = process.argv
if (program === import.meta.filename && file !== undefined) {
  if (process.getuid?.() === 0) {
    process.setgid?.(ACCOUNT)
    process.setuid?.(ACCOUNT)
  }
  process.stdout.write(JSON.stringify(await look(file)))
}
