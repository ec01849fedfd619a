// Compares who am I on PostgreSQL with what `pg` itself reaches with one prepared query.
import { hash } from 'node:crypto'
import { Pool } from 'pg'

import { startPostgres } from '#test/support/databases/postgres-server.ts'
import { say } from '../scripts/say.mjs'
import { median, whoAmI } from './load.ts'
import { closedLoop } from './paced.ts'
import { newPeople, seedDoorward, SIGNED_IN } from './people.ts'
import { startDoorward } from './programs.ts'
import { BOUNDS, type Row } from './table.ts'

const CONNECTIONS = 32

/** `slice` is the length of one measurement in milliseconds. */
export async function measurePostgres(folder: string, rounds: number, slice: number): Promise<Row[]> {
  say('PostgreSQL')
  const server = await startPostgres()
  try {
    const settings = { data_dir: `${folder}/postgres`, database_url: server.url }
    const tokens = await seedDoorward(newPeople(SIGNED_IN), settings)
    const program = await startDoorward(settings)
    const pool = new Pool({ connectionString: server.url, max: 10 })
    const rates = { product: [] as number[], raw: [] as number[] }
    for (let round = 0; round < rounds; round += 1) {
      rates.raw.push(await lookUps(pool, tokens, slice))
      rates.product.push(await whoAmI(program.url, tokens, { connections: CONNECTIONS, milliseconds: slice }))
    }
    await pool.end()
    await program.stop()
    const ratio = median(rates.product.map((rate, index) => rate / (rates.raw[index] ?? Number.NaN)))
    const note = `${median(rates.product).toFixed(0)} ÷ ${median(rates.raw).toFixed(0)}, one process`
    return [{ ...BOUNDS.postgres, measured: ratio, note }]
  } finally {
    await server.stop()
  }
}

/** Returns queries a second of a session with its user by the token's hash, from one process. */
function lookUps(pool: Pool, tokens: readonly string[], milliseconds: number): Promise<number> {
  const text = 'select users.* from session join users on users.subject = session.subject where session.token_hash = $1'
  let next = 0
  return closedLoop(CONNECTIONS, milliseconds, () =>
    pool.query({ name: 'who', text, values: [hash('sha256', tokens[next++ % tokens.length] ?? '')] }),
  )
}
